"""The default-route procedure: a table of its own, and rules that send all but the tunnel's packets there.

Several tunnels may have one. Each has a rule "not with this mark: that table", and in front of it a rule that
lets more specific routes of the main table win. The kernel puts every new rule in front of the others, so the
pair of each tunnel stays together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from wgtui.domain.network import MAIN_TABLE, Rule

FIRST_TABLE: Final = 51820
"""Where the search for an empty table starts; its number is the tunnel's mark as well."""

SRC_VALID_MARK: Final = "net.ipv4.conf.all.src_valid_mark"
"""Whether the check of a packet's source address looks at its mark; IPv4 default routes need it at 1."""


def free_table(is_used: Callable[[int], bool]) -> int:
    """The first table from 51820 on that has no route of either family.

    Args:
        is_used: Whether a table has a route.
    """
    table = FIRST_TABLE
    while is_used(table):
        table += 1
    return table


def default_rules(family: int, table: int, present: Iterable[Rule]) -> tuple[Rule, Rule]:
    """The rules of a default route, in the order in which they are added: the second stands in front.

    They have the priorities that the kernel would pick itself (`net/core/fib_rules.c`:
    `fib_default_rule_pref`). Other tunnels have the like of the second, so only its priority tells it apart.

    Args:
        family: 4 or 6.
        table: Number of the tunnel's table, which is its mark too.
        present: All of the host's rules, by family and priority.
    """
    behind_first = [rule.priority for rule in present if rule.family == family][1:2]
    free = (behind_first[0] or 0) - 1 if behind_first else -1
    return (
        replace(_into_tunnel(family, table), priority=max(free, 0)),
        replace(_around_tunnel(family), priority=max(free - 1, 0)),
    )


def _into_tunnel(family: int, table: int) -> Rule:
    return Rule(family, table, fwmark=table, invert=True)


def _around_tunnel(family: int) -> Rule:
    return Rule(family, MAIN_TABLE, suppress_prefix_length=0)


@dataclass(frozen=True, slots=True)
class RulePair:
    """The rules of one default route, with their priorities.

    Attributes:
        into: Sends packets into the tunnel.
        around: Lets more specific routes of the main table win; None where somebody removed it.
    """

    into: Rule
    around: Rule | None

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Those that there are, in the order in which to remove them."""
        return (self.into,) if self.around is None else (self.into, self.around)

    def missing(self) -> Rule | None:
        """The rule that somebody removed, such as `wg-quick down` of another tunnel."""
        if self.around is not None or not self.into.priority:
            return None
        return replace(_around_tunnel(self.into.family), priority=self.into.priority - 1)


def rule_pairs(rules: Iterable[Rule], tables: Iterable[int]) -> list[RulePair]:
    """Those of the host's rules that belong to the default routes in some tables.

    Of the rules that suppress default routes of the main table, only the one goes with a tunnel that no other
    tunnel's rule follows first.

    Args:
        rules: All of the host's, by family and priority.
        tables: Numbers of the tunnel's tables.
    """
    wanted = frozenset(tables)
    found: list[RulePair] = []
    suppressing: Rule | None = None
    for rule in rules:
        if suppressing is not None and suppressing.family != rule.family:
            suppressing = None
        if _is_like(rule, _around_tunnel(rule.family)):
            suppressing = rule
        elif _sends_into_a_tunnel(rule):
            if rule.table in wanted:
                found.append(RulePair(rule, suppressing))
            suppressing = None
    return found


def has_default_tunnel(rules: Iterable[Rule], family: int) -> bool:
    """Whether rules send a family's packets into some tunnel."""
    return any(rule.family == family and _sends_into_a_tunnel(rule) for rule in rules)


def _sends_into_a_tunnel(rule: Rule) -> bool:
    return _is_like(rule, _into_tunnel(rule.family, rule.table)) and rule.table != MAIN_TABLE


def _is_like(rule: Rule, wanted: Rule) -> bool:
    return rule.is_plain and rule.matches(wanted)
