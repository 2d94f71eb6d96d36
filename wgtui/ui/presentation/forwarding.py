"""The switches of forwarding and NAT as rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from wgtui.domain.errors import WgtuiError
from wgtui.domain.forwarding import (
    BootState,
    DiskState,
    ForwardingView,
    HandWritten,
    NowState,
    Row,
    SwitchName,
)
from wgtui.domain.text import printable
from wgtui.ui.presentation.cells import Cell, Tone
from wgtui.ui.presentation.columns import Column, PlacedColumn, place_columns
from wgtui.ui.presentation.glyphs import UTF8, Glyphs
from wgtui.ui.presentation.row_list import RowList
from wgtui.ui.presentation.units import size

LINK_LENGTH: Final = 15
"""Characters of the longest interface name that Linux takes."""

_LABELS: Final = {
    SwitchName.IPV4: "IPv4 forwarding",
    SwitchName.IPV6: "IPv6 forwarding",
    SwitchName.FORWARD: "tunnel in/out",
    SwitchName.RELAY: "relay peers",
    SwitchName.ISOLATE: "isolate peers",
    SwitchName.MASQUERADE: "masquerade",
    SwitchName.PORT: "UDP port",
    SwitchName.MSS: "MSS clamp",
}
_NOW: Final = {
    NowState.ON: ("on", Tone.GOOD),
    NowState.OPEN: ("open", Tone.GOOD),
    NowState.OFF: ("off", Tone.QUIET),
    NowState.BLOCKED: ("blocked", Tone.BAD),
    NowState.UNKNOWN: ("unknown", Tone.WARN),
}
_DISK: Final = {
    DiskState.ON: ("on", Tone.GOOD),
    DiskState.PARTLY: ("partly", Tone.WARN),
    DiskState.HAND_WRITTEN: ("by hand", Tone.GOOD),
    DiskState.ELSEWHERE: ("elsewhere", Tone.GOOD),
    DiskState.OFF: ("off", Tone.QUIET),
    DiskState.UNKNOWN: ("unknown", Tone.WARN),
}
_BOOT: Final = {
    BootState.ON: ("on", Tone.GOOD),
    BootState.OPEN: ("open", Tone.GOOD),
    BootState.OFF: ("off", Tone.QUIET),
    BootState.UNKNOWN: ("unknown", Tone.WARN),
}


@dataclass(frozen=True, slots=True)
class ForwardingPage:
    """What was read of one interface.

    Attributes:
        interface: Its name.
        view: What is seen of its forwarding; None where that could not be read.
        problem: Why not.
    """

    interface: str
    view: ForwardingView | None = None
    problem: WgtuiError | None = None


@dataclass(frozen=True, slots=True)
class SwitchContext:
    """What cells need besides their row.

    Attributes:
        listen_port: Of the interface, 0 for none.
        glyphs: The marks to draw with.
    """

    listen_port: int = 0
    glyphs: Glyphs = UTF8


class SwitchList(RowList[Row]):
    """The rows in the order of the switches."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__("")

    def update(self, rows: Sequence[Row]) -> None:
        """Take other rows."""
        if list(rows) != self.rows:
            self.rows = list(rows)
            self.total = len(self.rows)
            self._find()

    def _identity(self, row: Row) -> object:
        # One of several interfaces to masquerade on may come in the place of none.
        return row.switch, row.target

    def _arrange(self) -> None:
        self._find()


def switch_label(switch: SwitchName, target: str = "", listen_port: int = 0) -> str:
    """What a switch is called on the screen; printable.

    Args:
        switch: Which.
        target: For `masquerade`: the interface.
        listen_port: For `port`: its number, 0 where that is not known.
    """
    label = _LABELS[switch]
    if target:
        return f"{label} {printable(target, LINK_LENGTH)}"
    return f"{label} {listen_port}" if switch is SwitchName.PORT and listen_port else label


def now_mark(row: Row, glyphs: Glyphs) -> Cell:
    """The mark and the word of what is true now; what keeps packets from passing stands out."""
    word, tone = _NOW[row.now]
    if row.culprit and row.now is NowState.OFF:
        return Cell(f"{glyphs.lost} {word}", Tone.BAD)
    return Cell(f"{_now_glyph(row.now, glyphs)} {word}", tone)


