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


class WhyScreen(Dialog[str]):
    """Shows a judgement in full, and the origin of every value; answers `mend` where that is asked for."""

    def __init__(
        self,
        painter: Painter,
        name: str,
        judgement: Judgement,
        values: Sequence[Whence],
        *,
        can_mend: bool = False,
    ) -> None:
        """Explain a peer.

        Args:
            painter: Draws.
            name: The peer's, printable.
            judgement: Of it.
            values: And where they came from.
            can_mend: Whether the fix can be done from here.
        """
        close = Choice("close", "Close")
        buttons = (Choice("mend", "Mend it"), close) if can_mend else (close,)
        super().__init__(painter, f"Why: {name}", buttons=buttons, chosen="close")
        self._judgement = judgement
        self._values = tuple(values)

    def lines(self, width: int) -> Sequence[Line]:
        """The judgement, then the values."""
        return why_lines(self._judgement, self._values, width, self.painter.glyphs)

    @on(ButtonRow.Pressed)
    def _pressed(self, message: ButtonRow.Pressed) -> None:
        message.stop()
        self.dismiss(message.name)
