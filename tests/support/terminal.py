"""Runs a program in a pseudo-terminal, as a user's terminal and shell do.

Nothing here sleeps: every wait reads the terminal until a condition holds, with a deadline.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support import terminal_leader
from tests.support.terminal_process import cpu_seconds
from tests.support.terminal_screen import TerminalScreen

ROOT = Path(__file__).resolve().parents[2]
DEADLINE = 30.0
"""Seconds: far more than anything takes, for machines that do other things too."""

_QUIET = 0.25
_KEYS = {
    "enter": b"\r",
    "escape": b"\x1b",
    "tab": b"\t",
    "space": b" ",
    "backspace": b"\x7f",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "f1": b"\x1bOP",
    "f5": b"\x1b[15~",
    "ctrl+c": b"\x03",
    "ctrl+l": b"\x0c",
    "ctrl+n": b"\x0e",
    "ctrl+o": b"\x0f",
    "ctrl+p": b"\x10",
    "ctrl+q": b"\x11",
    "ctrl+s": b"\x13",
    "ctrl+u": b"\x15",
    "ctrl+z": b"\x1a",
}


class NotSeen(AssertionError):
    """What was waited for did not come; the text shows the screen."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended.

    Attributes:
        code: Its exit code, or the negative number of the signal that killed it.
        cpu: User and system seconds it used in all.
        at: When, in monotonic seconds.
    """

    code: int
    cpu: float
    at: float


def environment(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """A small environment like that of an SSH session; changes with None remove variables."""
    env: dict[str, str | None] = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.environ.get("HOME", "/"),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "PYTHONPATH": str(ROOT),
        **(changes or {}),
    }
    return {name: value for name, value in env.items() if value is not None}


class Terminal:
    """A terminal with a program in it. A context manager: leaving it ends the program."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        size: tuple[int, int] = (120, 36),
        env: Mapping[str, str | None] | None = None,
        ignore: Iterable[signal.Signals] = (),
        null: Iterable[int] = (),
        cwd: Path | str = "/",
        interpret: bool = True,
    ) -> None:
        """Start the program.

        Args:
            argv: The program and its arguments.
            size: Columns and lines.
            env: Changes to `environment()`; None removes a variable.
            ignore: Signals that the program inherits as ignored.
            null: Descriptors that are `/dev/null` in place of the terminal.
            cwd: Where it starts.
            interpret: Whether to keep a screen; without, reading costs next to nothing.
        """
        self.size = size
        self.output = bytearray()
        self.chunks: list[tuple[float, int]] = []
        """Monotonic seconds of each read, and the length of the output after it."""
        self.screen = TerminalScreen(*size)
        self._interpret = interpret
        self._interpreted = 0
        self._hung_up = False
        self._reports = b""
        self._facts: list[dict[str, Any]] = []
        self._master, slave = os.openpty()
        self._set_size()
        os.set_blocking(self._master, False)
        tty = os.ttyname(slave)
        self.attributes_before = termios.tcgetattr(slave)
        self._report_pipe, reports = os.pipe()
        orders, self._order_pipe = os.pipe()
        options = json.dumps({"ignore": list(ignore), "null": list(null)})
        command = [sys.executable, "-I", "-S", terminal_leader.__file__]
        self._leader = subprocess.Popen(
            [*command, tty, str(reports), str(orders), options, *argv],
            env=environment(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            pass_fds=(reports, orders),
        )
        for descriptor in (reports, orders):
            os.close(descriptor)
        started = self._fact("pid", DEADLINE)
        os.close(slave)
        self.pid: int = started["pid"]
        self.started_at: float = started["at"]
        """Monotonic seconds just before the program's process was made."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the program, whatever it does, and give everything back."""
        if self._leader.poll() is None:
            os.close(self._order_pipe)
            self._order_pipe = -1
            try:
                self._leader.wait(10)
            except subprocess.TimeoutExpired:
                self._leader.kill()
                self._leader.wait()
        for descriptor in (self._order_pipe, self._report_pipe, *(() if self._hung_up else (self._master,))):
            if descriptor >= 0:
                os.close(descriptor)
        self._order_pipe = self._report_pipe = -1
        self._hung_up = True

    # What the program sees

    def send(self, data: bytes) -> None:
        """Type bytes."""
        while data:
            _, writable, _ = select.select([], [self._master], [], DEADLINE)
            if not writable:
                raise NotSeen("the program does not read its terminal")
            data = data[os.write(self._master, data) :]

    def press(self, *keys: str) -> None:
        """Press keys by name (`down`, `ctrl+p`) or character."""
        self.send(b"".join(_KEYS.get(key) or key.encode() for key in keys))

    def resize(self, columns: int, lines: int) -> None:
        """Change the size of the window."""
        self.size = (columns, lines)
        self._read_available()
        self.screen.resize(columns, lines)
        self._set_size()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Close the terminal, as a dropped SSH connection does."""
        os.close(self._master)
        self._hung_up = True

    def to_foreground(self) -> None:
        """Continue a stopped program, as a shell's `fg` does."""
        os.write(self._order_pipe, b"f")

    # What the program does

    def wait_for(self, what: str | re.Pattern[str] | Callable[[], object], deadline: float = DEADLINE) -> Any:
        """Read until a text or pattern is on the screen, or until a condition holds.

        Returns:
            The pattern's match, or what the condition returned.

        Raises:
            NotSeen: The deadline passed, or the program ended without it.
        """
        return self._until(self._condition(what), deadline, f"{what!r} was waited for {deadline:g} s")

    def wait_bytes(self, what: bytes, start: int = 0, deadline: float = DEADLINE) -> int:
        """Read until bytes are in the output from `start` on; returns the index behind them."""

        def index() -> int:
            at = self.output.find(what, start)
            return at + len(what) if at >= 0 else 0

        found: int = self._until(index, deadline, f"{what!r} was waited for {deadline:g} s")
        return found

    def wait_quiet(self, quiet: float = _QUIET, deadline: float = DEADLINE) -> None:
        """Read until nothing has been written for `quiet` seconds."""
        end = time.monotonic() + deadline
        while self._read(quiet):
            if time.monotonic() > end:
                raise NotSeen(f"the program did not stop writing for {deadline:g} s\n{self._picture()}")

    def collect(self, seconds: float) -> bytes:
        """Everything that is written during so many seconds from now."""
        start, end = len(self.output), time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._read(left)
        return bytes(self.output[start:])

    def wait_stopped(self, deadline: float = DEADLINE) -> int:
        """Wait until the program is stopped; returns the signal that did it."""
        stopped: int = self._fact("stopped", deadline)["stopped"]
        self._read_available()
        return stopped

    def wait_end(self, deadline: float = DEADLINE, *, reading: bool = True) -> Ended:
        """Wait until the program has ended, and take what it left in the terminal.

        Args:
            deadline: Seconds.
            reading: Whether to read meanwhile; a terminal that does not is one whose network hangs.
        """
        fact = self._fact("status", deadline, reading=reading)
        while not self._hung_up and terminal_leader.DONE not in self.output[-4096:]:
            if not self._read(DEADLINE):
                raise NotSeen(f"the end of the program's output is missing\n{self._picture()}")
        return Ended(fact["status"], fact["cpu"], fact["at"])

    @property
    def text(self) -> str:
        """What is on the screen."""
        self._interpret_rest()
        return self.screen.text

    @property
    def plain(self) -> str:
        """All that was written, as text, with its escape sequences; without the leader's mark at the end."""
        return self.output.partition(terminal_leader.DONE)[0].decode(errors="replace")

    @property
    def attributes(self) -> list[Any]:
        """The terminal's modes now, termios(3)."""
        return termios.tcgetattr(self._master)

    def cpu(self) -> float:
        """Seconds of processor time used so far."""
        return cpu_seconds(self.pid)

    def _condition(self, what: str | re.Pattern[str] | Callable[[], object]) -> Callable[[], object]:
        if isinstance(what, str):
            return lambda: what in self.text
        if isinstance(what, re.Pattern):
            return lambda: what.search(self.text)
        return what

    def _until(self, condition: Callable[[], object], deadline: float, complaint: str) -> Any:
        end = time.monotonic() + deadline
        while not (result := condition()):
            left = end - time.monotonic()
            if left <= 0:
                raise NotSeen(f"{complaint}\n{self._picture()}")
            if not self._read(min(left, 0.05)):
                self._take_reports(0)
                if any("status" in fact for fact in self._facts) and not self._read(0.05):
                    if result := condition():
                        break
                    raise NotSeen(f"{complaint}, but the program has ended\n{self._picture()}")
        return result

    def _fact(self, name: str, deadline: float, *, reading: bool = True) -> dict[str, Any]:
        """The next report that has `name`; the terminal is read meanwhile, if at all."""
        end = time.monotonic() + deadline
        while True:
            for fact in self._facts:
                if name in fact:
                    if name == "stopped":
                        self._facts.remove(fact)
                    return fact
            left = end - time.monotonic()
            if left <= 0:
                raise NotSeen(f"the program did not reach {name!r} in {deadline:g} s\n{self._picture()}")
            reading = reading and not self._hung_up
            sources = [self._report_pipe, self._master] if reading else [self._report_pipe]
            select.select(sources, [], [], min(left, 0.25))
            if reading:
                self._read_available()
            self._take_reports(0)

    def _take_reports(self, timeout: float) -> None:
        while select.select([self._report_pipe], [], [], timeout)[0]:
            data = os.read(self._report_pipe, 4096)
            if not data:
                raise NotSeen("the session leader died")
            *lines, self._reports = (self._reports + data).split(b"\n")
            self._facts += map(json.loads, lines)

    def _read_available(self) -> None:
        while self._read(0):
            pass

    def _read(self, timeout: float) -> bool:
        """Read once, waiting at most so long; whether there was anything."""
        if self._hung_up:
            return False
        if not select.select([self._master], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.output += data
        self.chunks.append((time.monotonic(), len(self.output)))
        return bool(data)

    def _interpret_rest(self) -> None:
        if self._interpret:
            self.screen.feed(bytes(self.output[self._interpreted :]))
            self._interpreted = len(self.output)

    def _set_size(self) -> None:
        columns, lines = self.size
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def _picture(self) -> str:
        return f"--- the screen:\n{self.text}\n--- the last bytes: {bytes(self.output[-600:])!r}"
