"""What all fields have in common: a label, a control, and remarks below it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar, cast

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.dom import DOMNode
from textual.message import Message
from textual.widget import Widget

from wgtui.domain.errors import InvalidValue
from wgtui.domain.forms import Entered, Level, Problem
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line, Tone, line
from wgtui.ui.presentation.forms import problem_lines
from wgtui.ui.widgets.paragraphs import Paragraphs

Value = TypeVar("Value")

PATIENCE = 0.6
"""Seconds without a key after which a text that cannot be read is complained about."""


class _Paints(Protocol):
    painter: Painter


def painter_of(node: DOMNode) -> Painter:
    """The application's painter."""
    return cast(_Paints, node.app).painter


class FormField(Widget, Generic[Value]):
    """A label, a control, and what is to be said about its value.

    What cannot be read is complained about when the field is left or the keys rest; the complaint goes as
    soon as the text can be read.
    """

    class Changed(Message):
        """The field's value may be another now."""

        def __init__(self, field: FormField[object]) -> None:
            super().__init__()
            self.field = field
            """The field."""

    def __init__(self, name: str, label: str, *, hint: str = "") -> None:
        """Make a field.

        Args:
            name: Identity within the form.
            label: One to three words.
            hint: Sentences shown while the field has the focus.
        """
        super().__init__(name=name, id=f"field-{name}", classes="form-field")
        self.label = label
        self.hint = hint
        self._problems: tuple[Problem, ...] = ()
        self._complains = False
        self._rests = 0

    @property
    @abstractmethod
    def entered(self) -> Entered[Value]:
        """What the field holds, and what there is to say about that alone."""

    @property
    def value(self) -> Value:
        """What the field holds; raises `InvalidValue` where that is refused."""
        entered = self.entered
        if entered.value is None:
            raise InvalidValue(entered.problems[0].text if entered.problems else "This is no value.")
        return entered.value

    @property
    @abstractmethod
    def is_changed(self) -> bool:
        """Whether it holds something else than at first."""

    @abstractmethod
    def make_control(self) -> Widget:
        """The widget that takes the focus."""

    @property
    def is_refused(self) -> bool:
        """Whether the form cannot be submitted because of this field."""
        return not self.entered.ok or any(one.severity is Level.ERROR for one in self._problems)

    def compose(self) -> ComposeResult:
        """The label beside the control or, where it is narrow, above it."""
        painter = painter_of(self)
        with Horizontal(classes="row"):
            yield Paragraphs(painter, self._label_lines, classes="label")
            self.control_widget = self.make_control()
            yield self.control_widget
        yield Paragraphs(painter, classes="problems")

    def enter(self) -> None:
        """Take the focus."""
        self.control_widget.focus()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show what is to be said about the value among all others."""
        self._problems = tuple(problems)
        self._show()

    def complain(self) -> bool:
        """Show what is wrong now; returns whether something is."""
        self._complains = True
        self._show()
        return self.is_refused

    def on_descendant_blur(self) -> None:
        """Say what is wrong when the field is left."""
        self.complain()

    def changed(self) -> None:
        """To be called when the value may be another one."""
        self._rests += 1
        if self.entered.ok:
            self._complains = False
        elif not self._complains:
            self.set_timer(PATIENCE, lambda turn=self._rests: self._rested(turn))
        self._show()
        self.post_message(self.Changed(cast("FormField[object]", self)))

    def _rested(self, turn: int) -> None:
        if turn == self._rests:
            self.complain()

    def _show(self) -> None:
        entered = self.entered
        problems: tuple[Problem, ...] = ()
        if entered.ok:
            problems = (*entered.problems, *self._problems)
        elif self._complains:
            problems = entered.problems
        glyphs = painter_of(self).glyphs
        if self.is_mounted:
            pane = self.query_one(".problems", Paragraphs)
            pane.say(lambda width: problem_lines(problems, width, glyphs))
        self.set_class(any(one.severity is Level.ERROR for one in problems), "-refused")

    def _label_lines(self, _width: int) -> list[Line]:
        return [line((self.label, Tone.DIM))]
