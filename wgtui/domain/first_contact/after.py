"""The rules once there was a handshake: whether anything passes, and in which directions."""

from __future__ import annotations

from typing import Final

from wgtui.domain.activity import KEEPALIVE_TIMEOUT, REJECT_AFTER
from wgtui.domain.device import Peer
from wgtui.domain.first_contact.finding import Cause, Contact, Finding, Reason, Stage
from wgtui.domain.first_contact.scene import Baseline
from wgtui.domain.port_traffic import INITIATION_BYTES, KEEPALIVE_BYTES, Counts, Remote

SURELY_CONTENT: Final = 1024
"""Bytes after a handshake that keepalives do not soon add up to: what tells where nothing can be watched."""

_ANSWERED_WITHIN: Final = KEEPALIVE_TIMEOUT + 5.0
"""Seconds after which data that arrived has been answered, by a keepalive if by nothing else."""


_NO_CAUSES: Final[tuple[Cause, ...]] = ()


def after_handshake(peer: Peer, remote: Remote | None, now: float, before: Baseline) -> Contact:
    """Judge a peer whose first handshake is done.

    Args:
        peer: As reported.
        remote: What was seen of its endpoint; None for nothing, also where nothing can be seen.
        now: Unix seconds.
        before: The peer when watching began.
    """
    assert peer.latest_handshake is not None
    arrived, sent = (remote.arrived, remote.sent) if remote is not None else (None, None)
    fresh = now - peer.latest_handshake <= REJECT_AFTER
    came = _has_content(arrived, peer.rx_bytes - before.rx_bytes if fresh else 0)
    went = _has_content(sent, peer.tx_bytes - before.tx_bytes if fresh else 0)
    # Who was called counts no handshake without a packet of its session.
    heard = bool(arrived and arrived.sessions) or peer.rx_bytes >= INITIATION_BYTES + KEEPALIVE_BYTES
    reason, causes = Reason.QUIET, _NO_CAUSES
    if came or fresh:
        waited = now - (before.handshake_at or before.since) >= _ANSWERED_WITHIN
        reason, causes = _passing(came, went, heard, waited, kept=peer.persistent_keepalive > 0)
    finding = Finding(reason, causes, endpoint=peer.endpoint, at=peer.latest_handshake)
    stage = Stage.TALKING if came else Stage.SHOOK
    return Contact(peer.public_key, stage, peer.latest_handshake, peer.endpoint, finding)


def _passing(
    came: bool, went: bool, heard: bool, waited: bool, *, kept: bool
) -> tuple[Reason, tuple[Cause, ...]]:
    """The reason and its causes.

    Args:
        came: Whether data with content came.
        went: Whether data with content was sent.
        heard: Whether any packet of the session came.
        waited: Whether there was time enough for an answer.
        kept: Whether this host keeps the way open, so that the peer need not.
    """
    if came:
        answered = went or not waited
        return (Reason.BOTH_WAYS, ()) if answered else (Reason.ONE_WAY, (Cause.NO_ANSWER_HERE,))
    if heard:
        far_side = (Cause.PACKET_FILTER_THERE, Cause.ALLOWED_IPS_THERE)
        return Reason.ONLY_KEEPALIVES, far_side if went and waited else (Cause.NO_TRAFFIC,)
    if went and waited:
        return Reason.NOTHING_RECEIVED, (Cause.ANSWER_LOST, Cause.PACKET_FILTER)
    return Reason.NOTHING_RECEIVED, (Cause.NO_TRAFFIC,) if kept else (Cause.NO_TRAFFIC, Cause.NO_KEEPALIVE)


def _has_content(counts: Counts | None, grown: int) -> bool:
    """Whether data with content passed one way: as it was seen, else as the counter grew, in bytes."""
    return bool(counts and counts.data) or grown >= SURELY_CONTENT
