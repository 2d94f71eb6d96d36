"""A table: only visible rows are ever formatted, only changed cells are painted again."""

from __future__ import annotations

from abc import abstractmethod
from typing import Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from wgtui.ui.messages import OpenRow, SelectRow, SortBy
from wgtui.ui.painter import Painter, fit
from wgtui.ui.presentation.cells import Cell, Tone
from wgtui.ui.presentation.columns import PlacedColumn, column_title
from wgtui.ui.presentation.row_list import RowList

Row = TypeVar("Row")
Context = TypeVar("Context")

_HEADER = 1
_MARGIN = 1
_WHEEL_ROWS = 3


class RowTable(Widget, Generic[Row, Context]):
    """Rows of a `RowList` under a header, with the selected one in view.

    It scrolls by rows on its own, so that ten thousand of them cost what the visible ones cost.
    """

    def __init__(self, painter: Painter, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._painter = painter
        self._list: RowList[Row] | None = None
        self._row_context: Context | None = None
        self._columns: tuple[PlacedColumn[Row, Context], ...] = ()
        self._rows: list[Row] = []
        self._top = 0
        self._cells: dict[int, tuple[Cell, ...]] = {}
        self._drawn: tuple[int, int, int, str, bool] = (0, 0, 0, "", False)

    @abstractmethod
    def _lay_out(self, width: int) -> tuple[PlacedColumn[Row, Context], ...]:
        """Choose and place the columns for a width in cells."""

    def _cell(self, placed: PlacedColumn[Row, Context], row: Row, context: Context) -> Cell:
        """A row's cell."""
        return placed.column.cell(row, context, placed.width)

    @property
    def page(self) -> int:
        """Rows that are visible at once."""
        return max(1, self.size.height - _HEADER)

    @property
    def top(self) -> int:
        """The first visible row."""
        return self._top

    @property
    def _cursor(self) -> int:
        return self._list.cursor if self._list is not None else 0

    @property
    def columns(self) -> tuple[PlacedColumn[Row, Context], ...]:
        """The columns that fit."""
        return self._columns

    def update_rows(self, listed: RowList[Row], context: Context) -> None:
        """Show a list as it is now: paint what differs from what was painted."""
        if listed is not self._list:
            self._list, self._top = listed, 0
            self._cells.clear()
            self.refresh()
        same_rows = listed.rows is self._rows and context == self._row_context
        self._row_context, self._rows = context, listed.rows
        self._keep_in_view()
        drawn = (self._top, listed.cursor, len(listed.rows), listed.sort_name, listed.descending)
        before, self._drawn = self._drawn, drawn
        if (drawn[0], drawn[2:]) != (before[0], before[2:]):
            self._cells.clear()
            self.refresh()
            return
        if drawn[1] != before[1]:
            for row in (before[1], drawn[1]):
                self._refresh_row(row)
        for row, old in () if same_rows else list(self._cells.items()):
            new = self._format(row)
            if new != old:
                self._cells[row] = new
                # Whole: what of it really changed is found out when it is written.
                self._refresh_row(row)

    def on_resize(self, event: events.Resize) -> None:
        """Choose the columns for the new width."""
        self._columns = self._lay_out(event.size.width - 2 * _MARGIN)
        self._cells.clear()
        self._keep_in_view()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Paint the header or a row."""
        if y < _HEADER:
            return self._header()
        row = self._top + y - _HEADER
        rail = Segment(*self._rail(y - _HEADER))
        width = self.size.width
        style = self._painter.palette.style
        if row >= len(self._rows):
            return Strip([Segment(" " * (width - 1), style(Tone.TEXT)), rail], width)
        cells = self._cells.get(row)
        if cells is None:
            cells = self._cells[row] = self._format(row)
        selected = row == self._cursor
        segments = [Segment(" " * _MARGIN, style(Tone.TEXT, on_cursor=selected))]
        at = 0
        for placed, cell in zip(self._columns, cells, strict=True):
            text = fit(cell.text, placed.width, self._painter.glyphs.ellipsis, right=placed.column.right)
            if placed.x > at:
                segments.append(Segment(" " * (placed.x - at), style(Tone.TEXT, on_cursor=selected)))
            segments.append(Segment(text, style(cell.tone, on_cursor=selected)))
            at = placed.x + placed.width
        rest = width - _MARGIN - at - 1
        if rest > 0:
            segments.append(Segment(" " * rest, style(Tone.TEXT, on_cursor=selected)))
        segments.append(rail)
        return Strip(segments).adjust_cell_length(width)

    def on_click(self, event: events.Click) -> None:
        """Select the row, sort by the title, or jump along the scrollbar."""
        event.stop()
        if event.y < _HEADER:
            at = event.x - _MARGIN
            placed = [one for one in self._columns if one.x <= at <= one.x + one.width]
            if placed:
                self.post_message(SortBy(placed[0].column.name))
        elif event.x >= self.size.width - 1:
            self._jump(event.y - _HEADER)
        elif (row := self._top + event.y - _HEADER) < len(self._rows):
            again = row == self._cursor and event.chain > 1
            self.post_message(OpenRow() if again else SelectRow(row))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move down."""
        event.stop()
        self.post_message(SelectRow(self._cursor + _WHEEL_ROWS))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move up."""
        event.stop()
        self.post_message(SelectRow(max(0, self._cursor - _WHEEL_ROWS)))

    def _jump(self, y: int) -> None:
        last = len(self._rows) - 1
        self.post_message(SelectRow(round(y / max(1, self.page - 1) * last)))

    def _format(self, row: int) -> tuple[Cell, ...]:
        context = self._row_context
        if context is None:
            return ()
        return tuple(self._cell(placed, self._rows[row], context) for placed in self._columns)

    def _header(self) -> Strip:
        glyphs, style, listed = self._painter.glyphs, self._painter.palette.style, self._list
        segments = [Segment(" " * _MARGIN, style(Tone.TITLE))]
        at = 0
        for placed in self._columns:
            column = placed.column
            sorted_by = listed is not None and column.name == listed.sort_name
            title = column_title(column, glyphs)
            if listed is not None and sorted_by:
                mark = glyphs.descending if listed.descending else glyphs.ascending
                title = f"{title}{mark}" if len(title) < placed.width else title[:-1] + mark
            tone = Tone.TITLE_SORTED if sorted_by else Tone.TITLE
            segments.append(Segment(" " * (placed.x - at), style(Tone.TITLE)))
            segments.append(
                Segment(fit(title, placed.width, glyphs.ellipsis, right=column.right), style(tone))
            )
            at = placed.x + placed.width
        segments.append(Segment(" " * max(0, self.size.width - _MARGIN - at), style(Tone.TITLE)))
        segments = [segment for segment in segments if segment.text]
        return Strip(segments).adjust_cell_length(self.size.width)

    def _rail(self, y: int) -> tuple[str, Style]:
        """The scrollbar's cell of a line: nothing while all rows are visible."""
        glyphs, style = self._painter.glyphs, self._painter.palette.style
        count, page = len(self._rows), self.page
        if count <= page:
            return " ", style(Tone.TEXT)
        size = max(1, page * page // count)
        start = round(self._top / (count - page) * (page - size))
        on_thumb = start <= y < start + size
        return (glyphs.thumb, style(Tone.DIM)) if on_thumb else (glyphs.rail, style(Tone.FAINT))

    def _keep_in_view(self) -> None:
        cursor, page = self._cursor, self.page
        top = min(self._top, cursor)
        if cursor >= top + page:
            top = cursor - page + 1
        self._top = max(0, min(top, len(self._rows) - page))
        for row in [row for row in self._cells if not self._top <= row < self._top + page]:
            del self._cells[row]

    def _refresh_row(self, row: int) -> None:
        if self._top <= row < self._top + self.page:
            self.refresh(Region(0, row - self._top + _HEADER, self.size.width, 1))
