"""The colours and characters that arrive, by what the environment says of the terminal."""

from __future__ import annotations

from functools import partial

import pytest

from tests.pty.programs import assert_restored, demo
from tests.support.terminal import Terminal
from tests.support.terminal_screen import colour_kinds

COMMON: list[tuple[dict[str, str | None], set[str]]] = [
    ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, {"24 bit"}),
    ({"TERM": "xterm-256color"}, {"256"}),
    ({"TERM": "linux"}, {"16"}),
    ({"TERM": "dumb"}, set()),
    ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, set()),
]
"""Environments, and the kinds of colour that may arrive."""
RARER: list[tuple[dict[str, str | None], set[str]]] = [
    ({"TERM": "xterm-kitty", "COLORTERM": "truecolor"}, {"24 bit"}),
    ({"TERM": "screen-256color"}, {"256"}),
    ({"TERM": "tmux-256color", "SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}, {"256"}),
    ({"TERM": "xterm"}, {"16"}),
    ({"TERM": "vt100"}, {"16"}),
    ({"TERM": None}, {"16"}),
    ({"TERM": "dumb", "COLORTERM": "truecolor"}, set()),
    ({"TERM": "xterm-256color", "NO_COLOR": "1"}, set()),
    ({"TERM": "linux", "NO_COLOR": "1"}, set()),
]


def visit_everything(terminal: Terminal) -> None:
    """Show what the program can show."""
    terminal.wait_for("home-gateway")
    for key, shown in (("?", "Reverse the order"), ("ctrl+p", "Search for commands"), ("/", "esc clears")):
        terminal.press(key)
        terminal.wait_for(shown)
        # The next key must not come so soon that the two make one: escape, then a key, is alt and that key.
        terminal.press("escape")
        terminal.wait_for(partial(_is_gone, terminal, shown))
    terminal.press("space")
    terminal.wait_for("PAUSED")
    terminal.press("space", "enter")
    terminal.wait_for(partial(_is_gone, terminal, "PAUSED"))
    terminal.wait_quiet(0.2)


def _is_gone(terminal: Terminal, text: str) -> bool:
    return text not in terminal.text


@pytest.mark.parametrize(("env", "kinds"), RARER, ids=str)
def test_kinds_of_colour(env: dict[str, str | None], kinds: set[str]) -> None:
    with demo(env=env) as terminal:
        terminal.wait_for("home-gateway")
        terminal.wait_for("quit")
        assert set(colour_kinds(bytes(terminal.output))) == kinds


@pytest.mark.parametrize(("env", "kinds"), COMMON, ids=str)
def test_kinds_of_colour_on_every_screen(env: dict[str, str | None], kinds: set[str]) -> None:
    with demo(env=env) as terminal:
        visit_everything(terminal)
        assert set(colour_kinds(bytes(terminal.output))) == kinds
        terminal.press("ctrl+q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)


@pytest.mark.parametrize(
    "env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": "linux"}, {"TERM": "xterm-256color"}], ids=str
)
def test_the_selected_row_stands_out(env: dict[str, str]) -> None:
    with demo(env=env) as terminal:
        terminal.wait_for("home-gateway")
        terminal.press("down")
        terminal.wait_for("peer 2 of 9")
        rows = [number for number, line in enumerate(terminal.screen.lines) if "5.5.5." in line]
        names = [terminal.screen.lines[row] for row in rows]
        assert "laptop" in names[2]
        looks = [{(cell.reverse, cell.bg) for cell in terminal.screen.cells(row)[:40]} for row in rows[1:5]]
        assert looks[1] != looks[0]
        assert looks[0] == looks[2] == looks[3]


@pytest.mark.parametrize(
    "how",
    [
        {"arguments": ["--ascii"]},
        {"env": {"PYTHONIOENCODING": "latin-1"}},
        {"env": {"PYTHONIOENCODING": "ascii"}},
        {"env": {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}},
        {"arguments": ["--ascii"], "env": {"TERM": "linux", "NO_COLOR": "1"}},
    ],
    ids=str,
)
def test_only_ascii_where_the_terminal_has_no_more(how: dict[str, object]) -> None:
    arguments = how.get("arguments", [])
    assert isinstance(arguments, list)
    with demo(*arguments, env=how.get("env")) as terminal:
        visit_everything(terminal)
        odd = sorted(set(terminal.output.decode()) - set(map(chr, range(128))))
        assert odd == []
        assert "\\u" not in terminal.text
        assert "\\x" not in terminal.text


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8", "xx_XX.UTF-8"])
def test_missing_locales_are_taken_for_utf_8(locale: str) -> None:
    with demo(env={"LANG": locale}) as terminal:
        terminal.wait_for("home-gateway")
        terminal.wait_for("▴")
