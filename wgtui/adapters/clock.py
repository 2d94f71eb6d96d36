"""The host's clocks."""

from __future__ import annotations

import time


class SystemClock:
    """`Clock` over the system's own."""

    def now(self) -> float:
        """Unix seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds on CLOCK_MONOTONIC."""
        return time.monotonic()
