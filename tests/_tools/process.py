"""A child process with a time limit, in a session of its own so that it can be stopped as a whole."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

_GRACE_S = 15.0
"""How long a stopped child may take to say where it hung and to clean up."""


class Child:
    """A started command; its output goes to this program's own or to a file."""

    def __init__(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        limit: float,
        log: Path | None = None,
        nice: int = 0,
    ) -> None:
        """Start `command`; `limit` seconds from now `wait` stops it."""
        self._start = time.monotonic()
        self._started_at = time.time()
        self._limit = limit
        self._log = log
        self._out: IO[bytes] | None = log.open("wb") if log else None
        full = ["nice", "-n", str(nice), *command] if nice else list(command)
        self._process = subprocess.Popen(
            full,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=self._out,
            stderr=subprocess.STDOUT if self._out else None,
            start_new_session=True,
        )
        self.timed_out = False
        self.seconds = 0.0

    def wait(self, *, follow: bool = False) -> int:
        """Wait for the end, at most until the limit; the exit status.

        Args:
            follow: Copy the log to standard output meanwhile.
        """
        shown = 0
        while True:
            if follow:
                shown = self._show(shown)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=min(1.0 if follow else 3600.0, self._left()))
                break
            if self._left() <= 0.0:
                self.timed_out = True
                self.stop()
                break
        self.seconds = time.monotonic() - self._start
        if self._out and self._log:
            self._out.close()
            # Nobody may have waited when it ended; what it wrote last tells when that was.
            self.seconds = min(self.seconds, max(0.0, self._log.stat().st_mtime - self._started_at))
        if follow:
            self._show(shown)
        return self._process.returncode

    def stop(self) -> None:
        """End the child and all it started: it is asked first, so that pytest still writes its report."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_GRACE_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def _left(self) -> float:
        return max(0.0, self._start + self._limit - time.monotonic())

    def _show(self, shown: int) -> int:
        if self._log is None:
            return shown
        with self._log.open("rb") as log:
            log.seek(shown)
            data = log.read()
        print(data.decode(errors="replace"), end="", flush=True)
        return shown + len(data)
