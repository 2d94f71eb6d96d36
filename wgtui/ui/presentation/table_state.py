"""The line that tells what was done to a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wgtui.domain.text import printable
from wgtui.ui.presentation.cells import Line, Tone, line
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.units import age


@dataclass(frozen=True, slots=True)
class TableState:
    """What the status line tells about the table.

    Attributes:
        shown: Rows that pass the filter.
        total: All rows.
        position: The selected row, from 1; 0 for none.
        filter: The filter's text.
        editing: Whether the filter is being typed.
        sort_title: Title of the column sorted by.
        descending: Its direction.
        paused_for: Seconds since the table was paused, None when it runs.
        one: What a row is called.
        many: What rows are called.
    """

    shown: int = 0
    total: int = 0
    position: int = 0
    filter: str = ""
    editing: bool = False
    sort_title: str = ""
    descending: bool = False
    paused_for: float | None = None
    one: str = "peer"
    many: str = "peers"


def status_line(table: TableState, width: int, glyphs: Glyphs) -> Line:
    """Pause, filter, sort and position; where it gets too long, hints of keys are left out."""
    parts = list(_status_parts(table, glyphs))
    for hint in [part for part in parts if part[2]]:
        if sum(len(text) for text, _, _ in parts) > width:
            parts.remove(hint)
    return line(*((text, tone) for text, tone, _ in parts))


def _status_parts(table: TableState, glyphs: Glyphs) -> Iterator[tuple[str, Tone, bool]]:
    """Texts of the status line, and whether each is only a hint."""
    if table.paused_for is not None:
        yield f" PAUSED {age(table.paused_for)} ", Tone.ALERT, False
        yield " space goes on ", Tone.BAR, True
    if table.editing or table.filter:
        yield " filter ", Tone.BAR, False
        yield glyphs.text(printable(table.filter, 40)) if table.filter else "", Tone.KEY, False
        yield "_" if table.editing else "", Tone.KEY, False
        yield f"  {table.shown} of {table.total} {table.many} ", Tone.BAR, False
        yield " enter keeps, esc clears " if table.editing else " esc clears ", Tone.BAR, True
    elif table.position:
        yield f" {table.one} {table.position} of {table.total} ", Tone.BAR, False
    else:
        yield f" no {table.many} ", Tone.BAR, False
    mark = glyphs.descending if table.descending else glyphs.ascending
    yield f" sorted by {table.sort_title.lower()} {mark}", Tone.BAR, False
