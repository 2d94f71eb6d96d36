"""Several lines of text that are a value."""

from __future__ import annotations

from collections.abc import Callable

from textual import events, on
from textual.widget import Widget
from textual.widgets import TextArea

from wgtui.domain.forms import Entered
from wgtui.ui.widgets.forms.base import FormField, Value


class _Lines(TextArea):
    """A text area that the arrow keys leave at its ends."""

    async def _on_key(self, event: events.Key) -> None:
        row, last = self.cursor_location[0], self.document.line_count - 1
        if (event.key == "up" and row == 0) or (event.key == "down" and row == last):
            event.stop()
            event.prevent_default()
            (self.screen.focus_previous if event.key == "up" else self.screen.focus_next)()
            return
        await super()._on_key(event)


class TextAreaField(FormField[Value]):
    """Lines of text. Tab leaves it, and so do up and down at its ends."""

    def __init__(
        self,
        name: str,
        label: str,
        read: Callable[[str], Entered[Value]],
        *,
        text: str = "",
        hint: str = "",
        rows: int = 3,
    ) -> None:
        """Make a field.

        Args:
            name: Identity within the form.
            label: One to three words.
            read: Turns the whole text into a value, or says why not.
            text: What stands in it at first.
            hint: Sentences shown while the field has the focus.
            rows: Lines of the screen that it takes.
        """
        super().__init__(name, label, hint=hint)
        self._read = read
        self._first = text
        self._area = _Lines(text, compact=True, tab_behavior="focus", soft_wrap=False)
        self._area.styles.height = rows

    @property
    def text(self) -> str:
        """What is typed."""
        return self._area.text

    @property
    def entered(self) -> Entered[Value]:
        """What the text means."""
        return self._read(self.text)

    @property
    def is_changed(self) -> bool:
        """Whether another text stands there than at first."""
        return self.text != self._first

    def make_control(self) -> Widget:
        """An editor."""
        return self._area

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.changed()
