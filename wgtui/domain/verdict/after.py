"""The rules once there was a handshake: who is heard, who is answered, and whether silence is normal.

A device that gets data answers within 10 seconds, with an empty packet if with nothing else; one that
hears nothing for 15 seconds after it sent data begins a new handshake (whitepaper 6.5). So data that stays
without any packet in return for that long did not arrive, or the answer did not.
"""

from __future__ import annotations

from typing import Final

from wgtui.domain.activity import KEEPALIVE_TIMEOUT, REKEY_AFTER, REKEY_TIMEOUT, activity_of, handshake_age
from wgtui.domain.first_contact import Cause
from wgtui.domain.fixes import ByHand, Fix, SyncFix
from wgtui.domain.verdict.before import judged, of_silence
from wgtui.domain.verdict.causes import ASLEEP, NAT_FORGOT, STALE_ENDPOINT, STREAM, likely
from wgtui.domain.verdict.evidence import Evidence, Movement
from wgtui.domain.verdict.judgement import Grade, Judgement

UNANSWERED: Final = KEEPALIVE_TIMEOUT + REKEY_TIMEOUT
"""Seconds after which data that nobody answered is lost (whitepaper 6.5)."""

_NOTHING: Final = Movement(0.0)


def silence_told(evidence: Evidence) -> Judgement | None:
    """The session has ended, and the port shows calls that lead to none."""
    if evidence.peer.latest_handshake is None or _is_active(evidence):
        return None
    contact = of_silence(evidence)
    if contact is None:
        return None
    if contact.finding.reason.value == "call unanswered":
        return _unanswered(evidence)
    return judged(contact, evidence)


def nobody_answers(evidence: Evidence) -> Judgement | None:
    """This host sends, and nothing comes back."""
    moved = evidence.movement or _NOTHING
    keepalive = evidence.peer.persistent_keepalive
    if evidence.peer.latest_handshake is None or moved.unanswered_for < UNANSWERED:
        return None
    return _unanswered(evidence) if moved.sent_more_than_keepalives(keepalive) else None


def nobody_heeds(evidence: Evidence) -> Judgement | None:
    """It is heard without a session, and no handshake comes of it."""
    moved = evidence.movement or _NOTHING
    theirs = evidence.own.keepalive if evidence.own else 0
    if evidence.peer.latest_handshake is None or _is_active(evidence) or moved.unheeded_for < UNANSWERED:
        return None
    if not moved.got_more_than_keepalives(theirs):
        return None
    sentence = "Something comes from it, and no handshake comes of it."
    causes = tuple(likely(one, evidence) for one in (Cause.PRESHARED_KEY, Cause.ANSWER_LOST))
    return Judgement("answer-lost", Grade.DOUBTFUL, sentence, causes)


def one_way(evidence: Evidence) -> Judgement | None:
    """Its data comes, and this host's own part of the conversation is keepalives only.

    That is normal for some streams, so it is no alarm.
    """
    moved = evidence.movement or _NOTHING
    if not _is_active(evidence) or not moved.is_one_way:
        return None
    sentence = "It shook hands, and data comes in, but this host sends none back."
    causes = (likely(Cause.NO_ANSWER_HERE, evidence), likely(STREAM, evidence))
    return Judgement("one-way", Grade.WAITING, sentence, causes)


def idle(evidence: Evidence) -> Judgement | None:
    """No session, and nobody wants one."""
    age = handshake_age(evidence.peer.latest_handshake, evidence.scene.now)
    if age is None or _is_active(evidence):
        return None
    sentence = "Its session has ended, and nothing passes. That is normal without traffic."
    return Judgement("idle", Grade.FINE, sentence, notes=_notes(evidence))


def active(evidence: Evidence) -> Judgement | None:
    """A session, and nothing speaks against it."""
    age = handshake_age(evidence.peer.latest_handshake, evidence.scene.now)
    if age is None:
        return None
    moved = evidence.movement
    if moved is not None and moved.rx and moved.tx:
        sentence = "It has a session, and data passes in both directions."
    elif age <= REKEY_AFTER:
        sentence = "It has a session; little or nothing passes now."
    else:
        sentence = "It has a session, which whoever sends next renews."
    return Judgement("active", Grade.FINE, sentence, notes=_notes(evidence))


def _unanswered(evidence: Evidence) -> Judgement:
    """Who is called and does not answer; the name, the NAT, then the peer itself."""
    codes: list[Cause | str] = [ASLEEP, Cause.FAR_SIDE_CLOSED, Cause.ANSWER_LOST]
    rule, grade, fix = "nobody-answers", Grade.DOUBTFUL, None
    if evidence.learned and _sends_no_keepalives(evidence):
        rule, codes = "nat-without-keepalive", [NAT_FORGOT, *codes]
        fix = _keepalive_fix(evidence)
    elif evidence.own is not None and evidence.own.same_secret is False:
        codes = [Cause.PRESHARED_KEY, *codes]
    if evidence.is_stale:
        rule, codes, fix = "stale-endpoint", [STALE_ENDPOINT, *codes], SyncFix(evidence.interface)
    shook = _is_active(evidence)
    sentence = f"This host sends to it at {evidence.peer.endpoint}, and nothing comes back."
    if shook:
        sentence = f"It shook hands, but now nothing comes back of what is sent to {evidence.peer.endpoint}."
    causes = tuple(likely(code, evidence) for code in codes)
    return Judgement(rule, grade, sentence, causes, fix=fix)


def _keepalive_fix(evidence: Evidence) -> Fix:
    if evidence.own is None:
        return ByHand("Put PersistentKeepalive = 25 into its file, on the peer itself.")
    return ByHand(
        "Put PersistentKeepalive = 25 into its own file and give it to the peer anew (wgtui export)."
    )


def _sends_no_keepalives(evidence: Evidence) -> bool:
    """Whether its own file has none; where it is not here, whether nothing speaks against it."""
    return evidence.own is None or not evidence.own.keepalive


def _is_active(evidence: Evidence) -> bool:
    return activity_of(evidence.peer.latest_handshake, evidence.scene.now).is_active


def _notes(evidence: Evidence) -> tuple[str, ...]:
    """What is no fault now and may become one."""
    notes = []
    if evidence.own is not None and evidence.learned and not evidence.own.keepalive:
        notes.append(
            "Its own file has no PersistentKeepalive: behind NAT it cannot be reached once it was silent for "
            "a minute or two."
        )
    if evidence.is_stale:
        notes.append(f"The name in the file leads to {evidence.resolved} now; it has roamed, which is fine.")
    return tuple(notes)
