"""Lines of toned text into strips for the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.strip import Strip

from wgtui.ui.palette import Palette
from wgtui.ui.presentation.cells import Line, Tone
from wgtui.ui.presentation.glyphs import Glyphs


def fit(text: str, width: int, ellipsis: str, *, right: bool = False) -> str:
    """Make text exactly `width` cells wide: padded, or cut with a mark at its end."""
    if width <= 0:
        return ""
    have = len(text) if text.isascii() else cell_len(text)
    if have > width:
        return ellipsis if width == 1 else set_cell_size(text, width - 1) + ellipsis
    padding = " " * (width - have)
    return padding + text if right else text + padding


class Painter:
    """Holds what every pane draws with; the palette changes with the theme."""

    def __init__(self, palette: Palette, glyphs: Glyphs) -> None:
        self.palette = palette
        """The looks of tones now."""
        self.glyphs = glyphs
        """The marks of this terminal."""

    def strip(self, line: Line, width: int, base: Tone = Tone.TEXT) -> Strip:
        """Paint a line, cut or padded to `width` cells; `base` is the look of the padding."""
        return Strip(list(self._segments(line, width, base)), width)

    def _segments(self, line: Line, width: int, base: Tone) -> Iterable[Segment]:
        style = self.palette.style
        left = width
        for span in line:
            text = span.text
            size = len(text) if text.isascii() else cell_len(text)
            if size > left:
                text, size = fit(text, left, self.glyphs.ellipsis), left
            if size:
                yield Segment(text, style(span.tone))
            left -= size
            if not left:
                return
        if left:
            yield Segment(" " * left, style(base))
