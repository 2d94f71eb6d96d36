"""Single values of a peer as the kernel writes them."""

from __future__ import annotations

import struct
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

from wgtui.adapters.netlink_socket import ATTRIBUTE, NLA_F_NESTED, MalformedMessage, walk_attributes
from wgtui.adapters.wireguard import protocol as wire
from wgtui.domain.addresses import Endpoint, Prefix


def _header(kind: int, size: int) -> int:
    header: int = wire.U32.unpack(ATTRIBUTE.pack(ATTRIBUTE.size + size, kind))[0]
    return header


# As the kernel writes an allowed IP: a nest of mask, family and address, each with its header.
_ALLOWED_V4: Final = struct.Struct("=I IBxxx IHxx I4s")
_ALLOWED_V6: Final = struct.Struct("=I IBxxx IHxx I16s")
_MASK_HEADER: Final = _header(wire.ALLOWED_IP_MASK, wire.U8.size)
_FAMILY_HEADER: Final = _header(wire.ALLOWED_IP_FAMILY, wire.U16.size)
_V4_HEADERS: Final = (
    _header(NLA_F_NESTED, _ALLOWED_V4.size - ATTRIBUTE.size),
    _MASK_HEADER,
    _FAMILY_HEADER,
    wire.AF_INET,
    _header(wire.ALLOWED_IP_ADDRESS, 4),
)
_V6_HEADERS: Final = (
    _header(NLA_F_NESTED, _ALLOWED_V6.size - ATTRIBUTE.size),
    _MASK_HEADER,
    _FAMILY_HEADER,
    wire.AF_INET6,
    _header(wire.ALLOWED_IP_ADDRESS, 16),
)


def sized(value: bytes, layout: struct.Struct, what: str) -> int:
    """Unpack one number.

    Raises:
        MalformedMessage: The value has another size.
    """
    if len(value) != layout.size:
        raise MalformedMessage(f"{what} has {len(value)} bytes instead of {layout.size}")
    number: int = layout.unpack(value)[0]
    return number


def decode_handshake(seconds: int, nanoseconds: int) -> float | None:
    """Unix seconds of a handshake; the kernel writes zeros for "never"."""
    return seconds + nanoseconds / 1e9 if seconds or nanoseconds else None


def decode_endpoint(value: bytes) -> Endpoint | None:
    """A socket address; None for a family or size that is not IPv4 or IPv6, as `wg` has it."""
    family = wire.U16.unpack_from(value)[0] if len(value) >= wire.U16.size else None
    if family == wire.AF_INET and len(value) == wire.SOCKADDR_IN.size:
        _, port, host = wire.SOCKADDR_IN.unpack(value)
        return Endpoint(IPv4Address(host), int.from_bytes(port, "big"))
    if family == wire.AF_INET6 and len(value) == wire.SOCKADDR_IN6.size:
        _, port, _flow, host, scope = wire.SOCKADDR_IN6.unpack(value)
        return Endpoint(IPv6Address(host), int.from_bytes(port, "big"), scope)
    return None


def decode_allowed_ips(data: bytes, start: int, end: int) -> list[Prefix]:
    """The elements of an allowed IPs nest, in order.

    Args:
        data: A message.
        start: Offset of the first element.
        end: Offset past the last one.

    Raises:
        MalformedMessage: An element has an impossible length or lacks a part.
    """
    prefixes: list[Prefix] = []
    while start < end:
        if end - start >= _ALLOWED_V4.size:
            head, mask_head, mask, family_head, family, host_head, host = _ALLOWED_V4.unpack_from(data, start)
            if (head, mask_head, family_head, family, host_head) == _V4_HEADERS and mask <= 32:
                prefixes.append(IPv4Network((host, mask), strict=False))
                start += _ALLOWED_V4.size
                continue
        if end - start >= _ALLOWED_V6.size:
            head, mask_head, mask, family_head, family, host_head, host = _ALLOWED_V6.unpack_from(data, start)
            if (head, mask_head, family_head, family, host_head) == _V6_HEADERS and mask <= 128:
                prefixes.append(IPv6Network((host, mask), strict=False))
                start += _ALLOWED_V6.size
                continue
        start = _walk_one_element(data, start, end, prefixes)
    return prefixes


def _walk_one_element(data: bytes, start: int, end: int, prefixes: list[Prefix]) -> int:
    """Decode an element in any layout, append it, and return the offset of the next one."""
    _, inner, stop = next(walk_attributes(data, start, end))
    parts = {kind: data[begin:until] for kind, begin, until in walk_attributes(data, inner, stop)}
    try:
        host = parts[wire.ALLOWED_IP_ADDRESS]
        mask = sized(parts[wire.ALLOWED_IP_MASK], wire.U8, "an allowed IP's mask")
        family = sized(parts[wire.ALLOWED_IP_FAMILY], wire.U16, "an allowed IP's family")
    except KeyError:
        raise MalformedMessage("an allowed IP lacks its address, family or mask") from None
    if family == wire.AF_INET and len(host) == 4 and mask <= 32:
        prefixes.append(IPv4Network((host, mask), strict=False))
    elif family == wire.AF_INET6 and len(host) == 16 and mask <= 128:
        prefixes.append(IPv6Network((host, mask), strict=False))
    else:
        raise MalformedMessage("an allowed IP's address does not fit its family and mask")
    return min((stop + 3) & ~3, end)
