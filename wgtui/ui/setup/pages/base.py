"""What the wizard's pages of fields have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from textual import on
from textual.widget import Widget

from wgtui.domain.errors import InvalidValue
from wgtui.domain.forms import Level, Problem
from wgtui.ui.painter import Painter
from wgtui.ui.setup.messages import Advance, Answered, Retreat
from wgtui.ui.setup.session import SetupSession
from wgtui.ui.widgets.button_row import Choice
from wgtui.ui.widgets.forms import Form, FormField

Value = TypeVar("Value")

BACK = Choice("back", "Back")
NEXT = "Next"


class SetupForm(Form):
    """A page of fields. What can be read of a field is an answer as soon as it is typed."""

    def __init__(
        self,
        painter: Painter,
        session: SetupSession,
        *parts: Widget,
        submit: str = NEXT,
        more: Iterable[Choice] = (),
    ) -> None:
        """Make a page.

        Args:
            painter: Draws.
            session: The answers.
            parts: From top to bottom.
            submit: The label of the button that goes on.
            more: Further buttons, before the one that goes back.
        """
        super().__init__(painter, *parts, submit=submit, others=(*more, BACK), id="form")
        self.painter = painter
        self.session = session
        self._touched: set[str] = set()

    @abstractmethod
    def answer(self, changed: Mapping[str, FormField[Any]]) -> None:
        """Put what these fields, by their names, hold into the answers; refused ones stay as they were."""

    def problems(self) -> Iterable[Problem]:
        """What concerns several fields, or the host."""
        return ()

    def show_needed(self) -> None:
        """Show the fields that are needed now."""

    def on_mount(self) -> None:
        """Say what is to be said from the start; what is missing only once it is typed, or gone on from."""
        self.show_needed()
        self._say()

    def _say(self) -> None:
        is_begun = bool(self._touched)
        self.show_problems(one for one in self.problems() if is_begun or one.severity is not Level.ERROR)

    @on(Form.Changed)
    def _answers_changed(self, message: Form.Changed) -> None:
        message.stop()
        self._touched |= {field.name or "" for field in self.fields if field.is_changed}
        self.answer({field.name or "": field for field in self.fields if field.name in self._touched})
        self.show_needed()
        self._say()
        self.post_message(Answered())

    @on(Form.Submitted)
    def _submitted(self, message: Form.Submitted) -> None:
        message.stop()
        self.settle()
        self.post_message(Advance())

    @on(Form.Chosen)
    def _chosen(self, message: Form.Chosen) -> None:
        message.stop()
        if message.name == BACK.name:
            self.action_back()
        else:
            self.pressed(message.name)

    def pressed(self, name: str) -> None:
        """A button of the page's own was pressed."""

    def settle(self) -> None:
        """All fields are answered: what was proposed as well."""
        self.answer({field.name or "": field for field in self.fields})

    def action_submit(self) -> None:
        """Go on, or to the first field that is wrong."""
        self._touched |= {field.name or "" for field in self.fields}
        self._say()
        super().action_submit()

    def action_next(self) -> None:
        """Go on, or to the first field that is wrong."""
        self.action_submit()

    def action_back(self) -> None:
        """Go back; what was typed stays."""
        self.post_message(Retreat())


def read(field: FormField[Value]) -> Value | None:
    """What a field holds; None where that is refused."""
    try:
        return field.value
    except InvalidValue:
        return None
