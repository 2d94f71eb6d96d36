"""One peer judged: the rules in order, and the first that holds decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from wgtui.domain.verdict import after, before, standing
from wgtui.domain.verdict.evidence import Evidence
from wgtui.domain.verdict.judgement import Grade, Judgement

Find = Callable[[Evidence], Judgement | None]
"""Judges where it has something to say."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule.

    Attributes:
        name: Of the function's job, for explanations.
        find: Judges; None where the rule does not hold.
        source: Where the behaviour stands that it builds on.
    """

    name: str
    find: Find
    source: str


RULES: Final[tuple[Rule, ...]] = (
    Rule("disabled in the file", standing.disabled, "wg-quick(8): a comment is no setting"),
    Rule("the interface cannot work", standing.interface_down, "drivers/net/wireguard/device.c: wg_open"),
    Rule("the clock was set back", standing.clock_stepped, "whitepaper 5.1, TAI64N"),
    Rule("owns no address", standing.owns_nothing, "whitepaper 2, cryptokey routing"),
    Rule("no handshake yet", before.before_handshake, "drivers/net/wireguard/receive.c, noise.c, cookie.c"),
    Rule(
        "sends from a foreign address",
        standing.wrong_address,
        "drivers/net/wireguard/receive.c: unallowed src IP",
    ),
    Rule("lost addresses", standing.lost_prefixes, "drivers/net/wireguard/allowedips.c: one owner a prefix"),
    Rule("calls that lead to nothing", after.silence_told, "drivers/net/wireguard/receive.c, noise.c"),
    Rule("sent and never answered", after.nobody_answers, "whitepaper 6.5; timers.c"),
    Rule("received without a session", after.nobody_heeds, "whitepaper 6.5; timers.c"),
    Rule("received and only kept alive", after.one_way, "whitepaper 6.5; receive.c"),
    Rule("no session, no traffic", after.idle, "whitepaper 6.1, REJECT_AFTER_TIME"),
    Rule("a session", after.active, "whitepaper 6.1"),
)
"""In the order in which they are asked."""

_UNKNOWN: Final = Judgement("unknown", Grade.WAITING, "Nothing is known of it yet.")


def judge(evidence: Evidence) -> Judgement:
    """Judge a peer by the first rule that holds."""
    for rule in RULES:
        found = rule.find(evidence)
        if found is not None:
            return replace(found, source=f"{rule.name} ({rule.source})")
    return _UNKNOWN
