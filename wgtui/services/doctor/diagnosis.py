"""All that says why, for one thread."""

from __future__ import annotations

from dataclasses import dataclass

from wgtui.services.changes import Changes
from wgtui.services.doctor.doctor import Doctor
from wgtui.services.path import PathProbe, PathWalks


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The doctor, and paths through the host.

    Attributes:
        changes: The services that they look through, closed with this.
        doctor: Examines the host.
        walks: Walks paths.
        probe: Pings their ends.
    """

    changes: Changes
    doctor: Doctor
    walks: PathWalks
    probe: PathProbe

    def close(self) -> None:
        """Release sockets."""
        self.changes.__exit__()
