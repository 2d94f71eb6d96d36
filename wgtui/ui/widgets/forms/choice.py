"""One out of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic

from textual import events, on
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from wgtui.domain.forms import Entered
from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import Command
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line, Span, Tone
from wgtui.ui.presentation.wrapping import cell_width
from wgtui.ui.widgets.focus_pane import FocusPane
from wgtui.ui.widgets.forms.base import FormField, Value, painter_of

_GROUP = "Choice"
_COMMANDS = (
    Command("choice-back", "choose(-1)", ("left",), "left", "The one before", _GROUP),
    Command("choice-on", "choose(1)", ("right", "space"), "right", "The next one", _GROUP),
    Command("choice-enter", "leave", ("enter",), "enter", "The next field", _GROUP),
)


@dataclass(frozen=True, slots=True)
class Option(Generic[Value]):
    """One of the choices.

    Attributes:
        value: What it stands for, not None.
        label: Printable, a few words.
        hint: A sentence about it, shown while it is chosen.
    """

    value: Value
    label: str
    hint: str = ""


class _Choices(FocusPane):
    """All choices in a line where they fit, else the chosen one and its place."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(_COMMANDS)]

    class Chosen(Message):
        """Another one is chosen."""

    def __init__(self, painter: Painter, labels: Sequence[str], chosen: int) -> None:
        super().__init__(painter, classes="control")
        self._labels = tuple(painter.glyphs.text(label) for label in labels)
        self.chosen = chosen

    def action_choose(self, step: int) -> None:
        """Choose a neighbour; behind the last comes the first."""
        self.choose((self.chosen + step) % len(self._labels))

    def action_leave(self) -> None:
        """Go to the next field."""
        self.screen.focus_next()

    def choose(self, number: int) -> None:
        """Choose by number."""
        if number != self.chosen:
            self.chosen = number
            self.draw()
            self.post_message(self.Chosen())

    def on_key(self, event: events.Key) -> None:
        """A letter chooses the next one that begins with it."""
        if event.is_printable and event.character and event.character != " ":
            count = len(self._labels)
            for step in range(1, count + 1):
                number = (self.chosen + step) % count
                if self._labels[number].casefold().startswith(event.character.casefold()):
                    self.choose(number)
                    break
            event.stop()
            event.prevent_default()

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        event.stop()
        x = event.x
        if not self._fits():
            self.action_choose(1)
            return
        for number, label in enumerate(self._labels):
            width = cell_width(label) + 6
            if 0 <= x < width:
                self.choose(number)
                return
            x -= width

    def _fits(self) -> bool:
        return sum(cell_width(label) + 6 for label in self._labels) - 2 <= self.size.width

    def draw(self) -> None:
        """Show what there is to choose."""
        tone = Tone.ALERT if self.has_focus else Tone.STRONG
        if not self._fits():
            glyphs = self._painter.glyphs
            count = f"  {self.chosen + 1} of {len(self._labels)}"
            label = f"{glyphs.more_left} {self._labels[self.chosen]} {glyphs.more_right}"
            self.show([(Span(label, tone), Span(count, Tone.DIM))])
            return
        line: Line = ()
        for number, label in enumerate(self._labels):
            here = number == self.chosen
            mark = f"({self._painter.glyphs.active if here else ' '}) {label}"
            line = (*line, Span(mark, tone if here else Tone.TEXT), Span("  "))
        self.show([line])


class ChoiceField(FormField[Value]):
    """One out of several; left and right choose."""

    def __init__(
        self, name: str, label: str, options: Sequence[Option[Value]], *, chosen: int = 0, hint: str = ""
    ) -> None:
        """Make a field; `chosen` counts from 0."""
        super().__init__(name, label, hint=hint)
        self._options = tuple(options)
        self._first = chosen
        self._general_hint = hint
        self._choices: _Choices | None = None
        self.hint = self._options[chosen].hint or hint

    @property
    def entered(self) -> Entered[Value]:
        """The chosen one's value."""
        return Entered(self._options[self._number].value)

    @property
    def is_changed(self) -> bool:
        """Whether another one is chosen than at first."""
        return self._number != self._first

    @property
    def _number(self) -> int:
        return self._first if self._choices is None else self._choices.chosen

    def make_control(self) -> Widget:
        """The choices."""
        labels = [option.label for option in self._options]
        self._choices = _Choices(painter_of(self), labels, self._first)
        return self._choices

    @on(_Choices.Chosen)
    def _chosen(self, event: _Choices.Chosen) -> None:
        event.stop()
        self.hint = self._options[self._number].hint or self._general_hint
        self.changed()
