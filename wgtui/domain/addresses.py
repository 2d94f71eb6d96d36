"""Addresses, prefixes and endpoints."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
"""One host address, without a prefix length."""

Prefix = IPv4Network | IPv6Network
"""An allowed IP: a network address with its length, host bits zero."""


def prefix_of(text: str) -> Prefix:
    """The prefix for text that is already known to be good, such as a test's or the kernel's.

    Host bits are masked away. What users type goes through the stricter `wgtui.domain.grammar`.
    """
    return ip_network(text, strict=False)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The UDP address at which a peer was last heard, or is to be called.

    Attributes:
        address: The numeric address.
        port: 0 to 65535.
        scope_id: Interface index of a link-local IPv6 address, 0 for none.
    """

    address: Address
    port: int
    scope_id: int = 0

    def __str__(self) -> str:
        if isinstance(self.address, IPv4Address):
            return f"{self.address}:{self.port}"
        scope = f"%{self.scope_id}" if self.scope_id else ""
        return f"[{self.address}{scope}]:{self.port}"


def prefix_sort_key(prefix: Prefix) -> tuple[int, int, int]:
    """Order prefixes by family, then numerically, then by length."""
    return prefix.version, int(prefix.network_address), prefix.prefixlen
