"""A clock that goes only when told to."""

from __future__ import annotations


class FakeClock:
    """`Clock` for tests and demos: wall clock and monotonic clock move together, or the wall clock steps."""

    def __init__(self, now: float = 1_767_225_600.0) -> None:
        """Start at `now` (Unix seconds; the default is 2026-01-01 00:00 UTC)."""
        self._now = now
        self._monotonic = 1000.0

    def now(self) -> float:
        """Unix seconds."""
        return self._now

    def monotonic(self) -> float:
        """Seconds, unmoved by `step`."""
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self._now += seconds
        self._monotonic += seconds

    def step(self, seconds: float) -> None:
        """Set the wall clock forward or back, as an operator or NTP would."""
        self._now += seconds
