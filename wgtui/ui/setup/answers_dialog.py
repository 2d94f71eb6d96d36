"""The file of answers: shown, and written where the operator wants it."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on
from textual.widget import Widget
from textual.widgets import Input

from wgtui.domain.setup import Draft, write_draft
from wgtui.domain.text import printable, without_keys
from wgtui.ui.dialogs.base import Dialog
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import NO_LINE, Line, Tone, line
from wgtui.ui.presentation.wrapping import paragraph
from wgtui.ui.widgets.button_row import ButtonRow, Choice

_WHY = (
    "With this file, wgtui setup --answers FILE does the same on another host, unattended."
    " Type a path and press enter to write it."
)


class AnswersDialog(Dialog[str]):
    """Shows the answers as a file; dismissed with the path to write it to, or None."""

    AUTO_FOCUS = "Input"

    def __init__(self, painter: Painter, draft: Draft) -> None:
        """Show a draft, filled with what is proposed."""
        super().__init__(
            painter, "The answers as a file", buttons=(Choice("write", "Write"), Choice("close", "Close"))
        )
        self._text = write_draft(draft).decode()

    def above_page(self) -> Sequence[Widget]:
        """The path."""
        return (Input(placeholder="such as /root/relay.toml", compact=True, id="path"),)

    def lines(self, width: int) -> Sequence[Line]:
        """What it is good for, and the file, its preshared keys hidden."""
        glyphs = self.painter.glyphs
        rows = [*paragraph(glyphs.text(_WHY), width, Tone.DIM), NO_LINE]
        for row in without_keys(self._text).splitlines():
            shown = glyphs.text(printable(row, 400))
            tone = Tone.DIM if row.startswith("#") else Tone.TEXT
            rows += paragraph(shown, width, tone) if shown else [line("")]
        return rows

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self._write(message.value)

    @on(ButtonRow.Pressed)
    def _pressed(self, message: ButtonRow.Pressed) -> None:
        message.stop()
        if message.name == "write":
            self._write(self.query_one(Input).value)
        else:
            self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        """Down leaves the path for the page and the buttons."""
        if event.key == "down" and isinstance(self.focused, Input):
            event.stop()
            event.prevent_default()
            self.action_scroll(1)

    def _write(self, path: str) -> None:
        if path.strip():
            self.dismiss(path.strip())
