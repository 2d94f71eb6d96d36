"""The journal: every plan with what it replaced, on disk before its first step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

from wgtui.domain import journal as records
from wgtui.domain.errors import JournalProblem, WgtuiError
from wgtui.domain.journal import Entry, EntryState
from wgtui.domain.plan import Plan
from wgtui.domain.text import printable
from wgtui.ports.clock import Clock
from wgtui.ports.journal import JournalStore

KEPT: Final = 200
"""Entries that stay, the newest ones, whatever their age."""


class Journal:
    """Reads and writes entries.

    Args:
        store: Where their records are.
        clock: Times of events.
        by: Who this operator is, in words.
        boot: Which run of the host this is.
        netns: The network namespace that is changed; empty for wgtui's own.
    """

    def __init__(self, store: JournalStore, clock: Clock, by: str, boot: str = "", netns: str = "") -> None:
        self._store = store
        self._clock = clock
        self._by = by
        self._boot = boot
        self._netns = netns

    def entries(self) -> Iterator[Entry]:
        """All entries that can be read, newest first, each read when it is asked for."""
        for number in reversed(self._store.numbers()):
            try:
                yield self.entry(number)
            except JournalProblem:
                continue

    def numbers(self) -> tuple[int, ...]:
        """The numbers of all entries, rising, also of those that cannot be read."""
        return self._store.numbers()

    def unreadable(self) -> tuple[int, ...]:
        """Numbers of entries that cannot be read: damaged, or of another version of wgtui."""
        found = []
        for number in self._store.numbers():
            try:
                self.entry(number)
            except JournalProblem:
                found.append(number)
        return tuple(found)

    def entry(self, number: int) -> Entry:
        """One entry; raises `JournalProblem` where there is none or it cannot be read."""
        lines = self._store.read(number)
        try:
            return records.read_entry(number, lines)
        except ValueError as error:
            raise JournalProblem(
                f"Entry {number} of the journal cannot be understood: {error}.",
                hint="Another version of wgtui may have written it.",
            ) from None

    def own_entry(self, number: int) -> Entry:
        """One entry of this network namespace; raises `JournalProblem` as `entry`, and for others."""
        entry = self.entry(number)
        if entry.netns == self._netns:
            return entry
        where = f"the network namespace {printable(entry.netns)}" if entry.netns else "no other namespace"
        hint = f"Add: --netns {printable(entry.netns)}" if entry.netns else "Leave out: --netns"
        raise JournalProblem(f"Entry {number} is about {where}.", hint=hint)

    def made_by(self, interface: str, index: int) -> Plan | None:
        """All that wgtui did to an interface since it made it, as one plan.

        Args:
            interface: Its name.
            index: Of its link; another one of that name has another.

        Returns:
            None where it was not made by wgtui.
        """
        plans: list[Plan] = []
        for entry in self.entries():
            if entry.boot != self._boot:
                return None
            if entry.netns != self._netns:
                continue
            if entry.state not in (EntryState.APPLIED, EntryState.WAITING):
                continue
            made = (interface, index) in entry.made
            if made or entry.undoes is None:
                plans.insert(0, entry.plan)
            if made:
                return Plan(entry.plan.title, tuple(step for plan in plans for step in plan.steps))
        return None

    def unsettled(self) -> Entry | None:
        """The entry that was cut off, or that waits for its confirmation; None when all is settled.

        Only the newest can be: as long as it is, nothing else is applied.
        """
        newest = next(self.entries(), None)
        open_states = (EntryState.UNFINISHED, EntryState.WAITING)
        return newest if newest is not None and newest.state in open_states else None

    def begin(
        self, plan: Plan, *, undoes: int | None = None, confirm_within: float | None = None
    ) -> OpenEntry:
        """Write a plan down before its first step."""
        now = self._clock.now()
        deadline = None if confirm_within is None else now + confirm_within
        first = records.begin(
            plan, now, self._by, undoes=undoes, deadline=deadline, boot=self._boot, netns=self._netns
        )
        number = self._store.create([dict(first)])
        self._forget_old()
        return self.open(records.read_entry(number, [first]))

    def _forget_old(self) -> None:
        """Remove what is too old to be undone, so that old keys do not stay on disk for ever.

        Entries of this run of the host stay: they tell how to take down what it brought up.
        """
        for number in self._store.numbers()[:-KEPT]:
            with suppress(WgtuiError):
                if not self._is_of_this_run(number):
                    self._store.remove(number)

    def _is_of_this_run(self, number: int) -> bool:
        try:
            return self.entry(number).boot == self._boot
        except JournalProblem:
            return False

    def open(self, entry: Entry) -> OpenEntry:
        """An entry whose steps are being taken."""
        return OpenEntry(
            entry,
            lambda record: self._store.append(entry.number, dict(record)),
            self._clock,
            is_of_this_run=entry.boot == self._boot,
        )

    def confirmed(self, number: int) -> None:
        """Note that the operator confirmed it."""
        self._store.append(number, dict(records.confirmed(self._clock.now())))

    def undone(self, number: int, by: int) -> None:
        """Note that another entry took it back."""
        self._store.append(number, dict(records.undone(self._clock.now(), by)))


class OpenEntry:
    """An entry that is at work: what is noted is on disk, and known here without reading it again.

    Args:
        entry: As it stands.
        append: Writes a record to it.
        clock: Times of events.
        is_of_this_run: Whether the host has not been started anew since it was begun.
    """

    def __init__(
        self,
        entry: Entry,
        append: Callable[[records.Record], None],
        clock: Clock,
        *,
        is_of_this_run: bool = True,
    ) -> None:
        self.entry = entry
        self.is_of_this_run = is_of_this_run
        """Whether the host has not been started anew since it was begun."""
        self._append = append
        self._clock = clock

    def step_begun(self, step: int) -> None:
        """Note that a step is about to be taken."""
        self._note(records.step_begun(step))

    def step_done(self, step: int) -> None:
        """Note that a step was taken."""
        self._note(records.step_done(step))

    def link_made(self, interface: str, index: int) -> None:
        """Note that an interface was made."""
        self._note(records.link_made(interface, index))

    def taking_back(self) -> None:
        """Note that its steps are about to be taken back."""
        self._note(records.taking_back())

    def step_undone(self, step: int) -> None:
        """Note that a step was taken back."""
        self._note(records.step_undone(step))

    def applied(self) -> None:
        """Note that all steps were taken."""
        self._note(records.all_applied(self._clock.now()))

    @property
    def age(self) -> float:
        """Seconds since it was begun."""
        return self._clock.now() - self.entry.at

    def extended(self, seconds: float) -> None:
        """Note that it is to be confirmed within so many seconds from now."""
        self._note(records.extended(self._clock.now() + seconds))

    def reverted(self, why: str, left: tuple[int, ...] = ()) -> None:
        """Note that it was taken back by itself."""
        self._note(records.reverted(self._clock.now(), why, left))

    def _note(self, record: records.Record) -> None:
        # First here: a record that did not reach the disk still tells what has to be taken back.
        self.entry = records.with_record(self.entry, record)
        self._append(record)
