"""The default-route procedure as steps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from wgtui.domain.addresses import prefix_of
from wgtui.domain.device import Device
from wgtui.domain.network import MAIN_TABLE, Route, Rule, link_route
from wgtui.domain.plan import SetGuard, SetRoute, SetRule, SetSysctl, Step
from wgtui.domain.tunnel import SRC_VALID_MARK, RulePair, default_rules, free_table
from wgtui.services.interfaces.context import PlannerContext
from wgtui.services.interfaces.record import Record
from wgtui.services.interfaces.refusals import refuse_taken_routes

_DEFAULTS = {4: prefix_of("0.0.0.0/0"), 6: prefix_of("::/0")}


class DefaultRoute:
    """A default route through a tunnel that has none yet.

    Args:
        context: The host.
        interface: Name of the tunnel.
        families: Those that get one, in order.
        mark: The fwmark that the tunnel has anyhow, which is then its table; 0 to search an empty one.
    """

    def __init__(
        self, context: PlannerContext, interface: str, families: Sequence[int], mark: int = 0
    ) -> None:
        self._context = context
        self._interface = interface
        self.families = families
        """Those that get one."""
        network = context.host.network
        self.mark = mark or free_table(lambda table: bool(network.routes(table=table)))
        """Of the tunnel's own packets, and number of its table."""

    def steps(self, guard: Iterable[SetGuard], going: Collection[Rule] = ()) -> Iterator[Step]:
        """The guard, the rules, and the routes last: until they stand no packet is led elsewhere.

        Args:
            guard: The steps for its packet filter rules.
            going: Rules that are gone by then.
        """
        there = {route.key for route in self._context.host.network.routes(link=self._interface)}
        wanted = (link_route(_DEFAULTS[family], self._interface, self.mark) for family in self.families)
        routes = [route for route in wanted if route.key not in there]
        refuse_taken_routes(self._context, self._interface, routes)
        yield from self._sysctl()
        yield from guard
        present = [rule for rule in self._context.host.network.rules() if rule not in going]
        for family in self.families:
            for rule in default_rules(family, self.mark, present):
                yield SetRule(rule, present=True)
        for route in routes:
            yield SetRoute(route, present=True)

    def _sysctl(self) -> Iterator[Step]:
        value = self._context.host.sysctls.read(SRC_VALID_MARK) if 4 in self.families else None
        if value is not None and value != "1":
            yield SetSysctl(SRC_VALID_MARK, value, "1")


def default_tables(
    device: Device, routes: Iterable[Route], record: Record | None, *, automatic: bool
) -> frozenset[int]:
    """The tables that a tunnel's default routes may be in.

    They are told by the record, by the tunnel's mark, and by where such routes are. The mark alone does not
    tell, for `wg syncconf` takes it off where the file has none.

    Args:
        device: The tunnel.
        routes: Those by its link.
        record: Of what made it.
        automatic: Whether its file asks for the procedure. If not, only the record counts.
    """
    recorded = record.tables if record is not None else frozenset[int]()
    if not automatic:
        return recorded
    allowed = (prefix for peer in device.peers for prefix in peer.allowed_ips)
    marked = device.fwmark and any(prefix.prefixlen == 0 for prefix in allowed)
    routed = {route.table for route in routes if not route.destination.prefixlen}
    return recorded | (routed - {MAIN_TABLE}) | ({device.fwmark} if marked else frozenset())


class StandingDefaults:
    """The default routes of a tunnel that runs, against those that it should have.

    Args:
        pairs: The rules of all.
        routes: Those by its link.
        mark: Its fwmark before.
        mark_after: Its fwmark afterwards, which has to be the table; the rules of another table lead its own
            packets into itself.
        wants: Families that should have one.
    """

    def __init__(
        self,
        pairs: Sequence[RulePair],
        routes: Iterable[Route],
        mark: int,
        mark_after: int,
        wants: Sequence[int],
    ) -> None:
        def stays(family: int, table: int) -> bool:
            return family in wants and table == mark_after

        tables = {pair.into.table for pair in pairs} | ({mark} if mark else set())
        self.had = [pair.into.family for pair in pairs]
        """Families that have one."""
        self._stale = [pair for pair in pairs if not stays(pair.into.family, pair.into.table)]
        self._kept = [pair for pair in pairs if pair not in self._stale]
        self.going_routes = [
            route
            for route in routes
            if not route.destination.prefixlen
            and route.table in tables - {MAIN_TABLE}
            and not stays(route.destination.version, route.table)
        ]
        """The routes that should not be."""
        kept = {pair.into.family for pair in self._kept}
        self.coming = [family for family in wants if family not in kept]
        """Families that need one."""

    @property
    def going(self) -> list[Rule]:
        """The rules that should not be, in the order in which to remove them."""
        return [rule for pair in self._stale for rule in pair.rules]

    @property
    def is_changed(self) -> bool:
        """Whether one comes or goes."""
        return bool(self.coming or self._stale)

    def goes_with(self, mark: int) -> bool:
        """Whether a mark was for default routes alone that go."""
        went = {pair.into.table for pair in self._stale} | {route.table for route in self.going_routes}
        return mark in went

    def removals(self) -> Iterator[Step]:
        """Remove rules and routes that should not be."""
        yield from (SetRule(rule, present=False) for rule in self.going)
        yield from (SetRoute(route, present=False) for route in self.going_routes)

    def repairs(self) -> Iterator[Step]:
        """Add what `wg-quick down` of another tunnel took from those that stay."""
        missing = (pair.missing() for pair in self._kept)
        yield from (SetRule(rule, present=True) for rule in missing if rule is not None)
