"""The one thread that looks at the host."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from wgtui.crash_log import log_error
from wgtui.domain.snapshot import Problem, Snapshot

MANY_PEERS: Final = 1000
"""Above this many peers a read is long enough to hold the kernel's lock noticeably."""

LONGEST_INTERVAL: Final = 10.0
"""Seconds; however long a read takes, the next one comes by then."""


class SnapshotSource(Protocol):
    """What the poll thread reads. It is made, used and closed in that thread, where its sockets live."""

    def take(self) -> Snapshot:
        """Look at the host; errors are values of the snapshot."""
        ...

    def close(self) -> None:
        """Release sockets."""
        ...

    def dismiss(self, name: str) -> None:
        """Forget a device that vanished."""
        ...


def next_interval(base: float, peers: int, took: float) -> float:
    """Seconds to wait between two reads.

    Args:
        base: The interval asked for.
        peers: Peers of all devices in the last snapshot.
        took: Seconds the last read took.

    Returns:
        `base` up to `MANY_PEERS`; above, twenty times what the read took, within `base` and
        `LONGEST_INTERVAL`, since each dump holds the kernel's rtnl lock in turns.
    """
    if peers <= MANY_PEERS:
        return base
    return max(base, min(LONGEST_INTERVAL, took * 20))


class Poller:
    """Takes snapshots in its own thread and hands each to one receiver.

    The thread may run long before anyone listens: the newest snapshot is kept for whoever comes.
    """

    def __init__(
        self, source: Callable[[], SnapshotSource], interval: float, log_file: Path | None = None
    ) -> None:
        """Prepare; `source` is called once, inside the thread; `log_file` takes errors that are defects."""
        self._source = source
        self._interval = interval
        self._log_file = log_file
        self._logged = ""
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._first = threading.Event()
        self._lock = threading.Lock()
        self._deliver: Callable[[Snapshot], None] | None = None
        self._latest: Snapshot | None = None
        self._dismissals: list[str] = []
        # A read that hangs must not hold up the end of the program.
        self._thread = threading.Thread(target=self._run, name="wgtui-poll", daemon=True)

    @property
    def latest(self) -> Snapshot | None:
        """The newest snapshot, None before the first."""
        return self._latest

    def start(self) -> None:
        """Start the thread, once; later calls do nothing."""
        if self._thread.ident is None:
            self._thread.start()

    def wait_first(self, timeout: float) -> Snapshot | None:
        """Wait for the first snapshot, at most `timeout` seconds."""
        self._first.wait(timeout)
        return self._latest

    def deliver_to(self, receiver: Callable[[Snapshot], None]) -> None:
        """Hand every snapshot from now on to `receiver`, in the poll thread; the newest one at once."""
        with self._lock:
            self._deliver = receiver
            latest = self._latest
        if latest is not None:
            receiver(latest)
            if latest.partial:
                self.wake()

    def wake(self) -> None:
        """Look now rather than at the next tick."""
        self._wake.set()

    def dismiss(self, name: str) -> None:
        """Forget a vanished device, in the poll thread, and look again."""
        with self._lock:
            self._dismissals.append(name)
        self._wake.set()

    def stop(self, timeout: float = 0.3) -> None:
        """End the thread, waiting for it at most `timeout` seconds."""
        self._stop.set()
        self._wake.set()
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    def _run(self) -> None:
        source: SnapshotSource | None = None
        try:
            while not self._stop.is_set():
                started = time.monotonic()
                try:
                    source = source or self._source()
                    self._dismiss_in(source)
                    snapshot = source.take()
                except Exception as error:  # The promise not to raise was broken: say so, keep looking.
                    snapshot = self._failed(error)
                self._hand_over(snapshot)
                took = time.monotonic() - started
                self._wait(snapshot, took)
        finally:
            if source is not None:
                source.close()

    def _wait(self, snapshot: Snapshot, took: float) -> None:
        """Wait for the next look. What is missing of a partial one is read once somebody shows it."""
        if not (snapshot.partial and self._deliver):
            peers = sum(len(device.peers) for device in snapshot.devices)
            self._wake.wait(max(0.05, next_interval(self._interval, peers, took) - took))
        self._wake.clear()

    def _dismiss_in(self, source: SnapshotSource) -> None:
        with self._lock:
            names, self._dismissals = self._dismissals, []
        for name in names:
            source.dismiss(name)

    def _hand_over(self, snapshot: Snapshot) -> None:
        with self._lock:
            self._latest = snapshot
            deliver = self._deliver
        self._first.set()
        if deliver is not None and not self._stop.is_set():
            deliver(snapshot)

    def _failed(self, error: Exception) -> Snapshot:
        """The last devices with the error as the problem; its text may quote anything, so only its type."""
        last = self._latest
        now = time.time()
        log_file = self._log(error)
        hint = "This is a bug: please report it. wgtui tries again."
        if log_file is not None:
            hint = f"This is a bug: please report it with the log {log_file}. wgtui tries again."
        problem = Problem(
            kind="InternalError",
            title="The host could not be read",
            text=f"Reading the host failed inside wgtui ({type(error).__name__}).",
            hint=hint,
            since=last.problem.since if last and last.problem else now,
        )
        if last is None:
            return Snapshot(taken_at=now, problem=problem, number=1)
        return Snapshot(
            taken_at=now,
            devices=last.devices,
            problem=problem,
            interval=now - last.taken_at,
            number=last.number + 1,
            histories=last.histories,
        )

    def _log(self, error: Exception) -> Path | None:
        """Log an error, once while it repeats; returns the file, None where there is none."""
        kind = type(error).__name__
        if self._log_file is not None and kind != self._logged:
            try:
                log_error(error, self._log_file)
            except OSError:
                self._log_file = None
        self._logged = kind
        return self._log_file
