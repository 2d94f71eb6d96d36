"""Keys and numbers, as `wg` reads them (wireguard-tools `src/config.c`).

All functions take the value with its whitespace and comment removed and at least one character long; that
is what `wg` hands to its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeVar

from wgtui.domain.errors import InvalidValue
from wgtui.domain.grammar.finding import Note, Refused, no_note, quote
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey

ServicePort = Callable[[str], int | None]
"""Looks up the port of a UDP service name, such as 53 for `domain`; None for an unknown one."""

_ULONG: Final = 2**64 - 1
_NUMBER: Final = re.compile(r"([+-]?)([0-9]+)", re.ASCII)
_DIGITS: Final = re.compile(r"[0-9]+", re.ASCII)
_HEX: Final = re.compile(r"0x[0-9A-Fa-f]+", re.ASCII)
_MOST_DIGITS: Final = 40

_Key = TypeVar("_Key", PrivateKey, PresharedKey, PublicKey)


def no_services(name: str) -> int | None:
    """Knows no service names."""
    return None


def parse_private_key(text: str, note: Note = no_note) -> PrivateKey:
    """Read `PrivateKey`; raises `Refused`. All zero means that the interface has none."""
    key = _parse_key(PrivateKey, text, "private key")
    if key.is_zero:
        note("private-key-zero", "This private key is all zero, which removes the key.", "", 0)
    elif key != key.clamped():
        note(
            "private-key-unclamped",
            "This private key is not clamped, so the device reports another spelling of it.",
            "It works as it is; keys made by `wg genkey` read back as they were written.",
            0,
        )
    return key


def parse_public_key(text: str) -> PublicKey:
    """Read `PublicKey`; raises `Refused`, not quoting the text: it may be a secret in the wrong place."""
    return _parse_key(PublicKey, text, "public key")


def parse_preshared_key(text: str) -> PresharedKey:
    """Read `PresharedKey`; raises `Refused`. All zero means none."""
    return _parse_key(PresharedKey, text, "preshared key")


def _parse_key(kind: type[_Key], text: str, what: str) -> _Key:
    try:
        return kind.parse(text)
    except InvalidValue as error:
        raise Refused(
            f"bad-{what.replace(' ', '-')}",
            f"This is not a {what}: {error}.",
            "Copy the key again, whole.",
        ) from None


def parse_port(text: str, service_port: ServicePort = no_services) -> int:
    """Read a port as `getaddrinfo` does: a number of any size, or a UDP service name.

    Args:
        text: The port.
        service_port: Looks up names.

    Returns:
        The number as written, from 0; the port is its remainder by 65536.

    Raises:
        Refused: Neither a number nor a known UDP service.
    """
    match = _NUMBER.fullmatch(text)
    number = _as_c_int(match[1], match[2]) if match else -1
    if number >= 0:
        return number
    named = None if match else service_port(text)
    if named is None:
        raise Refused(
            "bad-port",
            f"{quote(text)} is neither a port nor the name of a UDP service.",
            "A port is a number from 0 to 65535.",
        )
    return named


def _as_c_int(sign: str, digits: str) -> int:
    """What glibc makes of a number: `strtoul` into an `int`; negative means that it looks up a name."""
    number = int(digits) if len(digits.lstrip("0")) <= _MOST_DIGITS else _ULONG + 1
    if number > _ULONG:
        number = _ULONG
    elif sign == "-":
        number = -number & _ULONG
    number &= 0xFFFFFFFF
    return number - 2**32 if number >= 2**31 else number


def parse_listen_port(text: str, service_port: ServicePort = no_services, note: Note = no_note) -> int:
    """Read `ListenPort`, 0 to 65535; 0 lets the system pick. Raises `Refused`."""
    return wrapped_port(parse_port(text, service_port), note)


def wrapped_port(number: int, note: Note, at: int = 0) -> int:
    """The port that a number of any size stands for."""
    port = number & 0xFFFF
    if port != number:
        note(
            "port-wraps",
            f"{number} is more than 65535: it is taken as port {port}.",
            f"Write {port} if that is meant, otherwise a port up to 65535.",
            at,
        )
    return port


def parse_fwmark(text: str) -> int:
    """Read `FwMark`: `off`, decimal, or hexadecimal behind a lower-case `0x`; raises `Refused`."""
    if text.lower() == "off":
        return 0
    number = _number(text, 16) if _HEX.fullmatch(text) else _number(text, 10)
    if number is None or number > 0xFFFFFFFF:
        raise Refused(
            "bad-fwmark",
            f"{quote(text)} is not a firewall mark.",
            "Write off, a number up to 4294967295, or hexadecimal with a small 0x, such as 0xca6c.",
        )
    return number


def parse_keepalive(text: str) -> int:
    """Read `PersistentKeepalive` in seconds: `off` or 0 to 65535; raises `Refused`."""
    if text.lower() == "off":
        return 0
    number = _number(text, 10)
    if number is None or number > 0xFFFF:
        raise Refused(
            "bad-keepalive",
            f"{quote(text)} is not a keepalive interval.",
            "Write off, or seconds from 1 to 65535 without a unit; 25 is usual.",
        )
    return number


def _number(text: str, base: int) -> int | None:
    """A number without a sign; one of absurd length counts as too large, not as an error of Python's."""
    pattern = _HEX if base == 16 else _DIGITS
    if not pattern.fullmatch(text):
        return None
    digits = text[2:] if base == 16 else text
    return int(digits, base) if len(digits.lstrip("0")) <= _MOST_DIGITS else _ULONG
