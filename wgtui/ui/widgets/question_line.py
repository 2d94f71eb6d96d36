"""The line in which an address is typed, to ask who gets a packet for it."""

from __future__ import annotations

from textual import events

from wgtui.domain.text import printable
from wgtui.ui.messages import QuestionClosed, QuestionTyped, RunCommand
from wgtui.ui.presentation.cells import Tone, line
from wgtui.ui.presentation.packet_words import QUESTION
from wgtui.ui.widgets.typing_line import TypingLine

_SHOWN = 50


class QuestionLine(TypingLine):
    """A label and an address. While it has the focus, keys write the address."""

    HELP = "Type an address; enter keeps the answer, escape clears it."

    _editing = False

    def edit(self, text: str) -> None:
        """Begin to type after a text, and ask about it."""
        self._editing = True
        self.focus()
        self._write(text)

    def close(self, keep: bool) -> str:
        """End typing; the text stays or is cleared. Returns what is left of it."""
        self._editing = False
        self._text = self._text.strip() if keep else ""
        self._draw()
        return self._text

    def on_mount(self) -> None:
        """Show the label."""
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """Begin to type."""
        event.stop()
        self.post_message(RunCommand("ask"))

    def _changed(self) -> None:
        self._draw()
        self.post_message(QuestionTyped(self._text))

    def _ended(self, keep: bool) -> None:
        self.post_message(QuestionClosed(keep))

    def _draw(self) -> None:
        glyphs = self._painter.glyphs
        typed = glyphs.text(printable(self._text, _SHOWN)) if self._text else ""
        hint = "" if self._editing or typed else "type an address"
        cursor = "_" if self._editing else ""
        self.show(
            [
                line(
                    (" w ", Tone.KEY_PLAIN),
                    (f"{QUESTION} ", Tone.TEXT),
                    (typed, Tone.STRONG),
                    (cursor, Tone.STRONG),
                    (hint, Tone.DIM),
                )
            ]
        )
