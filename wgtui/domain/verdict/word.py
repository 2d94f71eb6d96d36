"""What is the matter with a peer, decided from what the kernel reports and nothing else."""

from __future__ import annotations

from enum import Enum
from typing import Final

from wgtui.domain.activity import activity_of
from wgtui.domain.device import Peer


class Verdict(Enum):
    """The one thing to say about a peer; the sentence for it is the user interface's."""

    ACTIVE = "active"
    """The latest handshake is at most 120 s old."""

    AGEING = "ageing"
    """120 to 180 s old: the session still works, the next sender renews it."""

    IDLE = "idle"
    """Older than 180 s. Normal without traffic."""

    NEVER = "never"
    """It has an endpoint to be called at, and no handshake has completed yet."""

    WAITING = "waiting"
    """No valid session and no endpoint: this side cannot start, the other must speak first."""

    DISABLED = "disabled"
    """Switched off in the file: no device has it, so `verdict_of` never says this."""


_OF_ACTIVITY: Final = (Verdict.ACTIVE, Verdict.AGEING, Verdict.IDLE, Verdict.NEVER)
"""In the order of `Activity`."""


def verdict_of(peer: Peer, now: float) -> Verdict:
    """Judge a peer at the time `now` (Unix seconds).

    A device sends only to a known endpoint, and learns one from the first authenticated packet it
    receives (whitepaper 2.1), so a peer without both a session and an endpoint can only be waited for.
    """
    activity = activity_of(peer.latest_handshake, now)
    if peer.endpoint is None and not activity.is_active:
        return Verdict.WAITING
    return _OF_ACTIVITY[activity]
