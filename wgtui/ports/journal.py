"""The journal of plans on disk, the lock of the host, and the process that takes changes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

Record = dict[str, object]
"""One line of an entry: JSON types only."""


class JournalStore(Protocol):
    """Entries are numbered files of records, which are only ever appended. Private keys stand in them.

    Every method raises `JournalProblem` where the disk refuses, and `PermissionRefused`.
    """

    def numbers(self) -> tuple[int, ...]:
        """The numbers of all entries, rising."""
        ...

    def read(self, number: int) -> tuple[Record, ...]:
        """The records of an entry, without a last one that a crash cut short; raises where there is none."""
        ...

    def create(self, records: Sequence[Record]) -> int:
        """Make a new entry, on disk before this returns.

        Returns:
            Its number, one more than the highest so far.
        """
        ...

    def append(self, number: int, record: Record) -> None:
        """Add a record to an entry, on disk before this returns."""
        ...

    def remove(self, number: int) -> None:
        """Remove an entry with the keys in it; one that is not there is no error."""
        ...


class HostLock(Protocol):
    """One change at a time. The lock goes with the process that holds it, however that ends."""

    def hold(self, purpose: str, wait: float = 0.0) -> AbstractContextManager[None]:
        """Hold the lock.

        Args:
            purpose: What for, shown to whoever finds it held.
            wait: Seconds to wait for it.

        Raises:
            AnotherOperator: It is held; the text says by whom, since when and what for.
        """
        ...


class Reverter(Protocol):
    """Takes an entry back at a deadline, by a process that outlives this one and its session."""

    def arm(self, number: int, seconds: float) -> Callable[[], None]:
        """Start the countdown for an entry.

        Returns:
            Calls the countdown off; the process looks at the journal before it acts, so that this is only a
            courtesy.

        Raises:
            HostCommandFailed: No such process can be had; nothing may then be applied.
        """
        ...
