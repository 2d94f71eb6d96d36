"""Writes a peer's name in the convention of its file."""

from __future__ import annotations

from collections import Counter

from wgtui.domain.errors import InvalidValue
from wgtui.domain.names.conventions import (
    CONVENTIONS,
    FRIENDLY_JSON,
    NAME,
    Convention,
    Place,
    Trust,
    holds_key,
)
from wgtui.domain.names.reader import NameComment, find_name, find_names
from wgtui.domain.wgquick.blocks import Block, peer_blocks
from wgtui.domain.wgquick.document import Document
from wgtui.domain.wgquick.lines import BOM, SPACE, LineKind, disabled_prefix
from wgtui.domain.wgquick.patch import Patch


def set_peer_name(document: Document, block: Block, name: str) -> Document:
    """Name a peer.

    A name that is there is replaced wherever a tool's or an explicit comment says it, and in the line that
    closes its block where the convention has one. A new name follows the convention of most other peers of
    the file, else `# Name = x`.

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
    changed = _rename(document, block, found, name) if found else _add(document, block, name)
    return changed if _reads_back(changed, block, name) else _with_own_comment(document, block, name)


def remove_peer_name(document: Document, block: Block) -> Document:
    """Take a peer's name out of its file: every comment that says it, and the line that closes its block.

    Another comment that could be a name stays, and is then read as the name.
    """
    found = find_name(document, block)
    if found is None:
        return document
    patch = Patch(document)
    for comment in find_names(document, block):
        if comment.name == found.name:
            _remove_comment(patch, document, comment)
    closing = _closing_line(document, block, found)
    if closing is not None:
        patch.remove(closing)
    return patch.apply()


def _remove_comment(patch: Patch, document: Document, comment: NameComment) -> None:
    line = document.line(comment.line)
    if line.kind is LineKind.COMMENT:
        patch.remove(comment.line)
    else:
        patch.set_raw(comment.line, line.raw[: line.comment].rstrip(SPACE) + line.ending)


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


def _rename(document: Document, block: Block, found: NameComment, name: str) -> Document:
    patch = Patch(document)
    for comment in find_names(document, block):
        is_same = comment.name == found.name and comment.convention.trust < Trust.BARE
        if comment == found or (is_same and comment.convention is not FRIENDLY_JSON):
            raw = document.lines[comment.line]
            patch.set_raw(comment.line, raw[: comment.start] + name.encode() + raw[comment.end :])
    closing = _closing_line(document, block, found)
    if closing is not None:
        old, new = _closing_text(document, found), found.convention.closing.replace(b"%s", name.encode())
        patch.set_raw(closing, document.lines[closing].replace(old, new, 1))
    return patch.apply()


def _add(document: Document, block: Block, name: str, convention: Convention | None = None) -> Document:
    convention = convention or _usual_convention(document)
    prefix = _disabling_prefix(document, block)
    patch = Patch(document)
    at = block.header if convention.place is Place.BEFORE else block.header + 1
    patch.insert(at, _fill(convention.template, name), prefix)
    if convention.closing:
        patch.insert(block.end, _fill(convention.closing, name), prefix)
    return patch.apply()


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


def _closing_text(document: Document, found: NameComment) -> bytes:
    written = document.lines[found.line][found.start : found.end]
    return found.convention.closing.replace(b"%s", written)


def _closing_line(document: Document, block: Block, found: NameComment) -> int | None:
    """The line that closes a block in the convention of its name."""
    text = _closing_text(document, found)
    lines = range(block.header + 1, block.end) if text else range(0)
    return next((index for index in lines if text in document.lines[index]), None)


def _disabling_prefix(document: Document, block: Block) -> bytes:
    raw = document.lines[block.header]
    if not block.section.disabled:
        return b""
    end = disabled_prefix(raw)
    end += len(raw[end:]) - len(raw[end:].lstrip(b" "))
    return raw[:end].removeprefix(BOM)


def _fill(template: bytes, name: str) -> str:
    return template.decode("ascii").replace("%s", name)
