"""What one base chain does with a packet, and what else it may do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from wgtui.domain.ruleset.matches import meets_all
from wgtui.domain.ruleset.model import BaseChain, Effect, EffectKind, Rule, VerdictKind
from wgtui.domain.ruleset.packet import Packet

NAT_KINDS: Final = frozenset(
    (VerdictKind.MASQUERADE, VerdictKind.SNAT, VerdictKind.DNAT, VerdictKind.REDIRECT)
)
"""Verdicts that rewrite a packet, and let it."""

_ENDS: Final = frozenset((VerdictKind.DROP, VerdictKind.REJECT))


class Outcome(Enum):
    """What becomes of a packet at a base chain."""

    ACCEPTED = "accepted"
    """A rule lets it."""

    DROPPED = "dropped"
    """A rule or the policy drops or rejects it."""

    PASSED = "passed"
    """No rule decides, and the policy lets it."""


@dataclass(frozen=True, slots=True)
class Decider:
    """A rule that decides, or the policy.

    Attributes:
        base: The base chain the packet is in.
        trail: The chains jumped through, from the base chain's name to that of the chain the rule stands in.
        rule: None for the policy of the base chain.
        verdict: What it does.
    """

    base: BaseChain
    trail: tuple[str, ...]
    rule: Rule | None
    verdict: VerdictKind

    @property
    def chain(self) -> str:
        """The name of the chain it stands in."""
        return self.trail[-1]

    @property
    def outcome(self) -> Outcome:
        """What it does, in three words."""
        if self.verdict in _ENDS:
            return Outcome.DROPPED
        return Outcome.PASSED if self.rule is None else Outcome.ACCEPTED


@dataclass(frozen=True, slots=True)
class ChainDecision:
    """What a base chain does with a packet.

    Attributes:
        by: What decides, taking it that no rule matches that only may match.
        doubts: What may decide otherwise where rules match that only may, in order.
        packet: The packet as the chain leaves it, with its mark.
    """

    by: Decider
    doubts: tuple[Decider, ...]
    packet: Packet

    @property
    def outcome(self) -> Outcome:
        """What becomes of the packet, as far as is known."""
        return self.by.outcome

    @property
    def is_certain(self) -> bool:
        """Whether nothing else can become of it at this chain."""
        return not self.doubts and self.by.verdict is not VerdictKind.QUEUE


@dataclass(frozen=True, slots=True)
class _Here:
    """Who is at a rule: of all that may become of a packet when rules match that only may.

    Attributes:
        presumed: The packet for which no such rule matches.
        others: Any other.
    """

    presumed: bool
    others: bool = False

    @property
    def any(self) -> bool:
        """Whether a packet may be here at all."""
        return self.presumed or self.others

    def joined_by(self, others: bool) -> _Here:
        """The same, and others."""
        return _Here(self.presumed, self.others or others)


_NOBODY: Final = _Here(False)


@dataclass
class _Walk:
    base: BaseChain
    packet: Packet
    by: Decider | None = None
    doubts: list[Decider] = field(default_factory=list)

    def chain(self, rules: tuple[Rule, ...], trail: tuple[str, ...], here: _Here) -> _Here:
        """Walk the rules of a chain; return who falls through to its caller."""
        left = False
        for rule in rules:
            met = meets_all(rule.matches, self.packet)
            if met is False:
                continue
            self._take_effects(rule, sure=bool(met) and not here.others)
            if rule.verdict.kind is VerdictKind.CONTINUE:
                continue
            matched = here if met else _Here(False, True)
            out, stays = self._matched(rule, trail, matched)
            left = left or out.others
            if met:
                if not stays.any:
                    return _Here(out.presumed, left)
                here = stays
            else:
                here = here.joined_by(stays.others)
        return here.joined_by(left)

    def _matched(self, rule: Rule, trail: tuple[str, ...], matched: _Here) -> tuple[_Here, _Here]:
        """Who of those that a rule matches goes back to the caller, and who goes on to the next rule."""
        kind = rule.verdict.kind
        if kind is VerdictKind.RETURN:
            return matched, _NOBODY
        if kind in (VerdictKind.JUMP, VerdictKind.GOTO):
            target = self.base.chains.get(rule.verdict.target)
            # The kernel refuses loops.
            if target is not None and rule.verdict.target not in trail:
                through = self.chain(target, (*trail, rule.verdict.target), matched)
                return (through, _NOBODY) if kind is VerdictKind.GOTO else (_NOBODY, through)
            kind = VerdictKind.UNKNOWN
        decider = Decider(self.base, trail, rule, kind)
        if kind is VerdictKind.UNKNOWN:
            self.doubts.append(decider)
            return _NOBODY, matched.joined_by(True)
        self._decide(decider, matched)
        return _NOBODY, _NOBODY

    def _decide(self, decider: Decider, who: _Here) -> None:
        if who.presumed:
            self.by = decider
        elif who.others:
            self.doubts.append(decider)

    def finish(self, here: _Here) -> ChainDecision:
        """Let the policy decide for whom no rule did."""
        self._decide(Decider(self.base, (self.base.name,), None, self.base.policy), here)
        by = self.by
        assert by is not None
        return ChainDecision(by, tuple(doubt for doubt in self.doubts if _differs(doubt, by)), self.packet)

    def _take_effects(self, rule: Rule, *, sure: bool) -> None:
        for effect in rule.effects:
            if effect.kind is EffectKind.MARK:
                self.packet = replace(self.packet, mark=_marked(self.packet.mark, effect, sure=sure))


def _marked(mark: int | None, effect: Effect, *, sure: bool) -> int | None:
    if effect.value is None or (mark is None and effect.mask != 0xFFFFFFFF):
        return None
    after = ((mark or 0) & ~effect.mask & 0xFFFFFFFF) ^ effect.value
    return after if sure or after == mark else None


def walk(base: BaseChain, packet: Packet) -> ChainDecision:
    """Send a packet through a base chain.

    Args:
        base: A chain that sees packets of this hook and family.
        packet: As it comes to the chain.
    """
    walked = _Walk(base, packet)
    return walked.finish(walked.chain(base.rules, (base.name,), _Here(True)))


def _differs(doubt: Decider, by: Decider) -> bool:
    if {doubt.verdict, by.verdict} & {VerdictKind.QUEUE, VerdictKind.UNKNOWN}:
        return True
    if doubt.outcome is Outcome.DROPPED or by.outcome is Outcome.DROPPED:
        return doubt.outcome is not by.outcome
    return doubt.verdict is not by.verdict and bool(NAT_KINDS & {doubt.verdict, by.verdict})
