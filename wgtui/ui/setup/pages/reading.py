"""Pages that are read, with few fields below or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from wgtui.domain.forms import Level
from wgtui.domain.setup.preflight import FindingLevel
from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import Command
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import NO_LINE, Line, Tone
from wgtui.ui.presentation.setup.examined import problems_of
from wgtui.ui.presentation.setup.reading import finding_lines, review_lines, verdict_text
from wgtui.ui.presentation.wrapping import paragraph
from wgtui.ui.setup.messages import Apply, LookAgain, ShowAnswers
from wgtui.ui.setup.pages.base import SetupForm
from wgtui.ui.setup.session import SetupSession
from wgtui.ui.widgets.button_row import ButtonRow, Choice
from wgtui.ui.widgets.forms import FormField, ToggleField
from wgtui.ui.widgets.page import Page

_GROUP = "Setup"


class ReadingPage(SetupForm):
    """A text that scrolls, above fields and buttons."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of(
            (
                Command("reading-down", "read(1)", ("pagedown",), "page down", "Page down", _GROUP),
                Command("reading-up", "read(-1)", ("pageup",), "page up", "Page up", _GROUP),
            )
        )
    ]

    text = query_one("#reading", Page)

    def lines(self, width: int) -> Sequence[Line]:
        """The text at a width."""
        return ()

    def compose(self) -> ComposeResult:
        """The text, and the form below it."""
        yield Page(self.painter, self.lines, id="reading")
        yield from super().compose()

    def action_read(self, pages: int) -> None:
        """Scroll by pages."""
        self.text.scroll_page(pages)

    def action_step(self, step: int) -> None:
        """Move the focus; where there is one place for it only, scroll."""
        if self.fields:
            super().action_step(step)
        else:
            self.text.scroll_lines(step)

    def answer(self, changed: Mapping[str, FormField[Any]]) -> None:
        """Nothing is asked here."""

    def on_mount(self) -> None:
        """Without fields the buttons have the focus."""
        if not self.fields:
            self.query_one(ButtonRow).focus()


class PreflightPage(ReadingPage):
    """What was found on the host."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of(
            (Command("look-again", "look_again", ("r",), "look again", "Look at the host again", _GROUP),)
        )
    ]

    def __init__(self, painter: Painter, session: SetupSession) -> None:
        """Show the findings."""
        super().__init__(painter, session, more=(Choice("again", "Look again"),))

    def lines(self, width: int) -> Sequence[Line]:
        """A verdict, and all findings."""
        scene, glyphs = self.session.scene, self.painter.glyphs
        tone = Tone.BAD if scene.is_blocked else Tone.STRONG
        first = paragraph(glyphs.text(verdict_text(scene.findings)), width, tone)
        return [*first, NO_LINE, *finding_lines(scene.findings, width, glyphs)]

    def action_look_again(self) -> None:
        """Look at the host again."""
        self.post_message(LookAgain())

    def pressed(self, name: str) -> None:
        """Look at the host again."""
        self.action_look_again()

    def look(self) -> None:
        """The findings may be others now."""
        self.text.say(self.lines)

    def action_submit(self) -> None:
        """Go on, unless something stands in the way."""
        if self.session.scene.is_blocked:
            self.text.say(self.lines)
            blocking = [one for one in self.session.scene.findings if one.level is FindingLevel.BLOCKING]
            self.notify(f"{blocking[0].text} {blocking[0].remedy}", severity="error", markup=False)
        else:
            super().action_submit()


class ReviewPage(ReadingPage):
    """What follows from the answers, before the plan is made."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of((Command("print-answers", "answers", ("p",), "answers", "The file of answers", _GROUP),))
    ]

    def __init__(self, painter: Painter, session: SetupSession) -> None:
        """Show both ends, and ask the last two questions."""
        filled = session.filled
        self._start = ToggleField(
            "start",
            "Start now",
            on=filled.start is not False,
            texts=("bring the interface up", "write the files only"),
            hint="All of it is one entry of the journal, which can be undone. Page down reads on above.",
        )
        has_systemd = session.scene.facts.systemd
        self._boot = ToggleField(
            "boot",
            "Start at boot",
            on=filled.boot is not False,
            texts=("bring it up too", "leave it down"),
            hint="By the unit wg-quick@NAME, without wgtui."
            if has_systemd
            else "systemd does not run this host: the review says what its own init has to run.",
        )
        super().__init__(
            painter,
            session,
            self._start,
            self._boot,
            submit="Review all steps",
            more=(Choice("answers", "Answers file"),),
        )

    def lines(self, width: int) -> Sequence[Line]:
        """Both ends of every peer."""
        return review_lines(self.session.filled, width, self.painter.glyphs)

    def answer(self, changed: Mapping[str, FormField[Any]]) -> None:
        """Whether to start it, now and at boot."""
        self.session.finish(**{name: field.value for name, field in changed.items()})

    def action_submit(self) -> None:
        """Make the plan, unless an answer stands in the way."""
        wrong = [one for one in problems_of(self.session.filled, "") if one.severity is Level.ERROR]
        if wrong:
            self.notify(f"{wrong[0].text} {wrong[0].hint}".rstrip(), severity="error", markup=False)
            return
        self.settle()
        self.post_message(Apply())

    def action_answers(self) -> None:
        """The file of answers."""
        self.post_message(ShowAnswers())

    def pressed(self, name: str) -> None:
        """The file of answers."""
        self.action_answers()
