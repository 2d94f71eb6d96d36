"""Time."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """The two clocks of a host."""

    def now(self) -> float:
        """Unix time in seconds; may step when the clock is set."""
        ...

    def monotonic(self) -> float:
        """Seconds since some point; never steps."""
        ...
