"""Config: the file with its problems, what differs from what runs, and both ways out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.getters import query_one
from textual.screen import Screen

from wgtui.domain.drift import Difference
from wgtui.domain.keys import PublicKey
from wgtui.domain.snapshot import Snapshot
from wgtui.services.drift import plan_adopting
from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import APP_COMMANDS, CONFIG_COMMANDS, footer_commands
from wgtui.ui.config_reader import ConfigReader
from wgtui.ui.external_edit import ExternalEdit
from wgtui.ui.host_worker import HostWorker
from wgtui.ui.messages import ConfigExamined, ConfigRead, FilterClosed, FilterTyped, RunCommand
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line
from wgtui.ui.presentation.config_page import ConfigPage, file_line, mark_of, section_at
from wgtui.ui.presentation.config_search import marked_lines, next_match, step_to
from wgtui.ui.presentation.config_words import (
    difference_line,
    drift_line,
    drift_notes,
    head_line,
    missing_words,
    place_sentences,
    position_text,
    signature,
    ways_lines,
)
from wgtui.ui.presentation.help import config_help
from wgtui.ui.presentation.prose import run_on
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.line_list import LineList
from wgtui.ui.widgets.line_pane import LinePane
from wgtui.ui.widgets.notice import EmptyState
from wgtui.ui.widgets.paragraphs import Paragraphs
from wgtui.ui.widgets.search_line import SearchLine

if TYPE_CHECKING:
    from wgtui.ui.app import WgtuiApp

_SHIFT = 16
"""Characters that long lines are shifted at once."""


class ConfigScreen(Screen[None]):
    """One interface's file. It reads nothing itself: the worker's thread does, and posts what it found."""

    BINDINGS = bindings_of(CONFIG_COMMANDS)  # type: ignore[assignment]
    AUTO_FOCUS = ""
    commands = CONFIG_COMMANDS
    help_topic = staticmethod(config_help)

    head = query_one("#head", LinePane)
    empty = query_one("#empty", EmptyState)
    file = query_one("#file", LineList)
    place = query_one("#place", Paragraphs)
    count = query_one("#count", LinePane)
    notes = query_one("#notes", Paragraphs)
    differences = query_one("#differences", LineList)
    ways = query_one("#ways", Paragraphs)
    status = query_one("#status", SearchLine)

    def __init__(self, painter: Painter, host: str, interface: str, worker: HostWorker[ConfigReader]) -> None:
        """Make the screen; `host` is its name, `worker` reads it."""
        super().__init__()
        self._painter = painter
        self._host = host
        self.interface = interface
        self._worker = worker
        self.page: ConfigPage | None = None
        self._differing: frozenset[int] = frozenset()
        self._shift = 0
        self._typing = False
        self._seen: object = None
        self._external = ExternalEdit(self, painter, worker)

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

    def on_mount(self) -> None:
        """Read the file, and follow the application's snapshots."""
        self.file.activate(True)
        self._show()
        self.watch(self.app, "snapshot", self._take_snapshot)

    def on_screen_resume(self) -> None:
        """Something may have been done meanwhile."""
        self.look_again()

    # Reading

    @property
    def _app(self) -> WgtuiApp:
        return cast("WgtuiApp", self.app)

    @property
    def _now(self) -> float:
        return self._app.options.clock.now()

    def look_again(self) -> None:
        """Read the file and what runs anew."""
        self._worker.submit("read", self._read)

    def _read(self, reader: ConfigReader) -> None:
        """Runs in the worker's thread: first the file, which is there at once, then the comparison."""
        page = reader.read(self.interface)
        self.post_message(ConfigRead(page))
        if page.opened is not None:
            self.post_message(ConfigRead(reader.compare(page, self._now)))

    def _take_snapshot(self, snapshot: Snapshot | None) -> None:
        """Compare anew when what runs was changed, by whomever."""
        seen = signature(snapshot, self.interface)
        if seen != self._seen:
            if self._seen is not None:
                self.look_again()
            self._seen = seen

    @on(ConfigRead)
    def _take_page(self, message: ConfigRead) -> None:
        page = message.page
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

    # Search

    def action_search(self) -> None:
        """Type what to search for."""
        self._typing = True
        # At once: keys of the same burst must not meet the screen's own bindings.
        self.set_focus(self.status)
        self.status.edit()

    def on_key(self, event: events.Key) -> None:
        """Type on: keys of one burst reach the screen before a binding could move the focus."""
        if self._typing:
            self.status.on_key(event)
        elif event.key == "slash":
            self.action_search()
        else:
            return
        event.stop()
        event.prevent_default()

    @on(FilterTyped)
    def _search_typed(self, message: FilterTyped) -> None:
        self._go_to_match(message.text, self.file.cursor, 1)

    @on(FilterClosed)
    def _search_closed(self, message: FilterClosed) -> None:
        if self._typing:
            self._typing = False
            self.set_focus(None)
            self.status.close(message.keep)

    def action_next(self, step: int) -> None:
        """Go to the next match, else to the next mark."""
        if self.page is None or self.page.document is None:
            return
        if self.status.text:
            self._go_to_match(self.status.text, self.file.cursor + step, step)
            return
        at = step_to(marked_lines(self.page, self._differing), self.file.cursor, step)
        if at is not None:
            self._activate(self.file)
            self._move_to(at)

    def _go_to_match(self, text: str, start: int, step: int) -> None:
        document = self.page.document if self.page is not None else None
        if document is not None and text:
            at = next_match(document, text, start, step)
            if at is not None:
                self._activate(self.file)
                self._move_to(at)

    # Changes

    def action_keep_file(self) -> None:
        """Bring what runs in line with the file, in the selected difference."""
        chosen, interface, now = self.selected, self.interface, self._now
        if chosen is not None:
            self._app.changes.propose(lambda changes: changes.drift.keep_file(interface, chosen, now))

    def action_keep_kernel(self) -> None:
        """Bring the file in line with what runs, in the selected difference."""
        chosen, interface, now = self.selected, self.interface, self._now
        if chosen is not None:
            self._app.changes.propose(lambda changes: changes.drift.keep_kernel(interface, chosen, now))

    def action_write(self) -> None:
        """Write a file from what runs."""
        interface = self.interface
        self._app.changes.propose(lambda changes: plan_adopting(changes.editor, interface))

    def action_edit(self) -> None:
        """Open the form of what is under the cursor."""
        document = self.page.document if self.page is not None else None
        section = section_at(document, self.file.cursor) if document is not None else None
        editors = self._app.editors
        if isinstance(section, PublicKey):
            editors.edit_peer(self.interface, section)
        elif section is not None:
            editors.edit_interface(self.interface)

    def action_edit_file(self) -> None:
        """Edit the file in the operator's own editor."""
        if self.page is not None and self.page.opened is not None:
            self._external.begin(self.page.opened)

    @on(ConfigExamined)
    def _examined(self, message: ConfigExamined) -> None:
        self._external.examined(message.examined)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done here."""
        page, chosen = self.page, self.selected if self.is_mounted else None
        offered = {
            "keep_file": chosen is not None,
            "keep_kernel": chosen is not None and chosen.keeps_kernel,
            "write": page is not None and page.opened is None and page.problem is None and page.is_up,
            "edit_file": page is not None and page.opened is not None,
            "edit": page is not None and page.opened is not None,
        }
        return offered.get(action, True)

    def action_back(self) -> None:
        """Drop the search, else leave."""
        if self.status.text:
            self.status.close(False)
        else:
            self.dismiss()

    @on(RunCommand)
    async def _run_command(self, message: RunCommand) -> None:
        await self.run_action(message.action)
