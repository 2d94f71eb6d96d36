"""Single values from files of other programs. What cannot be read is left out: these files are only hints."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TypeVar

from wgtui.domain.addresses import Prefix
from wgtui.domain.errors import InvalidValue
from wgtui.domain.grammar import quick
from wgtui.domain.grammar.allowed_ips import parse_allowed_ips
from wgtui.domain.grammar.endpoint import EndpointConfig, parse_endpoint
from wgtui.domain.grammar.finding import Refused
from wgtui.domain.grammar.hosts import is_host_name, pton4, pton6
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey

_Key = TypeVar("_Key", PublicKey, PrivateKey, PresharedKey)

_LARGEST_MTU = 65535
_LONGEST_KEEPALIVE = 65535


def key_from(kind: type[_Key], value: object) -> _Key | None:
    """A key in base64; None for anything else, and for one that is all zero."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    if not isinstance(text, str):
        return None
    try:
        key = kind.parse(text.strip())
    except InvalidValue:
        return None
    return None if key.is_zero else key


def words(value: object) -> tuple[str, ...]:
    """The elements of a list, of a JSON text of one, or of a text with commas or spaces.

    A text with a line break or another control character in it is none of these.
    """
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return ()
    elements: Iterable[object] = value if isinstance(value, list) else [value]
    texts = (element for element in elements if isinstance(element, str) and element.isprintable())
    return tuple(word for text in texts for word in text.replace(",", " ").split())


def prefixes_from(*values: object) -> tuple[Prefix, ...]:
    """Prefixes from lists or texts, each once."""
    found: dict[Prefix, None] = {}
    for word in (word for value in values for word in words(value)):
        try:
            found |= {element.prefix: None for element in parse_allowed_ips(_bytes(word))}
        except Refused:
            continue
    return tuple(found)


def addresses_from(*values: object) -> tuple[InterfaceAddress, ...]:
    """Addresses with their lengths from lists or texts."""
    found: list[InterfaceAddress] = []
    for word in (word for value in values for word in words(value)):
        try:
            found.append(quick.parse_address(_bytes(word)))
        except Refused:
            continue
    return tuple(found)


def dns_from(*values: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """DNS servers and search domains from lists or texts; what is neither is left out."""
    found = dict.fromkeys(word for value in values for word in words(value))
    servers = tuple(word for word in found if pton4(word) or pton6(word))
    return servers, tuple(word for word in found if word not in servers and is_host_name(word))


def endpoint_from(host: object, port: object = None) -> EndpointConfig | None:
    """An endpoint from a text with a port, or from a host and a port.

    Args:
        host: An address, a name, or either with a port behind it.
        port: For a host without one; None for the relay's listen port, which gives the port 0.
    """
    if not isinstance(host, str) or not (text := host.strip()):
        return None
    number = integer_from(port, 65535) or 0
    bare = f"[{text}]" if pton6(text) else text
    for spelling in (text, f"{bare}:{number}") if not pton6(text) else (f"{bare}:{number}",):
        try:
            return parse_endpoint(_bytes(spelling))
        except Refused:
            continue
    return None


def integer_from(value: object, most: int) -> int | None:
    """A number from 0 up to a limit, as number or text."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = int(value.strip()[:9])
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and isinstance(value, int) and 0 <= value <= most else None


def mtu_from(value: object) -> int:
    """An MTU in bytes; 0 for none."""
    return integer_from(value, _LARGEST_MTU) or 0


def keepalive_from(value: object) -> int | None:
    """A keepalive in seconds."""
    return integer_from(value, _LONGEST_KEEPALIVE)


def name_from(value: object) -> str:
    """A name: one line, not made printable otherwise."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def flag_from(value: object) -> bool | None:
    """Whether something is switched on, from JSON's word for it or from a database's number."""
    if isinstance(value, bool) or (isinstance(value, int) and value in (0, 1)):
        return bool(value)
    return None


def _bytes(text: str) -> str:
    """Text as the grammar takes it: one character for each byte of its UTF-8 form."""
    return text.encode("utf-8", "replace").decode("latin-1")
