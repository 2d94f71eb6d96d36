"""What stands around a tunnel: the other interfaces of the host."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from wgtui.domain.errors import WgtuiError
from wgtui.domain.forwarding import PathLink
from wgtui.domain.network import MAIN_TABLE
from wgtui.ports.links import Links
from wgtui.services.apply import HostPorts

_CONTAINERS: Final = re.compile(
    r"docker\d+|br-[0-9a-f]{12}|veth.*|virbr\d+.*|lxcbr\d+|lxdbr\d+|cni\d+|podman\d+|cali.*|flannel.*"
)
"""Links to containers and virtual machines of this host, which are no networks to forward to."""


def path_links(host: HostPorts, links: Links) -> tuple[PathLink, ...]:
    """The other interfaces that are up and have addresses, uplinks first.

    Raises:
        WgtuiError: They cannot be read.
    """
    tunnels = _tunnels(host)
    uplinks = uplinks_of(host, tunnels)
    found = [
        PathLink(
            link.name,
            tuple(dict.fromkeys(one.network for one in link.addresses if not one.is_link_local)),
            link.name in uplinks,
            masquerades=False,
        )
        for link in links.all()
        if link.up and link.name != "lo" and link.name not in tunnels and link.kind != "wireguard"
    ]
    shown = [link for link in found if link.networks and (link.is_uplink or not _is_container(link.name))]
    return tuple(sorted(shown, key=lambda link: _rank(link.name, uplinks)))


def uplinks_of(host: HostPorts, tunnels: Collection[str] = ()) -> tuple[str, ...]:
    """The links by which default routes of the main table leave, IPv4's first."""
    return tuple(dict.fromkeys(_default_links(host, tunnels)))


def _default_links(host: HostPorts, tunnels: Collection[str]) -> Iterator[str]:
    routes = [route for route in host.network.routes(table=MAIN_TABLE) if not route.destination.prefixlen]
    for route in sorted(routes, key=lambda route: (route.destination.version, route.metric)):
        if route.link and route.link not in tunnels:
            yield route.link


def _tunnels(host: HostPorts) -> Collection[str]:
    try:
        return host.wireguard.names()
    except WgtuiError:
        return ()


def _is_container(name: str) -> bool:
    return _CONTAINERS.fullmatch(name) is not None


def _rank(name: str, uplinks: Iterable[str]) -> int:
    order = list(uplinks)
    return order.index(name) if name in order else len(order)
