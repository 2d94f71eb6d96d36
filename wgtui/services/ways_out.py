"""The ways from this host to the internet, as the kernel answers."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from wgtui.domain.addresses import Address
from wgtui.domain.errors import WgtuiError
from wgtui.domain.network import Route
from wgtui.ports.network import Network

_ANYWHERE: Final[tuple[Address, ...]] = (IPv4Address("192.0.2.1"), IPv6Address("2001:db8::1"))
"""Addresses that no host has a route of its own to (RFC 5737, RFC 3849): the way there leads anywhere."""


def ways_out(network: Network) -> Iterator[Route]:
    """The routes of packets to the internet, IPv4's first; none for a family without.

    Their `source` is the address that packets leave from, where the kernel chooses one.
    """
    for target in _ANYWHERE:
        try:
            route = network.route_to(target)
        except WgtuiError:
            continue
        if route is not None and route.link:
            yield route
