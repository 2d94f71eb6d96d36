"""Programs of the host that have no port of their own."""

from __future__ import annotations

from typing import Protocol

from wgtui.domain.host import UnitState


class Hooks(Protocol):
    """Runs the commands of PreUp, PostUp, PreDown and PostDown."""

    def run(self, command: str, interface: str, config_path: str) -> None:
        """Run one as `wg-quick` does, in bash, with `%i` replaced and nothing to read.

        Raises:
            HostCommandFailed: It ended with another status than 0; the text has the end of what it said.
        """
        ...


class Units(Protocol):
    """Units of systemd."""

    def is_available(self) -> bool:
        """Whether systemd runs this host, and this process acts on the host itself and no namespace of it."""
        ...

    def state(self, unit: str) -> UnitState | None:
        """The unit's state, None where there is no such unit or no systemd."""
        ...

    def set(self, unit: str, state: UnitState) -> None:
        """Enable or disable, then start or stop it, as far as it differs; raises `HostCommandFailed`."""
        ...
