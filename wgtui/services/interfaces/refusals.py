"""What the kernel would refuse half way, refused before anything is touched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wgtui.domain.addresses import Prefix
from wgtui.domain.errors import NetworkError
from wgtui.domain.grammar.quick import SMALLEST_MTU_FOR_IPV6
from wgtui.domain.network import MAIN_TABLE, Route
from wgtui.domain.text import printable
from wgtui.domain.tunnel import TableChoice, TableWord
from wgtui.services.interfaces.context import PlannerContext


def refuse_ipv6_below_its_mtu(
    interface: str, mtu: int, prefixes: Iterable[Prefix], table: TableChoice
) -> None:
    """Raise `NetworkError` where IPv6 routes are wanted by a link too small for IPv6."""
    if table is TableWord.OFF or mtu >= SMALLEST_MTU_FOR_IPV6:
        return
    first = next((prefix for prefix in prefixes if prefix.version == 6), None)
    if first is not None:
        raise NetworkError(
            f"{first} cannot be routed into {interface}: its MTU of {mtu} is below the 1280 that IPv6 needs.",
            hint="Raise MTU, or take the IPv6 prefixes out of AllowedIPs.",
        )


def refuse_taken_routes(context: PlannerContext, interface: str, routes: Sequence[Route]) -> None:
    """Raise `NetworkError` where a table leads the same destination elsewhere, with the same metric."""
    for table in sorted({route.table for route in routes}):
        there = {
            (route.destination, _metric(route)): route
            for route in context.host.network.routes(table=table)
            if route.link != interface
        }
        for route in routes:
            other = there.get((route.destination, _metric(route))) if route.table == table else None
            if other is not None:
                where = "the main table" if table == MAIN_TABLE else f"table {table}"
                link = f" by {printable(other.link, 15)}" if other.link else ""
                raise NetworkError(
                    f"{route.destination} cannot be routed into {interface}: "
                    f"{where} has a route to it{link}.",
                    hint="Take it out of AllowedIPs, or write Table = off and add routes in PostUp.",
                )


def _metric(route: Route) -> int:
    return 1024 if route.destination.version == 6 and not route.metric else route.metric
