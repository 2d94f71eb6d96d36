"""Edits of a document. Each touches only the lines it is about; all others keep their bytes.

Section and block values hold line numbers of one document: take them anew from the result of an edit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from wgtui.domain.errors import InvalidValue
from wgtui.domain.wgquick.blocks import Block
from wgtui.domain.wgquick.document import Document, Section
from wgtui.domain.wgquick.lines import Line, line_ending

_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*", re.ASCII)
_LINE_BREAKING: Final = re.compile(r"[\n\r\0]")


def set_value(document: Document, section: Section, key: str, value: str) -> Document:
    """Make a key have exactly one line in a section, with this value.

    The first line of the key gets the value and keeps its indentation, spelling and comment; further lines
    of the key go. A key that is not there is added behind the section's last entry.

    Args:
        document: The document.
        section: One of its sections that count.
        key: In the spelling for a new line; compared in any case.
        value: One line. Only hooks may hold a `#`.

    Raises:
        InvalidValue: Key or value would break the line. The message quotes neither.
    """
    _check(key, value)
    found = list(document.entries(section, key))
    if not found:
        return add_entry(document, section, key, value)
    (first, line), *rest = found
    for index, _ in reversed(rest):
        document = document.replaced(index, index + 1, ())
    return document.replaced(first, first + 1, [_with_value(line, value)])


def set_line_value(document: Document, index: int, value: str) -> Document:
    """Give the entry on one line another value; the rest of the line stays.

    Raises:
        InvalidValue: The line is no entry, or the value would break it.
    """
    line = document.line(index)
    if line.value_start < 0:
        raise InvalidValue(f"line {index + 1} has no value to replace")
    _check(line.name, value)
    return document.replaced(index, index + 1, [_with_value(line, value)])


def add_entry(document: Document, section: Section, key: str, value: str) -> Document:
    """Add a line behind the section's last entry, or behind its header; raises `InvalidValue`."""
    _check(key, value)
    last = max((index for index, _ in document.entries(section)), default=section.header)
    return insert_lines(document, last + 1, [f"{key} = {value}"])


def remove_key(document: Document, section: Section, key: str) -> Document:
    """Remove all lines of a key from a section that counts."""
    for index, _ in reversed(list(document.entries(section, key))):
        document = document.replaced(index, index + 1, ())
    return document


def add_peer(
    document: Document, entries: Iterable[tuple[str, str]], comments: Iterable[str] = ()
) -> Document:
    """Append a `[Peer]` behind an empty line.

    Args:
        document: The document.
        entries: Keys and values in order.
        comments: Whole comment lines to put above the header.

    Raises:
        InvalidValue: A line would be broken by what is in it.
    """
    lines = list(comments)
    if any(_LINE_BREAKING.search(line) or not line.startswith("#") for line in lines):
        raise InvalidValue("a comment is one line that starts with #")
    lines.append("[Peer]")
    for key, value in entries:
        _check(key, value)
        lines.append(f"{key} = {value}")
    if document.lines and document.lines[-1].strip():
        lines.insert(0, "")
    return insert_lines(document, len(document.lines), lines)


def remove_block(document: Document, block: Block) -> Document:
    """Remove a section with its comments, and the empty lines behind it where some stand in front as well.

    Blocks that a tool disabled and that stand within its lines stay.
    """
    end = block.end
    if block.lead == 0 or not document.lines[block.lead - 1].strip():
        while end < len(document.lines) and not document.lines[end].strip():
            end += 1
    return document.replaced(block.lead, end, ())


def insert_lines(document: Document, index: int, texts: Iterable[str]) -> Document:
    """Insert lines, with the document's line ending; a last line without one in front of them gets it."""
    ending = document.newline
    lines = [text.encode("utf-8", "surrogateescape") + ending for text in texts]
    if lines and index > 0 and not line_ending(document.lines[index - 1]):
        previous = document.lines[index - 1]
        document = document.replaced(index - 1, index, [previous + ending])
    return document.replaced(index, index, lines)


def _with_value(line: Line, value: str) -> bytes:
    raw = line.raw
    before = raw[: line.value_start]
    gap = b" " if before.endswith(b"=") and line.value_start == line.value_end else b""
    return before + gap + value.encode("utf-8", "surrogateescape") + raw[line.value_end :]


def _check(key: str, value: str) -> None:
    if not _KEY.fullmatch(key):
        raise InvalidValue("a key is one word of letters and digits")
    if _LINE_BREAKING.search(value):
        raise InvalidValue("a value is one line")
    is_hook = key.lower() in ("preup", "postup", "predown", "postdown")
    if "#" in value and not is_hook:
        raise InvalidValue("a value has no #, which starts a comment")
