"""The rules until there is a session: the finding of first contact, sharpened by what the files tell.

What was seen at the port decides what is said; what the interface's file and the peer's own file say decides
which of the possible causes comes first, and whether it is proven.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from wgtui.domain.first_contact import Cause, Contact, Finding, Judge, Reason, reason_words
from wgtui.domain.fixes import ByHand, Fix, SwitchFix, SyncFix
from wgtui.domain.reach import Reach
from wgtui.domain.verdict.causes import NOT_APPLIED, PORT_DRIFT, STALE_ENDPOINT, likely
from wgtui.domain.verdict.evidence import Evidence
from wgtui.domain.verdict.judgement import Grade, Judgement

_RULES: Final = {
    Reason.NOTHING_ARRIVES: ("never-spoke", Grade.WAITING),
    Reason.NOTHING_HEARD: ("never-spoke", Grade.WAITING),
    Reason.ONLY_TCP: ("never-spoke", Grade.DOUBTFUL),
    Reason.NOT_WIREGUARD: ("never-spoke", Grade.WAITING),
    Reason.OLD_SESSION: ("never-spoke", Grade.WAITING),
    Reason.NOT_CALLED: ("not-called", Grade.WAITING),
    Reason.IN_PROGRESS: ("calling", Grade.WAITING),
    Reason.UNDER_LOAD: ("calling", Grade.WAITING),
    Reason.OTHER_KEY: ("key-mismatch", Grade.DOUBTFUL),
    Reason.UNKNOWN_CALLER: ("key-mismatch", Grade.DOUBTFUL),
    Reason.NOT_LET_IN: ("not-let-in", Grade.BROKEN),
    Reason.OLD_STAMP: ("clock", Grade.BROKEN),
    Reason.ANSWER_NOT_TAKEN: ("answer-lost", Grade.DOUBTFUL),
    Reason.CALL_UNANSWERED: ("nobody-answers", Grade.DOUBTFUL),
    Reason.ANSWER_REFUSED: ("answer-refused", Grade.BROKEN),
}
"""What each finding of first contact is called here, and how bad it is."""

SILENT: Final = (Reason.NOTHING_ARRIVES, Reason.NOTHING_HEARD, Reason.NOT_WIREGUARD, Reason.ONLY_TCP)
"""Nothing that can be the peer's arrives."""

_ANSWERS: Final = (Reason.ANSWER_NOT_TAKEN, Reason.ANSWER_REFUSED)


def before_handshake(evidence: Evidence) -> Judgement | None:
    """Judge a peer that never shook hands."""
    if evidence.device is None or evidence.peer.latest_handshake is not None:
        return None
    contact = Judge(evidence.device, evidence.scene).contact(evidence.peer, evidence.before)
    return judged(contact, evidence)


def judged(contact: Contact, evidence: Evidence) -> Judgement | None:
    """What a finding of first contact says in the light of the files; None for what is no such finding."""
    finding = contact.finding
    if finding.reason not in _RULES:
        return None
    rule, grade = _RULES[finding.reason]
    codes, certain = _ordered(finding, evidence)
    causes = tuple(likely(code, evidence, finding.detail) for code in codes)
    sentence = reason_words(finding, port=evidence.port, since=evidence.since)
    if (
        codes
        and codes[0] is not Cause.NOT_STARTED
        and finding.reason in SILENT
        and _is_proven(codes, evidence)
    ):
        grade = Grade.DOUBTFUL
    if codes[:1] == [STALE_ENDPOINT]:
        rule = "stale-endpoint"
    fix = _fix(codes[0] if codes else None, evidence)
    return Judgement(rule, grade, sentence, causes, certain, fix)


def _is_proven(codes: list[Cause | str], evidence: Evidence) -> bool:
    """Whether something speaks for the first cause, so that the silence is more than a peer not begun."""
    return codes[0] in (PORT_DRIFT, Cause.WRONG_ENDPOINT) or evidence.all_silent or evidence.scene.drops


def _ordered(finding: Finding, evidence: Evidence) -> tuple[list[Cause | str], bool]:
    """The causes with what the files prove in front, and whether the first is certain."""
    codes: list[Cause | str] = list(finding.causes)
    certain = finding.certain
    for cause, proven in _told_by_files(finding, evidence):
        codes = [cause, *(code for code in codes if code != cause)]
        certain = proven
    return codes, certain


