"""Edits of single lines, collected by the line numbers of one document and applied at once."""

from __future__ import annotations

import re
from typing import Final

from wgtui.domain.errors import InvalidValue
from wgtui.domain.wgquick.document import Document
from wgtui.domain.wgquick.lines import BOM, HOOKS, SPACE, line_ending

_LINE_BREAKING: Final = re.compile(r"[\n\r\0]")


class Patch:
    """Edits of one document. What is not edited keeps its bytes.

    New lines get the document's line ending. A file whose last line has no ending keeps it so, whichever
    line is the last in the end; a byte order mark stays in front of the first.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._replaced: dict[int, bytes | None] = {}
        self._inserted: dict[int, list[bytes]] = {}

    def set_value(self, index: int, value: str, key: str = "") -> None:
        """Give the entry on one line another value; indentation, spelling of the key and comment stay.

        Args:
            index: The line.
            value: One line. Only hooks may hold a `#`; a hook's old value reaches to the end of its line.
            key: To write in front of the value where the line has no `=`, which `wg-quick` takes.

        Raises:
            InvalidValue: The value would break the line. The message does not quote it.
        """
        line = self._document.line(index)
        is_hook = (line.name or key.lower()) in HOOKS
        _check(value, is_hook)
        raw, start, end = line.raw, line.value_start, line.value_end
        if start < 0:
            content = raw[line.start : line.comment if line.comment >= 0 else len(raw)].rstrip(SPACE)
            start, end = line.start, line.start + len(content)
            value = f"{key} = {value}"
        elif start == end and value and raw[start - 1 : start] == b"=":
            value = f" {value}"
        if is_hook:
            end = max(start, len(raw.rstrip(SPACE)))
        self._replaced[index] = raw[:start] + _encode(value) + raw[end:]

    def set_raw(self, index: int, raw: bytes) -> None:
        """Replace a whole line, its ending included."""
        self._replaced[index] = raw

    def remove(self, start: int, end: int | None = None) -> None:
        """Remove one line, or those up to `end`."""
        for index in range(start, start + 1 if end is None else end):
            self._replaced[index] = None

    def add_entry(self, index: int, key: str, value: str, indentation: bytes = b"") -> None:
        """Add an entry in front of a line; those added to the same place stay in order.

        Raises:
            InvalidValue: The value would break the line. The message does not quote it.
        """
        _check(value, key.lower() in HOOKS)
        self.insert(index, f"{key} = {value}", indentation)

    def insert(self, index: int, text: str, indentation: bytes = b"") -> None:
        """Add a line in front of the one with this index; that of the document's length is its end.

        Args:
            index: From 0.
            text: One line without its ending.
            indentation: What stands in front of the text.
        """
        if _LINE_BREAKING.search(text):
            raise InvalidValue("this is more than one line")
        self._inserted.setdefault(index, []).append(indentation + _encode(text))

    def apply(self) -> Document:
        """The document with all edits."""
        if not self._replaced and not self._inserted:
            return self._document
        old = self._document.lines
        newline = self._document.newline
        mark = BOM if old and old[0].startswith(BOM) else b""
        lines: list[bytes] = []
        for index in range(len(old) + 1):
            lines.extend(text + newline for text in self._inserted.get(index, ()))
            raw = self._replaced.get(index, old[index]) if index < len(old) else None
            if raw is not None:
                lines.append(raw.removeprefix(mark) if index == 0 else raw)
        lines[:-1] = [raw if line_ending(raw) else raw + newline for raw in lines[:-1]]
        if lines and old and not line_ending(old[-1]):
            lines[-1] = lines[-1].removesuffix(line_ending(lines[-1]))
        elif lines and not line_ending(lines[-1]):
            lines[-1] += newline
        if mark:
            lines = [mark + b"".join(lines[:1]), *lines[1:]]
        return Document(lines)


def _encode(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise InvalidValue("this text cannot be written as UTF-8") from None


def _check(value: str, is_hook: bool) -> None:
    if _LINE_BREAKING.search(value):
        raise InvalidValue("a value is one line")
    if "#" in value and not is_hook:
        raise InvalidValue("a value has no #, which starts a comment")
