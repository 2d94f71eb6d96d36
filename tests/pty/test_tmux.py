"""The program in tmux: another program's idea of what its output means."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.terminal import DEADLINE, environment


class Tmux:
    """A private tmux server with one window."""

    def __init__(self, folder: Path, *command: str) -> None:
        self._socket = str(folder / "tmux")
        self._env = environment()
        size = ("-x", "120", "-y", "36")
        self.run("-f", "/dev/null", "new-session", "-d", *size, *command)

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

    def wait_for(self, condition: Callable[[str], bool]) -> str:
        """Look at the window until a condition holds for its text."""
        end = time.monotonic() + DEADLINE
        while not condition(text := self.run("capture-pane", "-p")):
            assert time.monotonic() < end, text
            time.sleep(0.05)
        return text


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    command = f"{sys.executable} -m wgtui --demo; echo left with $?; exec cat"
    server = Tmux(tmp_path, f"exec sh -c '{command}'")
    yield server
    server.run("kill-server")


def test_tmux_shows_the_same(tmux: Tmux) -> None:
    text = tmux.wait_for(lambda text: "home-gateway" in text and "quit" in text)
    lines = text.splitlines()
    assert "wg0" in lines[0]
    assert "quit" in lines[35]
    assert all("●" in line or "active" not in line for line in lines[3:6])
    tmux.run("send-keys", "j", "j")
    tmux.wait_for(lambda text: "peer 3 of 9" in text)
    tmux.run("send-keys", "q")
    text = tmux.wait_for(lambda text: "left with" in text)
    assert text.strip() == "left with 0"
