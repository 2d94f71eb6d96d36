"""A question with a few answers."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on

from wgtui.ui.dialogs.base import Dialog
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import NO_LINE, Line
from wgtui.ui.presentation.wrapping import paragraph
from wgtui.ui.widgets.button_row import ButtonRow, Choice


class Question(Dialog[str]):
    """Asks; answers with the name of a button, or None after escape."""

    def __init__(
        self, painter: Painter, title: str, sentences: Sequence[str], buttons: Sequence[Choice], *, safe: str
    ) -> None:
        """Make a question.

        Args:
            painter: Draws.
            title: The question, printable.
            sentences: What there is to know, printable, a paragraph each.
            buttons: The answers.
            safe: Name of the one that has the focus first.
        """
        super().__init__(painter, title, buttons=buttons, chosen=safe)
        self._sentences = tuple(sentences)

    def lines(self, width: int) -> Sequence[Line]:
        """The sentences."""
        return [line for text in self._sentences for line in (*paragraph(text, width), NO_LINE)]

    @on(ButtonRow.Pressed)
    def _pressed(self, message: ButtonRow.Pressed) -> None:
        message.stop()
        self.dismiss(message.name)
