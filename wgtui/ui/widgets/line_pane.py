"""A pane that shows lines and repaints only those that changed."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import NO_LINE, Line, Tone


class LinePane(Widget):
    """Shows lines of toned text, without wrapping, by Textual's line API."""

    BASE: Tone = Tone.TEXT
    """The look of what no text covers."""

    def __init__(self, painter: Painter, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._painter = painter
        self._lines: tuple[Line, ...] = ()
        self._fitted = Size(0, 0)
        self._is_painting = False

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._lines

    def show(self, lines: Sequence[Line]) -> None:
        """Replace the lines; equal ones are not painted again."""
        old, new = self._lines, tuple(lines)
        self._lines = new
        if self._is_painting:
            return
        width = self.size.width
        for y in range(min(max(len(old), len(new)), self.size.height)):
            before = old[y] if y < len(old) else NO_LINE
            if before != (new[y] if y < len(new) else NO_LINE):
                self.refresh(Region(0, y, width, 1))

    def fit(self) -> None:
        """Show lines for the size at hand, where they depend on it."""

    def render_line(self, y: int) -> Strip:
        """Paint one line. The first paint at a size comes before anybody is told of the size."""
        if self._fitted != self.size:
            self._fitted, self._is_painting = self.size, True
            self.fit()
            self._is_painting = False
        line = self._lines[y] if y < len(self._lines) else NO_LINE
        return self._painter.strip(line, self.size.width, self.BASE)
