"""The panes of the Forwarding screen, and the cursor in its table."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.getters import query_one
from textual.reactive import var
from textual.screen import Screen

from wgtui.domain.forwarding import ForwardingView, Row
from wgtui.domain.snapshot import Snapshot
from wgtui.ui.commands import APP_COMMANDS, footer_commands
from wgtui.ui.forwarding_commands import FORWARDING_COMMANDS
from wgtui.ui.messages import SelectRow
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import NO_LINE, Line, Tone
from wgtui.ui.presentation.forwarding import ForwardingPage, SwitchContext, SwitchList
from wgtui.ui.presentation.forwarding_words import (
    around_lines,
    missing_words,
    path_section,
    problem_lines,
    row_lines,
    status_line,
)
from wgtui.ui.widgets.device_tabs import DeviceTabs
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.line_pane import LinePane
from wgtui.ui.widgets.notice import EmptyState
from wgtui.ui.widgets.page import Page
from wgtui.ui.widgets.paragraphs import Paragraphs
from wgtui.ui.widgets.switch_table import SwitchTable

_WIDE = 120
"""Cells from which the path is drawn beside the text."""


class _Bar(LinePane):
    BASE = Tone.BAR


class ForwardingPanes(Screen[None]):
    """Shows a page: the switches, and below them what there is to say of the selected one."""

    tabs = query_one("#tabs", DeviceTabs)
    problems = query_one("#problems", Paragraphs)
    empty = query_one("#empty", EmptyState)
    table = query_one("#switches", SwitchTable)
    words = query_one("#words", Page)
    side = query_one("#side", Page)
    status = query_one("#status", _Bar)

    large_words: var[bool] = var(False, toggle_class="-detail")
    """Whether the text takes the table's place."""

    def __init__(self, painter: Painter, host: str, interface: str) -> None:
        """Make the screen; `host` is its name."""
        super().__init__()
        self._painter = painter
        self._host = host
        self.interface = interface
        """Whose forwarding."""
        self.page: ForwardingPage | None = None
        """What is shown."""
        self._listed = SwitchList()
        self._said: object = None

    def compose(self) -> ComposeResult:
        """Lay out from top to bottom."""
        painter = self._painter
        yield DeviceTabs(painter, id="tabs")
        yield Paragraphs(painter, id="problems")
        yield EmptyState(painter, id="empty")
        yield SwitchTable(painter, id="switches")
        with Container(id="below"):
            yield Page(painter, id="words")
            yield Page(painter, id="side")
        yield _Bar(painter, id="status")
        yield KeyBar(painter, footer_commands((*FORWARDING_COMMANDS, *APP_COMMANDS)), id="keys")

    @property
    def view(self) -> ForwardingView | None:
        """What is seen, as far as it could be read."""
        return self.page.view if self.page is not None else None

    @property
    def selected(self) -> Row | None:
        """The row under the cursor."""
        return self._listed.selected if self.view is not None else None

    # Showing

    def take(self, page: ForwardingPage) -> None:
        """Show another page."""
        self.page = page
        self._listed.update(page.view.rows if page.view is not None else ())
        self._show()

    def on_resize(self, _event: events.Resize) -> None:
        """Write for the new width."""
        self._said = None
        self.call_after_refresh(self._show)

    def _show_tabs(self, snapshot: Snapshot | None, now: float) -> None:
        if snapshot is not None:
            self.tabs.show_devices(snapshot, now, self.interface, self._host)

    def _show(self) -> None:
        """Bring every pane up to date."""
        page, glyphs = self.page, self._painter.glyphs
        view = self.view
        self.set_class(view is None, "-empty")
        if page is None or page.interface != self.interface:
            self.empty.say("Forwarding and NAT", [f"Reading the forwarding of {self.interface} ..."])
        elif view is None:
            title, sentences = missing_words(page, glyphs)
            self.empty.say(title, sentences)
        if page is None or view is None:
            self.status.show([status_line(None, self._listed, glyphs)])
            return
        self.problems.say(lambda width: problem_lines(page, width, glyphs))
        self.table.update_rows(self._listed, SwitchContext(view.path.listen_port, glyphs))
        self._show_words(view)
        self.status.show([status_line(view, self._listed, glyphs)])

    def _show_words(self, view: ForwardingView) -> None:
        row, glyphs = self.selected, self._painter.glyphs
        said = (view, row)
        if row is None or said == self._said:
            return
        before, self._said = self._said, said
        same = isinstance(before, tuple) and _identity(before[1]) == _identity(row)
        wide = self.app.size.width >= _WIDE

        def words(width: int) -> Sequence[Line]:
            middle = [] if wide else [NO_LINE, *path_section(view, width, glyphs)]
            return [*row_lines(view, row, width, glyphs), *middle, *around_lines(view, width, glyphs)]

        self.words.say(words, keep_place=same)
        self.side.say(lambda width: path_section(view, width, glyphs), keep_place=True)

    # The cursor

    @on(SelectRow)
    def _select_row(self, message: SelectRow) -> None:
        self._move_to(message.index)

    def _move_to(self, index: int) -> None:
        self._listed.move_to(index)
        self._show()

    def action_move(self, step: int) -> None:
        """Move the cursor by rows, or scroll the text by lines while it is large."""
        if self.large_words:
            self.words.scroll_lines(step)
        else:
            self._move_to(self._listed.cursor + step)

    def action_page(self, step: int) -> None:
        """Scroll the text by pages."""
        self.words.scroll_page(step)

    def action_first(self) -> None:
        """Select the first switch."""
        self._move_to(0)

    def action_last(self) -> None:
        """Select the last switch."""
        self._move_to(len(self._listed.rows) - 1)

    def action_detail(self) -> None:
        """Show the text large, or go back."""
        self.large_words = not self.large_words and self.selected is not None

    def action_back(self) -> None:
        """Leave the large text, else the screen."""
        if self.large_words:
            self.large_words = False
        else:
            self.dismiss()


def _identity(row: Row) -> object:
    return row.switch, row.target
