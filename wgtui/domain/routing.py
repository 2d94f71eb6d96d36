"""Which route a packet takes, from the tables and rules of a host, and what a plan makes of these.

This is the kernel's own procedure (`net/core/fib_rules.c`, `fib_rules_lookup`): the rules in order of
priority, in each one's table the longest prefix, and the next rule where there is none or it is suppressed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from wgtui.domain.addresses import Address, Prefix
from wgtui.domain.network import MAIN_TABLE, PROTOCOL_KERNEL, LinkAddress, Route, Rule
from wgtui.domain.plan import DeviceImage, SetAddress, SetDevice, SetLink, SetRoute, SetRule, Step

LOCAL_TABLE: Final = 255
"""The table of the host's own addresses, which says nothing about packets to others."""

_THROW: Final = 9
"""The type of a route that ends the search in its table (`RTN_THROW`)."""

_IPV6_METRIC: Final = 1024
_DEFAULT_TABLE: Final = 253
_DEFAULT_RULES: Final = ((0, LOCAL_TABLE), (32766, MAIN_TABLE), (32767, _DEFAULT_TABLE))


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet that this host sends.

    Attributes:
        destination: Where to.
        source: The address it is sent from, None where the route decides.
        mark: Its fwmark, 0 for none.
    """

    destination: Address
    source: Address | None = None
    mark: int = 0


@dataclass(frozen=True, slots=True)
class Routing:
    """The routes and rules of a host.

    Attributes:
        routes: Of all tables but the local one.
        rules: Those of a family without any count as the kernel's three.
    """

    routes: tuple[Route, ...] = ()
    rules: tuple[Rule, ...] = ()

    def route_of(self, packet: Packet) -> Route | None:
        """The route of a packet, None for unreachable.

        Rules that compare more than `Rule` can say are passed over.
        """
        family = packet.destination.version
        rules = [rule for rule in self.rules if rule.family == family] or [
            Rule(family, table, priority) for priority, table in _DEFAULT_RULES
        ]
        for rule in sorted(rules, key=lambda rule: rule.priority or 0):
            if not rule.is_plain or not selects(rule, packet):
                continue
            best = self._best(rule.table, packet.destination)
            if best is None or best.type == _THROW:
                continue
            suppressed = rule.suppress_prefix_length
            if suppressed is None or best.destination.prefixlen > suppressed:
                return best
        return None

    def after(self, steps: Iterable[Step]) -> Routing:
        """The routes and rules once these steps were taken, with the routes that the kernel makes itself."""
        routes, rules = list(self.routes), list(self.rules)
        for step in steps:
            match step:
                case SetRoute(route=route, present=present):
                    routes = [kept for kept in routes if kept.key != route.key]
                    routes += [route] if present else []
                case SetRule(rule=rule, present=True):
                    rules.append(_with_priority(rule, rules))
                case SetRule(rule=rule, present=False):
                    gone = next((one for one in rules if one.matches(rule)), None)
                    rules = [one for one in rules if one is not gone]
                case SetAddress(interface=link, address=address, present=present):
                    made = connected_route(link, address)
                    routes = [kept for kept in routes if not _is_made_by(kept, made)]
                    routes += [made] if present else []
                case SetLink(interface=link, after=after) if not after.up:
                    routes = [kept for kept in routes if kept.link != link]
                case SetDevice(interface=link, after=image):
                    routes = [kept for kept in routes if kept.link != link]
                    routes += _routes_of(link, image) if image is not None else []
                case _:
                    pass
        return Routing(tuple(routes), tuple(rules))

    def _best(self, table: int, destination: Address) -> Route | None:
        candidates = (
            route for route in self.routes if route.table == table and covers(route.destination, destination)
        )
        return min(candidates, key=lambda route: (-route.destination.prefixlen, _metric(route)), default=None)


def selects(rule: Rule, packet: Packet) -> bool:
    """Whether a rule is for a packet that a process of this host sends."""
    marked = rule.fwmark is None or (packet.mark ^ rule.fwmark) & rule.fwmask == 0
    matches = (
        rule.family == packet.destination.version
        and marked
        and _within(packet.source, rule.source)
        and _within(packet.destination, rule.destination)
        and rule.input_link in ("", "lo")
        and not rule.output_link
    )
    return matches != rule.invert


def covers(prefix: Prefix, address: Address) -> bool:
    """Whether an address lies in a prefix; never across families."""
    return prefix.version == address.version and address in prefix


def connected_route(link: str, address: LinkAddress) -> Route:
    """The route that the kernel makes for the prefix of an address."""
    network = address.interface.network
    return Route(network, link, protocol=PROTOCOL_KERNEL, metric=256 if network.version == 6 else 0)


def _within(address: Address | None, prefix: Prefix | None) -> bool:
    if prefix is None:
        return True
    # A socket that is bound to no address asks with the unspecified one.
    return prefix.prefixlen == 0 if address is None else covers(prefix, address)


def _metric(route: Route) -> int:
    return route.metric or (_IPV6_METRIC if route.destination.version == 6 else 0)


def _with_priority(rule: Rule, rules: Iterable[Rule]) -> Rule:
    """A rule with the priority that the kernel picks: before the second one (`fib_default_rule_pref`)."""
    if rule.priority is not None:
        return rule
    taken = sorted(other.priority or 0 for other in rules if other.family == rule.family)
    second = taken[1] if len(taken) > 1 else _DEFAULT_RULES[1][0]
    return replace(rule, priority=max(second - 1, 0))


def _is_made_by(route: Route, made: Route) -> bool:
    return (route.protocol, route.destination, route.link) == (made.protocol, made.destination, made.link)


def _routes_of(link: str, image: DeviceImage) -> list[Route]:
    connected = (connected_route(link, address) for address in image.addresses)
    return [*connected, *image.routes]
