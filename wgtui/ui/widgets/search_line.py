"""The line in which a search is typed, and which tells where the cursor is."""

from __future__ import annotations

from wgtui.domain.text import printable
from wgtui.ui.messages import FilterClosed, FilterTyped
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Tone, line
from wgtui.ui.widgets.typing_line import TypingLine


class SearchLine(TypingLine):
    """While it has the focus, keys write what is searched for."""

    HELP = "Type what to search for; enter keeps it, escape drops it."
    BASE = Tone.BAR

    def __init__(self, painter: Painter, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(painter, id=id)
        self._is_editing = False
        self._told = ""

    @property
    def text(self) -> str:
        """What is searched for."""
        return self._text

    def edit(self) -> None:
        """Begin to type."""
        self._is_editing, self._text = True, ""
        self._draw()

    def close(self, keep: bool) -> None:
        """End typing."""
        self._is_editing = False
        if not keep:
            self._text = ""
        self._draw()

    def tell(self, text: str) -> None:
        """Say where the cursor is; printable."""
        if text != self._told:
            self._told = text
            self._draw()

    def _changed(self) -> None:
        self._draw()
        self.post_message(FilterTyped(self._text))

    def _ended(self, keep: bool) -> None:
        self.post_message(FilterClosed(keep=keep))

    def _draw(self) -> None:
        typed = self._painter.glyphs.text(printable(self._text, 60)) if self._text else ""
        shows = bool(self._is_editing or self._text)
        self.show(
            [
                line(
                    (" search " if shows else "", Tone.BAR),
                    (f"{typed}{'_' if self._is_editing else ''}" if shows else "", Tone.KEY),
                    (f" {self._told} ", Tone.BAR),
                    ("n next, esc drops it" if self._text and not self._is_editing else "", Tone.BAR),
                )
            ]
        )
