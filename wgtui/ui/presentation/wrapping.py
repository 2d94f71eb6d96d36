"""Sentences into lines of a width in cells."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from wgtui.ui.presentation.cells import NO_LINE, Line, Span, Tone

_WIDE = ("W", "F")


def cell_width(text: str) -> int:
    """Cells that printable text takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def wrap(text: str, width: int) -> list[str]:
    """Break printable text at spaces, and words that are longer than a line anywhere.

    Args:
        text: One paragraph.
        width: Cells of a line, at least 2.
    """
    rows: list[str] = []
    row, used = "", 0
    for word in _words(text, max(2, width)):
        size = cell_width(word)
        if row and used + 1 + size > width:
            rows.append(row)
            row, used = word, size
        else:
            row, used = (f"{row} {word}", used + 1 + size) if row else (word, size)
    return [*rows, row] if row else rows


def paragraph(text: str, width: int, tone: Tone = Tone.TEXT, *, first: Line = NO_LINE) -> list[Line]:
    """A wrapped text as lines.

    Args:
        text: Printable, one paragraph.
        width: Cells of a line, `first` included.
        tone: Of the text.
        first: Stands before the first line; the others are indented as far.
    """
    indent = sum(cell_width(span.text) for span in first)
    rows = wrap(text, width - indent) or [""]
    hanging = (Span(" " * indent),) if indent else NO_LINE
    return [(*(hanging if number else first), Span(row, tone)) for number, row in enumerate(rows)]


def _words(text: str, width: int) -> Iterator[str]:
    for word in text.split():
        piece, used = "", 0
        for character in word if cell_width(word) > width else ():
            size = _width(character)
            if used + size > width:
                yield piece
                piece, used = "", 0
            piece, used = piece + character, used + size
        yield piece or word


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1
