"""Names that others chose never command the terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from tests.pty.programs import selected, world
from tests.support.terminal import Terminal
from tests.support.terminal_app import HOSTILE, PAYLOAD

OURS = re.compile(
    r"\x1b(?:\[[0-9;]*[mHCGJK]|\[\?[0-9;]+[hl]|\[\?[0-9;]+\$p|\[[<>][0-9]*u)",
)
"""Every sequence that the program itself has reason to write, and no other."""
CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def strangers(output: str) -> set[str]:
    """Characters of the output, outside our own sequences, that must not reach a terminal."""
    return {char for char in OURS.sub("", output) if unicodedata.category(char) in CATEGORIES} - {"\r", "\n"}


def is_selected(terminal: Terminal, number: int) -> bool:
    return selected(terminal) == number


@contextmanager
def hostile_screen(*arguments: str, **options: object) -> Iterator[Terminal]:
    with world("hostile", "--title", f"\x1b]0;{PAYLOAD}\x07\u202e", *arguments, **options) as terminal:
        terminal.wait_for(PAYLOAD)
        yield terminal
        terminal.press("ctrl+q")
        assert terminal.wait_end().code == 0
        output = terminal.plain
        assert strangers(output) == set()
        for name in HOSTILE:
            if not name.isprintable():
                assert name not in output


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids=str)
def test_peers_and_their_details(size: tuple[int, int]) -> None:
    with hostile_screen(size=size) as terminal:
        for number in range(1, len(HOSTILE) + 1):
            terminal.wait_for(partial(is_selected, terminal, number))
            terminal.press("down")
        terminal.press("home", "enter")
        terminal.wait_quiet(0.1)
        for _ in HOSTILE:
            terminal.press("down")
        terminal.wait_quiet(0.1)


def test_sorting_by_every_column_and_filtering() -> None:
    with hostile_screen(size=(200, 60)) as terminal:
        for _ in range(10):
            terminal.press("s")
        terminal.press("/")
        terminal.wait_quiet(0.1)
        terminal.send(PAYLOAD.encode())
        terminal.wait_for(re.compile(r"\d+ of \d+ peers"))
        terminal.press("enter")


def _is_gone(terminal: Terminal, text: str) -> bool:
    return text not in terminal.text


def test_a_device_with_a_hostile_name() -> None:
    with hostile_screen() as terminal:
        terminal.press("[", "]", "1", "2")
        for key, shown in (("?", "esc close"), ("ctrl+p", "Search for commands")):
            terminal.press(key)
            terminal.wait_for(shown)
            terminal.press("escape")
            terminal.wait_for(partial(_is_gone, terminal, shown))


@pytest.mark.parametrize("term", ["dumb", "linux", "screen-256color"])
def test_other_terminals(term: str) -> None:
    with hostile_screen(env={"TERM": term}) as terminal:
        terminal.press(*["down"] * len(HOSTILE))
        terminal.wait_for(lambda: selected(terminal) == len(HOSTILE))


def test_ascii() -> None:
    with hostile_screen("--ascii") as terminal:
        terminal.press(*["down"] * len(HOSTILE))
        terminal.wait_for(lambda: selected(terminal) == len(HOSTILE))
        assert terminal.output.isascii()
