"""Bytes that arrive from the terminal: keys, reports, pastes and noise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.pty.programs import assert_restored, demo, selected
from tests.support.terminal import Terminal

HARMLESS = {
    "unknown control sequences": b"\x1b[99;7z\x1b[?1;2;3y\x1bOz\x1b[1;99Q\x1b[<z",
    "function keys": b"\x1b[23~\x1b[24~\x1b[34~\x1bOS\x1b[20;6~",
    "focus reports": b"\x1b[O\x1b[I\x1b[O\x1b[I",
    "mode reports": b"\x1b[?2026;2$y\x1b[?2048;0$y\x1b[?1016;2$y",
    "kitty key reports": b"\x1b[57441;2u\x1b[57358u\x1b[97;5:3u",
    "a paste with the quit key": b"\x1b[200~qqq\nq\x1b[201~",
    "mouse outside": b"\x1b[<0;500;500M\x1b[<0;500;500m\x1b[<35;1;1M\x1b[<64;900;900M",
    "bytes that are no UTF-8": b"\xff\xfe\xc3(\x80",
    "half a character": b"\xe2\x82",
    "control characters": b"\x00\x01\x02\x04\x05\x06\x07\x08\x0e\x0f\x16\x1c\x1d\x1e\x1f",
    "letters of other scripts": "щъ文字é€".encode(),
    "a long line": b"z" * 3000,
}


@pytest.fixture(scope="module")
def listening() -> Iterator[Terminal]:
    """A program for several tests: each leaves it as deaf or as well as it found it."""
    with demo() as terminal:
        terminal.wait_for("home-gateway")
        yield terminal
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)


UNASKED = {
    "what it is": b"\x1b[?62;22c\x1b[?1;2c\x1b[>41;370;0c",
    "its state and its cursor": b"\x1b[0n\x1b[12;40R\x1b[?12;40;1R",
    "its modes": b"\x1b[?2048;2$y\x1b[4;2$y\x1b[?1u",
    "its size": b"\x1b[48;24;80;480;800t\x1b[8;24;80t\x1b[4;480;800t",
    "its colours": b"\x1b]11;rgb:1e1e/1e1e/2222\x1b\\\x1b]4;2;rgb:22/22/22\x07",
    "its name": b"\x1bP>|xterm(370)q2q\x1b\\",
    "its abilities": b"\x1bP1+r524742=382f32\x1b\\\x1bP0+r\x1b\\",
    "its clipboard": b"\x1b]52;c;" + b"cXEyMnE=" * 900 + b"\x07",
    "an image's arrival": b"\x1b_Gi=2;OK\x1b\\",
    "a character that does not exist": b"\x1b[99999999999u\x1b[1114113;1u",
}
"""What a terminal tells of itself, with `q`, `2` and `?` in it."""


@pytest.mark.parametrize("report", UNASKED.values(), ids=UNASKED)
@pytest.mark.parametrize("cut", [0, 3])
def test_reports_that_nobody_asked_for_are_no_keys(listening: Terminal, report: bytes, cut: int) -> None:
    # A slow link may part a report. Just behind its ESC it would be the key, as in any terminal program.
    listening.send(report[:cut])
    listening.collect(0.2)
    listening.send(report[cut:])
    listening.collect(0.2)
    listening.press("down")
    listening.wait_for(lambda: selected(listening) == 2)
    assert "home-gateway" in listening.text
    listening.press("up")
    listening.wait_for(lambda: selected(listening) == 1)


def test_a_string_without_an_end_deafens_it_for_a_moment_only(listening: Terminal) -> None:
    listening.send(b"\x1b]11;rgb:")
    listening.collect(1.3)
    listening.press("down")
    listening.wait_for(lambda: selected(listening) == 2)
    listening.press("up")
    listening.wait_for(lambda: selected(listening) == 1)


def test_a_paste_of_sequences_and_keys_runs_no_command(listening: Terminal) -> None:
    listening.send(b"\x1b[200~q2\x1b[B\x1b\x1b[?62;22cq\x1bOPq")
    listening.wait_quiet(0.3)
    listening.send(b"q\x1b[201")
    listening.wait_quiet(0.3)
    listening.send(b"~")
    listening.press("down")
    listening.wait_for(lambda: selected(listening) == 2)
    assert "home-gateway" in listening.text
    listening.press("up")
    listening.wait_for(lambda: selected(listening) == 1)


@pytest.mark.parametrize("noise", HARMLESS.values(), ids=HARMLESS)
def test_noise_neither_ends_nor_deafens_the_program(listening: Terminal, noise: bytes) -> None:
    listening.send(noise)
    listening.wait_quiet(0.1)
    # An unfinished sequence may swallow the next key, as in any terminal program.
    listening.press("escape")
    listening.wait_quiet(0.15)
    listening.press("1", "home", "down", "down")
    listening.wait_for(lambda: selected(listening) == 3)
    listening.press("home")
    listening.wait_for(lambda: selected(listening) == 1)


def test_ctrl_c_does_not_end_it_with_a_traceback() -> None:
    with demo() as terminal:
        terminal.wait_for("home-gateway")
        terminal.press("ctrl+c")
        terminal.wait_quiet()
        terminal.press("ctrl+q")
        assert terminal.wait_end().code in (0, 130)
        assert "Traceback" not in terminal.plain
        assert_restored(terminal)


def test_typed_keys_arrive_one_by_one_and_all_at_once() -> None:
    with demo() as terminal:
        terminal.wait_for("home-gateway")
        terminal.press("down")
        terminal.wait_for(lambda: selected(terminal) == 2)
        terminal.press(*["down"] * 6)
        terminal.wait_for(lambda: selected(terminal) == 8)
        terminal.press("home")
        terminal.wait_for(lambda: selected(terminal) == 1)


def test_a_filter_is_typed_and_cleared() -> None:
    with demo() as terminal:
        terminal.wait_for("camera")
        terminal.press("/", *"office")
        terminal.wait_for(lambda: "camera" not in terminal.text)
        assert "office-gateway" in terminal.text
        terminal.press("escape")
        terminal.wait_for("camera")


def test_text_pasted_into_the_filter_never_commands_the_terminal() -> None:
    with demo() as terminal:
        terminal.wait_for("camera")
        terminal.press("/")
        terminal.wait_quiet(0.1)
        terminal.send(b"\x1b[200~\x1b]0;zzz\x07\x1b[31mzzz\xc2\x9b31m\xe2\x80\xaezzz\x1b[201~")
        terminal.wait_for(lambda: "camera" not in terminal.text)
        assert b"\x1b]" not in terminal.output
        assert b"\x1b[31m" not in terminal.output
        assert b"\xc2\x9b" not in terminal.output
        assert b"\xe2\x80\xae" not in terminal.output
        terminal.press("escape")
        terminal.wait_for("camera")
