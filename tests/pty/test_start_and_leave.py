"""Opening the program, using its first keys and leaving it, in a terminal."""

from __future__ import annotations

import pytest

from tests.pty.programs import after_screen, assert_restored, demo, selected, wgtui, world
from tests.support.terminal_screen import private_modes

NAMES = ("home-gateway", "laptop", "phone", "office-gateway", "camera")


def test_the_demo_paints_its_peers_and_q_leaves_the_terminal_as_it_was() -> None:
    with demo() as terminal:
        terminal.wait_for(lambda: all(name in terminal.text for name in NAMES))
        assert {1049, 1004, 2004} <= private_modes(bytes(terminal.output))
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)
        assert after_screen(terminal) == ""


def test_ctrl_q_leaves_from_anywhere_and_q_closes_the_help_first() -> None:
    with demo() as terminal:
        terminal.wait_for("home-gateway")
        terminal.press("enter")
        terminal.wait_for(lambda: "camera" not in terminal.text)
        terminal.press("?")
        terminal.wait_for("Reverse the order")
        terminal.press("q")
        terminal.wait_for("Handshake")
        terminal.press("?")
        terminal.wait_for("Reverse the order")
        terminal.press("ctrl+q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)


def test_the_screen_fits_eighty_by_twenty_four() -> None:
    with demo(size=(80, 24)) as terminal:
        terminal.wait_for("home-gateway")
        terminal.wait_for("quit")
        assert len(terminal.screen.lines) == 24


@pytest.mark.parametrize("peers", [0, 1])
def test_a_device_with_hardly_any_peers_is_shown(peers: int) -> None:
    with world("still", "--peers", str(peers)) as terminal:
        terminal.wait_for("wg0")
        terminal.wait_for("quit")
        terminal.press("down", "up", "pagedown", "end", "enter", "escape", "s", "r", "q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)


def test_ten_thousand_peers_are_shown_scrolled_and_filtered() -> None:
    with world("still", "--peers", "10000") as terminal:
        terminal.wait_for("of 10000")
        terminal.press("end")
        terminal.wait_for("peer 10000 of 10000")
        terminal.press("/")
        terminal.send(b"peer-0777\r")
        terminal.wait_for("peer-07777")
        terminal.wait_for("10 of 10000 peers")
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)


def test_keys_pressed_before_the_first_frame_count() -> None:
    with demo() as terminal:
        terminal.press("down", "down")
        terminal.wait_for(lambda: selected(terminal) == 3)
        terminal.press("q")
        assert terminal.wait_end().code == 0


def test_leaving_before_the_first_frame() -> None:
    with demo() as terminal:
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)


def test_leaving_while_the_host_has_not_answered_yet() -> None:
    with world("slow") as terminal:
        terminal.wait_for("quit")
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)


def test_standard_output_may_be_a_file() -> None:
    with demo(null=[1]) as terminal:
        terminal.wait_for("home-gateway")
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)


@pytest.mark.parametrize(
    "argument", [(), ("check", "/nonexistent/wg0.conf"), ("status",), ("lab", "nowhere")], ids=str
)
def test_what_cannot_be_done_is_said_in_the_terminal_without_escape_codes(argument: tuple[str, ...]) -> None:
    with wgtui(*argument, "--netns", "there-is-no-such-namespace") as terminal:
        if not argument:
            # The screen opens and says so; it is the operator's to leave.
            terminal.wait_for("there-is-no-such-namespace")
            terminal.press("q")
            assert terminal.wait_end().code == 0
            assert_restored(terminal)
            return
        assert terminal.wait_end().code in (1, 2, 3)
        assert "\x1b" not in terminal.plain
        assert "Traceback" not in terminal.plain
