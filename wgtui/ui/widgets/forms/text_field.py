"""A line of text that is a value."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from wgtui.domain.forms import Entered
from wgtui.ui.widgets.forms.base import FormField, Value

_LONGEST = 4000


class TextField(FormField[Value]):
    """One line of text."""

    def __init__(
        self,
        name: str,
        label: str,
        read: Callable[[str], Entered[Value]],
        *,
        text: str = "",
        hint: str = "",
        placeholder: str = "",
    ) -> None:
        """Make a field.

        Args:
            name: Identity within the form.
            label: One to three words.
            read: Turns the text into a value, or says why not.
            text: What stands in it at first.
            hint: Sentences shown while the field has the focus.
            placeholder: Shown while nothing is typed: what an empty field means, or an example.
        """
        super().__init__(name, label, hint=hint)
        self._read = read
        self._first = text
        self._input = Input(
            text, placeholder=placeholder, compact=True, select_on_focus=False, max_length=_LONGEST
        )

    @property
    def text(self) -> str:
        """What is typed."""
        return self._input.value

    @text.setter
    def text(self, text: str) -> None:
        self._input.value = text
        self._input.cursor_position = len(text)

    @property
    def placeholder(self) -> str:
        """What is shown while nothing is typed."""
        return self._input.placeholder if isinstance(self._input.placeholder, str) else ""

    @placeholder.setter
    def placeholder(self, text: str) -> None:
        self._input.placeholder = text

    @property
    def entered(self) -> Entered[Value]:
        """What the text means."""
        return self._read(self.text)

    @property
    def is_changed(self) -> bool:
        """Whether another text stands there than at first."""
        return self.text != self._first

    def make_control(self) -> Widget:
        """An input of one line."""
        return self._input

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.changed()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()
