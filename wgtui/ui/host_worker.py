"""A thread that reads the host for a screen, so that the user interface never waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    """What a worker owns: it is made, used and closed in the worker's thread, where its sockets live."""

    def close(self) -> None:
        """Release sockets."""
        ...


Reader = TypeVar("Reader", bound=Closable)


class HostWorker(Generic[Reader]):
    """Runs jobs one after the other. Of the jobs of one kind that wait, only the newest is run.

    The thread starts with the first job. A job hands over what it found by itself, such as by posting a
    message; one that raises is reported and the next one runs.
    """

    def __init__(self, make: Callable[[], Reader], failed: Callable[[Exception], None]) -> None:
        """Prepare.

        Args:
            make: Makes the reader; called in the thread, again after it failed.
            failed: Told of an exception, in the thread.
        """
        self._make = make
        self._failed = failed
        self._jobs: dict[str, Callable[[Reader], None]] = {}
        self._changed = threading.Condition()
        self._stopped = False
        # A read that hangs must not hold up the end of the program.
        self._thread = threading.Thread(target=self._run, name="wgtui-reader", daemon=True)

    def submit(self, kind: str, job: Callable[[Reader], None]) -> None:
        """Run a job as soon as the ones before it are done; it takes the place of one of its kind."""
        with self._changed:
            if self._stopped:
                return
            self._jobs[kind] = job
            if self._thread.ident is None:
                self._thread.start()
            self._changed.notify()

    def stop(self, timeout: float = 0.3) -> None:
        """Drop what waits and end the thread, waiting for it at most `timeout` seconds."""
        with self._changed:
            self._stopped = True
            self._jobs.clear()
            self._changed.notify()
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    def _next(self) -> Callable[[Reader], None] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or bool(self._jobs))
            if self._stopped:
                return None
            return self._jobs.pop(next(iter(self._jobs)))

    def _run(self) -> None:
        reader: Reader | None = None
        try:
            while (job := self._next()) is not None:
                try:
                    reader = reader or self._make()
                    job(reader)
                except Exception as error:
                    self._failed(error)
        finally:
            if reader is not None:
                reader.close()