def _now_glyph(now: NowState, glyphs: Glyphs) -> str:
    return {
        NowState.ON: glyphs.active,
        NowState.OPEN: glyphs.idle,
        NowState.OFF: glyphs.never,
        NowState.BLOCKED: glyphs.lost,
        NowState.UNKNOWN: glyphs.waiting,
    }[now]


def disk_mark(state: DiskState, glyphs: Glyphs) -> Cell:
    """The mark and the word of what the files say."""
    word, tone = _DISK[state]
    glyph = {
        DiskState.PARTLY: glyphs.ageing,
        DiskState.OFF: glyphs.never,
        DiskState.UNKNOWN: glyphs.waiting,
    }.get(state, glyphs.active)
    return Cell(f"{glyph} {word}", tone)


def boot_mark(row: Row, glyphs: Glyphs) -> Cell:
    """The mark and the word of what comes after a reboot; what will be lost by it stands out."""
    state = row.boot.state
    word, tone = _BOOT[state]
    if is_lost_at_boot(row):
        return Cell(f"{glyphs.differs} {word}", Tone.WARN)
    glyph = {
        BootState.ON: glyphs.active,
        BootState.OPEN: glyphs.idle,
        BootState.OFF: glyphs.never,
        BootState.UNKNOWN: glyphs.waiting,
    }[state]
    return Cell(f"{glyph} {word}", tone)


def is_lost_at_boot(row: Row) -> bool:
    """Whether what works now does not after a reboot."""
    return row.now in (NowState.ON, NowState.OPEN, NowState.BLOCKED) and row.boot.state is BootState.OFF


def line_of(view: ForwardingView, row: Row) -> HandWritten | None:
    """The command of somebody's own that does what a row is about; one that can be taken over first."""
    found = [
        line
        for line in view.hand_written
        if any(switch is row.switch and target in ("", row.target) for switch, target in line.switches)
    ]
    return next((line for line in found if line.can_be_taken_over), found[0] if found else None)


def _label_cell(row: Row, context: SwitchContext, _width: int) -> Cell:
    glyphs = context.glyphs
    return Cell(glyphs.text(switch_label(row.switch, row.target, context.listen_port)))


def _packets_cell(row: Row, context: SwitchContext, width: int) -> Cell:
    if row.packets is None:
        return Cell(context.glyphs.nothing, Tone.FAINT)
    text = f"{row.packets:,}"
    return Cell(text if len(text) <= width else _shortened(row.packets), _moving(row.packets))


def _bytes_cell(row: Row, context: SwitchContext, _width: int) -> Cell:
    if row.bytes is None:
        return Cell(context.glyphs.nothing, Tone.FAINT)
    return Cell(size(row.bytes), _moving(row.bytes))


def _moving(count: int) -> Tone:
    return Tone.TEXT if count else Tone.DIM


def _shortened(count: int) -> str:
    for unit in ("k", "M", "G", "T", "P"):
        count //= 1000
        if count < 1_000_000:
            return f"{count:,}{unit}"
    return f"{count}P"


def _remark_cell(row: Row, context: SwitchContext, _width: int) -> Cell:
    text, tone = (row.culprit, Tone.BAD) if row.culprit else (row.note, Tone.DIM)
    if not text and is_lost_at_boot(row):
        text, tone = row.boot.reason, Tone.WARN
    return Cell(context.glyphs.text(printable(text, 200)) if text else "", tone)


def _order(_row: Row, _now: float) -> int:
    return 0


COLUMNS: Final[tuple[Column[Row, SwitchContext], ...]] = (
    Column("switch", "Switch", 15, 0, _label_cell, _order),
    Column("now", "Now", 9, 0, lambda row, context, _: now_mark(row, context.glyphs), _order),
    Column(
        "disk", "On disk", 11, 0, lambda row, context, _: disk_mark(row.disk.state, context.glyphs), _order
    ),
    Column("boot", "Reboot", 9, 0, lambda row, context, _: boot_mark(row, context.glyphs), _order),
    Column("packets", "Packets", 9, 0, _packets_cell, _order, right=True),
    Column("bytes", "Bytes", 8, 2, _bytes_cell, _order, right=True),
    Column("remark", "Remark", 24, 3, _remark_cell, _order),
)
"""Every column, in the order of the screen."""

_GROWTH: Final = (("remark", 90), ("switch", 26), ("packets", 13), ("remark", 300))


def lay_out(width: int) -> tuple[PlacedColumn[Row, SwitchContext], ...]:
    """Choose and place the columns for a width in cells."""
    return place_columns(COLUMNS, _GROWTH, width, "switch")
