"""Overview: who is alive, how fast, since when, and in words why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.getters import query_one
from textual.reactive import var
from textual.screen import Screen

from wgtui.domain.snapshot import DeviceState, Snapshot
from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import ALL_COMMANDS, OVERVIEW_COMMANDS, footer_commands
from wgtui.ui.messages import (
    FilterClosed,
    FilterTyped,
    OpenDetail,
    OpenDevice,
    RunCommand,
    SelectPeer,
    SortBy,
)
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.devices import device_notice, problem_sentences
from wgtui.ui.presentation.overview import (
    SUGGESTIONS,
    TableState,
    empty_sentences,
    empty_title,
    waiting_sentences,
)
from wgtui.ui.presentation.peer_columns import COLUMN_BY_NAME, RowContext
from wgtui.ui.presentation.peer_list import PeerList
from wgtui.ui.widgets.device_tabs import DeviceTabs
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.notice import EmptyState, Notice
from wgtui.ui.widgets.peer_detail import PeerDetail
from wgtui.ui.widgets.peer_table import PeerTable
from wgtui.ui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from wgtui.ui.app import WgtuiApp


_FILTER_KEYS = next(command.keys for command in OVERVIEW_COMMANDS if command.name == "filter")


class OverviewScreen(Screen[None]):
    """The live view of the host's devices and one device's peers."""

    BINDINGS = bindings_of(OVERVIEW_COMMANDS)  # type: ignore[assignment]
    AUTO_FOCUS = ""

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
        self._live: Snapshot | None = None
        self._frozen: Snapshot | None = None
        self._now = 0.0
        self._frozen_at = 0.0
        self._opened = ""
        self._editing = False
        self._lists: dict[str, PeerList] = {}
        self._peers = PeerList()

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
        self._now = now
        self._show()

    @property
    def peers(self) -> PeerList:
        """The open device's peers as the table has them."""
        return self._peers

    @property
    def now(self) -> float:
        """The time that ages on the screen refer to, in Unix seconds."""
        return self._now

    def _take_snapshot(self, snapshot: Snapshot | None) -> None:
        if snapshot is not None:
            self._live, self._now = snapshot, snapshot.taken_at
            self._show()

    def _show(self) -> None:
        """Bring every pane up to date; each paints only what changed."""
        live = self._live
        nothing = live is None or not live.devices
        self.set_class(nothing, "-empty")
        if live is None:
            self.empty.say("wgtui", waiting_sentences())
            return
        if nothing:
            self.empty.say(empty_title(live), empty_sentences(live, self._painter.glyphs), SUGGESTIONS)
        elif live.device(self._opened) is None:
            self._opened = _first_choice(live)
        self.tabs.show_devices(live, self._now, self._opened, self._host)
        state = live.device(self._opened)
        self._show_notice(live, state)
        shown = self._shown_device
        self._peers = self._lists.setdefault(self._opened, PeerList())
        self._peers.update(shown.peers if shown else (), self._frame_now)
        self._show_rows()

    @property
    def _shown_device(self) -> DeviceState | None:
        """The open device as the table shows it: now, or when the table was paused."""
        frozen = self._frozen.device(self._opened) if self._frozen else None
        return frozen or (self._live.device(self._opened) if self._live else None)

    @property
    def _frame_now(self) -> float:
        """What ages in the table refer to: for a device that cannot be read, its last good look."""
        shown = self._shown_device
        if shown is not None and shown.problem is not None:
            return shown.read_at
        return self._now if self._frozen is None else self._frozen_at

    def _show_notice(self, live: Snapshot, state: DeviceState | None) -> None:
        sentences = device_notice(state, self._now, self._painter.glyphs) if state else []
        if live.problem is not None and live.devices and not (state and state.problem):
            sentences = problem_sentences(live.problem, self._painter.glyphs) + sentences
        self.notice.say(sentences, urgent=bool(live.problem or (state and state.problem)))

    def _show_rows(self) -> None:
        """The panes that depend on the table's order and cursor."""
        frame = self._frozen or self._live
        if frame is None:
            return
        context = RowContext(
            now=self._frame_now,
            device=self._opened,
            number=frame.number,
            histories=frame.histories,
            glyphs=self._painter.glyphs,
            stale=bool(self._shown_device and self._shown_device.problem),
        )
        peers = self._peers
        self.table.update_rows(peers, context)
        if peers.selected is None:
            self.large_detail = False
        self.detail.show_peer(peers.selected, frame, self._opened, self._frame_now)
        self._show_status()

    def _show_status(self) -> None:
        peers = self._peers
        self.status.show_state(
            TableState(
                shown=len(peers.rows),
                total=peers.total,
                position=peers.cursor + 1 if peers.rows else 0,
                filter=peers.filter,
                editing=self._editing,
                sort_name=peers.sort_name,
                descending=peers.descending,
                paused_for=None if self._frozen is None else max(0.0, self._now - self._frozen_at),
            )
        )

    # Devices

    @on(OpenDevice)
    def _open_device(self, message: OpenDevice) -> None:
        self._open(message.name)

    def _open(self, name: str) -> None:
        self._opened = name
        self._show()

    def action_device(self, step: int) -> None:
        """Open the next device, or the previous one for -1; behind the last comes the first."""
        names = [state.name for state in self._live.devices] if self._live else []
        if names:
            self._open(names[(names.index(self._opened) + step) % len(names)])

    def action_open(self, number: int) -> None:
        """Open a device by its place among the tabs, from 1."""
        if self._live and number <= len(self._live.devices):
            self._open(self._live.devices[number - 1].name)

    def action_forget(self) -> None:
        """Forget the open device, which is gone."""
        app: WgtuiApp = self.app  # type: ignore[assignment]
        app.dismiss(self._opened)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what is gone can be forgotten."""
        if action == "forget":
            state = self._live.device(self._opened) if self._live else None
            return bool(state and state.problem)
        return True

    # The cursor

    @on(SelectPeer)
    def _select_peer(self, message: SelectPeer) -> None:
        self._move_to(message.index)

    def _move_to(self, index: int) -> None:
        self._peers.move_to(index)
        self._show_rows()

    def action_move(self, step: int) -> None:
        """Move the cursor by rows."""
        self._move_to(self._peers.cursor + step)

    def action_page(self, step: int) -> None:
        """Move the cursor by pages, or scroll the details while they are large."""
        if self.large_detail:
            self.detail.scroll_lines(step * max(1, self.detail.size.height - 2))
        else:
            self._move_to(self._peers.cursor + step * max(1, self.table.page - 1))

    def action_first(self) -> None:
        """Select the first row."""
        self._move_to(0)

    def action_last(self) -> None:
        """Select the last row."""
        self._move_to(len(self._peers.rows) - 1)

    # Order

    @on(SortBy)
    def _sort_by(self, message: SortBy) -> None:
        peers = self._peers
        if message.column == peers.sort_name:
            self.action_reverse()
        else:
            peers.sort_by(message.column, COLUMN_BY_NAME[message.column].descending)
            self._show_rows()

    def action_sort_next(self, step: int = 1) -> None:
        """Sort by the next visible column, or the previous one for -1."""
        names = [placed.column.name for placed in self.table.columns]
        if names:
            current = self._peers.sort_name
            at = names.index(current) if current in names else -step
            self._sort_by(SortBy(names[(at + step) % len(names)]))

    def action_sort_previous(self) -> None:
        """Sort by the previous visible column."""
        self.action_sort_next(-1)

    def action_reverse(self) -> None:
        """Turn the order round."""
        peers = self._peers
        peers.sort_by(peers.sort_name, not peers.descending)
        self._show_rows()

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
        self._peers.filter_by(message.text)
        self._show_rows()

    @on(FilterClosed)
    def _filter_closed(self, message: FilterClosed) -> None:
        if not self._editing:
            return
        self._editing = False
        self.set_focus(None)
        if not message.keep:
            self._peers.filter_by("")
        self._show_rows()

    # Pause, details, the rest

    def action_pause(self) -> None:
        """Freeze the table and the details, or let them go on."""
        if self._frozen is not None:
            self._frozen = None
        elif self._live is not None and self._live.devices:
            self._frozen, self._frozen_at = self._live, self._now
        self._show()

    @on(OpenDetail)
    def action_detail(self) -> None:
        """Show the selected peer large, or go back."""
        self.large_detail = not self.large_detail and self._peers.selected is not None

    def action_back(self) -> None:
        """Leave the large details, else clear the filter."""
        if self.large_detail:
            self.large_detail = False
        elif self._peers.filter:
            self._peers.filter_by("")
            self._show_rows()

    @on(RunCommand)
    async def _run_command(self, message: RunCommand) -> None:
        await self.run_action(message.action)


def _first_choice(snapshot: Snapshot) -> str:
    """The device to open at first: one that can be read and has peers, else the first."""
    usable = (state.name for state in snapshot.devices if state.device is not None and state.peers)
    return next(usable, snapshot.devices[0].name)
