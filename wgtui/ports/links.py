"""Network links of one host (or network namespace)."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv6Interface
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Link:
    """One network link.

    Attributes:
        name: Interface name.
        index: Interface index.
        kind: `wireguard`, `tun`, `veth` ...; empty for physical links.
        up: Whether it is administratively up.
        mtu: Bytes.
        rx_bytes: Received over the link since it was made.
        tx_bytes: Sent.
        addresses: In the kernel's order.
    """

    name: str
    index: int
    kind: str
    up: bool
    mtu: int
    rx_bytes: int
    tx_bytes: int
    addresses: tuple[IPv4Interface | IPv6Interface, ...] = ()


class Links(Protocol):
    """Reads network links. One instance belongs to one thread."""

    def all(self) -> tuple[Link, ...]:
        """Every link with its addresses and counters, from one dump of each.

        Raises:
            WgtuiError: The kernel refused.
        """
        ...

    def close(self) -> None:
        """Release sockets."""
        ...
