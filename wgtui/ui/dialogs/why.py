"""Why a peer is as it is, and where each of its values came from."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on

from wgtui.domain.explain import Whence
from wgtui.domain.verdict.judgement import Judgement
from wgtui.ui.dialogs.base import Dialog
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line
from wgtui.ui.presentation.why import why_lines
from wgtui.ui.widgets.button_row import ButtonRow, Choice


class WhyScreen(Dialog[None]):
    """Shows a judgement in full, and the origin of every value."""

    def __init__(self, painter: Painter, name: str, judgement: Judgement, values: Sequence[Whence]) -> None:
        """Explain a peer; `name` is printable."""
        super().__init__(painter, f"Why: {name}", buttons=(Choice("close", "Close"),), chosen="close")
        self._judgement = judgement
        self._values = tuple(values)

    def lines(self, width: int) -> Sequence[Line]:
        """The judgement, then the values."""
        return why_lines(self._judgement, self._values, width, self.painter.glyphs)

    @on(ButtonRow.Pressed)
    def _pressed(self, message: ButtonRow.Pressed) -> None:
        message.stop()
        self.dismiss(None)
