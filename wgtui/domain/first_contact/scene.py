"""What a peer is judged by, besides what the device reports of it."""

from __future__ import annotations

from dataclasses import dataclass

from wgtui.domain.port_traffic import PortTraffic
from wgtui.domain.reach import Reach


@dataclass(frozen=True, slots=True)
class Admission:
    """What this host's packet filter does with a packet to the port.

    Attributes:
        lets_in: Whether it lets it in.
        by: What drops it, in words; empty where it lets it in.
        yields: Whether a rule of ours may come before what drops it. In nftables a packet has to be let by
            the chain of every table, and we write into our own.
    """

    lets_in: bool
    by: str = ""
    yields: bool = True


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known of the device and its port.

    Attributes:
        now: Unix seconds.
        up: Whether there is such an interface, and its link is up.
        traffic: What was seen at the port; None where it cannot be watched.
        admission: What this host's packet filter is known to do with packets to the port; None for unknown.
        reach: From where the address can be called with which this host goes to the internet; None for
            unknown.
        counted: Where `traffic` is None: packets to the port that a rule of the packet filter met since
            looking began.
    """

    now: float
    up: bool = True
    traffic: PortTraffic | None = None
    admission: Admission | None = None
    reach: Reach | None = None
    counted: int = 0

    @property
    def drops(self) -> bool:
        """Whether the packet filter is known to drop packets to the port."""
        return self.admission is not None and not self.admission.lets_in

    @property
    def lets_in(self) -> bool:
        """Whether it is known to let them in."""
        return self.admission is not None and self.admission.lets_in


@dataclass(frozen=True, slots=True)
class Baseline:
    """A peer when it was first looked at, and when its handshake was first seen.

    Attributes:
        since: Unix seconds of the first look.
        handshake_at: Unix seconds of the look that first saw a handshake; None before.
        rx_bytes: Received by then.
        tx_bytes: Sent by then.
    """

    since: float
    handshake_at: float | None = None
    rx_bytes: int = 0
    tx_bytes: int = 0
