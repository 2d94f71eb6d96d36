"""Cells of a terminal as pixels, and what a QR reader sees in them.

A cell is 8 pixels wide and 16 high, as in most fonts; blocks fill it as terminals draw them.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyte.screens import Char
from textual.strip import Strip

from tests.support.terminal_screen import TerminalScreen

WIDTH: Final = 8
HEIGHT: Final = 16
_MARGIN: Final = 12

_BLOCKS: Final = {
    " ": (), "▀": (0, 1), "▄": (2, 3), "▌": (0, 2), "▐": (1, 3), "█": (0, 1, 2, 3),
    "▘": (0,), "▝": (1,), "▖": (2,), "▗": (3,), "▚": (0, 3), "▞": (1, 2),
    "▛": (0, 1, 2), "▜": (0, 1, 3), "▙": (0, 2, 3), "▟": (1, 2, 3),
}  # fmt: skip
"""Quarters of a cell that a character fills: upper left, upper right, lower left, lower right."""


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of a terminal, as brightness from 0 to 255."""

    text: int = 204
    ground: int = 0
    black: int = 0
    white: int = 229
    bright_white: int = 255


DARK: Final = Look()
LIGHT: Final = Look(text=30, ground=250)
SOLARIZED: Final = Look(text=138, ground=35, black=48, white=231, bright_white=246)
"""A theme that gives the sixteen colours other values."""


@dataclass(frozen=True, slots=True)
class Painted:
    """A cell: its character and the brightness of both colours."""

    character: str
    ink: int
    paper: int


def of_terminal(screen: TerminalScreen, rows: int, look: Look) -> list[list[Painted]]:
    """What a terminal shows."""
    return [[_of_char(char, look) for char in screen.cells(row)] for row in range(rows)]


def of_strips(strips: Iterable[Strip], look: Look) -> list[list[Painted]]:
    """What Textual's strips say, attributes included."""
    return [list(_of_strip(strip, look)) for strip in strips]


def read_code(cells: Sequence[Sequence[Painted]], look: Look) -> str:
    """What `zbarimg` reads in the cells, on the terminal's own ground; empty where it reads nothing."""
    lines = [line for row in cells for line in _lines(row)]
    width = max(map(len, lines)) + 2 * _MARGIN
    edge = [bytes([look.ground]) * width] * _MARGIN
    side = bytes([look.ground]) * _MARGIN
    body = [(side + line + side).ljust(width, bytes([look.ground])) for line in lines]
    picture = b"".join([*edge, *body, *edge])
    return scan(b"P5 %d %d 255\n" % (width, len(lines) + 2 * _MARGIN) + picture, ".pgm")


def scan(picture: bytes, ending: str) -> str:
    """What `zbarimg` reads in a picture, without the line feed that it adds; empty for nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"code{ending}"
        path.write_bytes(picture)
        options = ["-q", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable"]
        done = subprocess.run(["zbarimg", *options, str(path)], capture_output=True, check=False)
    return done.stdout.decode().removesuffix("\n")


def _of_char(char: Char, look: Look) -> Painted:
    ink, paper = _brightness(char.fg, look, look.text), _brightness(char.bg, look, look.ground)
    return Painted(char.data, *((paper, ink) if char.reverse else (ink, paper)))


def _brightness(color: str, look: Look, default: int) -> int:
    names: Mapping[str, int] = {
        "default": default,
        "black": look.black,
        "white": look.white,
        "brightwhite": look.bright_white,
    }
    if color in names:
        return names[color]
    return sum(bytes.fromhex(color)) // 3


def _of_strip(strip: Strip, look: Look) -> Iterable[Painted]:
    for text, style, _ in strip:
        ink, paper = look.text, look.ground
        if style and style.color and not style.color.is_default:
            ink = sum(style.color.get_truecolor()) // 3
        if style and style.bgcolor and not style.bgcolor.is_default:
            paper = sum(style.bgcolor.get_truecolor()) // 3
        if style and style.reverse:
            ink, paper = paper, ink
        yield from (Painted(character, ink, paper) for character in text)


def _lines(row: Sequence[Painted]) -> Iterable[bytes]:
    shapes = [_shape(cell.character) for cell in row]
    for y in range(HEIGHT):
        yield bytes(
            cell.ink if filled(x, y) else cell.paper
            for cell, filled in zip(row, shapes, strict=True)
            for x in range(WIDTH)
        )


def _shape(character: str) -> Callable[[int, int], bool]:
    """Whether a pixel of the cell is ink."""
    if character in _BLOCKS:
        quarters = _BLOCKS[character]
        return lambda x, y: (x >= WIDTH // 2) + 2 * (y >= HEIGHT // 2) in quarters
    number = ord(character) - 0x1FB00
    if 0 <= number < 60:
        bits = number + 1 + (number >= 20) + (number >= 40)
        return lambda x, y: bool(bits >> ((x >= WIDTH // 2) + 2 * (y * 3 // HEIGHT)) & 1)
    # Any other character: about as much ink as a letter.
    return lambda x, y: 2 <= x < 6 and 5 <= y < 12 and (x + y) % 2 == 0
