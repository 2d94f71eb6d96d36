"""The QR code of the whole program in a terminal: what is read on its cells is the peer's own file."""

from __future__ import annotations

import base64
import re
import sys

import pytest

from tests.support.needs import needs
from tests.support.pixels import DARK, LIGHT, SOLARIZED, Look, of_terminal, read_code
from tests.support.terminal import Terminal
from wgtui.demo import DemoHost
from wgtui.domain.config import read_config
from wgtui.domain.sharing import compact_file
from wgtui.domain.wgquick import parse

pytestmark = needs("zbarimg")

DEMO = [sys.executable, "-m", "wgtui", "--demo"]


def phones_file() -> bytes:
    """The own file of the demo's phone, which is the same in every run."""
    with DemoHost(lambda data: read_config(parse(data)).config).changes() as changes:
        return changes.sharing.find("wg0", "phone").content


def open_share(terminal: Terminal) -> None:
    """Go to the phone by its name, and share it."""
    terminal.wait_for("laptop")
    terminal.press("/", *"phone", "enter")
    terminal.wait_for("esc clears")
    terminal.press("home", "h")
    terminal.wait_for("esc back")


def read(terminal: Terminal, look: Look) -> str:
    """What is read on the terminal."""
    assert terminal.text
    return read_code(of_terminal(terminal.screen, terminal.size[1], look), look)


@pytest.mark.parametrize(
    ("env", "look"),
    [
        ({"COLORTERM": "truecolor"}, DARK),
        ({}, LIGHT),
        ({"TERM": "screen"}, DARK),
        ({"TERM": "screen"}, SOLARIZED),
        ({"NO_COLOR": "1"}, DARK),
    ],
    ids=["24 bits", "256 colours", "16 colours", "16 other colours", "no colour"],
)
@pytest.mark.parametrize("size", [(80, 24), (100, 40)], ids=str)
def test_in_every_look(size: tuple[int, int], env: dict[str, str], look: Look) -> None:
    with Terminal(DEMO, size=size, env=env) as terminal:
        open_share(terminal)
        expected = compact_file(phones_file()).text
        terminal.wait_for(lambda: read(terminal, look) == expected)


def test_in_ascii() -> None:
    with Terminal([*DEMO, "--ascii"], size=(160, 80)) as terminal:
        open_share(terminal)
        assert terminal.text.isascii()
        expected = compact_file(phones_file()).text
        terminal.wait_for(lambda: read(terminal, DARK) == expected)


def test_the_clipboard_gets_the_file_and_the_screen_loses_it() -> None:
    with Terminal(DEMO, size=(120, 36)) as terminal:
        open_share(terminal)
        terminal.press("c")
        terminal.wait_for("set-clipboard must be on")
        sent = re.search(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", terminal.output)
        assert sent is not None
        assert base64.b64decode(sent[1]) == phones_file()
        key = read_config(parse(phones_file())).config.private_key
        assert key is not None
        terminal.press("t", "r")
        terminal.wait_for(key.reveal())
        terminal.press("escape")
        terminal.wait_for("new-phone")
        terminal.wait_for(lambda: key.reveal() not in terminal.text)
