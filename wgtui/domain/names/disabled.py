"""The peers of a file that a tool switched off: `wg` does not see them, and so no device has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wgtui.domain.addresses import Prefix
from wgtui.domain.keys import PublicKey
from wgtui.domain.names.reader import find_name, key_of
from wgtui.domain.wgquick.blocks import Block, peer_blocks
from wgtui.domain.wgquick.document import Document, parse
from wgtui.domain.wgquick.lines import SPACE

_MARKS: Final = (b"#[disabled]", b"#! ")
"""What every file with such a peer holds."""


@dataclass(frozen=True, slots=True)
class DisabledPeer:
    """A peer that is switched off.

    Attributes:
        public_key: Its identity.
        name: Not made printable; empty when the file does not name it.
        allowed_ips: Those that can be read, in the file's order.
    """

    public_key: PublicKey
    name: str
    allowed_ips: tuple[Prefix, ...]


def read_disabled(data: bytes) -> tuple[DisabledPeer, ...]:
    """The disabled peers in a file's bytes, each key once, without any validation. Never raises."""
    if not any(mark in data for mark in _MARKS):
        return ()
    found: dict[PublicKey, DisabledPeer] = {}
    document = parse(data)
    for block in peer_blocks(document):
        key = key_of(document, block) if block.section.disabled else None
        if key is not None:
            comment = find_name(document, block)
            prefixes = tuple(dict.fromkeys(_prefixes(document, block)))
            found.setdefault(key, DisabledPeer(key, comment.name if comment else "", prefixes))
    return tuple(found.values())


def _prefixes(document: Document, block: Block) -> Iterator[Prefix]:
    from wgtui.domain.grammar.allowed_ips import parse_allowed_ips
    from wgtui.domain.grammar.finding import Refused

    for _, line in document.parsed(block.header, block.end):
        if not line.disabled or line.name != "allowedips":
            continue
        value = line.value.translate(None, SPACE).decode("latin-1")
        try:
            yield from (one.prefix for one in parse_allowed_ips(value))
        except Refused:
            continue
