"""Which route the kernel takes, computed from its rules and tables as it does (`fib_rules_lookup`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from wgtui.domain.addresses import Address, Prefix
from wgtui.domain.cryptokey.prefixes import PrefixMap
from wgtui.domain.network import MAIN_TABLE, UNICAST, Route, Rule

LOCAL_TABLE: Final = 255
"""The table of the host's own addresses, looked up before all others."""

LOCAL: Final = 2
BROADCAST: Final = 3
ANYCAST: Final = 4
THROW: Final = 9
"""Types of routes (`RTN_*`): to this host itself, to all on a link, to this host among others, and back to
the rules."""

_DELIVERING: Final = frozenset((UNICAST, BROADCAST))
"""Types that lead a packet out of a link."""

_KEEPING: Final = frozenset((LOCAL, ANYCAST))
"""Types whose packets this host takes itself."""

DEFAULT_RULES: Final = (
    Rule(4, LOCAL_TABLE, 0),
    Rule(4, MAIN_TABLE, 32766),
    Rule(4, 253, 32767),
    Rule(6, LOCAL_TABLE, 0),
    Rule(6, MAIN_TABLE, 32766),
)
"""What every host starts with (`fib_default_rules_init`, `fib6_rules_net_init`)."""


class Fate(Enum):
    """What routing does with a packet."""

    LINK = "link"
    """It leaves by a link."""
    HERE = "here"
    """It is for this host itself."""
    NO_ROUTE = "no route"
    """No table that the rules pick has a route."""
    REFUSED = "refused"
    """A blackhole, unreachable or prohibit route, or such a rule."""


@dataclass(frozen=True, slots=True)
class RuleStep:
    """One rule that was for the packet, and what its table said.

    Attributes:
        rule: The rule.
        route: The longest matching route of its table, None without one.
        suppressed: Whether the rule does not let a route that short count.
    """

    rule: Rule
    route: Route | None
    suppressed: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The route of a packet.

    Attributes:
        fate: What becomes of it.
        route: The route that decided; None where there is none.
        rule: The rule whose table has the route.
        steps: The rules that were for the packet, in their order.
        uncertain: Priority of a rule passed on the way that looks at more than is known here; None when
            all could be judged.
    """

    fate: Fate
    route: Route | None = None
    rule: Rule | None = None
    steps: tuple[RuleStep, ...] = ()
    uncertain: int | None = None

    @property
    def link(self) -> str:
        """The link it leaves by, empty when it does not or the route names several."""
        return self.route.link if self.fate is Fate.LINK and self.route is not None else ""

    @property
    def by_policy(self) -> bool:
        """Whether it is the kind of rule that `wg-quick` makes for a default route: for unmarked packets."""
        rule = self.rule
        return rule is not None and rule.invert and rule.fwmark is not None and rule.fwmark != 0


NO_ROUTE: Final = Decision(Fate.NO_ROUTE)
"""Nothing leads there."""


class RoutingTables:
    """The tables and rules of a host, ready for look-ups.

    Decisions are those for packets of this host itself, without a mark and without a source address yet.
    """

    def __init__(
        self,
        routes: Iterable[Route],
        rules: Iterable[Rule] = DEFAULT_RULES,
        own: Iterable[Address] = (),
    ) -> None:
        """Take what the kernel reports.

        Args:
            routes: Of all tables, `local` included.
            rules: In the kernel's order.
            own: Addresses of this host, where the routes of table `local` are not at hand.
        """
        here = (Route(ip_network(one), "lo", LOCAL_TABLE, type=LOCAL) for one in own)
        by_table: dict[int, dict[Prefix, Route]] = {}
        for route in (*routes, *here):
            best = by_table.setdefault(route.table, {})
            known = best.get(route.destination)
            if known is None or route.metric < known.metric:
                best[route.destination] = route
        self._tables = {table: PrefixMap(best.items()) for table, best in by_table.items()}
        self._rules: dict[int, list[Rule]] = {4: [], 6: []}
        for rule in rules:
            self._rules[rule.family].append(rule)
        self._cuts = PrefixMap(
            (rule.destination, None)
            for of_family in self._rules.values()
            for rule in of_family
            if rule.destination is not None
        )

    def decide(self, where: Prefix | Address, *, mark: int = 0, source: Address | None = None) -> Decision:
        """The route for an address, or the one that holds for a prefix as a whole."""
        prefix = where if isinstance(where, IPv4Network | IPv6Network) else ip_network(where)
        steps: list[RuleStep] = []
        uncertain: int | None = None
        for rule in self._rules[prefix.version]:
            if not rule.is_plain:
                uncertain = rule.priority if uncertain is None else uncertain
                continue
            if not _is_for(rule, prefix, mark, source):
                continue
            step = self._look_up(rule, prefix)
            steps.append(step)
            if step.route is not None and not step.suppressed and step.route.type != THROW:
                fate = fate_of(step.route)
                return Decision(fate, step.route, rule, tuple(steps), uncertain)
        return Decision(Fate.NO_ROUTE, steps=tuple(steps), uncertain=uncertain)

    def parts(self, prefix: Prefix) -> Iterator[tuple[Prefix, Decision]]:
        """Where parts of a prefix go that have routes or rules of their own, by address and length."""
        found = {inner for inner, _ in self._cuts.inside(prefix)}
        for table in self._tables.values():
            found.update(inner for inner, _ in table.inside(prefix))
        for inner in sorted(found, key=lambda one: (int(one.network_address), one.prefixlen)):
            yield inner, self.decide(inner)

    def _look_up(self, rule: Rule, prefix: Prefix) -> RuleStep:
        table = self._tables.get(rule.table)
        found = table.longest(prefix) if table is not None else None
        if found is None:
            return RuleStep(rule, None)
        limit = rule.suppress_prefix_length
        # A route that refuses is an error to the kernel, and errors are not suppressed (`fib_rules_lookup`).
        refuses = fate_of(found[1]) is Fate.REFUSED
        return RuleStep(rule, found[1], limit is not None and found[0].prefixlen <= limit and not refuses)


def fate_of(route: Route) -> Fate:
    """What a route does with a packet."""
    if route.type in _KEEPING:
        return Fate.HERE
    return Fate.LINK if route.type in _DELIVERING else Fate.REFUSED


def _is_for(rule: Rule, prefix: Prefix, mark: int, source: Address | None) -> bool:
    """Whether a rule is for packets of this host to all of a prefix; see `fib_rule_match`."""
    fits = (
        rule.input_link in ("", "lo")
        and not rule.output_link
        and (rule.fwmark is None or (rule.fwmark ^ mark) & rule.fwmask == 0)
        and (rule.source is None or _holds_source(rule.source, source))
        and (rule.destination is None or _holds(rule.destination, prefix))
    )
    return fits is not rule.invert


def _holds(outer: Prefix, inner: Prefix) -> bool:
    if isinstance(outer, IPv4Network):
        return isinstance(inner, IPv4Network) and inner.subnet_of(outer)
    return isinstance(inner, IPv6Network) and inner.subnet_of(outer)


def _holds_source(prefix: Prefix, source: Address | None) -> bool:
    """Without a source address the kernel compares 0.0.0.0 or ::."""
    if source is None:
        return int(prefix.network_address) == 0
    return source in prefix
