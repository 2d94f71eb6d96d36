"""The panes of the Config screen, and the cursors in them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.getters import query_one
from textual.screen import Screen

from wgtui.domain.drift import Difference
from wgtui.ui.commands import APP_COMMANDS, footer_commands
from wgtui.ui.config_commands import CONFIG_COMMANDS
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line
from wgtui.ui.presentation.config_page import ConfigPage, file_line, mark_of
from wgtui.ui.presentation.config_words import (
    difference_line,
    drift_line,
    drift_notes,
    head_line,
    missing_words,
    place_sentences,
    position_text,
    ways_lines,
)
from wgtui.ui.presentation.prose import run_on
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.line_list import LineList
from wgtui.ui.widgets.line_pane import LinePane
from wgtui.ui.widgets.notice import EmptyState
from wgtui.ui.widgets.paragraphs import Paragraphs
from wgtui.ui.widgets.search_line import SearchLine

if TYPE_CHECKING:
    pass

_SHIFT = 16
"""Characters that long lines are shifted at once."""


class ConfigPanes(Screen[None]):
    """Shows a page, with one cursor in the file and one in the differences."""

    head = query_one("#head", LinePane)
    empty = query_one("#empty", EmptyState)
    file = query_one("#file", LineList)
    place = query_one("#place", Paragraphs)
    count = query_one("#count", LinePane)
    notes = query_one("#notes", Paragraphs)
    differences = query_one("#differences", LineList)
    ways = query_one("#ways", Paragraphs)
    status = query_one("#status", SearchLine)

    def __init__(self, painter: Painter, host: str, interface: str) -> None:
        """Make the screen; `host` is its name."""
        super().__init__()
        self._painter = painter
        self._host = host
        self.interface = interface
        """Whose file."""
        self.page: ConfigPage | None = None
        """What is shown."""
        self._differing: frozenset[int] = frozenset()
        self._shift = 0

    def compose(self) -> ComposeResult:
        """Lay out from top to bottom."""
        painter = self._painter
        yield LinePane(painter, id="head")
        yield EmptyState(painter, id="empty")
        with Vertical(id="body"):
            with Vertical(id="text"):
                yield LineList(painter, id="file")
                yield Paragraphs(painter, id="place")
            with Vertical(id="drift"):
                yield LinePane(painter, id="count")
                yield Paragraphs(painter, id="notes")
                yield LineList(painter, id="differences")
                yield Paragraphs(painter, id="ways")
        yield SearchLine(painter, id="status")
        yield KeyBar(painter, footer_commands((*CONFIG_COMMANDS, *APP_COMMANDS)), id="keys")

    def take(self, page: ConfigPage) -> None:
        """Show another page."""
        self.page = page
        self._differing = frozenset(one.line for one in page.differences if one.line)
        self.set_class(page.opened is None, "-empty")
        self._show()

    # Showing

    def on_resize(self, _event: events.Resize) -> None:
        """Write for the new width."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        """Bring every pane up to date."""
        page, glyphs = self.page, self._painter.glyphs
        self.head.show([head_line(page, self.interface, self._host, self.app.size.width, glyphs)])
        if page is None:
            return
        if page.opened is None:
            title, sentences = missing_words(page)
            self.empty.say(glyphs.text(title), [glyphs.text(text) for text in sentences])
        self.file.show(page.count, self._file_line)
        self.count.show([drift_line(page, glyphs)])
        self.notes.say(partial(run_on, drift_notes(page, glyphs)))
        self.differences.show(len(page.differences), self._difference_line)
        self.differences.display = bool(page.differences)
        self._show_place()

    def _show_place(self) -> None:
        """What depends on the cursors."""
        page, glyphs = self.page, self._painter.glyphs
        if page is None:
            return
        number = self.file.cursor + 1
        self.place.say(partial(run_on, place_sentences(page, number, glyphs)))
        chosen = self.selected
        self.ways.say(lambda width: ways_lines(chosen, width, glyphs))
        self.status.tell(position_text(page, number, self._shift))

    def _file_line(self, index: int) -> Line:
        assert self.page is not None
        mark = mark_of(self.page, index + 1, self._differing)
        here = index == self.file.cursor
        return file_line(self.page, index, mark, self._shift, self._painter.glyphs, here=here)

    def _difference_line(self, index: int) -> Line:
        assert self.page is not None
        here = index == self.differences.cursor
        return difference_line(self.page.differences[index], self._painter.glyphs, here=here)

    @property
    def selected(self) -> Difference | None:
        """The difference under the cursor."""
        found = self.page.differences if self.page is not None else ()
        return found[self.differences.cursor] if self.differences.cursor < len(found) else None

    # Cursors

    @property
    def _active(self) -> LineList:
        return self.differences if self.differences.is_active else self.file

    @on(LineList.Moved)
    def _moved(self, message: LineList.Moved) -> None:
        self._activate(message.lines)
        self._move_to(message.index)

    def _activate(self, lines: LineList) -> None:
        self.file.activate(lines is self.file)
        self.differences.activate(lines is self.differences)

    def _move_to(self, index: int) -> None:
        """Move the cursor; in the file it follows the differences."""
        self._active.move_to(index)
        chosen = self.selected
        if self._active is self.differences and chosen is not None and chosen.line:
            self.file.move_to(chosen.line - 1)
        self._show_place()

    def action_move(self, step: int) -> None:
        """Move the cursor by lines."""
        self._move_to(self._active.cursor + step)

    def action_page(self, step: int) -> None:
        """Move the cursor by pages."""
        self._move_to(self._active.cursor + step * max(1, self._active.page - 1))

    def action_first(self) -> None:
        """Go to the first line."""
        self._move_to(0)

    def action_last(self) -> None:
        """Go to the last line."""
        self._move_to(self._active.count - 1)

    def action_pane(self) -> None:
        """Let keys move the other cursor."""
        if self.differences.count:
            self._activate(self.file if self.differences.is_active else self.differences)
            self._move_to(self._active.cursor)

    def action_shift(self, step: int) -> None:
        """Shift long lines."""
        self._shift = max(0, self._shift + step * _SHIFT)
        self.file.refresh()
        self._show_place()
