"""The default-route procedure as steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wgtui.domain.addresses import prefix_of
from wgtui.domain.network import MAIN_TABLE, link_route
from wgtui.domain.plan import SetGuard, SetRoute, SetRule, SetSysctl, Step
from wgtui.domain.tunnel import SRC_VALID_MARK, default_rules, free_table, tunnel_rules
from wgtui.services.interfaces.context import PlannerContext
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

    def steps(self, guard: Iterable[SetGuard]) -> Iterator[Step]:
        """The guard, the rules, and the routes last: until they stand no packet is led elsewhere.

        Args:
            guard: The steps for its packet filter rules.
        """
        routes = [link_route(_DEFAULTS[family], self._interface, self.mark) for family in self.families]
        refuse_taken_routes(self._context, self._interface, routes)
        yield from self._sysctl()
        yield from guard
        present = self._context.host.network.rules()
        for family in self.families:
            for rule in default_rules(family, self.mark, present):
                yield SetRule(rule, present=True)
        for route in routes:
            yield SetRoute(route, present=True)

    def _sysctl(self) -> Iterator[Step]:
        value = self._context.host.sysctls.read(SRC_VALID_MARK) if 4 in self.families else None
        if value is not None and value != "1":
            yield SetSysctl(SRC_VALID_MARK, value, "1")


class WithoutDefaultRoute:
    """A tunnel whose peers are no longer allowed everything.

    Args:
        context: The host.
        interface: Name of the tunnel.
        families: Those that lose their default route.
        staying: Those that keep one.
    """

    def __init__(
        self, context: PlannerContext, interface: str, families: Sequence[int], staying: Sequence[int]
    ) -> None:
        network = context.host.network
        self._staying = staying
        self._routes = [
            route
            for route in network.routes(link=interface)
            if route.destination == _DEFAULTS[route.destination.version]
            and route.destination.version in families
            and route.table != MAIN_TABLE
        ]
        self._tables = frozenset(route.table for route in self._routes)
        self._rules = [
            rule for rule in tunnel_rules(network.rules(), self._tables) if rule.family in families
        ]

    def owns(self, mark: int) -> bool:
        """Whether a mark was set for the default routes alone, of which none stays."""
        return not self._staying and mark in self._tables

    def steps(self) -> Iterator[Step]:
        """Remove rules and routes."""
        for rule in self._rules:
            yield SetRule(rule, present=False)
        for route in self._routes:
            yield SetRoute(route, present=False)
