"""The plan, before anything is done: every change of the host passes here."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.widget import Widget

from wgtui.domain.text import printable
from wgtui.ui.bindings import bindings_of
from wgtui.ui.changes.orders import Proposal
from wgtui.ui.commands import Command
from wgtui.ui.dialogs.base import CANCEL, Dialog
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import NO_LINE, Line, Span, Tone
from wgtui.ui.presentation.review import PlanView, note_lines, plan_lines, risk_headline, risk_lines
from wgtui.ui.presentation.wrapping import paragraph
from wgtui.ui.widgets.button_row import ButtonRow, Choice
from wgtui.ui.widgets.line_pane import LinePane
from wgtui.ui.widgets.paragraphs import Paragraphs

_GROUP = "Review"
_APPLY = Command("apply", "apply", ("a",), "apply", "Do it", _GROUP, footer=True)
_NEXT = Command("next-view", "view(1)", ("v",), "view", "Sentences, commands, files", _GROUP, footer=True)
REVIEW_COMMANDS = (
    _APPLY,
    _NEXT,
    Command("previous-view", "view(-1)", ("V",), "view back", "The view before", _GROUP),
    *(
        Command(f"view-{number}", f"show({number})", (str(number),), view.value, view.value, _GROUP)
        for number, view in enumerate(PlanView, start=1)
    ),
)
"""What can be done here."""


class _Views(LinePane):
    """The tabs of the views."""

    def show_view(self, shown: PlanView) -> None:
        """Mark the one that is shown."""
        spans = [
            Span(f" {number} {view.value} ", Tone.TAB if view is shown else Tone.DIM)
            for number, view in enumerate(PlanView, start=1)
        ]
        self.show([tuple(spans)])


class ReviewScreen(Dialog[bool]):
    """Asks whether a plan is to be applied; answers True, or None for no."""

    BINDINGS = bindings_of(REVIEW_COMMANDS)

    def __init__(self, painter: Painter, proposal: Proposal, within: float) -> None:
        """Show a proposal; `within` is how many seconds a risky one waits for its confirmation."""
        title = painter.glyphs.text(printable(proposal.plan.title, 300))
        buttons = (Choice("apply", "Apply"), Choice("cancel", "Cancel"))
        safe = "cancel" if proposal.risks else "apply"
        super().__init__(painter, title, buttons=buttons, chosen=safe)
        self._proposal = proposal
        self._within = within
        self._view = PlanView.SENTENCES
        self._views = _Views(painter, id="views")

    def above_page(self) -> Sequence[Widget]:
        """The warning and the tabs."""
        return (Paragraphs(self.painter, self._headline, id="warning"), self._views)

    def on_mount(self) -> None:
        """Mark the first view."""
        self._views.show_view(self._view)

    def lines(self, width: int) -> Sequence[Line]:
        """The plan in the chosen view; the first one tells the reasons of the warning, and notes."""
        glyphs, plan = self.painter.glyphs, self._proposal.plan
        before: list[Line] = []
        if self._view is PlanView.SENTENCES:
            before += risk_lines(self._proposal.risks, width, glyphs)
            before += note_lines(plan.notes, width, glyphs)
        return [*before, *([NO_LINE] if before else []), *plan_lines(plan, self._view, width, glyphs)]

    def key_commands(self) -> Sequence[Command]:
        """Apply, cancel, the views."""
        return (_APPLY, CANCEL, _NEXT)

    def action_apply(self) -> None:
        """Do it."""
        self.dismiss(True)

    def action_view(self, step: int) -> None:
        """Show the next view, or the previous one."""
        views = list(PlanView)
        self._show_view(views[(views.index(self._view) + step) % len(views)])

    def action_show(self, number: int) -> None:
        """Show a view by its number, from 1."""
        self._show_view(list(PlanView)[number - 1])

    def _show_view(self, view: PlanView) -> None:
        self._view = view
        self._views.show_view(view)
        self.page.say(self.lines)

    @on(ButtonRow.Pressed)
    def _pressed(self, message: ButtonRow.Pressed) -> None:
        message.stop()
        self.dismiss(True if message.name == "apply" else None)

    def _headline(self, width: int) -> Sequence[Line]:
        text = risk_headline(self._proposal.risks, self._within)
        mark = (Span(f" {self.painter.glyphs.lost} ", Tone.ALERT),)
        return paragraph(text, width, Tone.BAD, first=(*mark, Span(" "))) if text else ()
