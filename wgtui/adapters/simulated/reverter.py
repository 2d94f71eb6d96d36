"""The countdown of a change, within the process."""

from __future__ import annotations

from collections.abc import Callable
from threading import Timer


class SimulatedReverter:
    """`Reverter` by a timer; it ends with the process, as the simulated host does.

    Args:
        take_back: Takes an entry back whose deadline has passed.
    """

    def __init__(self, take_back: Callable[[int], object]) -> None:
        self._take_back = take_back

    def arm(self, number: int, seconds: float) -> Callable[[], None]:
        """Start the countdown for an entry; returns what calls it off."""
        timer = Timer(seconds, self._take_back, (number,))
        timer.daemon = True
        timer.start()
        return timer.cancel
