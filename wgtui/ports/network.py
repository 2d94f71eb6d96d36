"""Addresses, routes and rules of one host (or network namespace)."""

from __future__ import annotations

from typing import Protocol

from wgtui.domain.addresses import Address
from wgtui.domain.network import LinkAddress, LinkSettings, Route, Rule
from wgtui.ports.links import Link


class Network(Protocol):
    """Reads and sets the network. One instance belongs to one thread: it owns sockets.

    Every method raises `PermissionRefused` where the kernel wants CAP_NET_ADMIN, and `NetworkError` for
    everything else that it refuses; the text says what was asked, and for which link.
    """

    def link(self, name: str) -> Link | None:
        """The link of this name, None where there is none."""
        ...

    def set_link(self, name: str, settings: LinkSettings) -> None:
        """Set MTU and whether it is up, in one request as `wg-quick` does.

        Raises:
            DeviceBusy: A kernel device cannot bind its listen port, which it does when it is brought up.
        """
        ...

    def addresses(self, link: str) -> tuple[LinkAddress, ...]:
        """The addresses of a link, in the kernel's order; empty where there is no such link."""
        ...

    def add_address(self, link: str, address: LinkAddress) -> None:
        """Add an address; one that is there already is refused."""
        ...

    def remove_address(self, link: str, address: LinkAddress) -> None:
        """Remove an address; one that is not there is refused."""
        ...

    def routes(self, *, link: str | None = None, table: int | None = None) -> tuple[Route, ...]:
        """The routes of all tables but `local`, or those by one link or of one table, in the kernel's order.

        Cached and cloned routes, multicast routes, routes by way of nexthop objects, and those for some
        sources or a type of service only are left out.
        """
        ...

    def route_to(self, address: Address, *, mark: int = 0, source: Address | None = None) -> Route | None:
        """The route that a packet of this host would take, as the kernel answers; None for unreachable.

        Its destination is the address itself, and its MTU the path's where the kernel knows one.
        """
        ...

    def route_through(self, address: Address, *, source: Address, in_link: str) -> Route | None:
        """The route of a packet from elsewhere that came in by a link; None for unreachable.

        Where the kernel does not forward IPv4, nothing from elsewhere is reachable.

        Raises:
            WrongWayIn: The reverse path filter drops it.
        """
        ...

    def add_route(self, route: Route) -> None:
        """Add a route; one like it that is there already is refused."""
        ...

    def remove_route(self, route: Route) -> None:
        """Remove a route; one that is not there is refused."""
        ...

    def rules(self) -> tuple[Rule, ...]:
        """The rules of both families, by family and priority."""
        ...

    def add_rule(self, rule: Rule) -> None:
        """Add a rule; without a priority the kernel puts it in front of all others but the one at 0.

        A rule that is not plain is refused, and so is its removal: it could not be made again.
        """
        ...

    def remove_rule(self, rule: Rule) -> None:
        """Remove one rule that matches; without a priority, the first one."""
        ...

    def close(self) -> None:
        """Release sockets."""
        ...
