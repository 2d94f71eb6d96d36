"""The container of fields: scrolls, moves the focus, and knows when it may be submitted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget

from wgtui.domain.forms import Level, Problem
from wgtui.domain.text import printable
from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import Command
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Tone, line
from wgtui.ui.presentation.forms import problem_lines
from wgtui.ui.presentation.wrapping import paragraph
from wgtui.ui.widgets.button_row import ButtonRow, Choice
from wgtui.ui.widgets.forms.base import FormField
from wgtui.ui.widgets.paragraphs import Paragraphs

_GROUP = "Form"
SUBMIT = Command("form-submit", "submit", ("ctrl+s",), "review", "Review what would change", _GROUP)
CANCEL = Command("form-cancel", "cancel", ("escape",), "cancel", "Leave without a change", _GROUP)
FORM_COMMANDS = (
    SUBMIT,
    CANCEL,
    Command("form-up", "step(-1)", ("up",), "up", "The field above", _GROUP),
    Command("form-down", "step(1)", ("down",), "down", "The field below", _GROUP),
)
"""What can be done in every form."""


class FormHeading(Paragraphs):
    """Stands between groups of fields."""

    def __init__(self, painter: Painter, text: str) -> None:
        """Make a heading of one line."""
        super().__init__(painter, lambda _width: [line((text, Tone.STRONG))], classes="form-heading")


class _Body(VerticalScroll, inherit_bindings=False):
    """Scrolls to the focus; the arrow keys move the focus, not the view."""

    def on_resize(self) -> None:
        """In a smaller terminal the field that the keys go to stays in view."""
        self._keep_in_view()

    def watch_virtual_size(self) -> None:
        """What is said of a field makes it higher, and moves the ones below it."""
        self._keep_in_view()

    def _keep_in_view(self) -> None:
        focused = self.screen.focused if self.is_attached else None
        nodes = focused.ancestors_with_self if focused is not None else ()
        field = next((one for one in nodes if isinstance(one, FormField)), None)
        if field is not None and self in field.ancestors:
            field.scroll_visible(animate=False)


class Form(Vertical):
    """Fields that scroll, a line of hints, and buttons that stay."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(FORM_COMMANDS)]

    class Changed(Message):
        """A field was changed: the owner may look for what concerns several, and `show_problems`."""

    class Submitted(Message):
        """All fields can be read, and no problem is an error."""

    class Chosen(Message):
        """Another button was pressed than those that submit and cancel."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name
            """The button's."""

    class Cancelled(Message):
        """The operator leaves; `touched` forms were asked about by the owner."""

        def __init__(self, touched: bool) -> None:
            super().__init__()
            self.touched = touched
            """Whether something was typed that is lost now."""

    def __init__(
        self,
        painter: Painter,
        *parts: Widget,
        submit: str = "Review",
        others: Sequence[Choice] = (Choice("cancel", "Cancel"),),
        id: str | None = None,  # noqa: A002
    ) -> None:
        """Make a form of fields and headings.

        Args:
            painter: Draws.
            parts: From top to bottom.
            submit: The label of the button that submits.
            others: The buttons beside it; the one named `cancel` does what escape does.
            id: Its identity on the screen.
        """
        super().__init__(classes="form", id=id)
        self._painter = painter
        self._parts = parts
        self._fields: dict[str, FormField[object]] = {
            part.name or "": part for part in parts if isinstance(part, FormField)
        }
        self._buttons = ButtonRow(painter, (Choice("submit", submit), *others))
        self._hint = Paragraphs(painter, vanishes=False, classes="form-hint")
        self._general = Paragraphs(painter, classes="form-problems")
        self._problems: tuple[Problem, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether any field holds something else than at first."""
        return any(field.is_changed for field in self._fields.values())

    @property
    def fields(self) -> Sequence[FormField[object]]:
        """The fields that are shown, from top to bottom; what others hold does not count."""
        return tuple(field for field in self._fields.values() if field.display)

    def compose(self) -> ComposeResult:
        """Fields above, hints and buttons below."""
        with _Body(classes="form-body", can_focus=False):
            yield from self._parts
        yield self._general
        yield self._hint
        yield self._buttons

    def on_mount(self) -> None:
        """Begin at the first field."""
        self._begin()
        self.call_after_refresh(self._keep_focus)

    def on_descendant_blur(self) -> None:
        """Somebody who types must have the focus somewhere."""
        self.call_after_refresh(self._keep_focus)

    def _begin(self) -> None:
        if self.fields:
            self.fields[0].enter()

    def _keep_focus(self) -> None:
        # A field that was hidden meanwhile may have the focus still, or have dropped it.
        if not (self.is_attached and self.screen.is_current and self.app.app_focus):
            return
        focused = self.screen.focused
        if focused is None or not all(node.display for node in focused.ancestors_with_self):
            self._begin()

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Show problems at their fields, and those without a field above the buttons; earlier ones go."""
        self._problems = tuple(problems)
        for name, field in self._fields.items():
            field.show_problems([problem for problem in self._problems if problem.field == name])
        shown = {field.name for field in self.fields}
        general = [problem for problem in self._problems if problem.field not in shown]
        self._general.say(lambda width: problem_lines(general, width, self._painter.glyphs))

    def action_submit(self) -> None:
        """Tell the owner, or go to the first field that is wrong."""
        wrong = [field for field in self.fields if field.complain()]
        shown = {field.name for field in self.fields}
        general = any(one.severity is Level.ERROR and one.field not in shown for one in self._problems)
        if wrong:
            wrong[0].enter()
        elif not general:
            self.post_message(self.Submitted())

    def action_cancel(self) -> None:
        """Tell the owner."""
        self.post_message(self.Cancelled(self.is_changed))

    def action_step(self, step: int) -> None:
        """Move the focus."""
        (self.screen.focus_next if step > 0 else self.screen.focus_previous)()

    @on(FormField.Changed)
    def _field_changed(self, message: FormField.Changed) -> None:
        message.stop()
        self._show_hint(message.field)
        self.post_message(self.Changed())

    @on(ButtonRow.Pressed)
    def _pressed(self, message: ButtonRow.Pressed) -> None:
        message.stop()
        if message.name == "submit":
            self.action_submit()
        elif message.name == "cancel":
            self.action_cancel()
        else:
            self.post_message(self.Chosen(message.name))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the hint of the field that the keys go to."""
        node = event.widget
        field = next((one for one in node.ancestors_with_self if isinstance(one, FormField)), None)
        self._show_hint(field)
        if field is not None:
            # What is said of the field that was left may push this one out of view.
            self.call_after_refresh(self._reveal, field)

    def _reveal(self, field: FormField[object]) -> None:
        if field.has_focus_within and field.is_attached:
            field.scroll_visible(animate=False)

    def _show_hint(self, field: FormField[object] | None) -> None:
        text = "" if field is None else self._painter.glyphs.text(printable(field.hint, 400))
        self._hint.say(lambda width: paragraph(text, width, Tone.DIM) if text else [])
