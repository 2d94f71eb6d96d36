"""The rules about the peer as such: whether it can have a part in the tunnel at all."""

from __future__ import annotations

from typing import Final

from wgtui.domain.first_contact import Finding, Reason, reason_words
from wgtui.domain.fixes import ByHand, Fix, SyncFix
from wgtui.domain.verdict.causes import (
    ADDRESS_TAKEN,
    ALLOWED_NOT_SET,
    CLOCK_STEPPED,
    NO_ADDRESS,
    WRONG_ADDRESS,
    likely,
)
from wgtui.domain.verdict.evidence import Evidence
from wgtui.domain.verdict.judgement import Grade, Judgement

CLOCK_SLACK: Final = 5.0
"""Seconds by which a handshake may lie in the future: the clock is read before the device is."""


def disabled(evidence: Evidence) -> Judgement | None:
    """Switched off in the file."""
    if evidence.enabled:
        return None
    fix = ByHand("Enable it (wgtui peer enable).")
    return Judgement("disabled", Grade.WAITING, _reason(Reason.DISABLED, evidence), fix=fix, certain=True)


def interface_down(evidence: Evidence) -> Judgement | None:
    """The device is not there, or cannot do anything as it is."""
    device, scene = evidence.device, evidence.scene
    if device is None or not scene.up:
        name = evidence.interface
        again = f"ip link set up dev {name}; wgtui sync {name}"
        fix: Fix = ByHand(f"Bring it up: {again if device is not None else f'wgtui up {name}'}")
        return Judgement(
            "interface-down", Grade.WAITING, _reason(Reason.DOWN, evidence), fix=fix, certain=True
        )
    if device.private_key is None:
        fix = SyncFix(evidence.interface)
        sentence = _reason(Reason.NO_PRIVATE_KEY, evidence)
        return Judgement("no-private-key", Grade.BROKEN, sentence, fix=fix, certain=True)
    if not device.listen_port:
        fix = SyncFix(evidence.interface)
        return Judgement("no-port", Grade.BROKEN, _reason(Reason.NO_PORT, evidence), fix=fix, certain=True)
    return None


def clock_stepped(evidence: Evidence) -> Judgement | None:
    """A handshake in the future: this host's clock was set back since."""
    latest, now = evidence.peer.latest_handshake, evidence.scene.now
    if latest is None or latest - now <= CLOCK_SLACK:
        return None
    sentence = f"Its latest handshake lies {round(latest - now)} seconds ahead of this host's clock."
    causes = (likely(CLOCK_STEPPED, evidence),)
    return Judgement("clock", Grade.DOUBTFUL, sentence, causes, certain=True)


def owns_nothing(evidence: Evidence) -> Judgement | None:
    """No allowed IPs: handshakes work, and not one packet passes."""
    if evidence.peer.allowed_ips:
        return None
    sentence = "It owns no address: nothing is sent to it, and what it sends is dropped."
    named = evidence.in_file.allowed_ips if evidence.in_file else ()
    if not named:
        known = evidence.in_file is not None
        causes = (likely(NO_ADDRESS, evidence),) if known else ()
        fix: Fix | None = ByHand("Give it allowed IPs (wgtui peer edit).")
        return Judgement("owns-nothing", Grade.BROKEN, sentence, causes, certain=known, fix=fix)
    return _losing("owns-nothing", f"{sentence} {_lost(evidence)}".rstrip(), evidence)


def wrong_address(evidence: Evidence) -> Judgement | None:
    """By its own file it sends from an address that is not its own here."""
    own, allowed = evidence.own, evidence.peer.allowed_ips
    if own is None or not own.addresses or not allowed:
        return None
    families = {prefix.version for prefix in allowed}
    for address in own.addresses:
        if address.version in families and not any(
            address in prefix for prefix in allowed if prefix.version == address.version
        ):
            sentence = f"It has the address {address}, and packets from there are not accepted from it."
            fix = ByHand("Give it the address it has (wgtui peer edit), or give it its file anew.")
            causes = (likely(WRONG_ADDRESS, evidence),)
            return Judgement("wrong-address", Grade.BROKEN, sentence, causes, fix=fix)
    return None


def lost_prefixes(evidence: Evidence) -> Judgement | None:
    """Some of what the file gives it is another peer's."""
    if evidence.file is None or not evidence.file.losses or not evidence.peer.allowed_ips:
        return None
    return _losing("lost-prefixes", _lost(evidence), evidence)


def _losing(rule: str, sentence: str, evidence: Evidence) -> Judgement:
    losses = evidence.file.losses if evidence.file else ()
    taken = any(loss.winner for loss in losses)
    cause = likely(ADDRESS_TAKEN if taken else ALLOWED_NOT_SET, evidence)
    if any(loss.by_file for loss in losses):
        which = next(loss for loss in losses if loss.by_file)
        fix: Fix = ByHand(f"Decide whose {which.prefix} is, and take it from the other (wgtui peer edit).")
    else:
        fix = SyncFix(evidence.interface)
    return Judgement(rule, Grade.BROKEN, sentence, (cause,), certain=bool(losses), fix=fix)


def _lost(evidence: Evidence) -> str:
    losses = evidence.file.losses if evidence.file else ()
    if not losses:
        return ""
    first, more = losses[0], len(losses) - 1
    rest = f"; {more} more of its prefixes are lost likewise" if more else ""
    who = f"belongs to {first.winner}" if first.winner else "belongs to nobody"
    return f"The file gives it {first.prefix}, which {who} on the running interface{rest}."


def _reason(reason: Reason, evidence: Evidence) -> str:
    return reason_words(Finding(reason), port=evidence.port, since=evidence.since)
