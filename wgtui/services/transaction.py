"""The only way in which wgtui changes a host: plans, journalled, locked, and taken back where they fail."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from wgtui.domain.errors import JournalProblem, WgtuiError
from wgtui.domain.journal import Entry, EntryState
from wgtui.domain.plan import Plan, Step
from wgtui.ports.journal import HostLock, Reverter
from wgtui.services.apply import HostPorts, StepTaker
from wgtui.services.apply.preflight import check_before, still_to_undo
from wgtui.services.apply.taking_back import TakingBack
from wgtui.services.journal import Journal, OpenEntry
from wgtui.services.unsettled import refuse_unsettled

Progress = Callable[[int, Step], None]
"""Told the number, from 0, of each step before it is taken."""

LOCK_PATIENCE = 5.0
"""Seconds that a short order, such as a confirmation, waits for the lock."""

_GOOD_PART = 0.1

DEADLINE_PATIENCE = 600.0
"""Seconds that the taking back at a deadline waits for whoever still applies."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A plan that was applied.

    Attributes:
        number: Of its entry in the journal; None where there was nothing to do.
        deadline: Unix time at which it is taken back unless confirmed; None where it need not be.
    """

    number: int | None
    deadline: float | None = None


class Transaction:
    """Applies plans to one host and takes them back. Belongs to one thread, as its ports do.

    Args:
        host: The ports to change.
        journal: Where plans are written down.
        lock: Keeps others out meanwhile.
        reverter: Takes back what is not confirmed; None where nothing ever waits for a confirmation.
    """

    def __init__(
        self, host: HostPorts, journal: Journal, lock: HostLock, reverter: Reverter | None = None
    ) -> None:
        self._taker = StepTaker(host)
        self._taking_back = TakingBack(self._taker, host.hooks)
        self._journal = journal
        self._lock = lock
        self._reverter = reverter

    def apply(
        self, plan: Plan, *, confirm_within: float | None = None, progress: Progress | None = None
    ) -> Applied:
        """Apply a plan whole or not at all.

        Args:
            plan: The steps. They have to fit the host as it is now.
            confirm_within: Seconds after which it is taken back unless `confirm` is called.
            progress: Told of each step.

        Raises:
            AnotherOperator: Somebody else is changing this host.
            UnsettledChange: An earlier change was cut off or waits for its confirmation.
            HostChanged: The host is not as the plan expects; nothing was done.
            WgtuiError: A step failed. What was done before it was taken back, or the text says what not.
        """
        if plan.is_empty:
            return Applied(None)
        with self._lock.hold(plan.title):
            refuse_unsettled(self._journal)
            check_before(plan, self._taker)
            return self._apply(plan, confirm_within, progress)

    def confirm(self, number: int) -> None:
        """Keep a change that waits for its confirmation, and complete one that was cut off.

        Raises:
            JournalProblem: There is no such entry, or it does not wait.
            WgtuiError: It could not be completed and was taken back.
        """
        with self._lock.hold(f"Confirm entry {number}", LOCK_PATIENCE):
            entry = self._unsettled(number)
            if entry.state is EntryState.WAITING:
                self._journal.confirmed(number)
            else:
                self._complete(entry)
            self._note_undone(entry)

    def confirming(self, number: int) -> Plan:
        """The plan that `confirm` would apply, for a preview: empty where the entry only waits.

        Raises:
            JournalProblem: There is no such entry, or it does not wait.
        """
        entry = self._unsettled(number)
        title = f"Keep entry {number}: {entry.plan.title}"
        if entry.state is EntryState.WAITING:
            return Plan(title, ())
        return Plan(title, tuple(step for _, step in _not_done(entry)))

    def undoing(self, number: int) -> Plan:
        """The plan that `undo` would apply, for a preview; its steps that are no longer needed left out.

        Raises:
            JournalProblem: There is no such entry, or it was taken back already.
        """
        entry = self._journal.own_entry(number)
        if entry.state in (EntryState.UNDONE, EntryState.REVERTED):
            by = f" by entry {entry.undone_by}" if entry.undone_by else ""
            raise JournalProblem(f"Entry {number} was taken back already{by}.", hint=entry.why)
        inverse = entry.plan.inverse(f"Undo entry {number}: {entry.plan.title}")
        if entry.state is EntryState.APPLIED:
            return still_to_undo(inverse, self._taker)
        last = len(entry.plan.steps) - 1
        return Plan(
            inverse.title, tuple(inverse.steps[last - step] for step in sorted(entry.begun, reverse=True))
        )

    def undo(
        self, number: int, *, confirm_within: float | None = None, progress: Progress | None = None
    ) -> Applied:
        """Take an entry back, today or next week.

        An applied entry is undone by an entry of its own. One that was cut off, or that waits for its
        confirmation, is taken back itself.

        Raises:
            JournalProblem: There is no such entry, or it was taken back already.
            HostChanged: Something that it set is not as it left it; nothing was done.
            WgtuiError: As in `apply`.
        """
        with self._lock.hold(f"Undo entry {number}"):
            plan = self.undoing(number)
            entry = self._journal.own_entry(number)
            if entry.state is not EntryState.APPLIED:
                self._revert(entry, "The operator took it back.")
                return Applied(number)
            refuse_unsettled(self._journal)
            if plan.is_empty:
                self._journal.undone(number, number)
                return Applied(None)
            check_before(plan, self._taker)
            return self._apply(plan, confirm_within, progress, undoes=number)

    def revert_at_deadline(self, number: int) -> bool:
        """Take an entry back that nobody confirmed. Called by the process that `Reverter` started.

        Returns:
            Whether there was something to take back.
        """
        with self._lock.hold(f"Take back entry {number}, which was not confirmed", DEADLINE_PATIENCE):
            entry = self._journal.own_entry(number)
            if entry.state is EntryState.WAITING:
                self._revert(entry, "It was not confirmed in time.")
            elif entry.state is EntryState.UNFINISHED:
                self._revert(entry, "It was cut off, and not confirmed in time.")
            else:
                return False
            return True

    def _apply(
        self, plan: Plan, confirm_within: float | None, progress: Progress | None, undoes: int | None = None
    ) -> Applied:
        opened = self._journal.begin(plan, undoes=undoes, confirm_within=confirm_within)
        disarm = self._arm(opened, confirm_within)
        try:
            for index, step in enumerate(plan.steps):
                if progress is not None:
                    progress(index, step)
                self._take(opened, index, step)
            disarm = self._extend(opened, confirm_within, disarm)
            opened.applied()
            if opened.entry.state is EntryState.APPLIED:
                self._note_undone(opened.entry)
        except BaseException as failure:
            # Only then: should this process not get so far, the other one still takes back what is left.
            failed = self._failed(opened, failure)
            disarm()
            raise failed from None
        return Applied(opened.entry.number, opened.entry.deadline)

    def _take(self, opened: OpenEntry, index: int, step: Step) -> None:
        opened.step_begun(index)
        if self._taker.take_unless_taken(step):
            made = self._taker.link_made_by(step)
            if made is not None:
                opened.link_made(made.name, made.index)
            opened.step_done(index)
        else:
            opened.step_undone(index)

    def _arm(self, opened: OpenEntry, seconds: float | None) -> Callable[[], None]:
        if seconds is None or self._reverter is None:
            return _nothing
        try:
            return self._reverter.arm(opened.entry.number, seconds)
        except WgtuiError as error:
            opened.reverted(f"Nothing was done: {error.text}")
            raise

    def _extend(
        self, opened: OpenEntry, seconds: float | None, disarm: Callable[[], None]
    ) -> Callable[[], None]:
        """Let the time to confirm begin now, where the steps took a good part of it."""
        if seconds is None or self._reverter is None or opened.age < seconds * _GOOD_PART:
            return disarm
        again = self._reverter.arm(opened.entry.number, seconds)
        disarm()
        opened.extended(seconds)
        return again

    def _failed(self, opened: OpenEntry, failure: BaseException) -> BaseException:
        """Take back what was done, and say so in the failure."""
        was_begun = bool(opened.entry.begun)
        left = self._taking_back.of(opened)
        said = failure.text if isinstance(failure, WgtuiError) else f"It failed: {type(failure).__name__}."
        # A full disk may be the very reason of the failure.
        with suppress(WgtuiError):
            opened.reverted(said, left.steps)
        if not isinstance(failure, WgtuiError):
            return failure
        outcome = left.text or ("All that was done before it was taken back." if was_begun else "")
        return type(failure)(f"{failure.text} {outcome}".rstrip(), hint=failure.hint)

    def _revert(self, entry: Entry, why: str) -> None:
        opened = self._journal.open(entry)
        left = self._taking_back.of(opened)
        opened.reverted(why, left.steps)
        if left.text:
            raise WgtuiError(left.text)

    def _complete(self, entry: Entry) -> None:
        """Take the steps that are left of an entry that was cut off."""
        opened = self._journal.open(entry)
        try:
            for index, step in _not_done(entry):
                self._take(opened, index, step)
            opened.applied()
            self._journal.confirmed(entry.number)
        except BaseException as failure:
            raise self._failed(opened, failure) from None

    def _note_undone(self, entry: Entry) -> None:
        """Note at the entry that another one took back, once that is not going to be taken back itself."""
        if entry.undoes is not None:
            self._journal.undone(entry.undoes, entry.number)

    def _unsettled(self, number: int) -> Entry:
        entry = self._journal.own_entry(number)
        if entry.state not in (EntryState.WAITING, EntryState.UNFINISHED):
            raise JournalProblem(
                f"Entry {number} does not wait for a confirmation: it is {entry.state.value}.", hint=entry.why
            )
        return entry


def _not_done(entry: Entry) -> list[tuple[int, Step]]:
    return [(index, step) for index, step in enumerate(entry.plan.steps) if index not in entry.done]


def _nothing() -> None:
    """There is no countdown to call off."""
