"""Rules as a host has them in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wgtui.domain.forwarding.places import PlacedRule


@dataclass(frozen=True, slots=True)
class RuleState:
    """A rule of ours in force, and what it met.

    Attributes:
        placed: The rule and where it stands.
        packets: Packets that it matched since it was made; None where the place does not count.
        bytes: Likewise bytes.
    """

    placed: PlacedRule
    packets: int | None = None
    bytes: int | None = None


def removed(before: Iterable[PlacedRule], after: Iterable[PlacedRule]) -> tuple[PlacedRule, ...]:
    """The rules that a change takes away, in order."""
    kept = frozenset(after)
    return tuple(rule for rule in dict.fromkeys(before) if rule not in kept)


def added(before: Iterable[PlacedRule], after: Iterable[PlacedRule]) -> tuple[PlacedRule, ...]:
    """The rules that a change brings, in order."""
    return removed(after, before)
