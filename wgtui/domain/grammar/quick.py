"""The keys that `wg-quick` keeps for itself. It hands most of their values to `ip` unread."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Interface, IPv6Interface
from typing import Final

from wgtui.domain.grammar.finding import Note, Refused, no_note, quote
from wgtui.domain.grammar.hosts import c_number, pton4, pton6

InterfaceAddress = IPv4Interface | IPv6Interface
"""An address with the length of its link's prefix."""

_ELEMENT: Final = re.compile(r"[^, \t\n]+")
_PART: Final = re.compile(r"\+?(?:0[xX][0-9A-Fa-f]{1,8}|0[0-7]{0,11}|[1-9][0-9]{0,9})", re.ASCII)
_INTEGER: Final = re.compile(r"[+-]?(?:0[xX][0-9A-Fa-f]{1,16}|0[0-7]{0,22}|[1-9][0-9]{0,19})", re.ASCII)
_GLOB: Final = re.compile(r"[*?\[]")
_SERVER: Final = re.compile(r"[0-9.]+|.*:.*", re.ASCII | re.DOTALL)

LARGEST_MTU: Final = 0x7FFFFFFF
"""The largest number that `ip` hands to the kernel; the kernel's own limit for WireGuard is close by."""

SMALLEST_MTU_FOR_IPV6: Final = 1280
"""Below it the kernel takes all IPv6 addresses off a link (RFC 8200, section 5)."""


def split_list(text: str) -> list[tuple[int, str]]:
    """Split as bash does once `wg-quick` turned commas into spaces: place and text of each element."""
    return [(match.start(), match[0]) for match in _ELEMENT.finditer(text)]


def parse_address(text: str, note: Note = no_note) -> InterfaceAddress:
    """Read one element of `Address`, as `ip address add` does.

    Returns:
        The address; without a length it gets 32 or 128.

    Raises:
        Refused: `ip` or the kernel refuses it.
    """
    address_text, slash, length_text = text.partition("/")
    if ":" in text:
        return _parse_v6(text, address_text, slash, length_text)
    if text == "default":
        text, address_text, slash, length_text = "0.0.0.0/0", "0.0.0.0", "/", "0"
    plain = pton4(address_text)
    address = plain or _short_v4(address_text)
    length = _length_or_mask(length_text, 32) if slash else 32
    if address is None or length is None:
        raise _refused_address(text)
    interface = IPv4Interface((int(address), length))
    if not int(address):
        note("address-unspecified", "0.0.0.0 is taken, but gives the interface no address.", "Remove it.", 0)
    if plain is None or (slash and not length_text.isdecimal()):
        note(
            "address-spelling",
            f"{quote(text)} is an unusual spelling of {interface}.",
            f"Write {interface}.",
            0,
        )
    return interface


def _parse_v6(text: str, address_text: str, slash: str, length_text: str) -> IPv6Interface:
    address = pton6(address_text)
    length = _length_or_mask(length_text, 128) if slash else 128
    if address is None or length is None:
        raise _refused_address(text)
    if address.is_multicast or int(address) in (0, 1):
        raise Refused(
            "bad-address",
            f"The kernel does not give {address} to an interface.",
            "Write an address of the tunnel's own network, such as fd00::1/64.",
        )
    return IPv6Interface((int(address), length))


def _refused_address(text: str) -> Refused:
    return Refused(
        "bad-address",
        f"{quote(text)} is not an address with a length.",
        "Write addresses such as 10.0.0.1/24 or fd00::1/64; host names are not taken here.",
    )


def _short_v4(text: str) -> IPv4Address | None:
    """`ip` fills missing parts with zeros from the right: `10.1` is 10.1.0.0."""
    parts = text.split(".")
    if not 1 <= len(parts) <= 4 or not all(map(_PART.fullmatch, parts)):
        return None
    numbers = [c_number(part.lstrip("+")) for part in parts]
    if any(number > 255 for number in numbers):
        return None
    return IPv4Address(bytes([*numbers, *[0] * (4 - len(numbers))]))


def _length_or_mask(text: str, most: int) -> int | None:
    """A prefix length, as a number in C's spellings or as a dotted netmask."""
    if _PART.fullmatch(text):
        length = c_number(text.lstrip("+"))
        return length if length <= most else None
    mask = _short_v4(text) if "." in text else None
    if mask is None:
        return None
    inverse = ~int(mask) & 0xFFFFFFFF
    return None if inverse & (inverse + 1) else 32 - inverse.bit_length()


def parse_mtu(text: str, note: Note = no_note) -> int | None:
    """Read `MTU` in bytes; None for an empty value, which means automatic. Raises `Refused`."""
    if not text:
        return None
    mtu = _c_integer(text)
    if mtu is None or not 0 <= mtu <= LARGEST_MTU:
        raise Refused("bad-mtu", f"{quote(text)} is not an MTU.", "Write bytes, such as 1420.")
    if not 68 <= mtu <= 65535:
        note(
            "mtu-out-of-range",
            f"An MTU of {mtu} is outside of 68 to 65535: userspace devices refuse it.",
            "1420 suits most links.",
            0,
        )
    return mtu


def parse_table(text: str, note: Note = no_note) -> str:
    """Read `Table`: empty, `auto`, `off`, a number, or a name of `rt_tables`. Raises `Refused`."""
    if text.lower() in ("", "auto", "off"):
        return text
    number = _c_integer(text)
    if number is not None and not 0 <= number <= 0xFFFFFFFF:
        raise Refused("bad-table", f"{quote(text)} is not a routing table.", "Tables go up to 4294967295.")
    if number is None and text not in ("main", "default", "local"):
        note(
            "table-name",
            f"The table {quote(text)} must have a number in /etc/iproute2/rt_tables.",
            "A number works everywhere.",
            0,
        )
    return text


def table_number(table: str) -> int | None:
    """A table's number where its text alone tells it."""
    known = {"main": 254, "default": 253, "local": 255}
    return known[table] if table in known else _c_integer(table)


def _c_integer(text: str) -> int | None:
    if not _INTEGER.fullmatch(text):
        return None
    number = c_number(text.lstrip("+-"))
    return -number if text.startswith("-") else number


def parse_dns(text: str, note: Note = no_note) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read one `DNS` line: servers and search domains, told apart as `wg-quick` does. Refuses nothing."""
    servers: list[str] = []
    domains: list[str] = []
    for at, element in split_list(text):
        if _GLOB.search(element):
            note(
                "dns-glob",
                f"bash replaces {quote(element)} by matching file names.",
                "Write it without *, ? and [.",
                at,
            )
        is_server = _SERVER.fullmatch(element) is not None
        if is_server and pton4(element) is None and pton6(element.partition("%")[0]) is None:
            note(
                "dns-odd-server",
                f"{quote(element)} is handed to resolvconf as a server, but is no address.",
                "Write the server's address.",
                at,
            )
        (servers if is_server else domains).append(element)
    return tuple(servers), tuple(domains)


def parse_save_config(text: str) -> bool:
    """Read `SaveConfig`: `true` or `false` in any case; raises `Refused`."""
    if text.lower() not in ("true", "false"):
        raise Refused("bad-save-config", f"{quote(text)} is neither true nor false.", "Write true or false.")
    return text.lower() == "true"
