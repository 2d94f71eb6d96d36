"""Writes device dumps as the kernel does, for tests of the decoder (`drivers/net/wireguard/netlink.c`)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from wgtui.domain.addresses import Endpoint, Prefix

NESTED = 0x8000


def attr(kind: int, value: bytes) -> bytes:
    """One attribute with its padding."""
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def message(*attributes: bytes) -> bytes:
    """The payload of one message: generic netlink header and attributes."""
    return struct.pack("=BBH", 0, 1, 0) + b"".join(attributes)


def peers(*nests: bytes) -> bytes:
    """The PEERS attribute around peer nests."""
    return attr(8 | NESTED, b"".join(nests))


def device_attributes(port: int = 51820, fwmark: int = 0, private: bytes = b"", public: bytes = b"") -> bytes:
    """What the kernel says of the device itself, in its order."""
    parts = [
        attr(6, struct.pack("=H", port)),
        attr(7, struct.pack("=I", fwmark)),
        attr(1, struct.pack("=I", 7)),
    ]
    parts.append(attr(2, b"wg0\0"))
    if private:
        parts += [attr(3, private), attr(4, public)]
    return b"".join(parts)


def allowed_ip(prefix: Prefix) -> bytes:
    """One element of an allowed IPs nest."""
    family = 2 if prefix.version == 4 else 10
    return attr(
        NESTED,
        attr(3, struct.pack("=B", prefix.prefixlen))
        + attr(1, struct.pack("=H", family))
        + attr(2, prefix.network_address.packed),
    )


def allowed_ips(prefixes: Sequence[Prefix]) -> bytes:
    """The nest of allowed IPs, which the kernel writes even when it is empty."""
    return attr(9 | NESTED, b"".join(map(allowed_ip, prefixes)))


def socket_address(endpoint: Endpoint) -> bytes:
    """The endpoint's attribute."""
    if isinstance(endpoint.address, IPv4Address):
        return attr(
            4, struct.pack("=H", 2) + struct.pack(">H", endpoint.port) + endpoint.address.packed + bytes(8)
        )
    value = struct.pack("=H", 10) + struct.pack(">HI", endpoint.port, 0) + endpoint.address.packed
    return attr(4, value + struct.pack("=I", endpoint.scope_id))


@dataclass
class KernelPeer:
    """What the kernel knows of a peer."""

    key: bytes
    preshared: bytes = bytes(32)
    seconds: int = 0
    nanoseconds: int = 0
    keepalive: int = 0
    tx_bytes: int = 0
    rx_bytes: int = 0
    endpoint: Endpoint | None = None
    allowed: tuple[Prefix, ...] = ()
    extra: bytes = field(default=b"")

    def fixed(self) -> list[bytes]:
        """The attributes every peer has, in the kernel's order."""
        return [
            attr(1, self.key),
            attr(2, self.preshared),
            attr(6, struct.pack("=qq", self.seconds, self.nanoseconds)),
            attr(5, struct.pack("=H", self.keepalive)),
            attr(8, struct.pack("=Q", self.tx_bytes)),
            attr(7, struct.pack("=Q", self.rx_bytes)),
            attr(10, struct.pack("=I", 1)),
        ]

    def nest(self, prefixes: Sequence[Prefix] | None = None) -> bytes:
        """The peer's nest, with all its allowed IPs or those that still fitted into the message."""
        endpoint = [socket_address(self.endpoint)] if self.endpoint else []
        rest = allowed_ips(self.allowed if prefixes is None else prefixes)
        return attr(NESTED, b"".join([*self.fixed(), self.extra, *endpoint, rest]))

    def continuation(self, prefixes: Sequence[Prefix]) -> bytes:
        """The nest with which the next message goes on: the key and more allowed IPs, nothing else."""
        return attr(NESTED, attr(1, self.key) + allowed_ips(prefixes))
