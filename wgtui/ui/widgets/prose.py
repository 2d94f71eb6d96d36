"""A pane of sentences, wrapped to its width."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from wgtui.ui.painter import Painter
from wgtui.ui.presentation.prose import Sentence, run_on
from wgtui.ui.widgets.line_pane import LinePane


class Prose(LinePane):
    """Shows sentences; one that grows takes the lines it needs, up to a limit, and hides without any."""

    def __init__(self, painter: Painter, *, grows_to: int = 0, id: str | None = None) -> None:  # noqa: A002
        """Make the pane.

        Args:
            painter: Draws it.
            grows_to: Lines it takes at most; 0 for the height that the style sheet gives it.
            id: Its id.
        """
        super().__init__(painter, id=id)
        self._limit = grows_to
        self._sentences: tuple[Sentence, ...] = ()

    def say(self, sentences: Sequence[Sentence]) -> None:
        """Show sentences in place of those before."""
        if tuple(sentences) != self._sentences:
            self._sentences = tuple(sentences)
            self._wrap(self.size.width or self.app.size.width)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap to the new width."""
        self._wrap(event.size.width)

    def _wrap(self, width: int) -> None:
        lines = run_on(self._sentences, width)
        if self._limit:
            lines = lines[: self._limit]
            self.display = bool(lines)
            if self.styles.height is None or self.styles.height.value != len(lines):
                self.styles.height = max(1, len(lines))
        self.show(lines)
