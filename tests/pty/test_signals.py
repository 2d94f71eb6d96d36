"""Whatever ends the program ends it soon, in order, and without a busy loop."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence

import pytest

from tests.pty.programs import after_screen, assert_restored, demo, world
from tests.support.terminal import Ended, Terminal

SOON = 10.0
"""Seconds for a busy machine; on an idle one it takes a fraction of a second."""
LITTLE_CPU = 1.0
"""Seconds of processor time from the event to the end: a busy loop of `SOON` would use far more."""

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def end_by(terminal: Terminal, event: Callable[[], None], *, reading: bool = True) -> Ended:
    """Let something happen that must end the program; returns how it ended."""
    cpu, at = terminal.cpu(), time.monotonic()
    event()
    ended = terminal.wait_end(SOON, reading=reading)
    assert ended.cpu - cpu < LITTLE_CPU, f"{ended.cpu - cpu:.2f} s of CPU in {ended.at - at:.2f} s"
    return ended


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_ends_it_and_restores_the_terminal(number: signal.Signals) -> None:
    with demo() as terminal:
        terminal.wait_for("home-gateway")
        ended = end_by(terminal, lambda: terminal.signal(number))
        assert ended.code == 128 + number
        assert_restored(terminal)
        assert after_screen(terminal) == ""


@pytest.mark.parametrize("keys", [["?"], ["ctrl+p"], ["/", "l", "a"], ["enter"]], ids=str)
def test_a_signal_ends_it_whatever_is_open(keys: Sequence[str]) -> None:
    with demo() as terminal:
        terminal.wait_for("home-gateway")
        terminal.press(*keys)
        terminal.wait_quiet()
        ended = end_by(terminal, lambda: terminal.signal(signal.SIGTERM))
        assert ended.code == 128 + signal.SIGTERM
        assert_restored(terminal)


def test_a_signal_during_the_start_restores_the_terminal() -> None:
    with demo() as terminal:
        terminal.wait_bytes(b"\x1b[?1049h")
        ended = end_by(terminal, lambda: terminal.signal(signal.SIGTERM))
        assert ended.code == 128 + signal.SIGTERM
        assert_restored(terminal)


def test_a_signal_while_the_host_does_not_answer() -> None:
    with world("slow") as terminal:
        terminal.wait_for("quit")
        ended = end_by(terminal, lambda: terminal.signal(signal.SIGTERM))
        assert ended.code == 128 + signal.SIGTERM
        assert_restored(terminal)


def test_impatient_signals_do_not_leave_the_terminal_broken() -> None:
    def kill_often() -> None:
        for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            terminal.signal(number)

    with demo() as terminal:
        terminal.wait_for("home-gateway")
        ended = end_by(terminal, kill_often)
        assert ended.code > 128
        assert "Traceback" not in terminal.plain
        assert_restored(terminal)


@pytest.mark.parametrize("ignored", [[], [signal.SIGHUP]], ids=["", "SIGHUP ignored"])
@pytest.mark.parametrize("kind", ["still", "moving"])
def test_a_hang_up_ends_it(kind: str, ignored: Sequence[signal.Signals]) -> None:
    with world(kind, "--moving", "11", ignore=ignored) as terminal:
        terminal.wait_for("peer-00001")
        terminal.wait_quiet(0.1)
        ended = end_by(terminal, terminal.hang_up)
        assert ended.code == 128 + signal.SIGHUP


@pytest.mark.parametrize("ignored", [[], [signal.SIGHUP]], ids=["", "SIGHUP ignored"])
def test_a_hang_up_during_the_start_ends_it(ignored: Sequence[signal.Signals]) -> None:
    with demo(ignore=ignored) as terminal:
        terminal.wait_bytes(b"\x1b[?1049h")
        cpu = terminal.cpu()
        terminal.hang_up()
        assert terminal.wait_end(SOON).cpu - cpu < 2 * LITTLE_CPU


def test_a_terminal_that_takes_no_more_output_does_not_hold_it() -> None:
    with world("moving", "--peers", "500", "--moving", "500", size=(200, 60)) as terminal:
        terminal.wait_for("peer-00001")
        # Far more than fits between the program and a terminal that has stopped reading.
        terminal.press(*["pagedown", "end", "home"] * 60)
        ended = end_by(terminal, lambda: terminal.signal(signal.SIGTERM), reading=False)
        assert ended.code == 128 + signal.SIGTERM


def test_a_hang_up_of_a_terminal_that_takes_no_more_output_ends_it() -> None:
    with world("moving", "--peers", "500", "--moving", "500", size=(200, 60)) as terminal:
        terminal.wait_for("peer-00001")
        terminal.press(*["pagedown", "end", "home"] * 60)
        ended = end_by(terminal, terminal.hang_up)
        assert ended.code == 128 + signal.SIGHUP
