"""Columns of tables: what each shows, how it sorts, and which of them fit a width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from wgtui.ui.presentation.cells import Cell
from wgtui.ui.presentation.glyphs import Glyphs

Row = TypeVar("Row")
Context = TypeVar("Context")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row, Context]):
    """One column.

    Attributes:
        name: Its identity.
        title: What stands above it; `{down}` and `{up}` become arrows.
        width: Cells it needs.
        priority: 0 is always there; the highest is the first to go.
        cell: Makes a row's cell for a width.
        order: Makes a row's sort value at a time in Unix seconds.
        descending: Whether it sorts largest first at the first press.
        right: Whether it is right-aligned.
    """

    name: str
    title: str
    width: int
    priority: int
    cell: Callable[[Row, Context, int], Cell]
    order: Callable[[Row, float], Any]
    descending: bool = False
    right: bool = False


@dataclass(frozen=True, slots=True)
class PlacedColumn(Generic[Row, Context]):
    """A column at its place in the table."""

    column: Column[Row, Context]
    x: int
    width: int


def column_title(column: Column[Row, Context], glyphs: Glyphs) -> str:
    """What stands above a column."""
    return column.title.format(down=glyphs.received, up=glyphs.sent)


def place_columns(
    columns: Sequence[Column[Row, Context]], growth: Sequence[tuple[str, int]], width: int, yielding: str
) -> tuple[PlacedColumn[Row, Context], ...]:
    """Choose and place columns for a width in cells, one cell between them.

    Columns are taken by priority while they fit; what is left goes to those that may grow.

    Args:
        columns: All of them, in the order of the screen.
        growth: Who gets spare width, in turns: a column and the width up to which it then grows.
        width: Cells there are.
        yielding: The column that gets narrower where even those of priority 0 do not fit.
    """
    widths: dict[str, int] = {}
    used = -1
    for column in sorted(columns, key=lambda column: column.priority):
        if column.priority and used + 1 + column.width > width:
            break
        widths[column.name] = column.width
        used += 1 + column.width
    spare = width - used
    for name, limit in growth:
        if name in widths and spare > 0:
            grown = max(0, min(spare, limit - widths[name]))
            widths[name] += grown
            spare -= grown
    if spare < 0:
        widths[yielding] = max(1, widths[yielding] + spare)
    placed: list[PlacedColumn[Row, Context]] = []
    x = 0
    for column in columns:
        if column.name in widths:
            placed.append(PlacedColumn(column, x, widths[column.name]))
            x += widths[column.name] + 1
    return tuple(placed)
