"""Sends only those cells to the terminal that really changed.

Textual paints whole widgets or regions. This layer keeps a copy of what the terminal shows, compares each
update with it cell by cell, and writes the difference with the shortest cursor moves and colour changes it
knows. It rests on the updates of Textual's compositor (`LayoutUpdate`, `ChopsUpdate`, 8.2.8), which is why
the project pins Textual; anything it does not recognise is written as Textual would.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from rich.cells import cell_len, get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate

Cell = tuple[str, Style | None]
"""A character with what combines with it, and its style; the second half of a wide one is empty."""

Change = tuple[int, int, list[Cell]]
"""Column, line, and the cells to write from there on."""

UNKNOWN: Final[Cell] = ("\0", None)
"""A cell of which it is not known what the terminal shows."""

_SHORT_GAP: Final = 4
"""Unchanged cells of the same style up to this many are written again: a cursor move costs as much."""

_FEW_CELLS: Final = 1500
"""Up to this many changed cells both orders of writing are tried, for the shorter one."""

_ATTRIBUTES: Final = (
    ("bold", "1"),
    ("dim", "2"),
    ("italic", "3"),
    ("underline", "4"),
    ("blink", "5"),
    ("reverse", "7"),
    ("strike", "9"),
)

_NARROW: Final = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u203f\u2190-\u2193\u2500-\u25fc]*"
).fullmatch
"""Text of characters that every terminal gives one column: Latin, Greek, arrows, boxes, blocks."""

_ASCII: Final = str.maketrans(
    {
        **dict.fromkeys("─━═╌╍┄┅┈┉╴╶╸╺▔▁▂", "-"),
        **dict.fromkeys("│┃║╎╏┆┇┊┋▏▎▍▌▐▕", "|"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯┏┓┗┛╔╗╚╝", "+"),
        **dict.fromkeys("█▇▆▅▄▃▀▓■", "#"),
        **dict.fromkeys("▒░", ":"),
        "…": "~",
        "•": "*",
        "·": ".",
    }
)


class Screenful:
    """What the terminal shows, and how to bring it to what it should show."""

    def __init__(self, colors: ColorSystem | None, *, ascii_only: bool = False) -> None:
        """Know nothing yet.

        Args:
            colors: The terminal's colours, None for none at all.
            ascii_only: Replace everything beyond ASCII, whoever drew it.
        """
        self._colors = colors
        self._ascii = ascii_only
        self._rows: list[list[Cell]] = []
        self._size = (0, 0)

    def forget(self) -> None:
        """Assume nothing about the terminal: the next update of a cell writes it."""
        self._rows = []
        self._size = (0, 0)

    def difference(self, update: CompositorUpdate, width: int, height: int) -> str | None:
        """The sequence that brings the terminal from what it shows to an update.

        Args:
            update: What Textual wants shown.
            width: Columns of the terminal.
            height: Its lines.

        Returns:
            An empty string when nothing changed; None for updates of an unknown kind, after which nothing
            is assumed about the terminal.
        """
        if (width, height) != self._size:
            self._size = (width, height)
            self._rows = [[UNKNOWN] * width for _ in range(height)]
        runs = _runs_of(update)
        if runs is None:
            self.forget()
            return None
        changes: list[Change] = []
        for x, y, segments in runs:
            if 0 <= y < height:
                self._compare(changes, x, y, segments)
        by_line = _written(changes, self._colors)
        if not changes or sum(len(cells) for _, _, cells in changes) > _FEW_CELLS:
            return by_line
        by_style = _written(_grouped_by_style(changes), self._colors)
        return min(by_line, by_style, key=len)

    def _compare(self, changes: list[Change], x: int, y: int, segments: Iterable[Segment]) -> None:
        row = self._rows[y]
        if not 0 <= x < len(row):
            return
        cells = list(_cells_of(segments, ascii_only=self._ascii))[: len(row) - x]
        if row[x : x + len(cells)] == cells:
            return
        for start, end in _changed_spans(row, cells, x):
            changes.append((x + start, y, cells[start:end]))
        row[x : x + len(cells)] = cells


def _runs_of(update: CompositorUpdate) -> list[tuple[int, int, Iterable[Segment]]] | None:
    """Where an update writes what: (column, line, segments); None for unknown kinds."""
    if isinstance(update, LayoutUpdate):
        x, y = update.region.offset
        return [
            (x, y + index, [segment for strip in strips for segment in strip])
            for index, strips in enumerate(update.strips)
        ]
    if isinstance(update, ChopsUpdate):
        return list(_chop_runs(update))
    return None


def _chop_runs(update: ChopsUpdate) -> Iterator[tuple[int, int, Iterable[Segment]]]:
    """The pieces of lines that a partial update covers, cut to its spans."""
    for y, left, right in update.spans:
        for (x, strip), end in zip(update.chops[y].items(), update.chop_ends[y], strict=False):
            if strip is None or x >= right or end <= left:
                continue
            start = max(x, left)
            piece = strip if start == x and end <= right else strip.crop(start - x, min(end, right) - x)
            yield start, y, piece


def _cells_of(segments: Iterable[Segment], *, ascii_only: bool) -> Iterator[Cell]:
    """Segments taken apart into cells."""
    for text, style, control in segments:
        if control:
            continue
        if text.isascii() or (not ascii_only and _NARROW(text)):
            for character in text:
                yield character, style
        elif ascii_only:
            for cluster, _ in _wide_cells(text, style):
                plain = cluster.translate(_ASCII)
                yield (plain if len(plain) == 1 and plain.isascii() else "?"), style
        else:
            yield from _wide_cells(text, style)


def _wide_cells(text: str, style: Style | None) -> Iterator[Cell]:
    """Cells of text with characters of no, one or two columns; the sum is rich's own measure of it."""
    cluster, width = "", 0
    for character in text:
        grown = cell_len(cluster + character)
        if cluster and grown > width and get_character_cell_size(character):
            yield cluster, style
            yield from [("", style)] * (width - 1)
            cluster, width = character, cell_len(character)
        else:
            cluster, width = cluster + character, grown
    if width:
        yield cluster, style
        yield from [("", style)] * (width - 1)


