"""The journal as a table, and one entry of it in full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import localtime, strftime
from typing import Final

from wgtui.domain.journal import Entry, EntryState
from wgtui.domain.plan import sentence
from wgtui.domain.text import printable
from wgtui.ui.presentation.cells import NO_LINE, Cell, Line, Span, Tone, line
from wgtui.ui.presentation.columns import Column, PlacedColumn, place_columns
from wgtui.ui.presentation.glyphs import UTF8, Glyphs
from wgtui.ui.presentation.review import sentence_lines
from wgtui.ui.presentation.row_list import RowList
from wgtui.ui.presentation.wrapping import paragraph

_TITLE_LIMIT: Final = 300


@dataclass(frozen=True, slots=True)
class EntryView:
    """What of an entry is shown; the plan itself, with all that it replaced, need not be kept for it.

    Attributes:
        number: Of the entry.
        title: What it was for.
        state: How it stands.
        at: Unix time when it was begun.
        by: Who, in words.
        sentences: Its steps.
        left: Numbers of steps that could not be taken back, from 0.
        why: Why it was taken back; empty where it was not.
        undoes: The entry that it took back.
        undone_by: The entry that took it back.
        problem: Why it cannot be read; empty where it can.
    """

    number: int
    title: str
    state: EntryState | None = None
    at: float = 0.0
    by: str = ""
    sentences: tuple[str, ...] = ()
    left: tuple[int, ...] = ()
    why: str = ""
    undoes: int | None = None
    undone_by: int | None = None
    problem: str = ""


def entry_view(entry: Entry) -> EntryView:
    """An entry as it is shown."""
    return EntryView(
        number=entry.number,
        title=printable(entry.plan.title, _TITLE_LIMIT),
        state=entry.state,
        at=entry.at,
        by=printable(entry.by, 100),
        sentences=tuple(sentence(step) for step in entry.plan.told),
        left=entry.left,
        why=entry.why,
        undoes=entry.undoes,
        undone_by=entry.undone_by,
    )


def unreadable_view(number: int, problem: str) -> EntryView:
    """An entry that cannot be read."""
    return EntryView(number, "This entry cannot be read.", problem=problem)


@dataclass(frozen=True, slots=True)
class JournalContext:
    """What the cells of the table need besides the number of an entry.

    Attributes:
        views: The entries that were read so far.
        turn: Grows when `views` gets more.
        glyphs: The marks to draw with.
    """

    views: Mapping[int, EntryView] = field(default_factory=dict)
    turn: int = 0
    glyphs: Glyphs = UTF8


class JournalList(RowList[int]):
    """Numbers of entries, newest first."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__("number")
        self.descending = True
        self._numbers: tuple[int, ...] = ()

    def update(self, numbers: Sequence[int]) -> None:
        """Take the numbers of all entries, rising."""
        self._numbers = tuple(reversed(numbers))
        self.total = len(numbers)
        self._arrange()

    def _identity(self, row: int) -> object:
        return row

    def _arrange(self) -> None:
        self.rows = list(self._numbers)
        self._find()


STATE_TONES: Final = {
    EntryState.UNFINISHED: Tone.BAD,
    EntryState.WAITING: Tone.WARN,
    EntryState.APPLIED: Tone.GOOD,
    EntryState.REVERTED: Tone.WARN,
    EntryState.PARTLY_REVERTED: Tone.BAD,
    EntryState.UNDONE: Tone.QUIET,
}

_SHORT: Final = {EntryState.WAITING: "waiting"}


def state_mark(state: EntryState, glyphs: Glyphs) -> Cell:
    """The mark and the word of a state, short enough for a table."""
    return Cell(f"{_mark(state, glyphs)} {_SHORT.get(state, state.value)}", STATE_TONES[state])


def _mark(state: EntryState, glyphs: Glyphs) -> str:
    return {
        EntryState.UNFINISHED: glyphs.lost,
        EntryState.WAITING: glyphs.ageing,
        EntryState.APPLIED: glyphs.active,
        EntryState.REVERTED: glyphs.idle,
        EntryState.PARTLY_REVERTED: glyphs.lost,
        EntryState.UNDONE: glyphs.idle,
    }[state]


