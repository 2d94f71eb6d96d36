"""Finds each peer's name in a wg-quick file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wgtui.domain.errors import InvalidValue
from wgtui.domain.keys import PublicKey
from wgtui.domain.names.conventions import (
    BARE,
    CONVENTIONS,
    Convention,
    holds_key,
    is_name_like,
    is_setting,
    name_of,
)
from wgtui.domain.wgquick.blocks import Block, peer_blocks
from wgtui.domain.wgquick.document import Document, parse
from wgtui.domain.wgquick.lines import SPACE, LineKind, disabled_prefix, parse_line


@dataclass(frozen=True, slots=True)
class NameComment:
    """A comment that names a peer.

    Attributes:
        line: Index of the line, from 0.
        start: First byte of the name in that line.
        end: Behind its last byte.
        name: The name, not made printable.
        convention: How it is written.
    """

    line: int
    start: int
    end: int
    name: str
    convention: Convention


@dataclass(frozen=True, slots=True)
class NamedPeer:
    """A peer of a file and its name.

    Attributes:
        public_key: The key its block ends up with.
        name: Not made printable; empty when the file does not name it.
        comment: Where the name stands; None without one.
        disabled: Whether a tool switched the block off, so that `wg` does not see it.
        line: Index of the block's header, from 0.
    """

    public_key: PublicKey
    name: str
    comment: NameComment | None
    disabled: bool
    line: int


def read_names(data: bytes) -> dict[PublicKey, str]:
    """Names in a file's bytes: the lean path, without any validation. Never raises."""
    return peer_names(parse(data))


def peer_names(document: Document) -> dict[PublicKey, str]:
    """The name of every peer that has one, disabled peers included.

    Of two blocks with the same key, one that counts goes before a disabled one, then the later block.
    Names are as written; pass them through `printable()` before they reach a terminal.
    """
    disabled: dict[PublicKey, str] = {}
    names: dict[PublicKey, str] = {}
    for peer in named_peers(document):
        if peer.name:
            (disabled if peer.disabled else names)[peer.public_key] = peer.name
    return {**disabled, **names}


def named_peers(document: Document) -> Iterator[NamedPeer]:
    """Every peer block with a readable public key, in the file's order."""
    for block in peer_blocks(document):
        key = key_of(document, block)
        if key is not None:
            comment = find_name(document, block)
            name = comment.name if comment else ""
            yield NamedPeer(key, name, comment, block.section.disabled, block.header)


def find_name(document: Document, block: Block) -> NameComment | None:
    """The comment that names this block, by trust; among equals the first, above the header or below."""
    return min(find_names(document, block), key=lambda found: found.convention.trust, default=None)


def find_names(document: Document, block: Block) -> Iterator[NameComment]:
    """All comments of a block that could name it, in the file's order."""
    for index in _lines_with_comment(document, block):
        found = _read_comment(document.lines[index], index, block)
        if found is not None:
            yield found


def _lines_with_comment(document: Document, block: Block) -> Iterator[int]:
    lines = document.lines
    first = block.lead
    for index in range(block.header - 1, block.lead - 1, -1):
        raw = lines[index]
        if is_setting(raw[_prefix(raw, block) :].lstrip(SPACE)):
            first = index + 1
            break
    return (index for index in range(first, block.end) if b"#" in lines[index])


def _prefix(raw: bytes, block: Block) -> int:
    return disabled_prefix(raw) if block.section.disabled else 0


def _read_comment(raw: bytes, index: int, block: Block) -> NameComment | None:
    prefix = _prefix(raw, block)
    if not prefix and disabled_prefix(raw):
        return None
    start = raw.find(b"#", prefix)
    if start < 0:
        return None
    comment = raw[start:].rstrip(SPACE)
    if is_setting(comment):
        return None
    behind_content = bool(raw[prefix:start].strip(SPACE))
    if behind_content and not _may_carry_name(raw):
        return None
    for convention in CONVENTIONS:
        span = convention.find(comment)
        if span is not None:
            return _name_comment(span, comment, start, index, convention)
    span = BARE.find(comment) if is_name_like(comment) else None
    return None if span is None else _name_comment(span, comment, start, index, BARE)


def _may_carry_name(raw: bytes) -> bool:
    line = parse_line(raw)
    return line.kind is LineKind.HEADER or line.name == "publickey"


def _name_comment(
    span: tuple[int, int], comment: bytes, offset: int, index: int, convention: Convention
) -> NameComment | None:
    written = comment[span[0] : span[1]]
    name = "" if holds_key(written) else name_of(convention, written)
    if not any(character.isalnum() for character in name):
        return None
    return NameComment(index, offset + span[0], offset + span[1], name, convention)


def key_of(document: Document, block: Block) -> PublicKey | None:
    """The public key that a block ends up with; None where it has none that can be read."""
    for index in range(block.end - 1, block.header, -1):
        raw = document.lines[index]
        prefix = _prefix(raw, block)
        if raw[prefix : prefix + 1] == b"#":
            continue
        content = raw[prefix:].split(b"#", 1)[0].translate(None, SPACE)
        if content[:10].lower() == b"publickey=":
            try:
                return PublicKey.parse(content[10:].decode("latin-1"))
            except InvalidValue:
                return None
    return None
