"""What the Overview screen shows: which device, its peers in which order, now or when it was paused."""

from __future__ import annotations

from wgtui.domain.keys import PublicKey
from wgtui.domain.snapshot import DeviceState, Snapshot
from wgtui.ui.presentation.columns import column_title
from wgtui.ui.presentation.devices import device_notice, problem_sentences
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.peer_columns import COLUMN_BY_NAME, RowContext
from wgtui.ui.presentation.peer_list import PeerList
from wgtui.ui.presentation.table_state import TableState


class OverviewView:
    """The state behind the screen. Every device keeps its own selection, order and filter."""

    def __init__(self) -> None:
        """Start without a snapshot."""
        self.live: Snapshot | None = None
        self.now = 0.0
        self.opened = ""
        self.peers = PeerList()
        self._frozen: Snapshot | None = None
        self._frozen_at = 0.0
        self._lists: dict[str, PeerList] = {}

    @property
    def has_devices(self) -> bool:
        """Whether there is any device to show."""
        return self.live is not None and bool(self.live.devices)

    @property
    def device(self) -> DeviceState | None:
        """The open device as it is now."""
        return self.live.device(self.opened) if self.live else None

    @property
    def frame(self) -> Snapshot | None:
        """The snapshot that the table shows: the newest, or the one it was paused at."""
        return self._frozen or self.live

    @property
    def frame_device(self) -> DeviceState | None:
        """The open device as the table shows it."""
        frozen = self._frozen.device(self.opened) if self._frozen else None
        return frozen or self.device

    @property
    def frame_now(self) -> float:
        """What ages in the table refer to: for a device that cannot be read, its last good look."""
        shown = self.frame_device
        if shown is not None and shown.problem is not None:
            return shown.read_at
        return self.now if self._frozen is None else self._frozen_at

    def take(self, snapshot: Snapshot) -> None:
        """Take the newest snapshot."""
        self.live, self.now = snapshot, snapshot.taken_at
        self.arrange()

    def pass_time(self, now: float) -> None:
        """Let ages pass while no snapshot comes."""
        self.now = now
        self.arrange()

    def open(self, name: str) -> None:
        """Show this device's peers."""
        self.opened = name
        self.arrange()

    def open_peer(self, name: str, key: PublicKey) -> None:
        """Show a peer of a device, now or as soon as it is there, whatever was filtered or paused."""
        self._frozen = None
        self.open(name)
        self.peers.filter_by("")
        self.peers.select(key)

    def open_number(self, number: int) -> None:
        """Open a device by its place, from 1."""
        if self.live and number <= len(self.live.devices):
            self.open(self.live.devices[number - 1].name)

    def open_next(self, step: int) -> None:
        """Open the device `step` places on, round the end."""
        names = [state.name for state in self.live.devices] if self.live else []
        if names:
            self.open(names[(names.index(self.opened) + step) % len(names)])

    def toggle_pause(self) -> None:
        """Freeze what the table shows, or let it go on."""
        if self._frozen is not None:
            self._frozen = None
        elif self.has_devices:
            self._frozen, self._frozen_at = self.live, self.now
        self.arrange()

    def arrange(self) -> None:
        """Bring the peers of the open device up to date; open another one where it is no longer there."""
        if self.live is not None and self.live.devices and self.device is None:
            self.opened = _first_choice(self.live)
        shown = self.frame_device
        self.peers = self._lists.setdefault(self.opened, PeerList())
        self.peers.update(shown.peers + shown.disabled if shown else (), self.frame_now)

    def row_context(self, glyphs: Glyphs) -> RowContext | None:
        """What the table's cells need; None before the first snapshot."""
        frame, shown = self.frame, self.frame_device
        if frame is None:
            return None
        return RowContext(
            now=self.frame_now,
            device=self.opened,
            number=frame.number,
            histories=frame.histories,
            glyphs=glyphs,
            stale=shown is not None and shown.problem is not None,
        )

    def table_state(self, glyphs: Glyphs, *, editing: bool) -> TableState:
        """What the status line tells; `editing` while the filter is typed."""
        peers = self.peers
        return TableState(
            shown=len(peers.rows),
            total=peers.total,
            position=peers.cursor + 1 if peers.rows else 0,
            filter=peers.filter,
            editing=editing,
            sort_title=column_title(COLUMN_BY_NAME[peers.sort_name], glyphs),
            descending=peers.descending,
            paused_for=None if self._frozen is None else max(0.0, self.now - self._frozen_at),
        )

    def notice(self, glyphs: Glyphs) -> tuple[list[str], bool]:
        """Sentences above the table, and whether they tell of a failure."""
        device = self.device
        sentences = device_notice(device, self.now, glyphs) if device else []
        problem = self.live.problem if self.live else None
        of_device = device.problem if device else None
        if problem is not None and self.has_devices and of_device is None:
            sentences = problem_sentences(problem, glyphs) + sentences
        return sentences, bool(problem or of_device)


def _first_choice(snapshot: Snapshot) -> str:
    """The device to open at first: one that can be read and has peers, else the first."""
    usable = (state.name for state in snapshot.devices if state.device is not None and state.peers)
    return next(usable, snapshot.devices[0].name)
