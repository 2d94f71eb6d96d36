"""Kernel routes against allowed IPs: which are stale, which are missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from wgtui.domain.addresses import Prefix
from wgtui.domain.network import MAIN_TABLE, PROTOCOL_KERNEL, LinkAddress, Route, link_route
from wgtui.domain.tunnel import TableChoice, TableWord, connected_prefixes, tunnel_routes
from wgtui.services.interfaces.context import PlannerContext
from wgtui.services.interfaces.record import HookCommands
from wgtui.services.interfaces.refusals import refuse_taken_routes


class RouteDifferences(NamedTuple):
    """Routes by one link.

    Attributes:
        kept: There and wanted, or not ours to judge.
        stale: Ours, for prefixes that no peer is allowed any more.
        missing: Wanted, not there.
    """

    kept: tuple[Route, ...]
    stale: tuple[Route, ...]
    missing: tuple[Route, ...]


class RouteReconciliation:
    """Compares the routes of a tunnel with the allowed IPs of its peers.

    A route counts as made for an allowed IP when it is just what `ip route add PREFIX dev LINK` makes, is in
    the table that the file says, and no hook of the file names its prefix.

    Args:
        context: The host.
        interface: Name of the tunnel.
        table: What `Table` says.
        prefixes: Allowed IPs of all peers, as they will be.
        hooks: Of the file.
    """

    def __init__(
        self,
        context: PlannerContext,
        interface: str,
        table: TableChoice,
        prefixes: Sequence[Prefix],
        hooks: HookCommands,
    ) -> None:
        self._context = context
        self._interface = interface
        self._table = table
        self._number = MAIN_TABLE if isinstance(table, TableWord) else table
        self._prefixes = prefixes
        self._hooks = hooks

    def differences(
        self, addresses: Iterable[LinkAddress], changes: Iterable[tuple[LinkAddress, bool]]
    ) -> RouteDifferences:
        """What to remove and what to add.

        Args:
            addresses: On the link before.
            changes: Addresses that go and come, True for those that come.
        """
        everything = self._context.host.network.routes(link=self._interface)
        routes = [route for route in everything if route.protocol != PROTOCOL_KERNEL]
        if self._table is TableWord.OFF:
            return RouteDifferences(tuple(routes), (), ())
        ours = [route for route in routes if self._is_ours(route)]
        stale = tuple(route for route in ours if route.destination not in set(self._prefixes))
        there = {route.key for route in ours}
        foreign = [r.destination for r in routes if r not in ours and r.table == MAIN_TABLE]
        present = [*foreign, *self._connected(everything, addresses, changes)]
        wanted = tunnel_routes(self._prefixes, self._interface, self._table, present)
        missing = tuple(route for route in wanted if route.key not in there)
        refuse_taken_routes(self._context, self._interface, missing)
        return RouteDifferences(tuple(route for route in routes if route not in stale), stale, missing)

    def _is_ours(self, route: Route) -> bool:
        plain = link_route(route.destination, self._interface, self._number)
        is_default = self._table is TableWord.AUTO and route.destination.prefixlen == 0
        alike = (route.key, route.protocol, route.scope) == (plain.key, plain.protocol, plain.scope)
        plain_too = route.source is None and not route.mtu
        return alike and plain_too and not is_default and not self._hooks.mention(str(route.destination))

    def _connected(
        self,
        routes: Iterable[Route],
        addresses: Iterable[LinkAddress],
        changes: Iterable[tuple[LinkAddress, bool]],
    ) -> list[Prefix]:
        """The prefixes of the kernel's own routes in the main table, once the addresses are changed."""
        now = [r.destination for r in routes if r.protocol == PROTOCOL_KERNEL and r.table == MAIN_TABLE]
        before = list(addresses)
        after = list(before)
        for address, added in changes:
            after = [*after, address] if added else [other for other in after if other != address]
        going = set(connected_prefixes(before)) - set(connected_prefixes(after))
        return [*(prefix for prefix in now if prefix not in going), *connected_prefixes(after)]
