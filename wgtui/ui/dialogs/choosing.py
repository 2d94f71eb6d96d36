"""One of a list."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.getters import query_one

from wgtui.ui.commands import footer_commands
from wgtui.ui.dialogs.base import CANCEL, Dialog
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line
from wgtui.ui.presentation.wrapping import paragraph
from wgtui.ui.widgets.button_row import ButtonRow, Choice
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.line_list import LineList
from wgtui.ui.widgets.paragraphs import Paragraphs

_CHOOSE = Choice("choose", "Choose")
_CANCEL = Choice("cancel", "Cancel")


class ChoosingDialog(Dialog[int]):
    """Answers with the place of an item in the list, from 0; None after escape."""

    items = query_one("#items", LineList)

    def __init__(self, painter: Painter, title: str, sentences: Sequence[str], items: Sequence[Line]) -> None:
        """Make a dialog.

        Args:
            painter: Draws.
            title: The question, printable.
            sentences: What there is to know, printable, a paragraph each.
            items: What there is to choose from, at least one, a line each; the first is proposed.
        """
        super().__init__(painter, title, buttons=(_CHOOSE, _CANCEL), chosen="choose")
        self._sentences = tuple(sentences)
        self._items = tuple(items)

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        with Vertical(id="dialog"):
            yield Paragraphs(self.painter, self._title_lines, id="title")
            yield Paragraphs(self.painter, self.lines, id="told")
            yield LineList(self.painter, id="items")
            yield self._buttons
            yield KeyBar(self.painter, footer_commands((CANCEL,)), id="keys")

    def on_mount(self) -> None:
        """Show the list."""
        self.items.activate(True)
        self.items.show(len(self._items), self._items.__getitem__)

    def lines(self, width: int) -> Sequence[Line]:
        """The sentences."""
        return [line for text in self._sentences for line in paragraph(text, width)]

    def action_scroll(self, count: int) -> None:
        """Move the cursor."""
        self.items.move_to(self.items.cursor + count)

    def action_page(self, step: int) -> None:
        """Move the cursor by pages."""
        self.items.move_to(self.items.cursor + step * self.items.page)

    @on(LineList.Moved)
    def _moved(self, message: LineList.Moved) -> None:
        message.stop()
        self.items.move_to(message.index)

    @on(ButtonRow.Pressed)
    def _pressed(self, message: ButtonRow.Pressed) -> None:
        message.stop()
        self.dismiss(self.items.cursor if message.name == "choose" else None)
