"""Links in memory, and the routes that the kernel makes for their addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Interface, IPv6Interface
from typing import Final

from wgtui.adapters.simulated.world import SimulatedDevice
from wgtui.domain.addresses import Address, Prefix
from wgtui.domain.cryptokey.routing import BROADCAST, LOCAL, LOCAL_TABLE
from wgtui.domain.network import PROTOCOL_KERNEL, SCOPE_HOST, SCOPE_LINK, Route

_PREFIX_METRIC: Final = 256


@dataclass
class SimulatedLink:
    """A link of the host that is no WireGuard device."""

    name: str
    index: int
    kind: str = ""
    up: bool = True
    mtu: int = 1500
    addresses: tuple[IPv4Interface | IPv6Interface, ...] = ()


AnyLink = SimulatedDevice | SimulatedLink


def index_of(link: AnyLink) -> int:
    """The number by which the kernel knows a link."""
    return link.ifindex if isinstance(link, SimulatedDevice) else link.index


def host_prefix(address: Address) -> Prefix:
    """The prefix of one address alone."""
    return IPv4Interface(address).network if address.version == 4 else IPv6Interface(address).network


def routes_of_addresses(link: AnyLink) -> Iterator[Route]:
    """The routes that the kernel makes for the networks of a link's addresses, in table `main`."""
    seen: set[Prefix] = set()
    for one in link.addresses:
        network: Prefix = one.network
        if network in seen or one.is_loopback or (one.version == 4 and network.prefixlen == 32):
            continue
        seen.add(network)
        if one.version == 4:
            yield Route(network, link.name, protocol=PROTOCOL_KERNEL, scope=SCOPE_LINK, source=one.ip)
        else:
            yield Route(network, link.name, protocol=PROTOCOL_KERNEL, metric=_PREFIX_METRIC)


def local_routes(links: Iterable[AnyLink]) -> list[Route]:
    """Table `local`: the host's own addresses, and the broadcast addresses of their networks."""
    found: dict[Prefix, Route] = {}
    for link in links:
        for one in link.addresses if link.up else ():
            made = Route(host_prefix(one.ip), link.name, LOCAL_TABLE, protocol=PROTOCOL_KERNEL, source=one.ip)
            found[made.destination] = replace(made, scope=SCOPE_HOST, type=LOCAL)
            if one.version == 4 and one.network.prefixlen < 31 and not one.is_loopback:
                everyone = host_prefix(one.network.broadcast_address)
                found.setdefault(
                    everyone, replace(made, destination=everyone, scope=SCOPE_LINK, type=BROADCAST)
                )
    return list(found.values())
