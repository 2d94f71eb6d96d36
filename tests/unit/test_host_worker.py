"""The thread that reads the host for a screen: one job at a time, the newest of a kind, and an end."""

from __future__ import annotations

import threading

from wgtui.ui.host_worker import HostWorker

DEADLINE = 10.0


class Reader:
    """Remembers where it was used."""

    def __init__(self) -> None:
        self.threads = {threading.current_thread().name}
        self.closed = threading.Event()

    def close(self) -> None:
        self.closed.set()


def no_failure(error: Exception) -> None:
    raise AssertionError from error


def test_of_jobs_that_wait_only_the_newest_of_a_kind_is_run() -> None:
    reader, seen = Reader(), list[int]()
    hold, started, done = threading.Event(), threading.Event(), threading.Event()
    worker = HostWorker(lambda: reader, no_failure)

    def first(_: Reader) -> None:
        started.set()
        hold.wait(DEADLINE)

    worker.submit("map", first)
    assert started.wait(DEADLINE)
    for number in range(5):
        worker.submit("map", lambda _, number=number: seen.append(number))  # type: ignore[misc]
    worker.submit("packet", lambda _: done.set())
    hold.set()
    assert done.wait(DEADLINE)
    assert seen == [4]
    worker.stop(DEADLINE)
    assert reader.closed.is_set()


def test_a_job_that_raises_is_reported_and_the_next_one_runs() -> None:
    failures: list[Exception] = []
    done = threading.Event()
    worker = HostWorker(Reader, failures.append)

    def broken(_: Reader) -> None:
        raise RuntimeError

    worker.submit("map", broken)
    worker.submit("packet", lambda _: done.set())
    assert done.wait(DEADLINE)
    assert [type(error) for error in failures] == [RuntimeError]
    worker.stop(DEADLINE)


def test_a_reader_that_cannot_be_made_is_made_again_for_the_next_job() -> None:
    failed, done = threading.Event(), threading.Event()
    made: list[Reader] = []

    def make() -> Reader:
        made.append(Reader())
        if len(made) == 1:
            raise OSError
        return made[-1]

    worker = HostWorker(make, lambda _: failed.set())
    worker.submit("map", lambda _: done.set())
    assert failed.wait(DEADLINE)
    worker.submit("map", lambda _: done.set())
    assert done.wait(DEADLINE)
    worker.stop(DEADLINE)


def test_it_is_all_one_thread_of_its_own_and_nothing_runs_after_the_end() -> None:
    made: list[Reader] = []
    done = threading.Event()

    def make() -> Reader:
        made.append(Reader())
        return made[-1]

    worker = HostWorker(make, no_failure)
    for kind in ("map", "packet"):
        worker.submit(kind, lambda it: it.threads.add(threading.current_thread().name))
    worker.submit("last", lambda _: done.set())
    assert done.wait(DEADLINE)
    worker.stop(DEADLINE)
    worker.submit("map", lambda it: it.threads.add("too late"))
    assert [reader.threads for reader in made] == [{"wgtui-reader"}]
    assert made[0].closed.is_set()
