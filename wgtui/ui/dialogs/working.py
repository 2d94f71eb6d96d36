"""What is going on, while it cannot be stopped."""

from __future__ import annotations

from collections.abc import Sequence

from wgtui.domain.plan import Plan, sentence
from wgtui.domain.text import printable
from wgtui.ui.dialogs.base import Dialog
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line, Tone, line
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.wrapping import paragraph


class WorkingDialog(Dialog[None]):
    """Says how far it is. It closes when the work is done, never before."""

    def __init__(self, painter: Painter, title: str, plan: Plan | None = None) -> None:
        """Show a title, and the steps of a plan as they are taken."""
        super().__init__(painter, painter.glyphs.text(printable(title, 300)), buttons=())
        self._plan = plan
        self._step = 0

    def step_begun(self, index: int) -> None:
        """A step, counted from 0, is being taken."""
        self._step = index
        self.page.say(self.lines)

    def lines(self, width: int) -> Sequence[Line]:
        """The step that is being taken."""
        if self._plan is None:
            return [line(("Looking at the host ...", Tone.DIM))]
        return _step_lines(self._plan, self._step, width, self.painter.glyphs)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """It cannot be closed."""
        return action != "close"


def _step_lines(plan: Plan, index: int, width: int, glyphs: Glyphs) -> list[Line]:
    total = len(plan.steps)
    done = round((index / total) * (width - 2)) if total else 0
    bar = (glyphs.track * done, Tone.GOOD), (glyphs.track_late * (width - 2 - done), Tone.FAINT)
    text = printable(sentence(plan.steps[index]), 300) if index < total else ""
    return [
        line((f"Step {index + 1} of {total}", Tone.STRONG)),
        line(*bar),
        *paragraph(glyphs.text(text), width),
    ]
