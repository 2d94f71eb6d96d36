"""Overview: who is alive, how fast, since when, and in words why not."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.getters import query_one
from textual.reactive import var

from wgtui.domain.keys import PublicKey
from wgtui.domain.snapshot import DeviceState, PeerState, Snapshot
from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import ALL_COMMANDS, OVERVIEW_COMMANDS, footer_commands
from wgtui.ui.edit_actions import EditActions
from wgtui.ui.judge_actions import JudgeActions
from wgtui.ui.messages import (
    FilterClosed,
    FilterTyped,
    OpenDevice,
    OpenRow,
    RunCommand,
)
from wgtui.ui.open_actions import OpenActions
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.overview import (
    SUGGESTIONS,
    empty_sentences,
    empty_title,
    waiting_sentences,
)
from wgtui.ui.presentation.overview_view import OverviewView
from wgtui.ui.presentation.peer_list import PeerList
from wgtui.ui.screens.table_screen import TableScreen
from wgtui.ui.widgets.device_tabs import DeviceTabs
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.notice import EmptyState, Notice
from wgtui.ui.widgets.peer_detail import PeerDetail
from wgtui.ui.widgets.peer_table import PeerTable
from wgtui.ui.widgets.status_line import StatusLine

_FILTER_KEYS = next(command.keys for command in OVERVIEW_COMMANDS if command.name == "filter")


class OverviewScreen(OpenActions, EditActions, JudgeActions, TableScreen):
    """The live view of the host's devices and one device's peers."""

    BINDINGS = bindings_of(OVERVIEW_COMMANDS)  # type: ignore[assignment]
    AUTO_FOCUS = ""
    commands = OVERVIEW_COMMANDS

    tabs = query_one("#tabs", DeviceTabs)
    notice = query_one("#notice", Notice)
    empty = query_one("#empty", EmptyState)
    table = query_one("#peers", PeerTable)
    detail = query_one("#detail", PeerDetail)
    status = query_one("#status", StatusLine)

    large_detail: var[bool] = var(False, toggle_class="-detail")
    """Whether the detail pane takes the table's place."""

    def __init__(self, painter: Painter, title: str) -> None:
        """Make the screen; `title` names the host."""
        super().__init__()
        self._painter = painter
        self._host = title
        self._view = OverviewView()
        self._editing = False

    def compose(self) -> ComposeResult:
        """Lay out the panes from top to bottom."""
        painter = self._painter
        yield DeviceTabs(painter, id="tabs")
        yield Notice(painter, id="notice")
        yield EmptyState(painter, id="empty")
        with Container(id="body"):
            yield PeerTable(painter, id="peers")
            yield PeerDetail(painter, id="detail")
        yield StatusLine(painter, id="status")
        yield KeyBar(painter, footer_commands(ALL_COMMANDS), id="keys")

    def on_mount(self) -> None:
        """Follow the application's snapshots."""
        self._show()
        self.watch(self.app, "snapshot", self._take_snapshot)

    def tick(self, now: float) -> None:
        """Let ages pass while no snapshot comes."""
        self._view.pass_time(now)
        self._show()

    @property
    def peers(self) -> PeerList:
        """The open device's peers as the table has them."""
        return self._view.peers

    @property
    def now(self) -> float:
        """The time that ages on the screen refer to, in Unix seconds."""
        return self._view.now

    def _take_snapshot(self, snapshot: Snapshot | None) -> None:
        if snapshot is not None:
            self._view.take(snapshot)
            self._show()

    def _show(self) -> None:
        """Bring every pane up to date; each paints only what changed."""
        view, glyphs = self._view, self._painter.glyphs
        live = view.live
        self.set_class(not view.has_devices, "-empty")
        if live is None:
            self.empty.say("wgtui", waiting_sentences())
            return
        if not live.devices:
            self.empty.say(empty_title(live), empty_sentences(live, glyphs), SUGGESTIONS)
        self.tabs.show_devices(live, view.now, view.opened, self._host)
        sentences, urgent = view.notice(glyphs)
        self.notice.say(sentences, urgent=urgent)
        self._show_rows()

    def _show_rows(self) -> None:
        """The panes that depend on the table's order and cursor."""
        view, selected = self._view, self.peers.selected
        context = view.row_context(self._painter.glyphs)
        if context is None or view.frame is None:
            return
        self.table.update_rows(self.peers, context)
        if selected is None:
            self.large_detail = False
        judged = self.judgement_of(view.opened, selected.peer.public_key) if selected else None
        judgement = judged.judgement if judged is not None else None
        self.detail.show_peer(selected, view.frame, view.opened, context.now, judgement)
        self._show_status()
        self.ask_judgement()

    def _show_judgement(self) -> None:
        self._show_rows()

    @property
    def live_snapshot(self) -> Snapshot | None:
        """The newest look; None while the table is paused at an older one."""
        return self._view.live if self._view.frame is self._view.live else None

    def _show_status(self) -> None:
        self.status.show_state(self._view.table_state(self._painter.glyphs, editing=self._editing))

    # Devices

    @on(OpenDevice)
    def _open_device(self, message: OpenDevice) -> None:
        self._view.open(message.name)
        self._show()

    def show_peer(self, interface: str, key: PublicKey) -> None:
        """Open a device, and select a peer of it now or as soon as it is there."""
        self._view.open_peer(interface, key)
        self._show()

    def action_device(self, step: int) -> None:
        """Open the next device, or the previous one for -1; behind the last comes the first."""
        self._view.open_next(step)
        self._show()

    def action_open(self, number: int) -> None:
        """Open a device by its place among the tabs, from 1."""
        self._view.open_number(number)
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what is gone can be forgotten, and only what is there can be changed."""
        return self.can_open(action) and self.can_edit(action) and self.can_ask(action)

    @property
    def open_device(self) -> DeviceState | None:
        """The open device as it is now."""
        return self._view.device

    @property
    def selected_peer(self) -> PeerState | None:
        """The peer under the cursor."""
        return self.peers.selected

    @property
    def listed(self) -> PeerList:
        """The rows as the table has them."""
        return self.peers

    @property
    def row_table(self) -> PeerTable:
        """The table."""
        return self.table

    def action_page(self, step: int) -> None:
        """Move the cursor by pages, or scroll the details while they are large."""
        if self.large_detail:
            self.detail.scroll_lines(step * max(1, self.detail.size.height - 2))
        else:
            super().action_page(step)

    # Filter

    def action_filter(self) -> None:
        """Type a filter."""
        self._editing = True
        # At once: keys of the same burst must not meet the screen's own bindings.
        self.set_focus(self.status)
        self._show_status()

    def on_key(self, event: events.Key) -> None:
        """Type the filter: keys of one burst reach the screen before a binding could move the focus."""
        if self._editing:
            self.status.on_key(event)
        elif event.key in _FILTER_KEYS:
            self.action_filter()
            event.stop()
            event.prevent_default()

    @on(FilterTyped)
    def _filter_typed(self, message: FilterTyped) -> None:
        self.peers.filter_by(message.text)
        self._show_rows()

    @on(FilterClosed)
    def _filter_closed(self, message: FilterClosed) -> None:
        if not self._editing:
            return
        self._editing = False
        self.set_focus(None)
        if not message.keep:
            self.peers.filter_by("")
        self._show_rows()

    # Pause, details, the rest

    def action_pause(self) -> None:
        """Freeze the table and the details, or let them go on."""
        self._view.toggle_pause()
        self._show()

    @on(OpenRow)
    def action_detail(self) -> None:
        """Show the selected peer large, or go back."""
        self.large_detail = not self.large_detail and self.peers.selected is not None

    def action_back(self) -> None:
        """Leave the large details, else clear the filter."""
        if self.large_detail:
            self.large_detail = False
        elif self.peers.filter:
            self.peers.filter_by("")
            self._show_rows()

    @on(RunCommand)
    async def _run_command(self, message: RunCommand) -> None:
        await self.run_action(message.action)