def _changed_spans(row: list[Cell], cells: list[Cell], x: int) -> list[tuple[int, int]]:
    """Ranges of `cells` that differ from the row, small gaps closed, wide characters never halved."""
    spans: list[tuple[int, int]] = []
    for index, cell in enumerate(cells):
        if row[x + index] == cell:
            continue
        start = index
        while start > 0 and not cells[start][0]:
            start -= 1
        end = index + 1
        while end < len(cells) and not cells[end][0]:
            end += 1
        if spans and start - spans[-1][1] <= _SHORT_GAP and _same_style(cells, spans[-1][1] - 1, start):
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _same_style(cells: list[Cell], start: int, end: int) -> bool:
    style = cells[start][1]
    return all(cell[1] == style for cell in cells[start:end])


def _grouped_by_style(changes: list[Change]) -> list[Change]:
    """The same changes in pieces of one style, those of a style together.

    A table's column has mostly one style, so that moving down the column replaces a change of colours in
    every cell.
    """
    groups: dict[Style | None, list[Change]] = {}
    for x, y, cells in changes:
        start = 0
        for index in range(1, len(cells) + 1):
            if index == len(cells) or cells[index][1] != cells[start][1]:
                groups.setdefault(cells[start][1], []).append((x + start, y, cells[start:index]))
                start = index
    return [change for group in groups.values() for change in group]


def _written(changes: list[Change], colors: ColorSystem | None) -> str:
    writer = _Writer(colors)
    for x, y, cells in changes:
        writer.write(x, y, cells)
    return writer.finish()


class _Writer:
    """Collects the sequence, with the cursor and the colours the terminal will have by then."""

    def __init__(self, colors: ColorSystem | None) -> None:
        self._colors = colors
        self._out: list[str] = []
        self._at: tuple[int, int] | None = None
        self._sgr: frozenset[str] | None = None

    def write(self, x: int, y: int, cells: list[Cell]) -> None:
        """Write cells at a place."""
        self._move(x, y)
        uncertain = False
        for text, style in cells:
            if not text:
                uncertain = True
                x += 1
                continue
            if uncertain:
                # Terminals disagree about the width of such characters: say where the next one stands.
                self._out.append(f"\x1b[{x + 1}G")
                uncertain = False
            self._dress(style)
            self._out.append(text)
            uncertain = not text.isascii() and not _is_surely_narrow(text)
            x += 1
        self._at = None if uncertain else (x, y)

    def finish(self) -> str:
        """The whole sequence, with plain colours at its end; empty when nothing was written."""
        if not self._out:
            return ""
        return "".join(self._out) + ("\x1b[0m" if self._sgr else "")

    def _move(self, x: int, y: int) -> None:
        if self._at == (x, y):
            return
        if self._at is not None and self._at[1] == y and x > self._at[0]:
            step = x - self._at[0]
            self._out.append(f"\x1b[{step}C" if step > 1 else "\x1b[C")
        else:
            self._out.append(f"\x1b[{y + 1};{x + 1}H")

    def _dress(self, style: Style | None) -> None:
        wanted = _codes(style, self._colors)
        have = self._sgr
        if wanted == have:
            return
        if have is None or _attributes(have) - _attributes(wanted) or _kinds(have) - _kinds(wanted):
            codes = ["0", *sorted(wanted)] if wanted else [""]
        else:
            codes = sorted(wanted - have)
        self._out.append(f"\x1b[{';'.join(codes)}m")
        self._sgr = wanted


def _attributes(codes: frozenset[str]) -> frozenset[str]:
    """Codes that only a reset takes back."""
    return frozenset(code for code in codes if len(code) == 1)


def _kinds(codes: frozenset[str]) -> frozenset[bool]:
    """Which of foreground and background are set: an unset one needs a reset."""
    return frozenset(_is_background(code) for code in codes if len(code) > 1)


def _is_background(code: str) -> bool:
    return code.startswith(("4", "10"))


@lru_cache(maxsize=1024)
def _codes(style: Style | None, colors: ColorSystem | None) -> frozenset[str]:
    """A style's SGR codes: attributes one by one, each colour as one item."""
    if style is None:
        return frozenset()
    codes = {code for name, code in _ATTRIBUTES if getattr(style, name)}
    if colors is not None:
        for color, foreground in ((style.color, True), (style.bgcolor, False)):
            if color is not None and not color.is_default:
                codes.add(";".join(color.downgrade(colors).get_ansi_codes(foreground)))
    return frozenset(codes)


@lru_cache(maxsize=1024)
def _is_surely_narrow(text: str) -> bool:
    """Whether every terminal gives the character one column: box drawing, blocks, arrows, Latin, Greek."""
    return len(text) == 1 and _NARROW(text) is not None


class Prepared(CompositorUpdate):
    """An update whose sequence is already known."""

    def __init__(self, sequence: str) -> None:
        self._sequence = sequence

    def render_segments(self, console: Console) -> str:
        """The sequence."""
        return self._sequence
