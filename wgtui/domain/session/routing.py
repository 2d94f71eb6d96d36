"""Which route a packet takes, and what a plan makes of the routes and rules that decide it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from wgtui.domain.addresses import Address, Prefix
from wgtui.domain.cryptokey.routing import DEFAULT_RULES, RoutingTables
from wgtui.domain.network import PROTOCOL_KERNEL, LinkAddress, Route, Rule
from wgtui.domain.plan import DeviceImage, SetAddress, SetDevice, SetLink, SetRoute, SetRule, Step

_IPV6_METRIC: Final = 1024


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
        rules: Without any, those that every host starts with.
    """

    routes: tuple[Route, ...] = ()
    rules: tuple[Rule, ...] = ()

    def route_of(self, packet: Packet) -> Route | None:
        """The route of a packet, None for unreachable.

        Rules that compare more than `Rule` can say are passed over.
        """
        where = packet.destination
        routes = (route for route in self.routes if covers(route.destination, where))
        rules = sorted(self.rules or DEFAULT_RULES, key=lambda rule: rule.priority or 0)
        decision = RoutingTables(routes, rules).decide(where, mark=packet.mark, source=packet.source)
        return decision.route

    def after(self, steps: Iterable[Step], towards: Address) -> Routing:
        """What decides over one address once these steps were taken, the kernel's own routes with it."""
        routes = [route for route in self.routes if covers(route.destination, towards)]
        rules = list(self.rules or DEFAULT_RULES)
        for step in steps:
            match step:
                case SetRoute(route=route, present=present) if covers(route.destination, towards):
                    routes = [kept for kept in routes if kept.key != route.key]
                    routes += [_as_kernel_adds(route)] if present else []
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


def covers(prefix: Prefix, address: Address) -> bool:
    """Whether an address lies in a prefix; never across families."""
    return prefix.version == address.version and address in prefix


def connected_route(link: str, address: LinkAddress) -> Route:
    """The route that the kernel makes for the prefix of an address."""
    network = address.interface.network
    return Route(network, link, protocol=PROTOCOL_KERNEL, metric=256 if network.version == 6 else 0)


def _as_kernel_adds(route: Route) -> Route:
    is_default = route.destination.version == 6 and route.metric == 0
    return replace(route, metric=_IPV6_METRIC) if is_default else route


def _with_priority(rule: Rule, rules: Iterable[Rule]) -> Rule:
    """A rule with the priority that the kernel picks: before the second one (`fib_default_rule_pref`)."""
    if rule.priority is not None:
        return rule
    taken = sorted(other.priority or 0 for other in rules if other.family == rule.family)
    return replace(rule, priority=max(taken[1] - 1, 0) if len(taken) > 1 else 0)


def _is_made_by(route: Route, made: Route) -> bool:
    return (route.protocol, route.destination, route.link) == (made.protocol, made.destination, made.link)


def _routes_of(link: str, image: DeviceImage) -> list[Route]:
    connected = (connected_route(link, address) for address in image.addresses)
    return [*connected, *image.routes]
