"""Very many lines with a cursor: only those that are visible are ever made."""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from wgtui.ui.painter import Painter, fit
from wgtui.ui.presentation.cells import Line, Tone
from wgtui.ui.presentation.wrapping import cell_width

MakeLine = Callable[[int], Line]
"""Makes the line with an index, from 0."""

_WHEEL_LINES = 3


class LineList(Widget):
    """Lines, one of them under the cursor, and a rail at the right edge where not all are visible."""

    class Moved(Message):
        """The cursor is to go to a line."""

        def __init__(self, lines: LineList, index: int) -> None:
            super().__init__()
            self.lines = lines
            """The list."""
            self.index = index
            """The line, from 0; may be beyond the last."""

        @property
        def control(self) -> LineList:
            """The list, so that handlers can select by it."""
            return self.lines

    def __init__(self, painter: Painter, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._painter = painter
        self._count = 0
        self._make: MakeLine = lambda _index: ()
        self._top = 0
        self.cursor = 0
        """The line under the cursor, from 0."""
        self.is_active = False
        """Whether keys move this list's cursor."""

    @property
    def count(self) -> int:
        """How many lines there are."""
        return self._count

    @property
    def page(self) -> int:
        """Lines that are visible at once."""
        return max(1, self.size.height)

    @property
    def top(self) -> int:
        """The first visible line."""
        return self._top

    def show(self, count: int, make: MakeLine) -> None:
        """Show other lines; the cursor stays where it is as far as it can."""
        if count != self._count:
            self.refresh(layout=True)
        self._count, self._make = count, make
        self.cursor = max(0, min(self.cursor, count - 1))
        self._keep_in_view()
        self.refresh()

    def move_to(self, index: int) -> None:
        """Put the cursor on the nearest line there is."""
        before, top = self.cursor, self._top
        self.cursor = max(0, min(index, self._count - 1))
        self._keep_in_view()
        if top != self._top:
            self.refresh()
            return
        for line in {before, self.cursor}:
            self.refresh(Region(0, line - self._top, self.size.width, 1))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All lines, where the height is automatic."""
        return self._count

    def activate(self, active: bool) -> None:
        """Let keys move this cursor, or another one."""
        if active is not self.is_active:
            self.is_active = active
            self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in view."""
        self._keep_in_view()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Paint a line."""
        width, index, style = self.size.width, self._top + y, self._painter.palette.style
        if index >= self._count:
            return Strip([Segment(" " * width, style(Tone.TEXT))], width)
        on_cursor = index == self.cursor and self.is_active
        room, segments = max(0, width - 1), []
        for span in self._make(index):
            text, size = span.text, cell_width(span.text)
            if size > room:
                text, size = fit(text, room, self._painter.glyphs.ellipsis), room
            if size:
                segments.append(Segment(text, style(span.tone, on_cursor=on_cursor)))
            room -= size
        segments.append(Segment(" " * room, style(Tone.TEXT, on_cursor=on_cursor)))
        segments.append(self._rail(y))
        return Strip([segment for segment in segments if segment.text]).adjust_cell_length(width)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor there, or jump along the rail."""
        event.stop()
        if event.x >= self.size.width - 1 and self._count > self.page:
            self._ask(round(event.y / max(1, self.page - 1) * (self._count - 1)))
        elif self._top + event.y < self._count:
            self._ask(self._top + event.y)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move down."""
        event.stop()
        self._ask(self.cursor + _WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move up."""
        event.stop()
        self._ask(self.cursor - _WHEEL_LINES)

    def _ask(self, index: int) -> None:
        self.post_message(self.Moved(self, index))

    def _rail(self, y: int) -> Segment:
        glyphs, style, page = self._painter.glyphs, self._painter.palette.style, self.page
        if self._count <= page:
            return Segment(" ", style(Tone.TEXT))
        size = max(1, page * page // self._count)
        start = round(self._top / (self._count - page) * (page - size))
        if start <= y < start + size:
            return Segment(glyphs.thumb, style(Tone.DIM))
        return Segment(glyphs.rail, style(Tone.FAINT))

    def _keep_in_view(self) -> None:
        page = self.page
        top = min(self._top, self.cursor)
        if self.cursor >= top + page:
            top = self.cursor - page + 1
        self._top = max(0, min(top, self._count - page))
