"""What a peer is judged by, besides what the device reports of it."""

from __future__ import annotations

from dataclasses import dataclass

from wgtui.domain.port_traffic import PortTraffic
from wgtui.domain.setup.reach import Reach


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known of the device and its port.

    Attributes:
        now: Unix seconds.
        up: Whether there is such an interface, and its link is up.
        traffic: What was seen at the port; None where it cannot be watched.
        let_in: Whether this host's packet filter lets packets to the port; None for unknown.
        reach: From where the address can be called with which this host goes to the internet; None for
            unknown.
    """

    now: float
    up: bool = True
    traffic: PortTraffic | None = None
    let_in: bool | None = None
    reach: Reach | None = None


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
