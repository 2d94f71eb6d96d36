"""Takes back what was done of an entry, as far as the host lets it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from wgtui.domain.errors import HostChanged, JournalProblem, WgtuiError
from wgtui.domain.journal import Entry
from wgtui.domain.plan import ConfigureDevice, RunHooks, SetDevice, SetLink, Step, sentence
from wgtui.ports.programs import Hooks
from wgtui.services.apply.standing import Standing
from wgtui.services.apply.taker import StepTaker
from wgtui.services.journal import OpenEntry


@dataclass(frozen=True, slots=True)
class Left:
    """What could not be taken back.

    Attributes:
        steps: Their numbers.
        text: Whole sentences about them; empty for none.
    """

    steps: tuple[int, ...]
    text: str


class TakingBack:
    """Goes back through the steps of an entry.

    Args:
        taker: Takes the inverse steps.
        hooks: Runs the commands of opposite hooks.
    """

    def __init__(self, taker: StepTaker, hooks: Hooks) -> None:
        self._taker = taker
        self._hooks = hooks

    def of(self, opened: OpenEntry) -> Left:
        """Take back every step that was begun, the last one first, whatever becomes of the others."""
        # The disk that the journal is on may be the one that is full, here and below.
        with suppress(JournalProblem):
            opened.taking_back()
        entry = opened.entry
        settled = frozenset[str]() if opened.is_of_this_run else self._settled(entry)
        left: list[int] = []
        reasons: list[str] = []
        for index in sorted(entry.begun, reverse=True):
            step = entry.plan.steps[index]
            try:
                if not (isinstance(step, RunHooks) and step.interface in settled):
                    self._take_back(step, finished=index in entry.done)
            except WgtuiError as error:
                left.append(index)
                reasons.append(f"Not taken back: {sentence(step)} {error.text}")
                continue
            with suppress(JournalProblem):
                opened.step_undone(index)
        return Left(tuple(left), " ".join(reasons))

    def _settled(self, entry: Entry) -> frozenset[str]:
        """Interfaces that the host's new start took back: what their hooks had done went with them."""
        done = (entry.plan.steps[index] for index in entry.done)
        made = [step for step in done if isinstance(step, SetDevice)]
        settled: set[str] = set()
        for step in made:
            with suppress(WgtuiError):
                if self._taker.standing(step) is Standing.BEFORE:
                    settled.add(step.interface)
        return frozenset(settled)

    def _take_back(self, step: Step, *, finished: bool) -> None:
        if isinstance(step, RunHooks):
            self._run_opposite(step)
            return
        found = self._taker.standing(step)
        if found in (Standing.BEFORE, Standing.ABSENT):
            return
        # A step that was cut off may stand half way. What is set of a device or link is set value by value.
        by_value = isinstance(step, ConfigureDevice | SetLink)
        if found is Standing.ELSEWHERE and finished and not by_value:
            raise HostChanged("Somebody else has changed it since.")
        self._taker.take(step.inverse())

    def _run_opposite(self, step: RunHooks) -> None:
        """Run all commands of the opposite hook; one that fails may have had nothing to take back."""
        for command in step.undo_commands:
            with suppress(WgtuiError):
                self._hooks.run(command, step.interface, step.config_path)
