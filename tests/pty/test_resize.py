"""The window changes its size under the program."""

from __future__ import annotations

import pytest

from tests.pty.programs import assert_restored, demo, selected, world
from tests.support.terminal import Terminal

SIZES = [(60, 20), (20, 5), (80, 24), (200, 60), (5, 2), (1, 1), (79, 23), (120, 36)]


def resized(terminal: Terminal, size: tuple[int, int]) -> str:
    """The screen at another size, once the program has painted it."""
    before = len(terminal.output)
    terminal.resize(*size)
    terminal.wait_for(lambda: len(terminal.output) > before)
    terminal.wait_quiet(0.3)
    return terminal.text


@pytest.mark.parametrize("start", [(120, 36), (20, 5)], ids=str)
def test_a_resized_screen_is_like_one_of_that_size_from_the_start(start: tuple[int, int]) -> None:
    with world("still", "--peers", "40", size=start) as terminal:
        terminal.wait_quiet(1.2)
        for size in ((60, 20), (200, 60), (80, 24), (120, 36)):
            shown = resized(terminal, size)
            with world("still", "--peers", "40", size=size) as fresh:
                fresh.wait_for("peer-00001")
                fresh.wait_quiet(1.2)
                assert fresh.text == shown


def test_no_size_breaks_it() -> None:
    with demo() as terminal:
        terminal.wait_for("home-gateway")
        for size in SIZES:
            resized(terminal, size)
        terminal.wait_for("home-gateway")
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)


@pytest.mark.parametrize("key", ["?", "ctrl+p", "/", "enter"])
def test_no_size_breaks_what_is_open(key: str) -> None:
    with demo() as terminal:
        terminal.wait_for("home-gateway")
        terminal.press(key)
        terminal.wait_quiet(0.2)
        for size in ((20, 5), (1, 1), (200, 60), (120, 36)):
            resized(terminal, size)
        terminal.press("escape", "escape")
        terminal.wait_for("home-gateway")
        terminal.press("ctrl+q")
        assert terminal.wait_end().code == 0


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (40, 10), (60, 20)], ids=str)
def test_it_starts_at_any_size(size: tuple[int, int]) -> None:
    with demo(size=size) as terminal:
        terminal.wait_bytes(b"\x1b[?1049h")
        terminal.wait_quiet(0.4)
        terminal.press("down", "q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)


def test_many_sizes_in_a_row_end_in_the_last_one() -> None:
    with demo() as terminal:
        terminal.wait_for("home-gateway")
        for columns in range(60, 120, 3):
            terminal.resize(columns, 20 + columns % 17)
        terminal.resize(100, 30)
        terminal.wait_for(lambda: "home-gateway" in terminal.text and "quit" in terminal.screen.lines[29])


def test_the_selected_peer_stays_selected() -> None:
    with world("still", "--peers", "40") as terminal:
        terminal.wait_for("peer-00001")
        terminal.press(*["down"] * 24)
        terminal.wait_for(lambda: selected(terminal) == 25)
        resized(terminal, (80, 12))
        assert selected(terminal) == 25
        assert "peer-00024" in terminal.text
