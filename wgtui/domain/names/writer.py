"""Writes a peer's name in the convention of its file."""

from __future__ import annotations

from collections import Counter

from wgtui.domain.errors import InvalidValue
from wgtui.domain.names.conventions import CONVENTIONS, NAME, Convention, Place, holds_key
from wgtui.domain.names.reader import find_name
from wgtui.domain.wgquick.blocks import Block, peer_blocks
from wgtui.domain.wgquick.document import Document
from wgtui.domain.wgquick.editing import insert_lines
from wgtui.domain.wgquick.lines import disabled_prefix


def set_peer_name(document: Document, block: Block, name: str) -> Document:
    """Name a peer.

    A name that is there is replaced where it stands, with the line that closes its block where the
    convention has one. A new name follows the convention of most other peers of the file, else `# Name = x`.

    Args:
        document: The document.
        block: A `[Peer]` of it.
        name: One line of text.

    Raises:
        InvalidValue: The name is empty, holds control characters, or would be read as something else.
    """
    name = name.strip()
    _check(name)
    found = find_name(document, block)
    if found is None:
        changed = _add(document, block, name, _usual_convention(document))
    else:
        raw = document.lines[found.line]
        written = raw[: found.start] + name.encode() + raw[found.end :]
        changed = _rename_closing(document, block, found.convention, raw[found.start : found.end], name)
        changed = changed.replaced(found.line, found.line + 1, [written])
    return changed if _reads_back(changed, block, name) else _with_own_comment(document, block, name)


def _check(name: str) -> None:
    if not any(character.isalnum() for character in name):
        raise InvalidValue("a name has at least one letter or digit")
    if not name.isprintable():
        raise InvalidValue("a name is one line without control characters")
    if holds_key(name.encode("utf-8", "replace")):
        raise InvalidValue("this name looks like a key, and is not read back as a name")


def _usual_convention(document: Document) -> Convention:
    comments = (find_name(document, block) for block in peer_blocks(document))
    used = Counter(CONVENTIONS.index(c.convention) for c in comments if c and c.convention in CONVENTIONS)
    usual = CONVENTIONS[used.most_common(1)[0][0]] if used else NAME
    return usual if usual.template else NAME


def _add(document: Document, block: Block, name: str, convention: Convention) -> Document:
    prefix = _disabling_prefix(document, block)
    if convention.closing:
        document = insert_lines(document, block.end, [prefix + _fill(convention.closing, name)])
    at = block.header if convention.place is Place.BEFORE else block.header + 1
    return insert_lines(document, at, [prefix + _fill(convention.template, name)])


def _with_own_comment(document: Document, block: Block, name: str) -> Document:
    """For names that a tool's convention cannot express, such as one that ends like its own marks."""
    changed = _add(document, block, name, NAME)
    if not _reads_back(changed, block, name):
        raise InvalidValue("this name cannot be told from this file's other comments")
    return changed


def _reads_back(document: Document, before: Block, name: str) -> bool:
    """Whether the peer now has the name. Its header moved by at most the line above it."""
    for block in peer_blocks(document):
        if block.header in (before.header, before.header + 1):
            found = find_name(document, block)
            return found is not None and found.name == name
    return False


def _rename_closing(
    document: Document, block: Block, convention: Convention, written: bytes, name: str
) -> Document:
    if not convention.closing:
        return document
    old = convention.closing.replace(b"%s", written)
    for index in range(block.header + 1, block.end):
        raw = document.lines[index]
        if old in raw:
            new = raw.replace(old, convention.closing.replace(b"%s", name.encode()), 1)
            return document.replaced(index, index + 1, [new])
    return document


def _disabling_prefix(document: Document, block: Block) -> str:
    raw = document.lines[block.header]
    if not block.section.disabled:
        return ""
    end = disabled_prefix(raw)
    end += len(raw[end:]) - len(raw[end:].lstrip(b" "))
    return raw[:end].decode("utf-8", "surrogateescape")


def _fill(template: bytes, name: str) -> str:
    return template.decode("ascii").replace("%s", name)
