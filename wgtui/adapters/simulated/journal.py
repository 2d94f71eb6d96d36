"""The journal and the lock in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from wgtui.domain.errors import AnotherOperator, JournalProblem
from wgtui.ports.journal import Record


@dataclass
class SimulatedJournal:
    """`JournalStore` over a dictionary of texts, one a record, as a disk would hold them.

    Attributes:
        entries: By number.
    """

    entries: dict[int, list[str]] = field(default_factory=dict)

    def numbers(self) -> tuple[int, ...]:
        """The numbers of all entries, rising."""
        return tuple(sorted(self.entries))

    def read(self, number: int) -> tuple[Record, ...]:
        """The records of an entry; raises `JournalProblem` where there is none."""
        return tuple(json.loads(text) for text in self._entry(number))

    def create(self, records: Sequence[Record]) -> int:
        """Make a new entry."""
        number = max(self.entries, default=0) + 1
        self.entries[number] = [json.dumps(record) for record in records]
        return number

    def append(self, number: int, record: Record) -> None:
        """Add a record to an entry."""
        self._entry(number).append(json.dumps(record))

    def remove(self, number: int) -> None:
        """Remove an entry; one that is not there is no error."""
        self.entries.pop(number, None)

    def _entry(self, number: int) -> list[str]:
        try:
            return self.entries[number]
        except KeyError:
            raise JournalProblem(f"There is no entry {number} in the journal.") from None


@dataclass
class SimulatedHostLock:
    """`HostLock` for one process.

    Attributes:
        held_for: What it is held for; None when it is free. A test may set it, to be another operator.
    """

    held_for: str | None = None

    @contextmanager
    def hold(self, purpose: str, wait: float = 0.0) -> Iterator[None]:
        """Hold the lock; raises `AnotherOperator` at once where it is held."""
        if self.held_for is not None:
            raise AnotherOperator(f"Another wgtui is changing this host: {self.held_for}.")
        self.held_for = purpose
        try:
            yield
        finally:
            self.held_for = None
