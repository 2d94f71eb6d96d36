"""Waiting for the first handshake: who has come, what arrives at the port, and why somebody has not."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.getters import query_one
from textual.reactive import var

from wgtui.domain.keys import PublicKey
from wgtui.domain.snapshot import Snapshot
from wgtui.services.first_contact import ContactView, FirstContact
from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import APP_COMMANDS, footer_commands
from wgtui.ui.host_worker import HostWorker
from wgtui.ui.messages import ContactTaken, OpenRow, RunCommand
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line, Tone
from wgtui.ui.presentation.columns import PlacedColumn
from wgtui.ui.presentation.help import waiting_help
from wgtui.ui.presentation.peer_columns import display_name
from wgtui.ui.presentation.prose import Sentence, run_on
from wgtui.ui.presentation.waiting import (
    ContactContext,
    ContactList,
    ContactRow,
    clock_time,
    head_line,
    lay_out,
    news_text,
    nobody_lines,
    port_sentences,
    reason_lines,
)
from wgtui.ui.screens.table_screen import TableScreen
from wgtui.ui.waiting_commands import WAITING_COMMANDS
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.line_pane import LinePane
from wgtui.ui.widgets.page import Page
from wgtui.ui.widgets.paragraphs import Paragraphs
from wgtui.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from wgtui.ui.app import WgtuiApp


class ContactTable(RowTable[ContactRow, ContactContext]):
    """The peers of the interface."""

    HELP = "The peers of the interface. Click a title to sort, a row to select it."

    def _lay_out(self, width: int) -> tuple[PlacedColumn[ContactRow, ContactContext], ...]:
        return lay_out(width)


class WaitingScreen(TableScreen):
    """The peers of one interface until they came, and after. The worker's thread watches the port.

    Args:
        painter: Draws.
        title: Names the host.
        interface: Its peers are waited for.
        worker: Looks at the host.
        peer: The peer to be selected at first; None for the one that needs eyes most.
    """

    BINDINGS = bindings_of(WAITING_COMMANDS)  # type: ignore[assignment]
    AUTO_FOCUS = ""
    commands = WAITING_COMMANDS
    help_topic = staticmethod(waiting_help)

    head = query_one("#head", LinePane)
    port = query_one("#port", Paragraphs)
    news = query_one("#news", Paragraphs)
    table = query_one("#contacts", ContactTable)
    reasons = query_one("#reasons", Page)

    large_reasons: var[bool] = var(False, toggle_class="-detail")
    """Whether the reasons take the table's place."""

    def __init__(
        self,
        painter: Painter,
        title: str,
        interface: str,
        worker: HostWorker[FirstContact],
        peer: PublicKey | None = None,
    ) -> None:
        super().__init__()
        self._painter = painter
        self._host = title
        self._interface = interface
        self._worker = worker
        self._view: ContactView | None = None
        self._shown: tuple[ContactRow | None, ContactView] | None = None
        self._there: frozenset[PublicKey] | None = None
        self.looks = 0
        """How often the host was looked at."""
        self._try_again = threading.Event()
        self.rows = ContactList()
        if peer is not None:
            self.rows.select(peer)

    def compose(self) -> ComposeResult:
        """Lay out the panes from top to bottom."""
        painter = self._painter
        yield LinePane(painter, id="head")
        yield Paragraphs(painter, vanishes=False, id="port")
        yield Paragraphs(painter, id="news")
        with Container(id="body"):
            yield ContactTable(painter, id="contacts")
            yield Page(painter, id="reasons")
        yield KeyBar(painter, footer_commands((*WAITING_COMMANDS, *APP_COMMANDS)), id="keys")

    def on_mount(self) -> None:
        """Follow the application's snapshots."""
        self.watch(self.app, "snapshot", self._take_snapshot)

    def on_unmount(self) -> None:
        """The port need not be watched any longer."""
        self._worker.submit("contact", FirstContact.rest)

    # Looking

    def _take_snapshot(self, snapshot: Snapshot | None) -> None:
        if snapshot is not None:
            self._worker.submit("contact", partial(self._look, snapshot))

    def look_again(self) -> None:
        """Try again what the host refused."""
        # A job with the snapshot that this brings may take the place of the one below: neither forgets it.
        self._try_again.set()
        self._take_snapshot(self._app.snapshot)

    def _look(self, snapshot: Snapshot, service: FirstContact) -> None:
        """Runs in the worker's thread."""
        fresh = self._try_again.is_set()
        self._try_again.clear()
        self.post_message(ContactTaken(service.look(snapshot, self._interface, fresh=fresh)))

    @on(ContactTaken)
    def _contact_taken(self, message: ContactTaken) -> None:
        self.looks += 1
        if message.view is self._view:
            return
        view = self._view = message.view
        snapshot = self._app.snapshot
        self.rows.take(view, snapshot.device(self._interface) if snapshot else None)
        self.head.show([head_line(view, self._host, self._painter.glyphs)])
        said = [
            Sentence(self._painter.glyphs.text(text), tone) for text, tone in port_sentences(view, self._now)
        ]
        self.port.say(partial(run_on, said))
        self._tell_news(view)
        self._show_rows()

    def _tell_news(self, view: ContactView) -> None:
        """Say who came since the last look, and ring once for it."""
        there = frozenset(one.key for one in view.contacts if one.stage.is_there)
        came, self._there = there - (there if self._there is None else self._there), there
        if not came:
            return
        names = [
            display_name(row.peer, self._painter.glyphs) for row in self.rows.rows if row.contact.key in came
        ]
        at = clock_time(self._now, self._now)
        text = news_text(names, view.is_done, at)
        self.news.say(partial(run_on, [Sentence(text, Tone.GOOD)]))
        self.app.bell()
        if not self.is_active:
            # Somebody holds a telephone before the code that covers this screen.
            self.notify(news_text(names, False, at), timeout=8, markup=False)

    # Showing

    def _show_rows(self) -> None:
        """The panes that depend on the table's order and cursor."""
        view, row = self._view, self.rows.selected
        if view is None:
            return
        self.table.update_rows(self.rows, ContactContext(self._today, self._painter.glyphs))
        shown = (row, view)
        if shown == self._shown:
            return
        same = self._shown is not None and _key(self._shown[0]) == _key(row)
        self._shown = shown
        self.reasons.say(lambda width: self._lines(row, view, width), keep_place=same)

    def _lines(self, row: ContactRow | None, view: ContactView, width: int) -> list[Line]:
        if row is None:
            return nobody_lines(view, width)
        return reason_lines(row, view, self._now, width, self._painter.glyphs)

    @property
    def _now(self) -> float:
        return self._app.options.clock.now()

    @property
    def _today(self) -> float:
        """Some moment near now, the same for an hour: cells depend on it."""
        return self._now // 3600 * 3600

    @property
    def listed(self) -> ContactList:
        """The rows as the table has them."""
        return self.rows

    @property
    def row_table(self) -> ContactTable:
        """The table."""
        return self.table

    # Actions

    def action_page(self, step: int) -> None:
        """Move by pages, or scroll the reasons while they are large."""
        if self.large_reasons:
            self.reasons.scroll_page(step)
        else:
            super().action_page(step)

    def action_move(self, step: int) -> None:
        """Move the cursor, or scroll the reasons while they are large."""
        if self.large_reasons:
            self.reasons.scroll_lines(step)
        else:
            super().action_move(step)

    @on(OpenRow)
    def action_detail(self) -> None:
        """Show the reasons large, or go back."""
        self.large_reasons = not self.large_reasons and self.rows.selected is not None

    def action_back(self) -> None:
        """Leave the large reasons, else the screen."""
        if self.large_reasons:
            self.large_reasons = False
        else:
            self.dismiss()

    def action_share_peer(self) -> None:
        """Share the selected peer's own file."""
        row = self.rows.selected
        if row is not None:
            self._app.editors.share_peer(self._interface, row.contact.key)

    def action_edit_peer(self) -> None:
        """Edit the selected peer."""
        row = self.rows.selected
        if row is not None:
            self._app.editors.edit_peer(self._interface, row.contact.key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done now."""
        can = self.rows.selected is not None and self._app.can_change
        offered = {"edit_peer": can, "share_peer": can and self._app.options.qr is not None}
        return offered.get(action, True)

    @property
    def _app(self) -> WgtuiApp:
        return cast("WgtuiApp", self.app)

    @on(RunCommand)
    async def _run_command(self, message: RunCommand) -> None:
        await self.run_action(message.action)


def _key(row: ContactRow | None) -> PublicKey | None:
    return None if row is None else row.contact.key
