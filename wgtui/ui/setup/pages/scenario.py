"""Which scenario: a list, with a sentence and a drawing of the one under the cursor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from wgtui.domain.forms import Entered
from wgtui.domain.setup import Scenario
from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import Command
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line, Span, Tone
from wgtui.ui.presentation.setup.words import SCENARIOS
from wgtui.ui.setup.pages.base import SetupForm
from wgtui.ui.setup.session import SetupSession
from wgtui.ui.widgets.focus_pane import FocusPane
from wgtui.ui.widgets.forms import FormField
from wgtui.ui.widgets.forms.base import painter_of

_GROUP = "Scenarios"
_LISTED = tuple(SCENARIOS)
_COMMANDS = (
    Command("scenario-up", "choose(-1)", ("up", "k"), "up", "The scenario above", _GROUP),
    Command("scenario-down", "choose(1)", ("down", "j"), "down", "The scenario below", _GROUP),
    Command("scenario-enter", "next", ("enter",), "next", "Take it, and go on", _GROUP),
)


class _List(FocusPane):
    """One scenario a line; up and down choose, enter goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(_COMMANDS)]

    class Chosen(Message):
        """Another one is under the cursor."""

    def __init__(self, painter: Painter, chosen: int) -> None:
        super().__init__(painter, classes="control scenarios")
        self.chosen = chosen

    def action_choose(self, step: int) -> None:
        """Choose a neighbour; at an end the cursor stays."""
        self.choose(max(0, min(self.chosen + step, len(_LISTED) - 1)))

    async def action_next(self) -> None:
        """Go on."""
        await self.screen.run_action("next")

    def choose(self, number: int) -> None:
        """Choose by number, from 0."""
        if number != self.chosen:
            self.chosen = number
            self.draw()
            self.post_message(self.Chosen())

    def on_key(self, event: events.Key) -> None:
        """A digit chooses too."""
        number = int(event.key) - 1 if event.key.isdigit() else -1
        if 0 <= number < len(_LISTED):
            event.stop()
            event.prevent_default()
            self.choose(number)

    def on_click(self, event: events.Click) -> None:
        """Choose the one that was clicked."""
        event.stop()
        if event.y < len(_LISTED):
            self.choose(event.y)

    def draw(self) -> None:
        """All of them, the chosen one marked."""
        glyphs, lines = self._painter.glyphs, []
        for number, scenario in enumerate(_LISTED):
            here = number == self.chosen
            mark = f"({glyphs.active if here else ' '}) {number + 1} {SCENARIOS[scenario].label} "
            tone = (Tone.ALERT if self.has_focus else Tone.STRONG) if here else Tone.TEXT
            row: Line = (Span(mark, tone),)
            lines.append(row)
        self.show(lines)


class _ScenarioField(FormField[Scenario]):
    """The list as a field of a form."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__("scenario", "", hint="")
        self._first = _LISTED.index(scenario)
        self._list: _List | None = None
        self._say()

    @property
    def entered(self) -> Entered[Scenario]:
        """The one under the cursor."""
        return Entered(_LISTED[self._number])

    @property
    def is_changed(self) -> bool:
        """Whether it is another one than at first."""
        return self._number != self._first

    @property
    def _number(self) -> int:
        return self._first if self._list is None else self._list.chosen

    def make_control(self) -> Widget:
        """The list."""
        self._list = _List(painter_of(self), self._first)
        return self._list

    def _say(self) -> None:
        self.hint = SCENARIOS[_LISTED[self._number]].text

    @on(_List.Chosen)
    def _chosen(self, event: _List.Chosen) -> None:
        event.stop()
        self._say()
        self.changed()


class ScenarioPage(SetupForm):
    """What this host is to be."""

    def __init__(self, painter: Painter, session: SetupSession) -> None:
        """Show the chosen one."""
        self._field = _ScenarioField(session.scenario)
        super().__init__(painter, session, self._field)

    def answer(self, changed: Mapping[str, FormField[Any]]) -> None:
        """Take the one under the cursor."""
        self.session.choose(self._field.value)
