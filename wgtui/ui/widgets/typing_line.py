"""A line in which text is typed, as a burst of keys or one at a time."""

from __future__ import annotations

from abc import abstractmethod

from textual import events

from wgtui.ui.painter import Painter
from wgtui.ui.widgets.line_pane import LinePane

_LIMIT = 200


class TypingLine(LinePane, can_focus=True):
    """While it has the focus, keys write its text. What the text is good for is up to the subclass."""

    def __init__(self, painter: Painter, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(painter, id=id)
        self._text = ""

    @abstractmethod
    def _changed(self) -> None:
        """The text changed."""

    @abstractmethod
    def _ended(self, keep: bool) -> None:
        """Typing ended: the text stays with enter or when the focus goes elsewhere, not with escape."""

    def on_key(self, event: events.Key) -> None:
        """Write: printable keys add, backspace, ctrl+w and ctrl+u take away."""
        edits = {
            "backspace": self._text[:-1],
            "ctrl+w": self._text.rstrip().rpartition(" ")[0],
            "ctrl+u": "",
        }
        if event.key in ("enter", "escape"):
            self._ended(event.key == "enter")
        elif event.key in edits:
            self._write(edits[event.key])
        elif event.is_printable and event.character:
            self._write(self._text + event.character)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_blur(self) -> None:
        """Keep the text when the focus goes elsewhere."""
        self._ended(True)

    def on_paste(self, event: events.Paste) -> None:
        """Write what was pasted, its first line only."""
        event.stop()
        self._write(self._text + (event.text.splitlines() or [""])[0])

    def _write(self, text: str) -> None:
        self._text = text[:_LIMIT]
        self._changed()
