"""Text as high as it needs to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.geometry import Size

from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line
from wgtui.ui.widgets.line_pane import LinePane

MakeLines = Callable[[int], Sequence[Line]]
"""Makes lines for a width in cells."""


class Paragraphs(LinePane):
    """Lines that are made for the width at hand. With `height: auto` it takes as many as there are.

    Without any it vanishes, unless it is to keep its place.
    """

    def __init__(
        self,
        painter: Painter,
        make: MakeLines = lambda _width: (),
        *,
        vanishes: bool = True,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(painter, id=id, classes=classes)
        self._make = make
        self._vanishes = vanishes
        self.display = not vanishes or bool(make(40))

    def say(self, make: MakeLines) -> None:
        """Show other lines."""
        self._make = make
        width = self.size.width or 40
        lines = tuple(make(width))
        if len(lines) != len(self.lines):
            self.display = not self._vanishes or bool(lines)
            self.refresh(layout=True)
        self.show(lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The lines at this width."""
        return len(self._make(width))

    def fit(self) -> None:
        """Wrap to the width."""
        self.show(self._make(self.size.width))

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self.fit()
