"""Textual's terminal driver, made safe against a terminal that is gone or no longer takes output."""

from __future__ import annotations

import time
from queue import Full
from typing import Final

from textual._parser import ParseError
from textual.drivers.linux_driver import LinuxDriver

_PATIENCE: Final = 0.4
"""Seconds that all writing together may still take once the program is leaving."""


class SteadyDriver(LinuxDriver):
    """Never waits for a terminal that will not answer.

    As shipped, writing blocks the whole program once thirty updates queue up, for good when the writer's
    thread has died of a closed terminal; and leaving waits for that thread.
    """

    _deadline: float | None = None

    def hurry(self) -> None:
        """The program is leaving: give up on output that the terminal does not take soon."""
        if self._deadline is None:
            self._deadline = time.monotonic() + _PATIENCE

    def write(self, data: str) -> None:
        """Queue data for the terminal, or drop it where nobody will read it."""
        thread = self._writer_thread
        while thread is not None and thread.is_alive() and not self._is_late():
            try:
                thread._queue.put(data, timeout=0.1)
            except Full:
                continue
            return

    def close(self) -> None:
        """End the writer's thread, unless it hangs in a write."""
        thread = self._writer_thread
        if thread is None or not thread.is_alive():
            return
        if self._deadline is None:
            super().close()
            return
        try:
            thread._queue.put_nowait(None)
        except Full:
            return
        thread.join(max(0.1, self._deadline - time.monotonic()))

    def stop_input(self) -> None:
        """Let the input thread end by itself: at the end of its file it would spin."""
        self.exit_event.set()

    def _run_input_thread(self) -> None:
        """Read keys until the end. What is no key, such as half a character, is passed over.

        As shipped, the first such byte ends the reading, and with it the program or its ears.
        """
        while not self.exit_event.is_set():
            try:
                self.run_input_thread()
            except (ValueError, ParseError):
                continue
            except (OSError, EOFError):
                return

    def _enable_mouse_pixels(self) -> None:
        """Cells are all that is needed, and Textual does not switch this mode off when it leaves."""

    def _is_late(self) -> bool:
        return self._deadline is not None and time.monotonic() > self._deadline
