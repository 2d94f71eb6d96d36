"""How large a QR code can be drawn in a terminal: the steps of a ladder, the largest first.

Every step is decoded by `zbarimg` in `tests/conformance/test_qr.py`. Braille is none of them: its dots leave
gaps in which most fonts lose the code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Rendition(Enum):
    """How modules become characters; the value is (columns, rows) of a cell in modules.

    A cell of a terminal is about twice as high as it is wide, so modules are square in the first two, upright
    in quadrants, and a little upright in sextants: cameras take them all.
    """

    TWO_CELLS = (0.5, 1)
    """Two cells a module: needs no special character."""
    HALF_BLOCKS = (1, 2)
    """Two modules a cell, one above the other: U+2580, U+2584."""
    QUADRANTS = (2, 2)
    """Four modules a cell: U+2596 to U+259F."""
    SEXTANTS = (2, 3)
    """Six modules a cell: U+1FB00 to U+1FB3B (Unicode 13, 2020); older fonts lack them."""


QUIET_ZONES: Final = (4, 2)
"""Modules of light margin: what ISO/IEC 18004 demands, and what readers still take."""

_PLAIN_TERMINALS: Final = ("linux", "vt100", "vt220", "ansi", "cons25")
"""Values of TERM whose fonts have 256 characters: half blocks, but no smaller ones."""


@dataclass(frozen=True, slots=True)
class Fit:
    """One step of the ladder for one code.

    Attributes:
        rendition: How modules become characters.
        quiet: Modules of light margin on each side.
        columns: Cells that it takes across.
        rows: Cells that it takes down.
    """

    rendition: Rendition
    quiet: int
    columns: int
    rows: int


def renditions_for(term: str, *, ascii_only: bool = False) -> tuple[Rendition, ...]:
    """What a terminal can show, the largest first.

    Args:
        term: The value of TERM.
        ascii_only: Whether it has no characters beyond ASCII.
    """
    if ascii_only:
        return (Rendition.TWO_CELLS,)
    if term.partition("-")[0] in _PLAIN_TERMINALS:
        return (Rendition.TWO_CELLS, Rendition.HALF_BLOCKS)
    return tuple(Rendition)


def fit_of(rendition: Rendition, quiet: int, side: int) -> Fit:
    """The size of a code with `side` modules a side in one rendition."""
    across, down = rendition.value
    whole = side + 2 * quiet
    return Fit(rendition, quiet, _cells(whole, across), _cells(whole, down))


def choose_fit(side: int, columns: int, rows: int, renditions: Sequence[Rendition]) -> Fit | None:
    """The largest step that fits, None where none does.

    Args:
        side: Modules a side, without the quiet zone.
        columns: Cells that there are across.
        rows: Cells that there are down.
        renditions: What the terminal can show, the largest first.
    """
    fitting = (fit for fit in _ladder(side, renditions) if fit.columns <= columns and fit.rows <= rows)
    return next(fitting, None)


def smallest_fit(side: int, renditions: Sequence[Rendition]) -> Fit:
    """The last step: what a terminal must have at least."""
    return list(_ladder(side, renditions))[-1]


def _ladder(side: int, renditions: Sequence[Rendition]) -> Iterator[Fit]:
    for rendition in renditions:
        for quiet in QUIET_ZONES:
            yield fit_of(rendition, quiet, side)


def _cells(modules: int, a_cell: float) -> int:
    """Cells for so many modules; a last one that is partly used counts."""
    return -int(-modules // a_cell)