def _told_by_files(finding: Finding, evidence: Evidence) -> list[tuple[Cause | str, bool]]:
    """What moves to the front, the last one farthest, and whether it is certain."""
    reason, own, file = finding.reason, evidence.own, evidence.file
    told: list[tuple[Cause | str, bool]] = []
    if reason in SILENT:
        told += [(Cause.ROUTER, False), (Cause.PROVIDER, False)] if evidence.all_silent else []
        told += [(Cause.PACKET_FILTER, False)] if evidence.scene.drops else []
        if _dials_elsewhere(evidence):
            told.append((Cause.WRONG_ENDPOINT, False))
        if file is not None and file.listen_port and file.listen_port != evidence.port:
            told.append((PORT_DRIFT, True))
    if reason in SILENT and evidence.all_silent and evidence.scene.drops:
        told = [one for one in told if one[0] not in (Cause.ROUTER, Cause.PROVIDER)]
    if reason is Reason.UNKNOWN_CALLER and file is not None and finding.key in file.keys:
        told.append((NOT_APPLIED, True))
    if reason is Reason.CALL_UNANSWERED and evidence.is_stale:
        told.append((STALE_ENDPOINT, False))
    if own is not None and own.same_secret is False and reason in (*_ANSWERS, Reason.CALL_UNANSWERED):
        told.append((Cause.PRESHARED_KEY, reason in _ANSWERS))
    if own is not None and not own.knows_us and reason in (*SILENT, Reason.CALL_UNANSWERED):
        told.append((Cause.WRONG_PUBLIC_KEY_THERE, False))
    return told


def _dials_elsewhere(evidence: Evidence) -> bool:
    """Whether the endpoint in its own file is another port, or an address that this host does not have.

    Behind NAT, or where only a name is known, the address says nothing.
    """
    dialled = evidence.own.endpoint if evidence.own else None
    if dialled is None:
        return False
    numeric = dialled.numeric()
    nat = evidence.scene.reach in (Reach.PRIVATE, Reach.CGNAT)
    same_family = {one.version for one in evidence.uplinks}
    strange = numeric is not None and numeric.address.version in same_family and not nat
    return dialled.port != evidence.port or (
        strange and numeric is not None and numeric.address not in evidence.uplinks
    )


def _fix(first: Cause | str | None, evidence: Evidence) -> Fix | None:
    """What is offered for a cause; what lies elsewhere is said in the cause itself."""
    name = evidence.interface
    if first in (PORT_DRIFT, NOT_APPLIED, STALE_ENDPOINT):
        return SyncFix(name)
    admission = evidence.scene.admission
    if first is Cause.PACKET_FILTER and admission is not None and not admission.yields:
        return ByHand(
            f"Let UDP port {evidence.port} in where that table says so: no rule of wgtui's comes before."
        )
    if first is Cause.PACKET_FILTER:
        # The package is large, and few judgements need it.
        from wgtui.domain.forwarding import SwitchName

        return SwitchFix(name, SwitchName.PORT, True)
    told_here = (Cause.WRONG_PUBLIC_KEY_THERE, Cause.PRESHARED_KEY, Cause.WRONG_ENDPOINT)
    if evidence.own is not None and first in told_here:
        return ByHand("Give it its own file anew (wgtui export).")
    return None


def of_silence(evidence: Evidence) -> Contact | None:
    """What the port tells of a peer whose session has ended: its calls or ours, as if it never had one.

    None where there are none of both; other packets tell nothing of it.
    """
    device, peer, traffic = evidence.device, evidence.peer, evidence.scene.traffic
    if device is None or traffic is None:
        return None
    remote = traffic.remote(peer.endpoint)
    we_call = remote is not None and remote.sent.initiation > 0
    if not we_call and not traffic.calls_of(peer.public_key):
        return None
    # Calls that the packet filter holds up do not reach the counters; those counted are of the old session.
    heard = 0 if evidence.scene.drops else peer.rx_bytes
    known = replace(peer, latest_handshake=None, rx_bytes=heard)
    return Judge(device, evidence.scene).contact(known, evidence.before)
