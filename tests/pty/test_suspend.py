"""ctrl+z and `fg`, as a shell does them."""

from __future__ import annotations

import signal

from tests.pty.programs import MODULE, assert_restored, selected, world
from tests.support.terminal import Terminal

STILL = (*MODULE, "tests.support.terminal_app", "still", "--peers", "20")


def test_it_is_suspended_and_continues_where_it_was() -> None:
    with world("still", "--peers", "20") as terminal:
        terminal.wait_for("peer-00001")
        terminal.press("down", "down")
        terminal.wait_for(lambda: selected(terminal) == 3)
        terminal.wait_quiet()
        shown = terminal.text
        terminal.press("ctrl+z")
        assert terminal.wait_stopped() in (signal.SIGTSTP, signal.SIGSTOP)
        assert_restored(terminal)
        terminal.to_foreground()
        terminal.wait_bytes(b"\x1b[?1049h", start=len(terminal.output))
        terminal.wait_for(lambda: terminal.text == shown)
        terminal.press("down")
        terminal.wait_for(lambda: selected(terminal) == 4)
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)


def test_it_comes_back_at_another_size() -> None:
    with world("still", "--peers", "20") as terminal:
        terminal.wait_for("peer-00001")
        terminal.press("ctrl+z")
        terminal.wait_stopped()
        terminal.resize(90, 28)
        terminal.to_foreground()
        terminal.wait_bytes(b"\x1b[?1049h", start=len(terminal.output))
        terminal.wait_for(lambda: "peer-00001" in terminal.text and "quit" in terminal.screen.lines[27])


def test_a_signal_ends_it_after_it_was_suspended() -> None:
    with world("still") as terminal:
        terminal.wait_for("peer-00001")
        terminal.press("ctrl+z")
        terminal.wait_stopped()
        terminal.signal(signal.SIGTERM)
        terminal.to_foreground()
        assert terminal.wait_end().code == 128 + signal.SIGTERM
        assert_restored(terminal)


def test_a_script_that_runs_it_is_suspended_with_it() -> None:
    with Terminal(["sh", "-c", '"$@"; exit $?', "sh", *STILL]) as terminal:
        terminal.wait_for("peer-00001")
        terminal.press("ctrl+z")
        terminal.wait_stopped()
        assert_restored(terminal)
        terminal.to_foreground()
        terminal.wait_bytes(b"\x1b[?1049h", start=len(terminal.output))
        terminal.press("down")
        terminal.wait_for(lambda: selected(terminal) == 2)
        terminal.press("q")
        assert terminal.wait_end().code == 0


def test_without_a_shell_to_come_back_from_it_stays() -> None:
    """As behind `ssh -t HOST wgtui`, where nobody would continue it."""
    with Terminal(["setsid", "--wait", *STILL]) as terminal:
        terminal.wait_for("peer-00001")
        terminal.press("ctrl+z", "down")
        terminal.wait_for(lambda: selected(terminal) == 2)
        terminal.press("q")
        assert terminal.wait_end().code == 0
