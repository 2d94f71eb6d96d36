"""The line that tells what was done to the table, and in which the filter is typed."""

from __future__ import annotations

from textual import events

from wgtui.ui.messages import FilterClosed, FilterTyped
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Tone
from wgtui.ui.presentation.overview import TableState, status_line
from wgtui.ui.widgets.line_pane import LinePane

_FILTER_LIMIT = 200


class StatusLine(LinePane, can_focus=True):
    """Pause, filter, sort and position. While it has the focus, keys write the filter."""

    HELP = "Type to narrow the table down; enter keeps the filter, escape clears it."
    BASE = Tone.BAR

    def __init__(self, painter: Painter, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(painter, id=id)
        self._text = ""
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

    def on_key(self, event: events.Key) -> None:
        """Write the filter: printable keys add, backspace, ctrl+w and ctrl+u take away."""
        edits = {
            "backspace": self._text[:-1],
            "ctrl+w": self._text.rstrip().rpartition(" ")[0],
            "ctrl+u": "",
        }
        if event.key in ("enter", "escape"):
            self.post_message(FilterClosed(keep=event.key == "enter"))
        elif event.key in edits:
            self._type(edits[event.key])
        elif event.is_printable and event.character:
            self._type(self._text + event.character)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_blur(self) -> None:
        """Keep the filter when the focus goes elsewhere."""
        self.post_message(FilterClosed(keep=True))

    def on_paste(self, event: events.Paste) -> None:
        """Write what was pasted, its first line only."""
        event.stop()
        self._type(self._text + (event.text.splitlines() or [""])[0])

    def _type(self, text: str) -> None:
        self._text = text[:_FILTER_LIMIT]
        self.post_message(FilterTyped(self._text))
