"""The main job: one command from nothing to a live relay on the screen, and nothing left behind."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.programs import after_screen, assert_restored, wgtui
from tests.support.terminal import Terminal
from tests.support.terminal_process import family, is_alive
from tests.support.waiting import eventually

NAMESPACES = Path("/run/netns")
LABS = Path("/run/wgtui-lab")
DEADLINE = 60.0

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not Path("/dev/net/tun").exists(), reason="a lab needs root and /dev/net/tun"
)


class Traces:
    """What a lab that belongs to a program has on this machine; other labs may run beside it."""

    def __init__(self, terminal: Terminal) -> None:
        self._processes: list[int] = []

        def has_started() -> bool:
            self._processes = family(terminal.pid)
            return len(self._processes) > 2

        # The lab says what it is about to start before it starts it.
        wait_until(has_started, lambda: f"no processes: {terminal.plain}")
        self._folders = [
            folder
            for folder in LABS.iterdir()
            if (owner := folder / "owner.json").is_file()
            and any(f'"pid": {pid},' in owner.read_text() for pid in self._processes)
        ]
        self._namespaces = [
            path for folder in self._folders for path in NAMESPACES.glob(f"wgtui-{folder.name}-*")
        ]
        assert len(self._folders) == 1
        assert len(self._namespaces) >= 3

    def left(self) -> list[str]:
        """What of it is still there."""
        paths = [str(path) for path in (*self._folders, *self._namespaces) if path.exists()]
        return paths + [f"process {pid}" for pid in self._processes if is_alive(pid)]

    def assert_gone(self) -> None:
        """Nothing of it is left, or will be soon."""
        wait_until(lambda: not self.left(), lambda: f"left behind: {self.left()}")


def wait_until(condition: Callable[[], bool], complaint: Callable[[], str]) -> None:
    """Look at the machine until a condition holds; there is nothing to read that would tell."""
    eventually(complaint, condition, DEADLINE)


def open_relay(terminal: Terminal) -> Traces:
    """Wait until the lab's relay is on the screen and alive."""
    terminal.wait_for("home-gateway", DEADLINE)
    terminal.wait_for(re.compile(r"2/3 active"), DEADLINE)
    return Traces(terminal)


def test_the_relay_is_live_and_q_removes_it() -> None:
    with wgtui("lab", "relay") as terminal:
        traces = open_relay(terminal)
        # The tab is written before the rows, and what is read may end between them.
        terminal.wait_for(lambda: all(name in terminal.text for name in ("home-gateway", "laptop", "phone")))
        terminal.wait_for("peer 1 of 3")
        terminal.wait_for(lambda: len(re.findall(r"● active", terminal.text)) >= 2)
        terminal.press("home")
        endpoint = re.compile(r"Endpoint\s+(\d+\.\d+\.\d+\.\d+:\d+)")
        terminal.wait_for(endpoint, DEADLINE)
        # Traffic flows: the rates in the tab are not nought.
        terminal.wait_for(re.compile(r"↓ +[1-9][\d.]* (B|KiB|MiB)/s"), DEADLINE)
        terminal.press("q")
        assert terminal.wait_end(DEADLINE).code == 0
        assert_restored(terminal)
        assert "Removing the lab." in after_screen(terminal)
        assert traces.left() == []


@pytest.mark.parametrize("how", ["hang-up", "SIGTERM", "SIGKILL"])
def test_whatever_ends_it_nothing_is_left_behind(how: str) -> None:
    with wgtui("lab", "relay") as terminal:
        traces = open_relay(terminal)
        if how == "hang-up":
            terminal.hang_up()
        else:
            terminal.signal(signal.Signals[how])
        code = {"hang-up": 128 + signal.SIGHUP, "SIGTERM": 128 + signal.SIGTERM, "SIGKILL": -signal.SIGKILL}
        assert terminal.wait_end(DEADLINE).code == code[how]
        traces.assert_gone()


def test_ctrl_c_while_it_is_being_made_leaves_nothing_behind() -> None:
    with wgtui("lab", "relay") as terminal:
        terminal.wait_for("Starting WireGuard", DEADLINE)
        traces = Traces(terminal)
        terminal.press("ctrl+c")
        assert terminal.wait_end(DEADLINE).code == 130
        assert "Traceback" not in terminal.plain
        traces.assert_gone()
