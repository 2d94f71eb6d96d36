"""Kernel routes against allowed IPs: which are stale, which are missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from wgtui.domain.addresses import Prefix
from wgtui.domain.network import MAIN_TABLE, PROTOCOL_KERNEL, LinkAddress, Route, link_route
from wgtui.domain.tunnel import TableChoice, TableWord, connected_prefixes, tunnel_routes
from wgtui.services.interfaces.context import PlannerContext
from wgtui.services.interfaces.record import HookCommands, Record
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

    A route counts as made for an allowed IP when it is recorded, or when it is just what
    `ip route add PREFIX dev LINK` makes and in the table that the file says. Those of the default-route
    procedure are not looked at, nor those whose prefix a hook of the file names.

    Args:
        context: The host.
        interface: Name of the tunnel.
        table: What `Table` says.
        prefixes: Allowed IPs of all peers, as they will be.
        hooks: Of the file.
        record: Of what made the tunnel.
        default_tables: Those of its default-route procedure.
    """

    def __init__(
        self,
        context: PlannerContext,
        interface: str,
        table: TableChoice,
        prefixes: Sequence[Prefix],
        hooks: HookCommands,
        record: Record | None,
        default_tables: Collection[int],
    ) -> None:
        self._context = context
        self._interface = interface
        self._table = table
        self._number = MAIN_TABLE if isinstance(table, TableWord) else table
        self._prefixes = prefixes
        self._hooks = hooks
        self._default_tables = default_tables
        self._recorded = record.routes if record is not None else frozenset()

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
        ours = [route for route in routes if self._is_ours(route)]
        # Routes are compared as the objects they are: of thousands, each with all others takes seconds.
        known = {id(route) for route in ours}
        foreign = [r.destination for r in routes if id(r) not in known and r.table == MAIN_TABLE]
        connected = self._connected(everything, addresses, changes)
        there = {route.key for route in ours}
        missing = [route for route in self._wanted([*foreign, *connected]) if route.key not in there]
        refuse_taken_routes(self._context, self._interface, missing)
        # A prefix within another's route keeps its own, unless the kernel makes that other one itself.
        keys = {route.key for route in self._wanted(connected)}
        stale = [route for route in ours if route.key not in keys]
        going = {id(route) for route in stale}
        return RouteDifferences(
            tuple(route for route in routes if id(route) not in going), tuple(stale), tuple(missing)
        )

    def _wanted(self, present: Iterable[Prefix]) -> list[Route]:
        return tunnel_routes(self._prefixes, self._interface, self._table, present)

    def _is_ours(self, route: Route) -> bool:
        if self._hooks.mention(str(route.destination)) or self._is_of_the_procedure(route):
            return False
        if route.key in self._recorded:
            return True
        plain = link_route(route.destination, self._interface, self._number)
        alike = (route.key, route.protocol, route.scope) == (plain.key, plain.protocol, plain.scope)
        return self._table is not TableWord.OFF and alike and route.source is None and not route.mtu

    def _is_of_the_procedure(self, route: Route) -> bool:
        return route.table in self._default_tables and not route.destination.prefixlen

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
