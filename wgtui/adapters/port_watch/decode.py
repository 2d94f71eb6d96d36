"""Packets as packet sockets deliver them, into values."""

from __future__ import annotations

import struct
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from wgtui.domain.addresses import Address, Endpoint
from wgtui.domain.port_traffic import UDP_HEADER, PacketKind, SeenPacket, kind_of

_TCP = 6


class Decoded(NamedTuple):
    """A packet, and the address of this host that it names."""

    packet: SeenPacket
    own: Address


def decode(data: bytes, *, outgoing: bool) -> Decoded | None:
    """Read a packet that the filter let through; None for one that is cut off inside its headers.

    Args:
        data: From the network header on, perhaps cut behind what is needed.
        outgoing: Whether this host sends it.
    """
    if len(data) < 20:
        return None
    source: Address
    target: Address
    if data[0] >> 4 == 4:
        source, target = IPv4Address(data[12:16]), IPv4Address(data[16:20])
        protocol, at = data[9], (data[0] & 15) * 4
    else:
        if len(data) < 40:
            return None
        source, target = IPv6Address(data[8:24]), IPv6Address(data[24:40])
        protocol, at = data[6], 40
    if len(data) < at + UDP_HEADER:
        return None
    source_port, target_port, length = struct.unpack_from("!HHH", data, at)
    own, address, port = (source, target, target_port) if outgoing else (target, source, source_port)
    remote = Endpoint(address, port)
    if protocol == _TCP:
        return Decoded(SeenPacket(PacketKind.TCP, remote, outgoing), own)
    payload = data[at + UDP_HEADER :]
    size = max(0, length - UDP_HEADER)
    kind = kind_of(payload[: min(4, size)], size)
    whole = kind is PacketKind.INITIATION and not outgoing and len(payload) >= size
    return Decoded(SeenPacket(kind, remote, outgoing, payload[:size] if whole else b""), own)
