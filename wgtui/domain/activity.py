"""How alive a peer is, on the protocol's own timers.

WireGuard is silent without traffic, so an old handshake is not a fault. The words are the field's:
`active`, `idle`, `never`; nothing is ever called "connected", for the protocol has no such state.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

REKEY_AFTER: Final = 120.0
"""Seconds after which a peer that sends starts a new handshake (whitepaper 6.1, REKEY_AFTER_TIME)."""

REJECT_AFTER: Final = 180.0
"""Seconds after which a session key is refused (REJECT_AFTER_TIME)."""

REKEY_TIMEOUT: Final = 5.0
"""Seconds between handshake attempts (REKEY_TIMEOUT)."""

REKEY_ATTEMPT: Final = 90.0
"""Seconds after which a peer gives up calling (REKEY_ATTEMPT_TIME)."""

KEEPALIVE_TIMEOUT: Final = 10.0
"""Seconds after which received data is answered by an empty packet (KEEPALIVE_TIMEOUT)."""


class Activity(IntEnum):
    """Graded freshness; the order is the order of a sorted table."""

    ACTIVE = 0
    """The latest handshake is at most 120 s old: a fresh session."""

    AGEING = 1
    """120 to 180 s: the session still works, a sender would renew it now."""

    IDLE = 2
    """Older than 180 s: no session; normal for a peer without traffic."""

    NEVER = 3
    """No handshake since the peer was created."""

    @property
    def is_active(self) -> bool:
        """Whether a session key is still valid; `AGEING` counts, as in "active 3 of 5"."""
        return self <= Activity.AGEING


def handshake_age(latest_handshake: float | None, now: float) -> float | None:
    """Seconds since the handshake, never negative: a stepped clock gives 0. None for never."""
    return None if latest_handshake is None else max(0.0, now - latest_handshake)


def activity_of(latest_handshake: float | None, now: float) -> Activity:
    """Grade a handshake time (Unix seconds, None for never) at the time `now`."""
    age = handshake_age(latest_handshake, now)
    if age is None:
        return Activity.NEVER
    if age <= REKEY_AFTER:
        return Activity.ACTIVE
    return Activity.AGEING if age <= REJECT_AFTER else Activity.IDLE