def _number_cell(number: int, _context: JournalContext, _width: int) -> Cell:
    return Cell(str(number), Tone.DIM)


def _state_cell(number: int, context: JournalContext, _width: int) -> Cell:
    view = context.views.get(number)
    if view is None:
        return Cell(context.glyphs.ellipsis, Tone.FAINT)
    if view.state is None:
        return Cell(f"{context.glyphs.lost} unreadable", Tone.BAD)
    return state_mark(view.state, context.glyphs)


def _when_cell(number: int, context: JournalContext, _width: int) -> Cell:
    view = context.views.get(number)
    return Cell(_time(view.at) if view is not None and view.at else "", Tone.DIM)


def _title_cell(number: int, context: JournalContext, _width: int) -> Cell:
    view = context.views.get(number)
    return Cell("" if view is None else context.glyphs.text(view.title), Tone.TEXT)


def _by_cell(number: int, context: JournalContext, _width: int) -> Cell:
    view = context.views.get(number)
    return Cell("" if view is None else context.glyphs.text(view.by), Tone.DIM)


COLUMNS: Final[tuple[Column[int, JournalContext], ...]] = (
    Column("number", "No.", 5, 0, _number_cell, lambda number, _: number, descending=True, right=True),
    Column("state", "State", 19, 1, _state_cell, lambda number, _: number),
    Column("when", "When", 16, 3, _when_cell, lambda number, _: number),
    Column("title", "What", 20, 0, _title_cell, lambda number, _: number),
    Column("by", "Who", 18, 4, _by_cell, lambda number, _: number),
)
"""Every column, in the order of the screen."""

_GROWTH: Final = (("title", 44), ("by", 30), ("title", 200))


def lay_out(width: int) -> tuple[PlacedColumn[int, JournalContext], ...]:
    """Choose and place the columns for a width in cells."""
    return place_columns(COLUMNS, _GROWTH, width, "title")


def entry_lines(view: EntryView | None, width: int, glyphs: Glyphs) -> list[Line]:
    """One entry in full: what it is, why it is so, what it did."""
    if view is None:
        return []
    if view.state is None:
        head = line((f"Entry {view.number}", Tone.STRONG))
        return [head, *paragraph(glyphs.text(printable(view.problem, 1000)), width, Tone.BAD)]
    return [*_head(view, width, glyphs), *_story(view, width, glyphs), NO_LINE, *_steps(view, width, glyphs)]


def _head(view: EntryView, width: int, glyphs: Glyphs) -> Iterator[Line]:
    yield from paragraph(glyphs.text(f"{view.number}  {view.title}"), width, Tone.STRONG)
    assert view.state is not None
    mark = f"{_mark(view.state, glyphs)} {view.state.value}"
    yield line((mark, STATE_TONES[view.state]), (f"  {_time(view.at)}", Tone.DIM))
    if view.by:
        yield from paragraph(glyphs.text(f"by {view.by}"), width, Tone.DIM)


def _story(view: EntryView, width: int, glyphs: Glyphs) -> Iterator[Line]:
    if view.undoes is not None:
        yield from paragraph(f"It took entry {view.undoes} back.", width)
    if view.undone_by is not None and view.undone_by != view.number:
        yield from paragraph(f"Entry {view.undone_by} took it back.", width)
    if view.why:
        yield from paragraph(glyphs.text(printable(view.why, 1000)), width, Tone.WARN)
    if view.left:
        yield from paragraph("These steps could not be taken back and need a hand:", width, Tone.BAD)
        for index in view.left:
            if index < len(view.sentences):
                first = (Span(f"{glyphs.lost} ", Tone.BAD),)
                text = glyphs.text(printable(view.sentences[index], 1000))
                yield from paragraph(text, width, Tone.BAD, first=first)


def _steps(view: EntryView, width: int, glyphs: Glyphs) -> Iterator[Line]:
    count = len(view.sentences)
    yield line((f"{count} step{'' if count == 1 else 's'}", Tone.TITLE))
    yield from sentence_lines(view.sentences, width, glyphs)


def _time(at: float) -> str:
    return strftime("%Y-%m-%d %H:%M", localtime(at))
