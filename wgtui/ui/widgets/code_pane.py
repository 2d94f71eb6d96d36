"""A pane that shows a QR code, black on white whatever the theme is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from wgtui.domain.sharing import Cell, Fit, Ink, Modules, draw
from wgtui.ui.painter import Painter
from wgtui.ui.palette import Colors
from wgtui.ui.presentation.glyphs import ASCII

_COLOURED: Final[Mapping[Ink, Style]] = {
    Ink.DRAWN: Style.parse("#000000 on #ffffff"),
    Ink.SOLID: Style.parse("#000000 on #000000"),
}

_COLOURLESS: Final[Mapping[Ink, Style]] = {Ink.DRAWN: Style(), Ink.SOLID: Style(reverse=True)}
"""The terminal's own two colours: which of them is light is not known."""


class CodePane(Widget):
    """As large as the code that it shows, and empty without one."""

    def __init__(self, painter: Painter, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._painter = painter
        self._rows: list[list[Cell]] = []

    @property
    def is_colourless(self) -> bool:
        """Whether only the terminal's own two colours can be used."""
        return self._painter.palette.colors is Colors.NONE

    def show(self, modules: Modules, fit: Fit, *, invert: bool) -> None:
        """Draw a code.

        Args:
            modules: The code.
            fit: How large.
            invert: Without colours, whether the terminal writes dark on light.
        """
        ascii_only = self._painter.glyphs is ASCII
        ink_is_light = self.is_colourless and not invert
        self._rows = draw(modules, fit, ascii_only=ascii_only, invert=ink_is_light)
        self.styles.width, self.styles.height = fit.columns, fit.rows
        self.refresh()

    def clear(self) -> None:
        """Show nothing, and keep nothing."""
        self._rows = []
        self.refresh()

    def on_unmount(self) -> None:
        """Keep nothing."""
        self._rows = []

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        if y >= len(self._rows):
            return self._painter.strip((), self.size.width)
        styles = _COLOURLESS if self.is_colourless else _COLOURED
        return Strip([Segment(self._text(cell), styles[cell.ink]) for cell in self._rows[y]])

    def _text(self, cell: Cell) -> str:
        """Marks would show in reversed cells, and solid ones are what a camera wants."""
        if self.is_colourless and cell.ink is Ink.SOLID:
            return " " * len(cell.text)
        return cell.text
