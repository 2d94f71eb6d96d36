"""The fields of the peer form."""

from __future__ import annotations

import re
from typing import Final

from wgtui.domain.addresses import Prefix
from wgtui.domain.editing.intents import NO_ENDPOINT, NO_PRESHARED_KEY
from wgtui.domain.forms.problem import Entered, Field
from wgtui.domain.forms.reading import as_text, enter
from wgtui.domain.grammar.allowed_ips import parse_allowed_ips
from wgtui.domain.grammar.endpoint import EndpointConfig, parse_endpoint
from wgtui.domain.grammar.finding import Note, Refused
from wgtui.domain.grammar.hosts import aton, pton4
from wgtui.domain.grammar.scalars import parse_keepalive, parse_preshared_key, parse_public_key
from wgtui.domain.keys import PresharedKey, PublicKey
from wgtui.domain.names.conventions import holds_key
from wgtui.domain.text import printable

LONGEST_NAME: Final = 64
"""Characters of a peer's name: what `printable` shows of one."""

_SEPARATORS: Final = re.compile(r"[,\s]+")


def enter_name(text: str) -> Entered[str]:
    """A peer's name: one printable line; empty for none."""
    return enter(Field.NAME, text, _name)


def enter_public_key(text: str) -> Entered[PublicKey]:
    """The peer's public key, which it must have."""
    return enter(Field.PUBLIC_KEY, text, _public_key)


def enter_preshared_key(text: str) -> Entered[PresharedKey]:
    """The preshared key; empty for none."""
    return enter(
        Field.PRESHARED_KEY, text, lambda value, _: parse_preshared_key(value) if value else NO_PRESHARED_KEY
    )


def enter_allowed_ips(text: str) -> Entered[tuple[Prefix, ...]]:
    """A list of prefixes with commas, spaces or line ends between them; host bits are masked away."""
    return enter(Field.ALLOWED_IPS, text, _allowed_ips)


def enter_endpoint(text: str) -> Entered[EndpointConfig]:
    """Host and port; empty for `NO_ENDPOINT`."""
    return enter(Field.ENDPOINT, text, _endpoint)


def enter_keepalive(text: str) -> Entered[int]:
    """Seconds from 1 to 65535; 0, `off` or empty for off, which is 0."""
    return enter(Field.PERSISTENT_KEEPALIVE, text, lambda value, _: parse_keepalive(value) if value else 0)


def _name(value: str, note: Note) -> str:
    name = as_text(value)
    if not name:
        return ""
    if not name.isprintable() or printable(name, len(name)) != name:
        raise Refused("bad-name", "A name is one line without control or invisible characters.", "Retype it.")
    if len(name) > LONGEST_NAME:
        raise Refused(
            "bad-name", f"A name has at most {LONGEST_NAME} characters, this has {len(name)}.", "Shorten it."
        )
    if not any(character.isalnum() for character in name):
        raise Refused("bad-name", "A name has at least one letter or digit.", "Add one.")
    if holds_key(name.encode()):
        raise Refused("bad-name", "This looks like a key, not like a name.", "Put it into the key's field.")
    return name


def _public_key(value: str, note: Note) -> PublicKey:
    if not value:
        raise Refused("bad-public-key", "A peer needs a public key.", "Paste the other side's public key.")
    key = parse_public_key(value)
    if key.is_zero:
        raise Refused("bad-public-key", "This public key is all zero.", "Ask for the peer's real key.")
    return key


def _allowed_ips(value: str, note: Note) -> tuple[Prefix, ...]:
    prefixes: dict[Prefix, None] = {}
    for element in filter(None, _SEPARATORS.split(value)):
        prefix = parse_allowed_ips(element, note)[0].prefix
        if prefix in prefixes:
            note("repeated-prefix", f"{prefix} is in the list twice and is kept once.", "", 0)
        prefixes[prefix] = None
    return tuple(prefixes)


def _endpoint(value: str, note: Note) -> EndpointConfig:
    if not value:
        return NO_ENDPOINT
    endpoint = parse_endpoint(value, note=note)
    address = None if ":" in endpoint.host or pton4(endpoint.host) else aton(endpoint.host)
    return endpoint if address is None else EndpointConfig(str(address), endpoint.port)
