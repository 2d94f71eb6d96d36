"""The poll thread: it keeps looking, keeps the newest, and ends."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ui.world import NOW, device_state, peer_state, snapshot_of
from wgtui.domain.snapshot import Snapshot
from wgtui.ui.poller import LONGEST_INTERVAL, Poller, next_interval

DEADLINE = 10.0


class Source:
    """Counts looks; fails on the ones it is told to."""

    def __init__(self, failing: frozenset[int] = frozenset()) -> None:
        self.looks = 0
        self.closed = threading.Event()
        self.dismissed: list[str] = []
        self._failing = failing

    def take(self) -> Snapshot:
        self.looks += 1
        if self.looks in self._failing:
            raise RuntimeError("secret detail")
        return snapshot_of(device_state("wg0", [peer_state(1)]), number=self.looks, taken_at=NOW + self.looks)

    def close(self) -> None:
        self.closed.set()

    def dismiss(self, name: str) -> None:
        self.dismissed.append(name)


class Receiver:
    """Collects snapshots and lets a test wait for some."""

    def __init__(self) -> None:
        self.seen: list[Snapshot] = []
        self._condition = threading.Condition()

    def __call__(self, snapshot: Snapshot) -> None:
        with self._condition:
            self.seen.append(snapshot)
            self._condition.notify_all()

    def wait_for(self, count: int) -> list[Snapshot]:
        with self._condition:
            assert self._condition.wait_for(lambda: len(self.seen) >= count, DEADLINE)
            return list(self.seen)


def test_it_looks_before_anyone_listens_and_hands_over_the_newest() -> None:
    poller = Poller(Source, 1000.0)
    poller.start()
    first = poller.wait_first(DEADLINE)
    assert first is not None
    receiver = Receiver()
    poller.deliver_to(receiver)
    assert receiver.wait_for(1) == [first]
    poller.stop()


def test_waking_looks_at_once() -> None:
    poller, receiver = Poller(Source, 1000.0), Receiver()
    poller.deliver_to(receiver)
    poller.start()
    receiver.wait_for(1)
    poller.wake()
    assert [snapshot.number for snapshot in receiver.wait_for(2)] == [1, 2]
    poller.stop()


def test_a_source_that_raises_is_a_problem_on_the_screen_and_is_asked_again() -> None:
    poller, receiver = Poller(lambda: Source(frozenset((2,))), 0.0), Receiver()
    poller.deliver_to(receiver)
    poller.start()
    seen = receiver.wait_for(3)
    poller.stop()
    problem = seen[1].problem
    assert problem is not None
    assert "RuntimeError" in problem.text
    assert "secret" not in problem.text
    assert seen[1].devices == seen[0].devices
    assert seen[2].problem is None


def test_a_source_that_cannot_be_made_is_a_problem_too() -> None:
    def broken() -> Source:
        raise OSError("no socket")

    poller = Poller(broken, 1000.0)
    poller.start()
    first = poller.wait_first(DEADLINE)
    poller.stop()
    assert first is not None
    assert first.problem is not None
    assert first.devices == ()


def test_a_partial_look_is_completed_at_once_when_somebody_shows_it() -> None:
    class Partial(Source):
        def take(self) -> Snapshot:
            return replace(super().take(), partial=self.looks == 1)

    poller, receiver = Poller(Partial, 1000.0), Receiver()
    poller.start()
    poller.wait_first(DEADLINE)
    poller.deliver_to(receiver)
    assert [snapshot.partial for snapshot in receiver.wait_for(2)] == [True, False]
    poller.stop()


def test_dismissals_reach_the_source_before_the_next_look() -> None:
    source = Source()
    poller, receiver = Poller(lambda: source, 1000.0), Receiver()
    poller.deliver_to(receiver)
    poller.start()
    receiver.wait_for(1)
    poller.dismiss("wg0")
    receiver.wait_for(2)
    assert source.dismissed == ["wg0"]
    poller.stop()


def test_stopping_closes_the_source() -> None:
    source = Source()
    poller = Poller(lambda: source, 1000.0)
    poller.start()
    poller.wait_first(DEADLINE)
    poller.stop(DEADLINE)
    assert source.closed.is_set()


def test_a_source_that_hangs_does_not_hold_up_the_end() -> None:
    release = threading.Event()

    class Hanging(Source):
        def take(self) -> Snapshot:
            release.wait(DEADLINE)
            return super().take()

    poller = Poller(Hanging, 1.0)
    poller.start()
    poller.stop(0.01)
    assert poller.latest is None
    release.set()


@pytest.mark.parametrize(
    ("peers", "took", "expected"),
    [(0, 0.0, 1.0), (1000, 5.0, 1.0), (1001, 0.01, 1.0), (5000, 0.2, 4.0), (10_000, 9.0, LONGEST_INTERVAL)],
)
def test_many_peers_are_read_less_often(peers: int, took: float, expected: float) -> None:
    assert next_interval(1.0, peers, took) == expected


def test_a_defect_is_logged_once_and_its_log_named(tmp_path: Path) -> None:
    log = tmp_path / "state" / "wgtui.log"
    receiver = Receiver()
    poller = Poller(lambda: Source(failing=frozenset((2, 3))), 0.01, log)
    poller.deliver_to(receiver)
    poller.start()
    seen = receiver.wait_for(4)
    poller.stop(DEADLINE)
    problem = seen[2].problem
    assert problem is not None
    assert str(log) in problem.hint
    assert log.read_text().count("Traceback") == 1
    assert "RuntimeError" in log.read_text()


def test_a_log_that_cannot_be_written_is_not_named() -> None:
    receiver = Receiver()
    poller = Poller(lambda: Source(failing=frozenset((1,))), 1000.0, Path("/proc/nowhere/wgtui.log"))
    poller.deliver_to(receiver)
    poller.start()
    problem = receiver.wait_for(1)[0].problem
    poller.stop(DEADLINE)
    assert problem is not None
    assert "/proc" not in problem.hint
