"""Links, addresses, routes and rules in memory, with the kernel's own rules for changing them."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Interface, IPv6Interface
from itertools import count
from typing import Final

from wgtui.adapters.network import errors
from wgtui.adapters.simulated.address_routes import (
    AnyLink,
    SimulatedLink,
    host_prefix,
    index_of,
    local_routes,
    routes_of_addresses,
)
from wgtui.adapters.simulated.refusal import refused
from wgtui.adapters.simulated.rules import SimulatedRules
from wgtui.adapters.simulated.world import SimulatedDevice, World
from wgtui.domain.addresses import Address, Prefix
from wgtui.domain.cryptokey.routing import LOCAL_TABLE, Fate, RoutingTables
from wgtui.domain.network import (
    UNICAST,
    LinkAddress,
    LinkSettings,
    Route,
    Rule,
    address_scope,
)
from wgtui.ports.links import Link

IPV6_METRIC: Final = 1024
"""What the kernel gives an IPv6 route without a metric; the routes of addresses have 256."""

IPV6_LEAST_MTU: Final = 1280
"""Below it a link cannot keep IPv6 addresses (RFC 8200, 5)."""

_LEAST_MTU: Final = 68


@dataclass(frozen=True, slots=True)
class _Made:
    """A route that was added, and the link it belongs to: another link of that name does not have it."""

    route: Route
    index: int


@dataclass
class SimulatedNetwork:
    """`Network` over a `World` and some other links. All threads may share one instance.

    Routes of addresses follow the addresses, routes of a link vanish when it goes down or is removed, and
    IPv6 addresses survive neither. Of two addresses in one network the first gives its route the source.

    Attributes:
        world: Whose WireGuard devices are links of the host.
        links: The other links, by name.
    """

    world: World
    links: dict[str, SimulatedLink] = field(default_factory=dict)
    _indexes: Iterator[int] = field(default_factory=lambda: count(1000))
    _routes: list[_Made] = field(default_factory=list)
    _rules: SimulatedRules = field(default_factory=SimulatedRules)
    _without: set[tuple[int, Prefix]] = field(default_factory=set)
    _given: dict[tuple[int, IPv4Interface | IPv6Interface], LinkAddress] = field(default_factory=dict)

    def add_link(self, name: str, *addresses: IPv4Interface | IPv6Interface, kind: str = "") -> SimulatedLink:
        """Give the host another link, which is up."""
        link = SimulatedLink(name, next(self._indexes), kind, addresses=addresses)
        self.links[name] = link
        return link

    def remove_link(self, name: str) -> None:
        """Take a link away that was added."""
        del self.links[name]

    # Links

    def link(self, name: str) -> Link | None:
        """The link of this name."""
        self.world.faults.on_network("link")
        found = self._find(name)
        if found is None:
            return None
        kind = "wireguard" if isinstance(found, SimulatedDevice) else found.kind
        return Link(name, index_of(found), kind, found.up, found.mtu, 0, 0, found.addresses)

    def set_link(self, name: str, settings: LinkSettings) -> None:
        """Set MTU and state; a device that comes up binds its listen port."""
        self.world.faults.on_network("set_link")
        link = self._need(name)
        if settings.mtu < _LEAST_MTU:
            raise refused(errno.EINVAL, errors.link_text(name), errors.settings_text(settings))
        if settings.up and isinstance(link, SimulatedDevice):
            self._bind(link, settings)
        link.mtu = settings.mtu
        if settings.mtu < IPV6_LEAST_MTU or (link.up and not settings.up):
            link.addresses = tuple(one for one in link.addresses if one.version == 4)
        if link.up and not settings.up:
            self._routes = [made for made in self._routes if made.index != index_of(link)]
        link.up = settings.up

    def _bind(self, device: SimulatedDevice, settings: LinkSettings) -> None:
        port = device.listen_port
        others = (other for other in self.world.devices.values() if other is not device and other.up)
        if not device.up and port and any(other.listen_port == port for other in others):
            raise refused(errno.EADDRINUSE, errors.link_text(device.name), errors.settings_text(settings))

    # Addresses

    def addresses(self, link: str) -> tuple[LinkAddress, ...]:
        """The addresses of a link."""
        self.world.faults.on_network("addresses")
        found = self._find(link)
        if found is None:
            return ()
        return tuple(
            self._given.get((index_of(found), one), LinkAddress(one, address_scope(one)))
            for one in found.addresses
        )

    def add_address(self, link: str, address: LinkAddress) -> None:
        """Add an address; IPv4 may repeat a host with another length, IPv6 may not."""
        self.world.faults.on_network("add_address")
        found = self._need(link)
        new = address.interface
        if new.version == 6 and found.mtu < IPV6_LEAST_MTU:
            raise errors.too_small_for_ipv6(link, found.mtu, address)
        if any(known == new or (known.version == 6 and known.ip == new.ip) for known in found.addresses):
            raise refused(errno.EEXIST, errors.address_text(link, address), "added")
        found.addresses = (*found.addresses, new)
        self._given[index_of(found), new] = address
        self._without.discard((index_of(found), new.network))

    def remove_address(self, link: str, address: LinkAddress) -> None:
        """Remove an address."""
        self.world.faults.on_network("remove_address")
        found = self._need(link)
        if address.interface not in found.addresses:
            raise refused(errno.EADDRNOTAVAIL, errors.address_text(link, address), "removed")
        found.addresses = tuple(one for one in found.addresses if one != address.interface)
        self._given.pop((index_of(found), address.interface), None)

    # Routes

    def routes(self, *, link: str | None = None, table: int | None = None) -> tuple[Route, ...]:
        """The routes of all tables but `local`, or of one link or table, sorted as the kernel's tries are."""
        self.world.faults.on_network("routes")
        found = [
            route
            for route in (local_routes(self._all_links()) if table == LOCAL_TABLE else self._all_routes())
            if (link is None or route.link == link) and (table is None or route.table == table)
        ]
        return tuple(sorted(found, key=_kernel_order))

    def route_to(self, address: Address, *, mark: int = 0, source: Address | None = None) -> Route | None:
        """The route that a packet of this host would take."""
        self.world.faults.on_network("route_to")
        tables = RoutingTables([*self._all_routes(), *local_routes(self._all_links())], self._rules.all())
        decision = tables.decide(address, mark=mark, source=source)
        destination = host_prefix(address)
        route = decision.route
        if route is None or decision.fate is Fate.REFUSED:
            return None
        if decision.fate is Fate.HERE:
            return replace(route, destination=destination, link="lo", source=address)
        link = self._find(route.link)
        sources = [one.ip for one in link.addresses] if link is not None else []
        of_link = next((ip for ip in sources if ip.version == address.version), None)
        return replace(route, destination=destination, source=source or route.source or of_link)

    def route_through(self, address: Address, *, source: Address, in_link: str) -> Route | None:
        """The route of a packet from elsewhere, here that of a packet of this host; nothing is filtered."""
        self._need(in_link)
        route = self.route_to(address)
        return None if route is None else replace(route, source=None)

    def add_route(self, route: Route) -> None:
        """Add a route; a table has one a destination and metric."""
        self.world.faults.on_network("add_route")
        index = 0
        if route.type == UNICAST:
            link = self._need(route.link)
            index = index_of(link)
            if not link.up:
                raise refused(errno.ENETDOWN, errors.route_text(route), "added")
            gateway = route.gateway
            if gateway is not None and not any(gateway in one.network for one in link.addresses):
                raise refused(
                    errno.ENETUNREACH, errors.route_text(route), "added", "Nexthop has invalid gateway"
                )
        new = _as_kept(route)
        if any(_collide(new, known) for known in self._all_routes()):
            raise refused(errno.EEXIST, errors.route_text(route), "added")
        self._routes.append(_Made(new, index))

    def remove_route(self, route: Route) -> None:
        """Remove a route."""
        self.world.faults.on_network("remove_route")
        index = index_of(self._need(route.link)) if route.link else 0
        self._sweep()
        for made in self._routes:
            if made.route.key == route.key:
                self._routes.remove(made)
                return
        if not any(known.key == route.key for known in self._all_routes()):
            raise refused(errno.ESRCH, errors.route_text(route), "removed")
        self._without.add((index, route.destination))

    # Rules

    def rules(self) -> tuple[Rule, ...]:
        """The rules of both families, by family and priority."""
        self.world.faults.on_network("rules")
        return tuple(self._rules.all())

    def add_rule(self, rule: Rule) -> None:
        """Add a rule; without a priority it goes in front of all but the first one."""
        self.world.faults.on_network("add_rule")
        self._rules.add(rule)

    def remove_rule(self, rule: Rule) -> None:
        """Remove the first rule that matches."""
        self.world.faults.on_network("remove_rule")
        self._rules.remove(rule)

    def close(self) -> None:
        """Nothing is held."""

    def _find(self, name: str) -> AnyLink | None:
        return self.world.devices.get(name) or self.links.get(name)

    def _need(self, name: str) -> AnyLink:
        found = self._find(name)
        if found is None:
            raise errors.no_such_link(name)
        return found

    def _all_links(self) -> list[AnyLink]:
        return [*self.links.values(), *self.world.devices.values()]

    def _all_routes(self) -> list[Route]:
        self._sweep()
        own = (
            route
            for link in self._all_links()
            if link.up
            for route in routes_of_addresses(link)
            if (index_of(link), route.destination) not in self._without
        )
        return [*own, *(made.route for made in self._routes)]

    def _sweep(self) -> None:
        """Drop the routes of links that are gone."""
        there = {0, *(index_of(link) for link in self._all_links())}
        self._routes = [made for made in self._routes if made.index in there]


def _as_kept(route: Route) -> Route:
    """A route as the kernel gives it back."""
    if route.destination.version == 6:
        return replace(route, scope=0, metric=route.metric or IPV6_METRIC)
    return route


def _collide(new: Route, known: Route) -> bool:
    return (new.destination, new.table, new.metric) == (known.destination, known.table, known.metric)


def _kernel_order(route: Route) -> tuple[int, int, int, int, int]:
    prefix = route.destination
    return route.table, prefix.version, int(prefix.network_address), -prefix.prefixlen, route.metric
