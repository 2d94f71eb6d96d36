"""The one thread in which this UI changes the host."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from wgtui.domain.errors import WgtuiError
from wgtui.services.changes import Changes, OpenChanges

Result = TypeVar("Result")

Deliver = Callable[[Callable[[], None]], object]
"""Has something called in the UI's thread."""


class ChangeThread:
    """Does one piece of work after another, each with the services opened for it, and none cut short.

    The thread lives while there is work. It is no daemon, and `wait` is called before the program ends: a
    change that was begun is finished, or taken back, whatever becomes of the UI.

    Args:
        open_changes: Opens the services of the host, in the thread.
        deliver: Takes results to the UI's thread.
    """

    def __init__(self, open_changes: OpenChanges, deliver: Deliver) -> None:
        self._open_changes = open_changes
        self._deliver = deliver
        self._lock = threading.Lock()
        self._work: deque[Callable[[], None]] = deque()
        self._thread: threading.Thread | None = None

    @property
    def is_busy(self) -> bool:
        """Whether there is work that is not done."""
        with self._lock:
            return self._thread is not None

    def run(self, work: Callable[[Changes], Result], done: Callable[[Result | WgtuiError], None]) -> None:
        """Do work in the thread.

        Args:
            work: Gets the services; what it raises of `WgtuiError` is a result.
            done: Called in the UI's thread with the result. An unexpected error is raised there in its place.
        """

        def job() -> None:
            try:
                with self._open_changes() as changes:
                    result: Result | WgtuiError = work(changes)
            except WgtuiError as error:
                result = error
            except Exception as error:
                self._hand_over(_raiser(error))
                return
            self._hand_over(lambda: done(result))

        with self._lock:
            self._work.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="wgtui-changes")
                self._thread.start()

    def deliver(self, callback: Callable[[], None]) -> None:
        """Have something called in the UI's thread, from within work."""
        self._hand_over(callback)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until all work is done; returns whether it is."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(timeout)
            return not thread.is_alive()
        return True

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._work:
                    self._thread = None
                    return
                job = self._work.popleft()
            job()

    def _hand_over(self, callback: Callable[[], None]) -> None:
        try:
            self._deliver(callback)
        except RuntimeError:
            # The UI has ended meanwhile: the journal knows what became of the change.
            return


def _raiser(error: Exception) -> Callable[[], None]:
    def raise_error() -> None:
        raise error

    return raise_error
