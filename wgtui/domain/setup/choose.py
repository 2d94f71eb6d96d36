"""Names, subnets, ports and sizes that are free on a host."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from ipaddress import IPv4Network, IPv6Network, ip_interface
from typing import Final

from wgtui.domain.addresses import Prefix, prefix_of
from wgtui.domain.grammar.quick import SMALLEST_MTU_FOR_IPV6, InterfaceAddress

USUAL_PORT: Final = 51820
USUAL_MTU: Final = 1420
OVERHEAD: Final = 80
"""Bytes that WireGuard adds to a packet at most: IPv6, UDP, its header and tag (wg-quick(8))."""

SUBNET_BYTES: Final = 7
"""Random bytes that the choice of subnets takes: two for IPv4, five for a global ID of RFC 4193."""

_CROWDED: Final = frozenset(
    (0, 1, 2, 8, 9, 10, 20, 42, 43, 50, 88, 90, *range(96, 112), 128, 200, 233, 244, 254, 255)
)
"""Second bytes of 10.x.0.0 that many LANs, clouds, clusters and VPNs take by themselves."""

_TRIES: Final = 65536


def free_name(taken: Collection[str]) -> str:
    """The first of wg0, wg1 ... that no link and no file has."""
    number = 0
    while f"wg{number}" in taken:
        number += 1
    return f"wg{number}"


def free_port(taken: Collection[int]) -> int:
    """51820, or the next port that is not bound and in no other file."""
    return next((port for port in range(USUAL_PORT, 65536) if port not in taken), USUAL_PORT)


def free_subnet(taken: Iterable[Prefix], random: bytes) -> InterfaceAddress:
    """The first address of a /24 of 10.0.0.0/8 that overlaps nothing here, and hardly anything elsewhere.

    Args:
        taken: Prefixes in use; default routes do not count.
        random: Two bytes.
    """
    used = [prefix for prefix in taken if isinstance(prefix, IPv4Network) and prefix.prefixlen]
    start = int.from_bytes(random[:2], "big")
    for step in range(_TRIES):
        number = (start + step) % _TRIES
        if number >> 8 in _CROWDED or number & 0xFF in (0, 1, 255):
            continue
        subnet = IPv4Network((10 << 24 | number << 8, 24))
        if not any(subnet.overlaps(prefix) for prefix in used):
            return ip_interface(f"{subnet.network_address + 1}/24")
    return _outside_of_ten(used)


def _outside_of_ten(used: list[IPv4Network]) -> InterfaceAddress:
    """Where all of 10.0.0.0/8 is routed already: a /24 of the other private ranges, from their ends."""
    for block in ("172.16.0.0/12", "192.168.0.0/16"):
        for subnet in reversed([*prefix_of(block).subnets(new_prefix=24)]):
            if not any(subnet.overlaps(prefix) for prefix in used):
                return ip_interface(f"{subnet.network_address + 1}/24")
    return ip_interface("10.66.66.1/24")


def local_subnet(random: bytes) -> InterfaceAddress:
    """The first address of a /64 with a random global ID, as RFC 4193 wants it (section 3.2.2).

    Args:
        random: Five bytes.
    """
    network = IPv6Network((int.from_bytes(b"\xfd" + random[:5] + bytes(10), "big"), 64))
    return ip_interface(f"{network.network_address + 1}/64")


def peer_mtu(uplink_mtu: int) -> int:
    """The MTU to write into peers' files: 0, which is automatic, unless this host's uplink is narrow.

    Args:
        uplink_mtu: Bytes; 0 where it is not known.
    """
    if not uplink_mtu or uplink_mtu - OVERHEAD >= USUAL_MTU:
        return 0
    return max(uplink_mtu - OVERHEAD, SMALLEST_MTU_FOR_IPV6)
