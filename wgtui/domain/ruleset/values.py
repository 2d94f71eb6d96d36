"""Texts of rulesets as values: addresses, ports, protocols, marks. None stands for "not understood"."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Final

from wgtui.domain.ruleset.matches import AddressRange, AddressType, LinkPattern
from wgtui.domain.ruleset.packet import PROTOCOL_NAMES, ConnectionState

HIGHEST_PORT: Final = 65535

_STATES: Final = {state.value: state for state in ConnectionState}

ICMP_NAMES: Final = {
    "echo-reply": 0,
    "destination-unreachable": 3,
    "source-quench": 4,
    "redirect": 5,
    "echo-request": 8,
    "router-advertisement": 9,
    "router-solicitation": 10,
    "time-exceeded": 11,
    "parameter-problem": 12,
    "timestamp-request": 13,
    "timestamp-reply": 14,
    "info-request": 15,
    "info-reply": 16,
    "address-mask-request": 17,
    "address-mask-reply": 18,
}
"""Types of ICMP as nft names them (nftables `src/proto.c`: `icmp_type_tbl`)."""

ICMPV6_NAMES: Final = {
    "destination-unreachable": 1,
    "packet-too-big": 2,
    "time-exceeded": 3,
    "parameter-problem": 4,
    "echo-request": 128,
    "echo-reply": 129,
    "mld-listener-query": 130,
    "mld-listener-report": 131,
    "mld-listener-done": 132,
    "mld-listener-reduction": 132,
    "nd-router-solicit": 133,
    "nd-router-advert": 134,
    "nd-neighbor-solicit": 135,
    "nd-neighbor-advert": 136,
    "nd-redirect": 137,
    "router-renumbering": 138,
    "ind-neighbor-solicit": 141,
    "ind-neighbor-advert": 142,
    "mld2-listener-report": 143,
}
"""Types of ICMPv6 as nft names them (nftables `src/proto.c`: `icmp6_type_tbl`)."""


def number(text: str) -> int | None:
    """A number of 32 bits without sign, decimal or with `0x`."""
    try:
        value = int(text, 16) if text.lower().startswith("0x") else int(text, 10)
    except ValueError:
        return None
    return value if 0 <= value <= 0xFFFFFFFF else None


def protocol(text: str) -> int | None:
    """The number of a protocol, by name or number."""
    known = PROTOCOL_NAMES.get(text.lower())
    if known is not None:
        return known
    value = number(text)
    return value if value is not None and value < 256 else None


def port_range(text: str, separator: str = ":") -> tuple[int, int] | None:
    """A port, or a range of ports of which either end may be left out."""
    first, dash, last = text.partition(separator)
    low = number(first) if first else 0
    high = (number(last) if last else HIGHEST_PORT) if dash else low
    if low is None or high is None or (not first and not dash):
        return None
    return (low, high) if low <= high <= HIGHEST_PORT else None


def address_range(text: str) -> AddressRange | None:
    """An address, a prefix with its length, or a range of addresses with a dash."""
    first, dash, last = text.partition("-")
    try:
        if dash:
            held = AddressRange(ip_address(first), ip_address(last))
            return held if held.first.version == held.last.version else None
        address, slash, length = text.partition("/")
        # What is no plain length is a mask of bits, which may have holes.
        if slash and not (length.isascii() and length.isdigit()):
            return None
        network = ip_network(text, strict=False) if slash else ip_network(ip_address(address))
        return AddressRange(network[0], network[-1])
    except ValueError:
        return None


def link_pattern(text: str, wildcard: str) -> LinkPattern:
    """A name of links that may end in a wildcard, `+` for iptables and `*` for nft."""
    if text.endswith("\\" + wildcard):
        return LinkPattern(text[:-2] + wildcard)
    if text.endswith(wildcard):
        return LinkPattern(text[: -len(wildcard)], is_prefix=True)
    return LinkPattern(text)


def connection_state(text: str) -> ConnectionState | None:
    """The state of a connection, in whatever case it is written."""
    return _STATES.get(text.lower())


def address_type(text: str) -> AddressType:
    """The kind of an address."""
    try:
        return AddressType(text.lower())
    except ValueError:
        return AddressType.OTHER


def masked_mark(text: str) -> tuple[int, int] | None:
    """A mark and its mask, as in `0x1/0xff`; all bits where there is no mask."""
    value, slash, mask = text.partition("/")
    numbers = number(value), number(mask) if slash else 0xFFFFFFFF
    return (numbers[0], numbers[1]) if numbers[0] is not None and numbers[1] is not None else None
