"""A screen around a form, from which a change starts."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.getters import query_one
from textual.screen import Screen
from textual.widget import Widget

from wgtui.domain.forms import Problem
from wgtui.domain.text import printable
from wgtui.ui.commands import Command
from wgtui.ui.dialogs.question import Question
from wgtui.ui.messages import RunCommand
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Tone
from wgtui.ui.presentation.wrapping import paragraph
from wgtui.ui.widgets.button_row import Choice
from wgtui.ui.widgets.forms.form import CANCEL, SUBMIT, Form
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.paragraphs import Paragraphs

if TYPE_CHECKING:
    from wgtui.services.transaction import Applied
    from wgtui.ui.changes.orders import Planner
    from wgtui.ui.changing_app import ChangingApp


class FormScreen(Screen[bool]):
    """A form that becomes a plan. Dismissed with True when the plan was applied.

    Subclasses say what the fields are, what concerns several of them, and how they become a plan.
    """

    AUTO_FOCUS = ""

    form = query_one(Form)

    def __init__(self, painter: Painter, title: str) -> None:
        """Make the screen; `title` says what is edited."""
        super().__init__(classes="form-screen")
        self.painter = painter
        self.heading = painter.glyphs.text(printable(title, 200))

    @abstractmethod
    def make_parts(self) -> Sequence[Widget]:
        """Fields and headings from top to bottom."""

    @abstractmethod
    def make_planner(self) -> Planner:
        """What turns the fields' values, which can all be read now, into a plan.

        It runs in another thread: take the values out of the fields before, not inside of it.
        """

    def show_needed(self) -> None:
        """Show and hide fields as their values need it, before anything is said of them."""

    def problems(self) -> Iterable[Problem]:
        """What concerns several fields, asked for after every change."""
        return ()

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Paragraphs(self.painter, lambda width: paragraph(self.heading, width, Tone.STRONG), id="title")
        yield Form(self.painter, *self.make_parts(), id="form")
        keys = (SUBMIT, CANCEL, Command("next-field", "app.focus_next", ("tab",), "next field", "", "Form"))
        yield KeyBar(self.painter, keys, id="keys")

    def on_mount(self) -> None:
        """Say what is to be said from the start."""
        self._examine()

    @on(Form.Changed)
    def _examine(self) -> None:
        self.show_needed()
        self.form.show_problems(self.problems())

    @on(Form.Submitted)
    def _form_submitted(self) -> None:
        app = cast("ChangingApp", self.app)
        app.changes.propose(self.make_planner(), then=self._applied)

    def _applied(self, _applied: Applied) -> None:
        self.dismiss(True)

    @on(Form.Cancelled)
    def _form_cancelled(self, message: Form.Cancelled) -> None:
        if not message.touched:
            self.dismiss(False)
            return
        question = Question(
            self.painter,
            "Leave this form?",
            ["What was typed into it is lost. Nothing was changed on the host."],
            [Choice("stay", "Stay"), Choice("leave", "Leave")],
            safe="stay",
        )
        self.app.push_screen(question, self._answered)

    def _answered(self, answer: str | None) -> None:
        if answer == "leave":
            self.dismiss(False)

    @on(RunCommand)
    async def _run_command(self, message: RunCommand) -> None:
        await self.form.run_action(message.action)
