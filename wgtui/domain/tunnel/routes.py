"""Which routes the allowed IPs of a tunnel get."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network

from wgtui.domain.addresses import Prefix
from wgtui.domain.network import MAIN_TABLE, LinkAddress, Route, link_route
from wgtui.domain.tunnel.tables import TableChoice, TableWord

_ZERO_NET = IPv4Network("0.0.0.0/8")


def route_order(prefixes: Iterable[Prefix]) -> list[Prefix]:
    """Longest prefixes first, both families mixed, then by their text, backwards (`sort -nr -k 2 -t /`)."""
    return sorted(prefixes, key=lambda prefix: (prefix.prefixlen, str(prefix)), reverse=True)


def covers(wider: Prefix, prefix: Prefix) -> bool:
    """Whether a prefix is, or lies within, the wider one."""
    if isinstance(wider, IPv4Network):
        return isinstance(prefix, IPv4Network) and prefix.subnet_of(wider)
    return not isinstance(prefix, IPv4Network) and prefix.subnet_of(wider)


def connected_prefixes(addresses: Iterable[LinkAddress]) -> list[Prefix]:
    """The prefixes for which the kernel itself makes routes once these addresses are on a link that is up.

    An IPv4 address without a network of its own gets none (`net/ipv4/fib_frontend.c: fib_add_ifaddr`).
    """
    networks = dict.fromkeys(address.interface.network for address in addresses)
    return [network for network in networks if not _is_routeless(network)]


def _is_routeless(network: Prefix) -> bool:
    is_v4 = isinstance(network, IPv4Network)
    return is_v4 and (network.prefixlen == 32 or network.network_address in _ZERO_NET)


def tunnel_routes(
    prefixes: Iterable[Prefix], link: str, table: TableChoice, present: Iterable[Prefix] = ()
) -> list[Route]:
    """The routes for allowed IPs, in `wg-quick`'s order, without those of the default-route procedure.

    Args:
        prefixes: The allowed IPs of all peers.
        link: Name of the tunnel.
        table: What `Table` says.
        present: Destinations of the routes by this link that the main table has already. A prefix within one
            of them gets no route of its own. As the longest prefixes are first, no new route can be the
            reason for that.
    """
    if table is TableWord.OFF:
        return []
    if isinstance(table, int):
        return [link_route(prefix, link, table) for prefix in route_order(prefixes)]
    have = list(present)
    return [
        link_route(prefix, link, MAIN_TABLE)
        for prefix in route_order(prefixes)
        if prefix.prefixlen and not any(covers(wider, prefix) for wider in have)
    ]


def default_families(prefixes: Iterable[Prefix], table: TableChoice) -> tuple[int, ...]:
    """The families for which the default-route procedure is due, in `wg-quick`'s order: 6 before 4."""
    if table is not TableWord.AUTO:
        return ()
    found = {prefix.version for prefix in prefixes if prefix.prefixlen == 0}
    return tuple(sorted(found, reverse=True))
