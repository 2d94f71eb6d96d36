"""The line that tells what was done to the table, and in which the filter is typed."""

from __future__ import annotations

from textual import events

from wgtui.ui.messages import FilterClosed, FilterTyped
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Tone
from wgtui.ui.presentation.table_state import TableState, status_line
from wgtui.ui.widgets.typing_line import TypingLine


class StatusLine(TypingLine):
    """Pause, filter, sort and position. While it has the focus, keys write the filter."""

    HELP = "Type to narrow the table down; enter keeps the filter, escape clears it."
    BASE = Tone.BAR

    def __init__(self, painter: Painter, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(painter, id=id)
        self._state = TableState()

    def show_state(self, state: TableState) -> None:
        """Show what was done to the table."""
        if not state.editing:
            # What is being typed is ahead of what the screen has made of it.
            self._text = state.filter
        self._state = state
        self.show([status_line(state, self.size.width, self._painter.glyphs)])

    def on_resize(self, event: events.Resize) -> None:
        """Fill the new width."""
        self.show_state(self._state)

    def _changed(self) -> None:
        self.post_message(FilterTyped(self._text))

    def _ended(self, keep: bool) -> None:
        self.post_message(FilterClosed(keep=keep))
