"""What the planners ask of a host."""

from __future__ import annotations

from collections.abc import Iterable

from wgtui.domain.addresses import Endpoint
from wgtui.domain.config import EndpointConfig, InterfaceConfig, PeerConfig
from wgtui.domain.errors import ConfigRefused, NameNotFound
from wgtui.domain.grammar import Refused
from wgtui.domain.keys import PublicKey
from wgtui.domain.network import MAIN_TABLE, Route
from wgtui.domain.text import printable
from wgtui.domain.tunnel import PathMtu, TableChoice, automatic_mtu, parse_rt_tables, table_choice
from wgtui.services.interfaces.context import PlannerContext

Endpoints = dict[EndpointConfig, Endpoint | None]
"""The endpoints of a file, looked up; None for those that were not found."""


def own_key(context: PlannerContext, config: InterfaceConfig) -> PublicKey | None:
    """The public key of the private key in a file, None where it has none."""
    private_key = config.private_key
    return None if private_key is None or private_key.is_zero else context.public_key_of(private_key)


def look_up(context: PlannerContext, peers: Iterable[PeerConfig]) -> Endpoints:
    """The endpoints of peers. Takes at most the context's timeout, for all of them."""
    written = [peer.endpoint for peer in peers if peer.endpoint is not None]
    found: Endpoints = {endpoint: endpoint.numeric() for endpoint in written}
    names = [endpoint for endpoint, numeric in found.items() if numeric is None]
    if names:
        found |= context.resolver.resolve(names, context.resolve_timeout)
    return found


def missing_names(endpoints: Endpoints) -> list[str]:
    """The hosts that were not found, fit to be shown."""
    return [printable(name.host, 253) for name, endpoint in endpoints.items() if endpoint is None]


def refuse_missing_names(interface: str, endpoints: Endpoints, timeout: float) -> None:
    """Raise `NameNotFound` where an endpoint was not found; `wg` would wait a minute for each, then fail."""
    missing = missing_names(endpoints)
    if missing:
        raise NameNotFound(
            f"The endpoint {missing[0]} of {interface} was not found within {timeout:g} seconds.",
            hint="Check the name and this host's DNS, or write the address instead.",
        )


def table_of(context: PlannerContext, config: InterfaceConfig, path: str) -> TableChoice:
    """What `Table` says; raises `ConfigRefused` where it names a table that this host does not know."""
    names: dict[str, int] = {}
    for file in context.rt_tables:
        image = context.host.files.read(file)
        if image is not None:
            names |= parse_rt_tables(image.content.decode("utf-8", "replace"))
    try:
        return table_choice(config.quick.table, names)
    except Refused as error:
        raise ConfigRefused(f"{printable(path, 4096)}: {error}", hint=error.hint) from None


def mtu_for(context: PlannerContext, endpoints: Iterable[Endpoint]) -> int:
    """The automatic MTU of a tunnel whose peers are called at these endpoints, in bytes."""
    network = context.host.network
    routes = (network.route_to(endpoint.address) for endpoint in endpoints if not endpoint.scope_id)
    paths = [path for route in routes if route is not None and (path := _path_mtu(context, route))]
    if paths:
        return automatic_mtu(paths, None)
    default = next(
        (route for route in network.routes(table=MAIN_TABLE) if _is_ipv4_default(route)),
        None,
    )
    return automatic_mtu((), _path_mtu(context, default) if default else None)


def _path_mtu(context: PlannerContext, route: Route) -> PathMtu | None:
    link = context.host.network.link(route.link) if route.link else None
    path = PathMtu(link.mtu if link else 0, route.mtu, route.mtu_locked)
    return path if path.usable else None


def _is_ipv4_default(route: Route) -> bool:
    return route.destination.version == 4 and route.destination.prefixlen == 0
