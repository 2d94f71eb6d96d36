"""Which route a packet takes, and what a plan makes of the routes and rules that decide it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Interface, IPv6Interface
from typing import Final

from wgtui.domain.addresses import Address, Prefix
from wgtui.domain.cryptokey.routing import DEFAULT_RULES, RoutingTables
from wgtui.domain.network import PROTOCOL_KERNEL, LinkAddress, Route, Rule
from wgtui.domain.plan import DeviceImage, SetAddress, SetDevice, SetLink, SetRoute, SetRule, Step

Interface = IPv4Interface | IPv6Interface

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
        addresses: By the name of their link.
    """

    routes: tuple[Route, ...] = ()
    rules: tuple[Rule, ...] = ()
    addresses: Mapping[str, tuple[Interface, ...]] = field(default_factory=dict)

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
        addresses = dict(self.addresses)
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
                case SetAddress(interface=link, address=address, present=True):
                    addresses[link] = (*addresses.get(link, ()), address.interface)
                    routes.append(connected_route(link, address))
                case SetAddress(interface=link, address=address, present=False):
                    left = (one for one in addresses.get(link, ()) if one != address.interface)
                    addresses[link] = tuple(left)
                    routes = [kept for kept in routes if not _goes_with(kept, link, address, addresses)]
                case SetLink(interface=link, after=after) if not after.up:
                    routes = [kept for kept in routes if kept.link != link]
                case SetDevice(interface=link, after=image):
                    routes = [kept for kept in routes if kept.link != link]
                    routes += _routes_of(link, image) if image is not None else []
                case _:
                    pass
        return Routing(tuple(routes), tuple(rules), addresses)


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


def _goes_with(
    route: Route, link: str, address: LinkAddress, left: Mapping[str, tuple[Interface, ...]]
) -> bool:
    """Whether a route goes when an address is removed (`net/ipv4/fib_frontend.c`, `fib_del_ifaddr`).

    With the last IPv4 address of a link all its IPv4 routes go, and with an IPv4 address that no other link
    has, all that prefer it as their source.
    """
    gone = address.interface
    if route.destination.version != gone.version:
        return False
    on_link = left[link]
    if gone.version == 4:
        if route.source == gone.ip and all(one.ip != gone.ip for some in left.values() for one in some):
            return True
        if route.link == link and all(one.version != 4 for one in on_link):
            return True
    is_made = (route.protocol, route.destination, route.link) == (PROTOCOL_KERNEL, gone.network, link)
    return is_made and all(one.network != gone.network for one in on_link)


def _routes_of(link: str, image: DeviceImage) -> list[Route]:
    connected = (connected_route(link, address) for address in image.addresses)
    return [*connected, *image.routes]
