"""Yes or no."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from wgtui.domain.forms import Entered
from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import Command
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Span, Tone
from wgtui.ui.widgets.focus_pane import FocusPane
from wgtui.ui.widgets.forms.base import FormField, painter_of

_GROUP = "Switch"
_COMMANDS = (
    Command("toggle", "flip", ("space",), "switch", "On or off", _GROUP),
    Command("toggle-enter", "leave", ("enter",), "enter", "The next field", _GROUP),
)


class _Switch(FocusPane):
    """A box with a mark in it, or none, and what that means."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(_COMMANDS)]

    class Flipped(Message):
        """It was switched."""

    def __init__(self, painter: Painter, on: bool, texts: tuple[str, str]) -> None:
        super().__init__(painter, classes="control")
        self.is_on = on
        self._texts = texts

    def action_flip(self) -> None:
        """Switch."""
        self.is_on = not self.is_on
        self.draw()
        self.post_message(self.Flipped())

    def action_leave(self) -> None:
        """Go to the next field."""
        self.screen.focus_next()

    def on_click(self, event: events.Click) -> None:
        """Switch."""
        event.stop()
        self.action_flip()

    def draw(self) -> None:
        """Show what there is to choose."""
        tone = Tone.ALERT if self.has_focus else Tone.STRONG
        text = self._texts[0] if self.is_on else self._texts[1]
        self.show([(Span(f"[{'x' if self.is_on else ' '}]", tone), Span(f" {text}"))])


class ToggleField(FormField[bool]):
    """On or off; space switches."""

    def __init__(
        self,
        name: str,
        label: str,
        *,
        on: bool = False,
        texts: tuple[str, str] = ("on", "off"),
        hint: str = "",
    ) -> None:
        """Make a field; `texts` say what on and what off means."""
        super().__init__(name, label, hint=hint)
        self._first = on
        self._texts = texts
        self._switch: _Switch | None = None

    @property
    def entered(self) -> Entered[bool]:
        """Whether it is on."""
        return Entered(self._first if self._switch is None else self._switch.is_on)

    @property
    def is_changed(self) -> bool:
        """Whether it was switched."""
        return self.value != self._first

    def make_control(self) -> Widget:
        """The box."""
        self._switch = _Switch(painter_of(self), self._first, self._texts)
        return self._switch

    @on(_Switch.Flipped)
    def _flipped(self, event: _Switch.Flipped) -> None:
        event.stop()
        self.changed()
