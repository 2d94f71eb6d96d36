"""The programs that this tier runs, and what a terminal must be like after them."""

from __future__ import annotations

import re
import sys
from typing import Any

from tests.support.terminal import Terminal
from tests.support.terminal_screen import kitty_depth, private_modes

ESCAPE = "\x1b"
MODULE = (sys.executable, "-m")
POSITION = re.compile(r"peer (\d+) of (\d+)")
"""The status line's words about the cursor."""


def wgtui(*arguments: str, **options: Any) -> Terminal:
    """`wgtui` in a terminal."""
    return Terminal([*MODULE, "wgtui", *arguments], **options)


def demo(*arguments: str, **options: Any) -> Terminal:
    """`wgtui --demo` in a terminal."""
    return wgtui("--demo", *arguments, **options)


def world(name: str, *arguments: str, **options: Any) -> Terminal:
    """The program's screen on a world made for tests."""
    return Terminal([*MODULE, "tests.support.terminal_app", name, *arguments], **options)


def selected(terminal: Terminal) -> int:
    """The number of the selected peer, as the status line gives it; 0 while it does not."""
    match = POSITION.search(terminal.text)
    return int(match.group(1)) if match else 0


def assert_restored(terminal: Terminal) -> None:
    """The terminal is as it was: its modes, its line discipline, its keyboard protocol."""
    output = bytes(terminal.output)
    modes = private_modes(output)
    assert modes == set(), f"modes left on, or off where negative: {sorted(modes)}"
    assert kitty_depth(output) == 0, "the keyboard protocol was not popped as often as pushed"
    assert terminal.attributes == terminal.attributes_before, "the line discipline is not as before"
    assert output.rfind(b"\x1b[?1049l") > output.rfind(b"\x1b[?1049h"), "the alternate screen was not left"


def after_screen(terminal: Terminal) -> str:
    """What was written after the alternate screen, without escape sequences: what the user finds there."""
    rest = terminal.plain.rpartition("\x1b[?1049l")[2]
    return re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", rest).replace("\r", "").strip("\n")
