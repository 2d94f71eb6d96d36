"""A QR code as characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import Final

from wgtui.domain.sharing.ladder import Fit, Rendition
from wgtui.domain.sharing.modules import Modules


class Ink(Enum):
    """How a cell is coloured."""

    DRAWN = "drawn"
    """Its character in the colour of ink, on the colour of paper."""
    SOLID = "solid"
    """All ink: the background too, because glyphs leave gaps between lines in many fonts."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A run of characters that are coloured alike."""

    text: str
    ink: Ink = Ink.DRAWN


_HALVES: Final = " ▀▄ "
_QUADRANTS: Final = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟ "
_LEFT, _RIGHT, _FULL = 0b010101, 0b101010, 0b111111
"""Sextants that are older characters than the others, so that the block of sextants leaves them out."""


def draw(modules: Modules, fit: Fit, *, ascii_only: bool = False, invert: bool = False) -> list[list[Cell]]:
    """Draw a code with its quiet zone.

    Args:
        modules: The code.
        fit: How; its sizes must be those of this code.
        ascii_only: Write `##` where all is ink, so that it can be told where colours are lost.
        invert: Ink for light modules, for terminals that have no colours and write light on dark.

    Returns:
        Rows of runs, each row as wide as the fit.
    """
    solid = "##" if ascii_only else "  " if fit.rendition is Rendition.TWO_CELLS else " "
    lines = _padded(modules, fit, invert)
    rows = (_row(lines, y, fit, solid) for y in range(fit.rows))
    return [list(_runs(row)) for row in rows]


def _padded(modules: Modules, fit: Fit, invert: bool) -> list[list[bool]]:
    """Whether there is ink, for all modules that the cells have room for."""
    across, down = fit.rendition.value
    width, height = int(fit.columns * across), int(fit.rows * down)
    lines = [[invert] * width for _ in range(height)]
    for y, row in enumerate(modules):
        lines[y + fit.quiet][fit.quiet : fit.quiet + len(row)] = [dark != invert for dark in row]
    return lines


def _row(lines: list[list[bool]], y: int, fit: Fit, solid: str) -> Iterator[Cell]:
    across, down = max(1, int(fit.rendition.value[0])), int(fit.rendition.value[1])
    rows = lines[y * down : (y + 1) * down]
    everything = (1 << across * down) - 1
    for x in range(0, len(rows[0]), across):
        bits = sum(1 << index for index, ink in enumerate(_block(rows, x, across)) if ink)
        if bits == everything:
            yield Cell(solid, Ink.SOLID)
        else:
            yield Cell(_character(fit.rendition, bits))


def _block(rows: list[list[bool]], x: int, across: int) -> Iterable[bool]:
    """The modules of one cell, from left to right, from top to bottom."""
    return (ink for row in rows for ink in row[x : x + across])


def _character(rendition: Rendition, bits: int) -> str:
    if rendition is Rendition.TWO_CELLS:
        return "  "
    if rendition is Rendition.HALF_BLOCKS:
        return _HALVES[bits]
    if rendition is Rendition.QUADRANTS:
        return _QUADRANTS[bits]
    older = {0: " ", _LEFT: "▌", _RIGHT: "▐", _FULL: " "}
    return older.get(bits) or chr(0x1FB00 + bits - 1 - (bits > _LEFT) - (bits > _RIGHT))


def _runs(cells: Iterable[Cell]) -> Iterator[Cell]:
    for ink, run in groupby(cells, key=lambda cell: cell.ink):
        yield Cell("".join(cell.text for cell in run), ink)
