"""The line in which the path is typed under which something is saved."""

from __future__ import annotations

from wgtui.domain.text import printable
from wgtui.ui.messages import PathTyped
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Tone, line
from wgtui.ui.presentation.share import SAVE_HINT
from wgtui.ui.widgets.typing_line import TypingLine


class PathLine(TypingLine):
    """Hidden until a path is asked for."""

    BASE = Tone.BAR

    def __init__(self, painter: Painter, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(painter, id=id)
        self.display = False
        self._proposal = ""

    def ask(self, proposal: str) -> None:
        """Ask for a path, with one proposed; a path that is typed from its root takes its place."""
        self.display = True
        self._text = self._proposal = proposal
        self._draw()

    def close(self) -> None:
        """Ask no more."""
        self.display = False
        self._text = ""

    def on_blur(self) -> None:
        """What was typed counts only with enter."""
        if self.display:
            self._ended(False)

    def on_resize(self) -> None:
        """Draw again: a line that was hidden had no width."""
        self._draw()

    def _write(self, text: str) -> None:
        # A file is no folder: what begins like this is not meant to go behind the proposed path.
        added = text.removeprefix(self._proposal)
        begins_anew = self._text == self._proposal and added != text and added[:1] in ("/", "~")
        super()._write(added if begins_anew else text)

    def _changed(self) -> None:
        self._draw()

    def _ended(self, keep: bool) -> None:
        self.post_message(PathTyped(self._text if keep else ""))

    def _draw(self) -> None:
        width = max(10, self.size.width - len(SAVE_HINT) - 12)
        typed = self._painter.glyphs.text(printable(self._text, 300))[-width:]
        self.show([line((" save as ", Tone.BAR), (f"{typed}_", Tone.KEY), (f" {SAVE_HINT}", Tone.BAR))])
