"""Only changed cells are sent, and the terminal ends up as if all had been."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyte.screens import Char
from rich.cells import cell_len, set_cell_size
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tests.support.terminal_screen import TerminalScreen
from wgtui.ui.terminal import Prepared, Screenful

WIDTH, HEIGHT = 24, 5

STYLES = (
    None,
    Style(),
    Style(color="red"),
    Style(color="#102030", bgcolor="#405060"),
    Style(color="#102030", bold=True),
    Style(dim=True, reverse=True),
    Style(bgcolor="blue", underline=True),
)

words = st.text(st.sampled_from("abc  ▁▂█─●宽é"), max_size=9)
pieces = st.tuples(words, st.sampled_from(STYLES))
rows = st.lists(pieces, max_size=6)
frames = st.lists(rows, min_size=HEIGHT, max_size=HEIGHT)


def strip_of(row: list[tuple[str, Style | None]]) -> Strip:
    """A line exactly as wide as the terminal."""
    segments = [Segment(text, style) for text, style in row if text]
    strip = Strip(segments)
    return strip.adjust_cell_length(WIDTH) if segments else Strip.blank(WIDTH)


def frame_update(frame: list[list[tuple[str, Style | None]]]) -> LayoutUpdate:
    """A frame as Textual hands it over."""
    return LayoutUpdate([[strip_of(row)] for row in frame], Region(0, 0, WIDTH, HEIGHT))


def shown(terminal: TerminalScreen) -> list[object]:
    """What can be seen: blanks look the same whatever their foreground is."""
    return [[_look(cell) for cell in terminal.cells(line)] for line in range(HEIGHT)]


def _look(cell: Char) -> tuple[object, ...]:
    ink = (cell.fg, cell.bold) if cell.data.strip() or cell.underscore or cell.reverse else ()
    return (cell.data, cell.bg, cell.reverse, cell.underscore, *ink)


def painted(*sequences: str) -> list[object]:
    """What a terminal shows after these."""
    terminal = TerminalScreen(WIDTH, HEIGHT)
    for sequence in sequences:
        terminal.feed(sequence.encode())
    return shown(terminal)


@given(st.lists(frames, min_size=1, max_size=4))
def test_differences_add_up_to_the_last_frame(sequence: list[list[list[tuple[str, Style | None]]]]) -> None:
    screenful = Screenful(ColorSystem.TRUECOLOR)
    sent = [screenful.difference(frame_update(frame), WIDTH, HEIGHT) or "" for frame in sequence]
    fresh = Screenful(ColorSystem.TRUECOLOR).difference(frame_update(sequence[-1]), WIDTH, HEIGHT) or ""
    assert painted(*sent) == painted(fresh)


@given(frames, frames, st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 2), st.integers(1, WIDTH))
def test_partial_updates_touch_only_their_spans(
    first: list[list[tuple[str, Style | None]]],
    second: list[list[tuple[str, Style | None]]],
    y: int,
    left: int,
    length: int,
) -> None:
    right = min(WIDTH, left + length)
    screenful = Screenful(ColorSystem.TRUECOLOR)
    whole = screenful.difference(frame_update(first), WIDTH, HEIGHT) or ""
    narrow = [[(text.replace("宽", "w"), style) for text, style in row] for row in second]
    chops = [{0: strip_of(row)} for row in narrow]
    update = ChopsUpdate(chops, [(y, left, right)], [[WIDTH]] * HEIGHT)
    partial = screenful.difference(update, WIDTH, HEIGHT) or ""
    before, after = painted(whole), painted(whole, partial)
    fresh = painted(Screenful(ColorSystem.TRUECOLOR).difference(frame_update(narrow), WIDTH, HEIGHT) or "")
    for line in range(HEIGHT):
        if line != y:
            assert after[line] == before[line]
    now, wanted = after[y], fresh[y]
    assert isinstance(now, list)
    assert isinstance(wanted, list)
    assert now[left:right] == wanted[left:right]


@given(frames)
def test_the_same_frame_again_sends_nothing(frame: list[list[tuple[str, Style | None]]]) -> None:
    screenful = Screenful(ColorSystem.EIGHT_BIT)
    screenful.difference(frame_update(frame), WIDTH, HEIGHT)
    assert screenful.difference(frame_update(frame), WIDTH, HEIGHT) == ""
    screenful.forget()
    assert screenful.difference(frame_update(frame), WIDTH, HEIGHT) != ""


def test_a_changed_digit_costs_a_few_bytes() -> None:
    style = Style(color="#84c28f", bgcolor="#12181d")
    screenful = Screenful(ColorSystem.EIGHT_BIT)
    for text in ("12 s", "13 s"):
        sent = screenful.difference(frame_update([[(text, style)]] * HEIGHT), WIDTH, HEIGHT) or ""
    assert len(sent) < HEIGHT * 8 + 30


def test_a_resized_terminal_is_painted_whole() -> None:
    screenful = Screenful(None)
    first = screenful.difference(frame_update([[("abc", None)]] * HEIGHT), WIDTH, HEIGHT)
    again = screenful.difference(frame_update([[("abc", None)]] * HEIGHT), WIDTH + 1, HEIGHT)
    assert first is not None
    assert again is not None
    assert "abc" in first
    assert "abc" in again


def test_unknown_updates_are_left_to_textual() -> None:
    screenful = Screenful(None)
    screenful.difference(frame_update([[("abc", None)]] * HEIGHT), WIDTH, HEIGHT)
    assert screenful.difference(CompositorUpdate(), WIDTH, HEIGHT) is None
    again = screenful.difference(frame_update([[("abc", None)]] * HEIGHT), WIDTH, HEIGHT)
    assert again is not None
    assert "abc" in again
    assert Prepared("x").render_segments(Console()) == "x"


@pytest.mark.parametrize("text", ["宽字 │┌─ █▄ …•·é ❤️ 👩‍👩‍👧", "▔▀▂ ░"])
def test_ascii_mode_sends_nothing_else_and_keeps_columns(text: str) -> None:
    screenful = Screenful(None, ascii_only=True)
    sent = screenful.difference(
        frame_update([[(set_cell_size(text, 20) + "|", None)]] * HEIGHT), WIDTH, HEIGHT
    )
    assert sent is not None
    assert sent.isascii()
    terminal = TerminalScreen(WIDTH, HEIGHT)
    terminal.feed(sent.encode())
    assert terminal.lines[0].index("|", 19) == 20
    assert cell_len(text) > 0


@given(frames)
def test_without_colours_none_are_sent(frame: list[list[tuple[str, Style | None]]]) -> None:
    sent = Screenful(None).difference(frame_update(frame), WIDTH, HEIGHT) or ""
    for code in ("38;", "48;", "[31", ";31", "44"):
        assert code not in sent
