"""A file that was edited and would be refused."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on

from wgtui.services.check import CheckReport
from wgtui.ui.dialogs.base import Dialog
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line
from wgtui.ui.presentation.config_words import refused_lines
from wgtui.ui.widgets.button_row import ButtonRow, Choice


class RefusedScreen(Dialog[bool]):
    """Shows what is wrong; answers True for editing again, False for discarding, None for neither yet."""

    def __init__(self, painter: Painter, report: CheckReport) -> None:
        """Show the errors of a report."""
        buttons = (Choice("again", "Edit again"), Choice("discard", "Discard"))
        super().__init__(painter, "The edited file is refused", buttons=buttons, chosen="again")
        self._report = report

    def lines(self, width: int) -> Sequence[Line]:
        """The errors."""
        return refused_lines(self._report, width, self.painter.glyphs)

    @on(ButtonRow.Pressed)
    def _pressed(self, message: ButtonRow.Pressed) -> None:
        message.stop()
        self.dismiss(message.name == "again")
