"""What the application reads and changes the host with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wgtui.services.changes import OpenChanges
    from wgtui.services.doctor.diagnosis import Diagnosis
    from wgtui.services.first_contact import FirstContact
    from wgtui.services.judging.peer_judge import PeerJudge
    from wgtui.services.ownership_map import OwnershipMap


@dataclass(frozen=True, slots=True)
class Makers:
    """Makers of services, each called in a thread of its own. Where one is None, there is no such thing.

    Attributes:
        ownership: Makes what the map of allowed IPs is read with.
        changes: Opens what changes the host, and what its files and its forwarding are read with.
        first_contact: Makes what waits for first handshakes.
        diagnosis: Makes what examines the host and walks paths.
        peer_judge: Makes what judges the selected peer.
    """

    ownership: Callable[[], OwnershipMap] | None = None
    changes: OpenChanges | None = None
    first_contact: Callable[[], FirstContact] | None = None
    diagnosis: Callable[[], Diagnosis] | None = None
    peer_judge: Callable[[], PeerJudge] | None = None
