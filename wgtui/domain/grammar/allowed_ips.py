"""`AllowedIPs`, as `wg` reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from wgtui.domain.addresses import Address, Prefix
from wgtui.domain.grammar.finding import Note, Refused, no_note, quote
from wgtui.domain.grammar.hosts import pton4, pton6

_LENGTH: Final = re.compile(r"0*([0-9]{1,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class AllowedIp:
    """One element of a list.

    Attributes:
        prefix: Host bits masked away.
        sign: `+` and `-` say that the peer keeps what it has, and add or take one prefix; empty otherwise.
    """

    prefix: Prefix
    sign: str = ""


def parse_allowed_ips(text: str, note: Note = no_note) -> tuple[AllowedIp, ...]:
    """Read a list of allowed IPs.

    Args:
        text: The value, whitespace and comment removed, not empty.
        note: Told of host bits and signs.

    Returns:
        The elements in order.

    Raises:
        Refused: An element is not a prefix; `at` is where it starts.
    """
    found: list[AllowedIp] = []
    at = 0
    for element in text.split(","):
        found.append(_parse_element(element, at, note))
        at += len(element) + 1
    return tuple(found)


def _parse_element(element: str, at: int, note: Note) -> AllowedIp:
    sign = element[:1] if element[:1] in ("+", "-") else ""
    address_text, slash, length_text = element[len(sign) :].partition("/")
    address = pton6(address_text) if ":" in address_text else pton4(address_text)
    if address is None:
        raise _refused_address(element, at)
    length = _length(length_text, address, element, at) if slash else address.max_prefixlen
    prefix = _network(address, length)
    if sign:
        note(
            "allowed-ip-signed",
            f"The {sign} needs wg 1.0.20250521 and a device that knows it; older ones refuse the file.",
            "Write the whole list without signs.",
            at,
        )
    if prefix.network_address != address:
        note(
            "allowed-ip-host-bits",
            f"{address}/{length} has bits set behind its length: it is taken as {prefix}.",
            f"Write {prefix}, or {address} if this one address is meant.",
            at,
        )
    return AllowedIp(prefix, sign)


def _refused_address(element: str, at: int) -> Refused:
    if not element:
        return Refused(
            "empty-element",
            "There is a comma with no address beside it.",
            "Remove the comma.",
            at,
        )
    return Refused(
        "bad-allowed-ip",
        f"{quote(element)} is not an IP address with a length.",
        "Write prefixes such as 10.0.0.2/32 or fd00::/64, without host names, leading zeros or brackets.",
        at,
    )


def _length(text: str, address: Address, element: str, at: int) -> int:
    match = _LENGTH.fullmatch(text)
    length = int(match[1]) if match else -1
    if not 0 <= length <= address.max_prefixlen:
        raise Refused(
            "bad-prefix-length",
            f"{quote(element)} does not end in a length from 0 to {address.max_prefixlen}.",
            "The length is a plain number, not a netmask.",
            at,
        )
    return length


def _network(address: Address, length: int) -> Prefix:
    shift = address.max_prefixlen - length
    number = int(address) >> shift << shift
    return IPv4Network((number, length)) if address.version == 4 else IPv6Network((number, length))
