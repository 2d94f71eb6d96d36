"""Lines that are longer than the pane, scrolled."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.geometry import Size

from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import NO_LINE, Line, Span, Tone
from wgtui.ui.presentation.wrapping import cell_width
from wgtui.ui.widgets.line_pane import LinePane


class Page(LinePane):
    """Lines made for the width at hand, with a rail at the right edge where they do not fit.

    With `height: auto` it asks for as many lines as there are.
    """

    def __init__(
        self,
        painter: Painter,
        make: Callable[[int], Sequence[Line]] = lambda _width: (),
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(painter, id=id)
        self._make = make
        self._all: Sequence[Line] = ()
        self._offset = 0

    def say(self, make: Callable[[int], Sequence[Line]], *, keep_place: bool = False) -> None:
        """Show other lines, from their start unless they are the same text anew."""
        self._make = make
        if not keep_place:
            self._offset = 0
        self.refresh(layout=True)
        self._remake()

    def scroll_lines(self, count: int) -> None:
        """Scroll down by lines, up when negative."""
        self._offset += count
        self._show_part()

    def scroll_page(self, pages: int) -> None:
        """Scroll down by pages."""
        self.scroll_lines(pages * max(1, self.size.height - 2))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The lines at this width."""
        return len(self._make(max(20, width - 1)))

    def fit(self) -> None:
        """Wrap to the width."""
        self._remake()

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self.fit()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        event.stop()
        self.scroll_lines(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up."""
        event.stop()
        self.scroll_lines(-3)

    def _remake(self) -> None:
        if self.size.width:
            self._all = tuple(self._make(max(20, self.size.width - 1)))
            self._show_part()

    def _show_part(self) -> None:
        height = self.size.height
        self._offset = max(0, min(self._offset, len(self._all) - height))
        shown = self._all[self._offset : self._offset + height]
        if len(self._all) > height:
            shown = [self._with_rail(y, shown[y] if y < len(shown) else NO_LINE) for y in range(height)]
        self.show(shown)

    def _with_rail(self, y: int, line: Line) -> Line:
        height, count = self.size.height, len(self._all)
        size = max(1, height * height // count)
        start = round(self._offset / max(1, count - height) * (height - size))
        glyphs = self._painter.glyphs
        mark = Span(glyphs.thumb, Tone.DIM) if start <= y < start + size else Span(glyphs.rail, Tone.FAINT)
        gap = self.size.width - 1 - sum(cell_width(span.text) for span in line)
        return (*line, Span(" " * gap), mark) if gap >= 0 else line
