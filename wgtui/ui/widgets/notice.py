"""Sentences that must be seen: above the table, or in place of it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from textual import events

from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import NO_LINE, Line, Tone, line
from wgtui.ui.presentation.overview import Suggestion
from wgtui.ui.widgets.line_pane import LinePane


class Notice(LinePane):
    """Sentences about the open device, above its peers; it takes the lines it needs and hides without any."""

    def __init__(self, painter: Painter, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(painter, id=id)
        self._sentences: tuple[str, ...] = ()
        self._urgent = False

    def say(self, sentences: Sequence[str], *, urgent: bool) -> None:
        """Show sentences, the first one marked when `urgent`."""
        if (tuple(sentences), urgent) == (self._sentences, self._urgent):
            return
        self._sentences, self._urgent = tuple(sentences), urgent
        self.display = bool(sentences)
        self._wrap(self.app.size.width)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap to the new width."""
        self._wrap(event.size.width)

    def _wrap(self, width: int) -> None:
        mark = self._painter.glyphs.lost
        lines: list[Line] = []
        for index, sentence in enumerate(self._sentences):
            tone = Tone.BAD if self._urgent and index == 0 else Tone.TEXT
            for row, text in enumerate(textwrap.wrap(sentence, max(10, width - 4))):
                first = index == 0 and row == 0 and self._urgent
                lines.append(line((f" {mark} " if first else "   ", tone), (text, tone)))
        if self.styles.height is None or self.styles.height.value != len(lines):
            self.styles.height = max(1, len(lines))
        self.show(lines)


class EmptyState(LinePane):
    """What is shown when there is no device at all: a headline, sentences, and commands to type."""

    def __init__(self, painter: Painter, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(painter, id=id)
        self._title = ""
        self._sentences: tuple[str, ...] = ()
        self._suggestions: tuple[Suggestion, ...] = ()

    def say(self, title: str, sentences: Sequence[str], suggestions: Sequence[Suggestion] = ()) -> None:
        """Show a headline, sentences, and commands to try."""
        self._title, self._sentences, self._suggestions = title, tuple(sentences), tuple(suggestions)
        self._wrap()

    def on_resize(self, event: events.Resize) -> None:
        """Wrap to the new width."""
        self._wrap()

    def _wrap(self) -> None:
        width = min(76, max(20, self.size.width - 4))
        lines: list[Line] = [NO_LINE, line("  ", (self._title, Tone.STRONG)), NO_LINE]
        for sentence in self._sentences:
            lines += [*(line("  ", text) for text in textwrap.wrap(sentence, width)), NO_LINE]
        widest = max((len(one.command) for one in self._suggestions), default=0)
        for one in self._suggestions:
            lines += _suggestion_lines(one, widest, width)
        self.show(lines)


def _suggestion_lines(one: Suggestion, column: int, width: int) -> list[Line]:
    if column + 5 + len(one.effect) > width:
        return [line("    ", (one.command, Tone.STRONG)), line("      ", (one.effect, Tone.DIM))]
    return [line("    ", (one.command.ljust(column), Tone.STRONG), "   ", (one.effect, Tone.DIM))]
