"""The bar over every screen while a change waits for its confirmation."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from textual.screen import ModalScreen
from textual.widgets import Input, TextArea

from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line, Span, Tone
from wgtui.ui.presentation.outcome import countdown_text
from wgtui.ui.presentation.wrapping import paragraph
from wgtui.ui.widgets.paragraphs import Paragraphs
from wgtui.ui.widgets.typing_line import TypingLine


class CountdownBar(Paragraphs):
    """Counts seconds, and names the keys that end it."""

    BASE = Tone.ALERT

    def __init__(self, painter: Painter) -> None:
        super().__init__(painter, vanishes=False)
        self._text = ""

    def show_left(self, number: int, left: float) -> None:
        """Show the seconds that are left for an entry."""
        focused = self.screen.focused
        typing = isinstance(self.screen, ModalScreen) or isinstance(focused, Input | TextArea | TypingLine)
        text = countdown_text(number, float(ceil(left)), typing=typing)
        if text != self._text:
            self._text = text
            self.say(self._wrapped)

    def _wrapped(self, width: int) -> Sequence[Line]:
        return paragraph(self._text, width, Tone.ALERT, first=(Span(" ", Tone.ALERT),)) if self._text else ()
