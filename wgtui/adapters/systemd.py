"""Units of systemd, by systemctl(1); implements `wgtui.ports.programs.Units`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from wgtui.adapters.programs import find_program, run
from wgtui.domain.host import UnitState

_RUNNING: Final = Path("/run/systemd/system")
"""There where systemd is the init of this host: sd_booted(3)."""

_PROPERTIES: Final = ("LoadState", "UnitFileState", "ActiveState")
_STARTED: Final = frozenset(("active", "activating", "reloading"))
_START_TIMEOUT: Final = 100.0
"""Seconds; systemd itself gives a unit 90 to start."""


class SystemdUnits:
    """Reads and sets units.

    Args:
        netns: Network namespace that wgtui works in. Units act on the host itself, so that with one there
            are none to speak of.
        running: Whether this exists says whether systemd runs.
    """

    def __init__(self, netns: str | None = None, running: Path = _RUNNING) -> None:
        self._netns = netns
        self._running = running

    def is_available(self) -> bool:
        """Whether systemd runs this host, and this process acts on the host itself."""
        return self._netns is None and self._running.is_dir() and find_program("systemctl") is not None

    def state(self, unit: str) -> UnitState | None:
        """The unit's state, None where there is no such unit or no systemd."""
        if not self.is_available():
            return None
        shown = run(["systemctl", "show", *(f"--property={name}" for name in _PROPERTIES), "--", unit])
        shown.require_success(f"read the state of {unit}")
        values = dict(line.split("=", 1) for line in shown.text().splitlines() if "=" in line)
        if values.get("LoadState") in (None, "not-found", "bad-setting", "error"):
            return None
        return UnitState(
            enabled=values.get("UnitFileState") == "enabled", active=values.get("ActiveState") in _STARTED
        )

    def set(self, unit: str, state: UnitState) -> None:
        """Enable or disable, then start or stop it, as far as it differs; raises `HostCommandFailed`."""
        present = self.state(unit)
        if present is None or present.enabled != state.enabled:
            _order("enable" if state.enabled else "disable", unit)
        if present is None or present.active != state.active:
            _order("start" if state.active else "stop", unit)


def _order(verb: str, unit: str) -> None:
    run(["systemctl", verb, "--", unit], timeout=_START_TIMEOUT).require_success(f"{verb} {unit}")
