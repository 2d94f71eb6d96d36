"""Examines a host, and plans what mends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from wgtui.domain.doctor import (
    BringUpFix,
    DoctorFinding,
    DoctorFix,
    EndClaimsFix,
    KeepFileFix,
    KeepKernelFix,
    LinkUpFix,
    ModeFix,
    examine,
    most_likely_first,
)
from wgtui.domain.errors import ConfigUnreadable, DeviceGone
from wgtui.domain.plan import Plan, SetFile
from wgtui.domain.text import printable
from wgtui.ports.clock import Clock
from wgtui.services.changes import Changes
from wgtui.services.doctor.gathering import FolderMode, Gathering
from wgtui.services.interfaces import find_source, plan_up
from wgtui.services.path import PathWalks
from wgtui.services.path.restoring import plan_link_up

_NO_FINDINGS: Final[tuple[DoctorFinding, ...]] = ()
_NO_NAMES: Final[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """What was found.

    Attributes:
        interfaces: Those that were examined.
        findings: The most likely cause of trouble first, what is as it should be last.
    """

    interfaces: tuple[str, ...]
    findings: tuple[DoctorFinding, ...]

    @property
    def problems(self) -> tuple[DoctorFinding, ...]:
        """What somebody should do something about."""
        return tuple(one for one in self.findings if one.severity.is_problem)

    @property
    def is_healthy(self) -> bool:
        """Whether there is nothing that somebody should do something about."""
        return not self.problems


class Doctor:
    """Examines one host. Belongs to the thread of its ports.

    Args:
        changes: All services of the host.
        clock: For the ages of handshakes.
        folder_mode: Tells who can enter folders.
    """

    def __init__(self, changes: Changes, clock: Clock, folder_mode: FolderMode) -> None:
        self._changes = changes
        self._clock = clock
        self._folder_mode = folder_mode

    def examine(self, interface: str = "") -> DoctorReport:
        """Look at everything. Nothing is changed or sent, names of endpoints aside, which are looked up.

        What cannot be read is a finding.

        Args:
            interface: The only one that is examined; empty for all.

        Raises:
            DeviceGone: There is neither an interface of this name nor a file for one.
        """
        gathering = Gathering(self._changes, self._clock.now(), self._folder_mode)
        known = self._known(gathering)
        if interface and interface not in known:
            raise DeviceGone(
                f"There is no WireGuard interface {printable(interface, 40)} here, and no file of one.",
                hint="Those that are here are listed by: wgtui status",
            )
        names = (interface,) if interface else tuple(known)
        facts = gathering.facts(names, [name for name in known if name not in names])
        found = gathering.attempts.read("findings", lambda: tuple(examine(facts)), _NO_FINDINGS)
        return DoctorReport(names, most_likely_first((*found, *gathering.attempts.failed)))

    def _known(self, gathering: Gathering) -> Sequence[str]:
        read = gathering.attempts.read
        files = read("the folder of files", self._changes.configs.names, _NO_NAMES)
        running = read("the list of devices", self._changes.host.wireguard.names, _NO_NAMES)
        return sorted({*files, *running})

    def plan(self, fix: DoctorFix) -> Plan | None:
        """The plan that mends what was found; None for what has to be done by hand.

        Raises:
            WgtuiError: It cannot be planned.
        """
        changes, now = self._changes, self._clock.now()
        match fix:
            case KeepFileFix(interface=name, difference=difference):
                return changes.drift.keep_file(name, difference, now)
            case KeepKernelFix(interface=name, difference=difference):
                return changes.drift.keep_kernel(name, difference, now)
            case BringUpFix(interface=name):
                source = find_source(changes.host.files, name, changes.config_dir)
                return plan_up(changes.context, source)
            case LinkUpFix(interface=name):
                return plan_link_up(changes, name)
            case ModeFix(path=path, mode=mode):
                return self._closed(path, mode)
            case EndClaimsFix(interface=name):
                return changes.ways_out.ending_claims(name)
            case _:
                return PathWalks(changes, self._clock).plan(fix)

    def _closed(self, path: str, mode: int) -> Plan:
        image = self._changes.host.files.read(path)
        if image is None:
            raise ConfigUnreadable(f"There is no file {path} any more.")
        step = SetFile(path, image, replace(image, mode=mode))
        return Plan(f"Close {path} to other users", (step,) if image.mode != mode else ())
