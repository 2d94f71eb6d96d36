"""Many different peers, the same in every run."""

from __future__ import annotations

import hashlib
from ipaddress import IPv4Address, IPv6Address, ip_address

from wgtui.domain.addresses import Endpoint, Prefix, prefix_of
from wgtui.domain.change import PeerChange
from wgtui.domain.keys import PresharedKey, PublicKey


def peer(number: int, allowed: tuple[Prefix, ...] | None = None) -> PeerChange:
    """One of many different peers: every third has an IPv6 endpoint, every fourth none, and so on."""
    digest = hashlib.sha256(b"%d" % number).digest()
    host = (
        IPv6Address("2001:db8::") + number if number % 3 == 0 else IPv4Address("198.51.100.0") + number % 256
    )
    default = (
        prefix_of(f"{IPv4Address('10.0.0.0') + number}/32"),
        prefix_of(f"{IPv6Address('fd66::') + number}/128"),
    )
    return PeerChange(
        PublicKey(digest),
        preshared_key=PresharedKey(digest[::-1]) if number % 2 else None,
        endpoint=Endpoint(host, 1024 + number) if number % 4 else None,
        persistent_keepalive=number % 3 * 25,
        allowed_ips=default if allowed is None else allowed,
    )


def many(base: str, count: int) -> tuple[Prefix, ...]:
    """Single addresses that follow one another."""
    start = ip_address(base)
    length = start.max_prefixlen
    return tuple(prefix_of(f"{start + number}/{length}") for number in range(count))
