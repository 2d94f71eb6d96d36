"""Changes that wait for their confirmation, and those that were cut off: watched from start to end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.timer import Timer

from wgtui.domain.errors import WgtuiError
from wgtui.domain.journal import Entry, EntryState
from wgtui.services.changes import Changes
from wgtui.ui.changing_app import ChangingApp
from wgtui.ui.presentation.outcome import settled_text, unfinished_sentences
from wgtui.ui.widgets.countdown_bar import CountdownBar

if TYPE_CHECKING:
    from wgtui.ui.changes.desk import ChangeDesk

_TICK = 0.25
"""Seconds between two looks at the clock, while something waits."""

_LOOK_EVERY = 3.0
"""Seconds between two looks into the journal: somebody else may confirm it too."""

_STILL_AT_WORK = 1.5
"""Seconds after which an entry that another wgtui is applying at the moment has gone on."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that waits.

    Attributes:
        number: Of its entry.
        deadline: Unix time at which it is taken back.
    """

    number: int
    deadline: float


class WaitingWatch:
    """Shows the countdown on every screen, and says what became of the change.

    Args:
        app: Has the screens.
        desk: Reads the journal.
    """

    def __init__(self, app: ChangingApp, desk: ChangeDesk) -> None:
        self._app = app
        self._desk = desk
        self._timer: Timer | None = None
        self._next_look = 0.0
        self.waiting: Waiting | None = None

    def start(self) -> None:
        """Look for what an earlier run left open."""
        self._desk.run(lambda changes: changes.journal.unsettled(), self._found)

    def wait_for(self, number: int, deadline: float) -> None:
        """A change waits from now on."""
        self.waiting = Waiting(number, deadline)
        self._app.waiting_change = number
        self._next_look = self._app.options.clock.now() + _LOOK_EVERY
        if self._timer is None:
            self._timer = self._app.set_interval(_TICK, self._tick)
        self._tick()

    def keep(self) -> None:
        """Confirm the change that waits."""
        waiting = self.waiting
        if waiting is not None:
            self._desk.run(
                lambda changes: changes.transaction.confirm(waiting.number),
                lambda result: self._settled(waiting.number, result),
            )

    def take_back(self) -> None:
        """Take the change back that waits."""
        waiting = self.waiting
        if waiting is not None:
            self._desk.run(
                lambda changes: changes.transaction.undo(waiting.number),
                lambda result: self._settled(waiting.number, result),
            )

    # The countdown

    def _tick(self) -> None:
        waiting = self.waiting
        if waiting is None or not self._app.is_running:
            return
        now = self._app.options.clock.now()
        screen = self._app.screen
        bars = list(screen.query(CountdownBar))
        if not bars:
            bars = [CountdownBar(self._app.painter)]
            screen.mount(bars[0], before=0)
        for bar in bars:
            bar.show_left(waiting.number, waiting.deadline - now)
        if now >= self._next_look or now >= waiting.deadline:
            self._next_look = now + (_LOOK_EVERY if now < waiting.deadline else _TICK)
            self._look(waiting.number)

    def _look(self, number: int) -> None:
        if not self._desk.is_busy:
            self._desk.run(lambda changes: changes.journal.entry(number), self._looked)

    def _looked(self, result: Entry | WgtuiError, is_told: bool = False) -> None:
        """The journal was read; `is_told` where the operator knows already what went wrong."""
        # An entry that is being taken back is unfinished for as long as that takes.
        open_states = (EntryState.WAITING, EntryState.UNFINISHED)
        if isinstance(result, Entry) and result.state not in open_states:
            self._tell(result, is_told)

    def _settled(self, number: int, result: object) -> None:
        """An order was carried out, or refused; the journal knows how the entry stands now."""
        failed = isinstance(result, WgtuiError)
        if isinstance(result, WgtuiError):
            self._desk.show_error(result)
        self._app.action_look_again()
        self._desk.run(
            lambda changes: changes.journal.entry(number), lambda entry: self._looked(entry, failed)
        )

    def _tell(self, entry: Entry, is_told: bool) -> None:
        if self.waiting is None or self.waiting.number != entry.number:
            return
        self.waiting = self._app.waiting_change = None
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        for screen in self._app.screen_stack:
            screen.query(CountdownBar).remove()
        self._app.action_look_again()
        kept = entry.state is EntryState.APPLIED
        if is_told:
            return
        if entry.state is EntryState.PARTLY_REVERTED:
            self._desk.show_error(WgtuiError(settled_text(entry), hint=entry.why))
        else:
            severity = "information" if kept else "warning"
            self._app.notify(settled_text(entry), severity=severity, markup=False, timeout=10)  # type: ignore[arg-type]

    # What an earlier run left

    def _found(self, result: Entry | WgtuiError | None) -> None:
        if not isinstance(result, Entry):
            return
        if result.state is EntryState.WAITING and result.deadline is not None:
            self.wait_for(result.number, result.deadline)
        elif result.state is EntryState.UNFINISHED:
            self._app.set_timer(_STILL_AT_WORK, lambda: self._look_twice(result))

    def _look_twice(self, before: Entry) -> None:
        """Somebody may be at work on it: then it has gone on by now."""
        self._desk.run(
            lambda changes: changes.journal.entry(before.number),
            lambda entry: self._ask(entry) if entry == before else self._found(entry),
        )

    def _ask(self, entry: Entry | WgtuiError) -> None:
        from wgtui.ui.dialogs.question import Question
        from wgtui.ui.widgets.button_row import Choice

        if not isinstance(entry, Entry):
            return
        number, painter = entry.number, self._app.painter
        question = Question(
            painter,
            "A change was cut off",
            unfinished_sentences(entry, painter.glyphs),
            [Choice("back", "Take it back"), Choice("complete", "Complete it"), Choice("later", "Later")],
            safe="back",
        )

        def answered(answer: str | None) -> None:
            if answer in ("back", "complete"):
                self._desk.run(lambda changes: _settle(changes, number, answer), self._mended)

        self._app.push_screen(question, answered)

    def _mended(self, result: Entry | WgtuiError) -> None:
        self._app.action_look_again()
        if isinstance(result, WgtuiError):
            self._desk.show_error(result)
        else:
            self._app.notify(settled_text(result), markup=False, timeout=10)


def _settle(changes: Changes, number: int, answer: str) -> Entry:
    if answer == "back":
        changes.transaction.undo(number)
    else:
        changes.transaction.confirm(number)
    return changes.journal.entry(number)
