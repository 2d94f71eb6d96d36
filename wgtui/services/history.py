"""Past transfer rates in bounded memory."""

from __future__ import annotations

from array import array
from typing import Final

from wgtui.domain.snapshot import Rate, Sample

CAPACITY: Final = 240
"""Samples kept: four minutes at one poll a second."""


class TransferHistory:
    """A ring of rates, one a tick. Idle ticks are implied, so a silent peer costs nothing.

    A tick is one read of the peer's device; `record` is called only for ticks at which something moved.
    """

    __slots__ = ("_last", "_rx", "_start", "_tx")

    def __init__(self, start: int) -> None:
        """Begin at tick `start`: no sample is older."""
        self._start = start
        self._last = start
        self._rx: array[float] | None = None
        self._tx: array[float] | None = None

    def record(self, tick: int, rate: Rate) -> None:
        """Store the rate of a tick later than all before."""
        rx, tx = self._rx, self._tx
        if rx is None or tx is None:
            rx = self._rx = array("f", bytes(4 * CAPACITY))
            tx = self._tx = array("f", bytes(4 * CAPACITY))
        for idle in range(max(self._last + 1, tick - CAPACITY + 1), tick):
            rx[idle % CAPACITY] = tx[idle % CAPACITY] = 0.0
        rx[tick % CAPACITY] = rate.rx
        tx[tick % CAPACITY] = rate.tx
        self._last = tick

    def recent(self, tick: int, count: int) -> tuple[Sample, ...]:
        """The samples of the last `count` ticks up to and including `tick`, oldest first."""
        first = max(self._start + 1, tick - min(count, CAPACITY) + 1)
        rx, tx = self._rx, self._tx
        if rx is None or tx is None:
            return (_IDLE,) * max(0, tick - first + 1)
        return tuple(
            Sample(rx[at % CAPACITY], tx[at % CAPACITY]) if at <= self._last else _IDLE
            for at in range(first, tick + 1)
        )


_IDLE: Final = Sample(0.0, 0.0)
