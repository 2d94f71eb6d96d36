"""Numeric addresses in every spelling that the C library takes."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final

_PLAIN_V4: Final = re.compile(
    r"(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})", re.ASCII
)
_PART: Final = re.compile(r"0[xX][0-9A-Fa-f]+|0[0-7]*|[1-9][0-9]*", re.ASCII)
_HOST_NAME: Final = re.compile(r"(?!.{254})(?:[A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.?", re.ASCII)
_MOST_DIGITS: Final = 40


def pton4(text: str) -> IPv4Address | None:
    """Four decimal parts without leading zeros, as `inet_pton` takes them; None for anything else."""
    match = _PLAIN_V4.fullmatch(text)
    if not match:
        return None
    a, b, c, d = map(int, match.groups())
    return None if max(a, b, c, d) > 255 else IPv4Address(a << 24 | b << 16 | c << 8 | d)


def pton6(text: str) -> IPv6Address | None:
    """An IPv6 address without a scope, as `inet_pton` takes it; None for anything else."""
    if "%" in text:
        return None
    try:
        return IPv6Address(text)
    except AddressValueError:
        return None


def aton(text: str) -> IPv4Address | None:
    """The old spellings of `inet_aton` as well: `127.1`, `0x7f000001`, `010.0.0.1` (octal)."""
    parts = text.split(".")
    if not 1 <= len(parts) <= 4 or not all(map(_PART.fullmatch, parts)) or len(text) > _MOST_DIGITS:
        return None
    *leading, last = map(c_number, parts)
    if any(part > 0xFF for part in leading) or last >= 1 << 8 * (4 - len(leading)):
        return None
    number = last
    for place, part in enumerate(leading):
        number |= part << 8 * (3 - place)
    return IPv4Address(number)


def c_number(text: str) -> int:
    """A number as `strtoul` with base 0 reads it: `0x` hexadecimal, `0` octal, else decimal."""
    if text[:2] in ("0x", "0X"):
        return int(text[2:], 16)
    return int(text, 8) if text.startswith("0") else int(text)


def is_host_name(text: str) -> bool:
    """Whether a resolver could know this name. Its last label must not be a number."""
    return _HOST_NAME.fullmatch(text) is not None and not text.rstrip(".").rpartition(".")[2].isdigit()
