"""The mouse: asked for, left alone, and given back."""

from __future__ import annotations

from tests.pty.programs import assert_restored, demo, selected
from tests.support.terminal_screen import private_modes

MOUSE_MODES = {9, 1000, 1001, 1002, 1003, 1005, 1006, 1015, 1016}


def click(column: int, line: int) -> bytes:
    """What a terminal sends for a click; both count from 0."""
    place = f"{column + 1};{line + 1}"
    return f"\x1b[<0;{place}M\x1b[<0;{place}m".encode()


def test_a_click_selects_and_the_wheel_moves() -> None:
    with demo() as terminal:
        terminal.wait_for("tablet")
        assert {1000, 1006} <= private_modes(bytes(terminal.output))
        row = next(number for number, line in enumerate(terminal.screen.lines) if "phone" in line)
        terminal.send(click(20, row))
        terminal.wait_for(lambda: selected(terminal) > 1)
        assert "phone" in next(line for line in terminal.screen.lines if " ─ " in line)
        before = selected(terminal)
        terminal.send(b"\x1b[<65;20;8M")
        terminal.wait_for(lambda: selected(terminal) > before)


def test_a_click_on_the_footer_does_what_its_key_does() -> None:
    with demo() as terminal:
        terminal.wait_for("quit")
        line = terminal.screen.lines[-1]
        terminal.send(click(line.index("quit"), len(terminal.screen.lines) - 1))
        assert terminal.wait_end().code == 0
        assert_restored(terminal)


def test_the_mouse_is_left_to_the_terminal_on_request() -> None:
    with demo("--no-mouse") as terminal:
        terminal.wait_for("home-gateway")
        # Even where the terminal says that it could.
        terminal.send(b"\x1b[?2048;2$y\x1b[?1016;2$y")
        terminal.wait_quiet(0.1)
        terminal.press("?")
        terminal.wait_for("Reverse the order")
        terminal.press("ctrl+q")
        assert terminal.wait_end().code == 0
        assert not any(f"\x1b[?{mode}h" in terminal.plain for mode in MOUSE_MODES)
        assert_restored(terminal)


def test_a_terminal_with_more_abilities_is_restored_too() -> None:
    with demo() as terminal:
        terminal.wait_bytes(b"\x1b[?2026$p")
        terminal.send(b"\x1b[?2026;2$y\x1b[?2048;2$y")
        terminal.wait_for("home-gateway")
        terminal.wait_quiet(0.2)
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)
