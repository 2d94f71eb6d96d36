"""What is written while nothing, or everything, changes."""

from __future__ import annotations

from tests.pty.programs import world

LOOK = 4.3
"""Seconds: four looks at the host."""


def test_nothing_is_written_while_nothing_changes() -> None:
    with world("still", "--peers", "50") as terminal:
        terminal.wait_for("peer-00001")
        terminal.wait_quiet(1.2)
        cpu = terminal.cpu()
        assert terminal.collect(LOOK) == b""
        assert terminal.cpu() - cpu < 0.1 * LOOK


def test_nothing_is_written_on_other_screens_while_nothing_changes() -> None:
    with world("still", "--peers", "50") as terminal:
        terminal.wait_for("peer-00001")
        terminal.press("?")
        terminal.wait_for("Reverse the order")
        terminal.wait_quiet(0.5)
        assert terminal.collect(1.6) == b""
        terminal.press("escape")
        terminal.wait_for("peer-00001")
        terminal.press("enter")
        terminal.wait_quiet(0.5)
        assert terminal.collect(1.6) == b""


def test_moving_peers_cost_few_bytes() -> None:
    with world("moving", "--peers", "60", "--moving", "60", size=(120, 56)) as terminal:
        terminal.wait_for("peer-00001")
        terminal.collect(1.5)
        written = len(terminal.collect(LOOK)) / LOOK
        # btop, a program known to be light, writes some 6,000 bytes a second in less space.
        assert 100 < written < 6000


def test_a_step_of_the_cursor_costs_few_bytes() -> None:
    with world("still", "--peers", "10000") as terminal:
        terminal.wait_for("of 10000")
        terminal.wait_quiet(0.5)
        before = len(terminal.output)
        for _ in range(10):
            terminal.press("down")
            terminal.wait_quiet(0.1)
        assert (len(terminal.output) - before) / 10 < 1500
