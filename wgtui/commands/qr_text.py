"""A QR code on standard output."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from wgtui.domain.errors import WgtuiError
from wgtui.domain.sharing import (
    Cell,
    Fit,
    Ink,
    Modules,
    Rendition,
    choose_fit,
    draw,
    fit_of,
    renditions_for,
    smallest_fit,
    too_small_sentence,
    too_small_ways,
)

_RGB: Final = {Ink.DRAWN: "38;2;0;0;0;48;2;255;255;255", Ink.SOLID: "38;2;0;0;0;48;2;0;0;0"}
_INDEXED: Final = {Ink.DRAWN: "38;5;16;48;5;231", Ink.SOLID: "38;5;16;48;5;16"}
_SIXTEEN: Final = {Ink.DRAWN: "30;47;107", Ink.SOLID: "30;40"}
"""White is said twice: terminals that know no bright background keep the plain one."""

_REVERSED: Final = {Ink.DRAWN: "0", Ink.SOLID: "7"}


@dataclass(frozen=True, slots=True)
class Canvas:
    """Where a code is drawn.

    Attributes:
        size: Columns and rows that there are, None for no limit.
        ascii_only: Whether it has no characters beyond ASCII.
        environ: Of the process: TERM, COLORTERM, NO_COLOR.
        dark_on_light: Whether it writes dark on light; only asked where colours cannot be set.
    """

    size: tuple[int, int] | None
    ascii_only: bool
    environ: Mapping[str, str]
    dark_on_light: bool = False

    @property
    def term(self) -> str:
        """Its TERM."""
        return self.environ.get("TERM", "")

    @property
    def is_colourless(self) -> bool:
        """Whether colours are not to be set."""
        return bool(self.environ.get("NO_COLOR")) or self.term in ("", "dumb")

    def codes(self) -> Mapping[Ink, str] | None:
        """The SGR codes of black on white, as independent of themes as the terminal can; None for none."""
        if self.is_colourless:
            return _REVERSED if self.ascii_only and self.term not in ("", "dumb") else None
        if self.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
            return _RGB
        return _INDEXED if "256" in self.term or self.term.endswith(("-direct", "-kitty")) else _SIXTEEN


def standard_output(*, ascii_only: bool, dark_on_light: bool) -> Canvas:
    """Standard output as it is."""
    encoding = codecs.lookup(sys.stdout.encoding or "ascii").name
    size: tuple[int, int] | None = None
    if sys.stdout.isatty():
        columns, rows = os.get_terminal_size(sys.stdout.fileno())
        size = (columns, rows) if columns and rows else None
    return Canvas(size, ascii_only or encoding != "utf-8", os.environ, dark_on_light)


def render_code(modules: Modules, canvas: Canvas, *, below: int) -> tuple[str, Fit]:
    """Draw a code as large as it fits.

    Args:
        modules: The code.
        canvas: Where.
        below: Rows that are needed below it, for remarks and the shell's prompt.

    Returns:
        Lines with their endings, and how they were drawn.

    Raises:
        WgtuiError: It does not fit; the text says what is needed, the hint what to do.
    """
    fit = _fit(len(modules), canvas, below)
    invert = canvas.is_colourless and not canvas.dark_on_light
    rows = draw(modules, fit, ascii_only=canvas.ascii_only, invert=invert)
    return "".join(_line(row, canvas) for row in rows), fit


def _fit(side: int, canvas: Canvas, below: int) -> Fit:
    renditions = renditions_for(canvas.term, ascii_only=canvas.ascii_only)
    if canvas.size is None:
        return fit_of(Rendition.TWO_CELLS if canvas.ascii_only else Rendition.HALF_BLOCKS, 4, side)
    columns, rows = canvas.size
    fit = choose_fit(side, columns, rows - below, renditions)
    if fit is None:
        need = smallest_fit(side, renditions)
        ways = "; ".join(too_small_ways(ascii_only=canvas.ascii_only))
        raise WgtuiError(
            too_small_sentence(need, columns, rows, around=below),
            hint=f"What helps: {ways} (--png, --svg, or without --qr).",
        )
    return fit


def _line(row: Iterable[Cell], canvas: Canvas) -> str:
    codes = canvas.codes()
    if codes is None:
        full = "#" if canvas.ascii_only else "█"
        return "".join(full * len(cell.text) if cell.ink is Ink.SOLID else cell.text for cell in row) + "\n"
    text = "".join(f"\x1b[{codes[cell.ink]}m{cell.text}" for cell in row)
    # Marks would show in reversed cells, and solid ones are what a camera wants.
    return f"{text.replace('#', ' ') if codes is _REVERSED else text}\x1b[0m\n"
