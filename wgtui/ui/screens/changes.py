"""Changes: the journal, what each entry did, and the way back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.getters import query_one
from textual.reactive import var
from textual.screen import Screen

from wgtui.domain.errors import JournalProblem
from wgtui.services.changes import Changes
from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import APP_COMMANDS, JOURNAL_COMMANDS, footer_commands
from wgtui.ui.messages import OpenRow, RunCommand, SelectRow
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line, Tone, line
from wgtui.ui.presentation.columns import PlacedColumn
from wgtui.ui.presentation.help import journal_help
from wgtui.ui.presentation.journal import (
    EntryView,
    JournalContext,
    JournalList,
    entry_lines,
    entry_view,
    lay_out,
    unreadable_view,
)
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.line_pane import LinePane
from wgtui.ui.widgets.notice import EmptyState
from wgtui.ui.widgets.page import Page
from wgtui.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from wgtui.ui.changing_app import ChangingApp


class JournalTable(RowTable[int, JournalContext]):
    """The entries of the journal."""

    def _lay_out(self, width: int) -> tuple[PlacedColumn[int, JournalContext], ...]:
        return lay_out(width)


class _Bar(LinePane):
    BASE = Tone.BAR


class ChangesScreen(Screen[None]):
    """The journal, newest entry first. Only entries that are looked at are read."""

    BINDINGS = bindings_of(JOURNAL_COMMANDS)  # type: ignore[assignment]
    AUTO_FOCUS = ""

    table = query_one("#journal", JournalTable)
    entry = query_one("#entry", Page)
    empty = query_one("#empty", EmptyState)
    status = query_one("#status", _Bar)

    large_entry: var[bool] = var(False, toggle_class="-detail")
    """Whether the entry takes the table's place."""

    commands = JOURNAL_COMMANDS
    help_topic = staticmethod(journal_help)

    def __init__(self, painter: Painter) -> None:
        """Make the screen; it reads the journal when it is shown."""
        super().__init__()
        self._painter = painter
        self._list = JournalList()
        self._views: dict[int, EntryView] = {}
        self._turn = 0
        self._shown: EntryView | None = None
        self._asked: frozenset[int] = frozenset()

    def compose(self) -> ComposeResult:
        """Lay out from top to bottom."""
        painter = self._painter
        yield EmptyState(painter, id="empty")
        with Container(id="body"):
            yield JournalTable(painter, id="journal")
            yield Page(painter, id="entry")
        yield _Bar(painter, id="status")
        yield KeyBar(painter, footer_commands((*JOURNAL_COMMANDS, *APP_COMMANDS)), id="keys")

    def on_mount(self) -> None:
        """Read the journal."""
        self.empty.say("Changes", ["Reading the journal ..."])
        self.set_class(True, "-empty")
        # More rows may be visible when the table has got its size.
        self.screen_layout_refresh_signal.subscribe(self, lambda _: self._read_visible())
        self.look_again()

    def on_screen_resume(self) -> None:
        """Something may have been done meanwhile."""
        self.look_again()

    def look_again(self) -> None:
        """Read anew what is shown."""
        self._app.changes.look(_numbers, partial(self.call_later, self._take_numbers))

    @property
    def selected(self) -> int | None:
        """The number of the selected entry."""
        return self._list.selected

    # Reading

    @property
    def _app(self) -> ChangingApp:
        return cast("ChangingApp", self.app)

    def _take_numbers(self, numbers: tuple[int, ...]) -> None:
        self._list.update(numbers)
        self._asked = frozenset()
        self.set_class(not numbers, "-empty")
        if not numbers:
            self.empty.say(
                "Nothing was changed yet",
                ["Every change by wgtui is written down here with what it replaced, and can be undone."],
            )
        self._show()

    def _show(self) -> None:
        self.table.update_rows(self._list, JournalContext(self._views, self._turn, self._painter.glyphs))
        self._read_visible()
        number = self._list.selected
        view = None if number is None else self._views.get(number)
        if view != self._shown:
            same = view is not None and self._shown is not None and view.number == self._shown.number
            self._shown = view
            self.entry.say(lambda width: entry_lines(view, width, self._painter.glyphs), keep_place=same)
        self._show_status()

    def _read_visible(self) -> None:
        """Have those entries read that are visible and were not asked for since the last look."""
        top = self.table.top
        numbers = [
            number for number in self._list.rows[top : top + self.table.page] if number not in self._asked
        ]
        if numbers:
            self._asked |= frozenset(numbers)
            work = partial(_read, numbers)
            self._app.changes.look(work, partial(self.call_later, self._take_views))

    def _take_views(self, views: dict[int, EntryView]) -> None:
        if any(self._views.get(number) != view for number, view in views.items()):
            self._views.update(views)
            self._turn += 1
        self._show()

    def _show_status(self) -> None:
        rows = self._list.rows
        text = f" entry {self._list.cursor + 1} of {len(rows)}, newest first" if rows else " no entries"
        self.status.show([_bar_line(text)])

    # The cursor

    @on(SelectRow)
    def _select_row(self, message: SelectRow) -> None:
        self._move_to(message.index)

    def _move_to(self, index: int) -> None:
        self._list.move_to(index)
        self._show()

    def action_move(self, step: int) -> None:
        """Move the cursor by rows."""
        self._move_to(self._list.cursor + step)

    def action_page(self, step: int) -> None:
        """Move by pages, or scroll the entry while it is large."""
        if self.large_entry:
            self.entry.scroll_page(step)
        else:
            self._move_to(self._list.cursor + step * max(1, self.table.page - 1))

    def action_first(self) -> None:
        """Select the newest entry."""
        self._move_to(0)

    def action_last(self) -> None:
        """Select the oldest entry."""
        self._move_to(len(self._list.rows) - 1)

    @on(OpenRow)
    def action_detail(self) -> None:
        """Show the entry large, or go back."""
        self.large_entry = not self.large_entry and self.selected is not None

    def action_back(self) -> None:
        """Leave the large entry, else the screen."""
        if self.large_entry:
            self.large_entry = False
        else:
            self.dismiss()

    def action_undo(self) -> None:
        """Preview and undo the selected entry."""
        number = self.selected
        waiting = self._app.changes.watch.waiting
        if number is None:
            return
        if waiting is None:
            self._app.changes.undo(number)
        elif waiting.number == number:
            self._app.action_take_back()
        else:
            self.notify(
                f"Change {waiting.number} waits for its confirmation: it comes first.",
                severity="warning",
                markup=False,
            )

    @on(RunCommand)
    async def _run_command(self, message: RunCommand) -> None:
        await self.run_action(message.action)


def _bar_line(text: str) -> Line:
    return line((text, Tone.BAR))


def _numbers(changes: Changes) -> tuple[int, ...]:
    return changes.journal.numbers()


def _read(numbers: list[int], changes: Changes) -> dict[int, EntryView]:
    views: dict[int, EntryView] = {}
    for number in numbers:
        try:
            views[number] = entry_view(changes.journal.entry(number))
        except JournalProblem as problem:
            views[number] = unreadable_view(number, str(problem))
    return views
