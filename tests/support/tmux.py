"""A terminal multiplexer around a program, as operators have it: keys in, the window's text out."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from tests.support.terminal import DEADLINE, NotSeen, environment
from tests.support.terminal_process import children

_PAUSE = 0.05


class Tmux:
    """A private tmux server with one window. A context manager: leaving it ends the server."""

    def __init__(
        self,
        *command: str,
        size: tuple[int, int] = (120, 36),
        start: Sequence[str] = (),
        env: Mapping[str, str | None] | None = None,
    ) -> None:
        """Start the server, and the command in its window.

        Args:
            command: A command for the shell, or a program and its arguments.
            size: Columns and lines.
            start: What runs tmux itself, and so the window: a command line that enters a namespace.
            env: Changes to `environment()`; None removes a variable.
        """
        # The path of a socket is at most 107 bytes long, which folders of tests may exceed.
        self._folder = TemporaryDirectory(prefix="wgtui-tmux-")
        self._socket = str(Path(self._folder.name, "tmux"))
        self._env = environment(env)
        columns, lines = map(str, size)
        session = ("-f", "/dev/null", "new-session", "-d", "-x", columns, "-y", lines)
        subprocess.run(
            [*start, "tmux", "-S", self._socket, *session, *command],
            env=self._env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=DEADLINE,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the server, and with it what runs in its window, by a hang-up."""
        self.run("kill-server")
        self._folder.cleanup()

    def run(self, *arguments: str) -> str:
        """Run a tmux command and return what it prints."""
        done = subprocess.run(
            ["tmux", "-S", self._socket, *arguments],
            env=self._env,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
            check=False,
        )
        return done.stdout

    @property
    def text(self) -> str:
        """What is in the window."""
        return self.run("capture-pane", "-p")

    def pids(self) -> list[int]:
        """What the window's first process runs."""
        return children(int(self.run("list-panes", "-F", "#{pane_pid}")))

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names (`Down`, `C-p`) or character."""
        self.run("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text, key by key."""
        self.run("send-keys", "-l", text)

    def resize(self, columns: int, lines: int) -> None:
        """Change the size of the window."""
        self.run("resize-window", "-x", str(columns), "-y", str(lines))

    def wait_for(self, what: str | re.Pattern[str] | Callable[[str], object]) -> str:
        """Look at the window until its text holds a text or a pattern, or until a condition holds for it.

        Returns:
            The window's text then.

        Raises:
            NotSeen: It did not come.
        """
        end = time.monotonic() + DEADLINE
        while not _holds(text := self.text, what):
            if time.monotonic() > end:
                raise NotSeen(f"{what!r} was waited for {DEADLINE:g} s\n--- the window:\n{text}")
            time.sleep(_PAUSE)
        return text


def _holds(text: str, what: str | re.Pattern[str] | Callable[[str], object]) -> object:
    if isinstance(what, str):
        return what in text
    return what.search(text) if isinstance(what, re.Pattern) else what(text)
