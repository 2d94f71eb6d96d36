"""Buttons in one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import Command
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Span, Tone
from wgtui.ui.widgets.focus_pane import FocusPane

_GROUP = "Buttons"
_COMMANDS = (
    Command("button-left", "choose(-1)", ("left",), "left", "The button on the left", _GROUP),
    Command("button-right", "choose(1)", ("right",), "right", "The button on the right", _GROUP),
    Command("button-press", "press", ("enter", "space"), "press", "Press the button", _GROUP),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One button.

    Attributes:
        name: Identity.
        label: What stands on it.
    """

    name: str
    label: str


class ButtonRow(FocusPane):
    """Buttons, one of them chosen; left and right choose, enter presses. One stop of the tab key."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(_COMMANDS)]

    class Pressed(Message):
        """A button was pressed."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name
            """Its name."""

    def __init__(
        self,
        painter: Painter,
        buttons: Sequence[Choice],
        *,
        chosen: str = "",
        id: str | None = None,  # noqa: A002
    ) -> None:
        """Make a row; `chosen` names the button that enter presses at first, else it is the first one."""
        super().__init__(painter, id=id)
        self._buttons = tuple(buttons)
        names = [button.name for button in buttons]
        self._chosen = names.index(chosen) if chosen in names else 0

    @property
    def has_buttons(self) -> bool:
        """Whether there is any."""
        return bool(self._buttons)

    @property
    def chosen(self) -> str:
        """The button that enter presses."""
        return self._buttons[self._chosen].name

    def action_choose(self, step: int) -> None:
        """Choose a neighbour."""
        self._chosen = (self._chosen + step) % len(self._buttons)
        self.draw()

    def action_press(self) -> None:
        """Press the chosen one."""
        self.post_message(self.Pressed(self.chosen))

    def on_click(self, event: events.Click) -> None:
        """Press the button under the pointer."""
        event.stop()
        x = event.x
        for button in self._buttons:
            width = len(button.label) + 6
            if 1 <= x < width:
                self.post_message(self.Pressed(button.name))
                return
            x -= width

    def draw(self) -> None:
        """Show what there is to choose."""
        spans = []
        for number, button in enumerate(self._buttons):
            here = self.has_focus and number == self._chosen
            spans += [Span("  "), Span(f"[ {button.label} ]", Tone.ALERT if here else Tone.BAR)]
        self.show([tuple(spans)])
