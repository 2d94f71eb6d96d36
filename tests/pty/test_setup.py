"""The setup wizard in a terminal whose keys arrive in bursts, as over a slow link."""

from __future__ import annotations

import re

from tests.pty.programs import assert_restored, demo
from tests.support.terminal import Terminal

NEXT, DONE, RIGHT = b"\x0e", b"\x13", b"\x1b[C"


def open_wizard(terminal: Terminal) -> None:
    """From the demo's Overview to the first page."""
    terminal.wait_for("home-gateway")
    terminal.press("I")
    terminal.wait_for("Setup, 1 of 6")


def test_a_burst_of_keys_answers_one_page_after_the_other() -> None:
    with demo(size=(80, 24)) as terminal:
        open_wizard(terminal)
        terminal.send(NEXT * 2 + b"\x15wg7\r\x1510.9.9.1/24\r" + NEXT * 2)
        terminal.wait_for("Setup, 5 of 6")
        terminal.wait_for("10.9.9.1/24")
        peer = b"home\r\r192.168.7.0/24\reth1\r"
        terminal.send(b"a\rphone" + DONE + b"a" + RIGHT + b"\r" + peer + DONE)
        terminal.wait_for(re.compile(r"phone +roaming device +10\.9\.9\.2"))
        terminal.wait_for(re.compile(r"home +LAN gateway +10\.9\.9\.3, 192\.168\.7\.0/24"))
        terminal.send(NEXT)
        terminal.wait_for("wg7: Relay between peers")
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)


def test_a_long_text_that_comes_as_keys_is_typed_whole() -> None:
    with demo(size=(80, 24)) as terminal:
        open_wizard(terminal)
        terminal.send(NEXT * 4)
        terminal.wait_for("Setup, 5 of 6")
        name = b"q" * 60
        terminal.send(b"a\r" + name + DONE)
        terminal.wait_for(re.compile(r"q{20,}"))
        terminal.wait_for("Setup, 5 of 6")
        terminal.press("enter")
        terminal.wait_for("Peer 1 of 1")
        terminal.wait_for("q" * 50)
