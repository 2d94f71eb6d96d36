"""The columns of the peer table: what each shows, how it sorts, and which of them fit a width."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from wgtui.domain.activity import handshake_age
from wgtui.domain.addresses import Prefix, prefix_sort_key
from wgtui.domain.snapshot import Histories, NoHistories, PeerState
from wgtui.domain.text import printable
from wgtui.domain.verdict import Verdict, verdict_of
from wgtui.ui.presentation.cells import Cell, Tone
from wgtui.ui.presentation.columns import Column, PlacedColumn, place_columns
from wgtui.ui.presentation.glyphs import UTF8, Glyphs
from wgtui.ui.presentation.plot import bucketed, sparkline
from wgtui.ui.presentation.units import age, rate, size

SPARK_STEP: Final = 4
"""Polls that share one bar of a sparkline; a bar that moves every poll would cost a row's bytes each time."""

NAME_LIMIT: Final = 48
"""The most characters of a name that are ever shown."""


@dataclass(frozen=True, slots=True)
class RowContext:
    """What cells need besides the peer.

    Attributes:
        now: Unix seconds that ages refer to.
        device: Name of the device, for histories.
        number: The snapshot's number, which aligns sparkline bars.
        histories: Where past rates are found.
        glyphs: The marks to draw with.
        stale: Whether the peers are those of an earlier look, the device being unreadable now.
    """

    now: float
    device: str = ""
    number: int = 0
    histories: Histories = field(default_factory=NoHistories)
    glyphs: Glyphs = UTF8
    stale: bool = False


PeerColumn = Column[PeerState, RowContext]
"""A column of the peer table."""

_VERDICT_TONES: Final = {
    Verdict.ACTIVE: Tone.GOOD,
    Verdict.AGEING: Tone.WARN,
    Verdict.IDLE: Tone.QUIET,
    Verdict.NEVER: Tone.QUIET,
    Verdict.WAITING: Tone.QUIET,
    Verdict.DISABLED: Tone.DIM,
}

_VERDICT_ORDER: Final = {verdict: rank for rank, verdict in enumerate(_VERDICT_TONES)}


def verdict_on(state: PeerState, now: float) -> Verdict:
    """What is the matter with a peer, switched off ones included."""
    return verdict_of(state.peer, now) if state.enabled else Verdict.DISABLED


def verdict_mark(verdict: Verdict, glyphs: Glyphs) -> Cell:
    """The glyph and the word of a verdict; the word alone for what has no part in the tunnel."""
    if verdict is Verdict.DISABLED:
        return Cell(verdict.value, Tone.DIM)
    glyph = {
        Verdict.ACTIVE: glyphs.active,
        Verdict.AGEING: glyphs.ageing,
        Verdict.IDLE: glyphs.idle,
        Verdict.NEVER: glyphs.never,
        Verdict.WAITING: glyphs.waiting,
    }[verdict]
    return Cell(f"{glyph} {verdict.value}", _VERDICT_TONES[verdict])


def display_name(state: PeerState, glyphs: Glyphs) -> str:
    """The peer's name made printable, or the start of its public key."""
    return (
        glyphs.text(printable(state.name, NAME_LIMIT))
        if state.name
        else state.peer.public_key.short() + glyphs.ellipsis
    )


def tunnel_prefix(state: PeerState) -> Prefix | None:
    """The first allowed IP that is one host's address, else the first one, else None."""
    allowed = state.peer.allowed_ips
    host = (prefix for prefix in allowed if prefix.prefixlen == prefix.max_prefixlen)
    return next(host, allowed[0] if allowed else None)


def prefix_text(prefix: Prefix) -> str:
    """A prefix, without its length when it is one address."""
    return str(prefix.network_address) if prefix.prefixlen == prefix.max_prefixlen else str(prefix)


def table_cell(column: PeerColumn, state: PeerState, context: RowContext, width: int) -> Cell:
    """A row's cell; what is stale or switched off has no colour and no rate."""
    if state.enabled and not context.stale:
        return column.cell(state, context, width)
    if column.name in ("down", "up", "traffic"):
        return Cell("")
    return replace(column.cell(state, context, width), tone=Tone.DIM)


def _state_cell(state: PeerState, context: RowContext, _width: int) -> Cell:
    return verdict_mark(verdict_on(state, context.now), context.glyphs)


def _name_cell(state: PeerState, context: RowContext, _width: int) -> Cell:
    return Cell(display_name(state, context.glyphs), Tone.STRONG if state.name else Tone.DIM)


def _address_cell(state: PeerState, context: RowContext, _width: int) -> Cell:
    prefix = tunnel_prefix(state)
    if prefix is None:
        return Cell(context.glyphs.nothing, Tone.FAINT)
    return Cell(prefix_text(prefix))


def _handshake_cell(state: PeerState, context: RowContext, _width: int) -> Cell:
    seconds = handshake_age(state.peer.latest_handshake, context.now)
    if seconds is None:
        return Cell(context.glyphs.nothing, Tone.FAINT)
    verdict = verdict_of(state.peer, context.now)
    return Cell(age(seconds), Tone.TEXT if verdict is Verdict.ACTIVE else _VERDICT_TONES[verdict])


def _rate_cell(value: float, tone: Tone, context: RowContext) -> Cell:
    return Cell(rate(value), tone) if value >= 0.5 else Cell(context.glyphs.nothing, Tone.FAINT)


def _received_rate_cell(state: PeerState, context: RowContext, _width: int) -> Cell:
    return _rate_cell(state.rate.rx, Tone.RECEIVED, context)


def _sent_rate_cell(state: PeerState, context: RowContext, _width: int) -> Cell:
    return _rate_cell(state.rate.tx, Tone.SENT, context)


def _spark_cell(state: PeerState, context: RowContext, width: int) -> Cell:
    samples = context.histories.recent(context.device, state.peer.public_key, width * SPARK_STEP)
    totals = [sample.rx + sample.tx for sample in samples]
    if not any(totals):
        return Cell("")
    bars = bucketed(totals, context.number, SPARK_STEP, width)
    return Cell(sparkline(bars, context.glyphs), Tone.DIM)


def _total_cell(value: int, context: RowContext) -> Cell:
    return Cell(size(value)) if value else Cell(context.glyphs.nothing, Tone.FAINT)


def _received_cell(state: PeerState, context: RowContext, _width: int) -> Cell:
    return _total_cell(state.rx_total, context)


def _sent_cell(state: PeerState, context: RowContext, _width: int) -> Cell:
    return _total_cell(state.tx_total, context)


def _endpoint_cell(state: PeerState, context: RowContext, _width: int) -> Cell:
    endpoint = state.peer.endpoint
    if endpoint is None:
        return Cell(context.glyphs.nothing, Tone.FAINT)
    moved = len(state.endpoints) > 1 and context.now - state.endpoints[0].since < 60
    return Cell(str(endpoint), Tone.WARN if moved else Tone.TEXT)


def _allowed_cell(state: PeerState, context: RowContext, width: int) -> Cell:
    allowed = state.peer.allowed_ips
    if not allowed:
        return Cell("none", Tone.FAINT)
    shown = ", ".join(str(prefix) for prefix in allowed[: max(2, width // 8)])
    return Cell(shown, Tone.DIM)


def _handshake_order(state: PeerState, now: float) -> float:
    seconds = handshake_age(state.peer.latest_handshake, now)
    return float("inf") if seconds is None else seconds


def _address_order(state: PeerState, _now: float) -> tuple[int, int, int]:
    prefix = tunnel_prefix(state)
    return (9, 0, 0) if prefix is None else prefix_sort_key(prefix)


def _endpoint_order(state: PeerState, _now: float) -> tuple[int, int, int]:
    endpoint = state.peer.endpoint
    return (9, 0, 0) if endpoint is None else (endpoint.address.version, int(endpoint.address), endpoint.port)


def _allowed_order(state: PeerState, _now: float) -> int:
    return len(state.peer.allowed_ips)


COLUMNS: Final[tuple[PeerColumn, ...]] = (
    Column("state", "State", 9, 0, _state_cell, lambda s, now: _VERDICT_ORDER[verdict_on(s, now)]),
    Column("name", "Name", 12, 0, _name_cell, lambda _s, _now: 0),
    Column("address", "Address", 15, 4, _address_cell, _address_order),
    Column("handshake", "Handshake", 9, 1, _handshake_cell, _handshake_order, right=True),
    Column(
        "down", "{down} Down", 9, 2, _received_rate_cell, lambda s, _: s.rate.rx, descending=True, right=True
    ),
    Column("up", "{up} Up", 9, 3, _sent_rate_cell, lambda s, _: s.rate.tx, descending=True, right=True),
    Column("traffic", "Traffic", 7, 5, _spark_cell, lambda s, _: s.rate.rx + s.rate.tx, descending=True),
    Column(
        "received", "Received", 8, 7, _received_cell, lambda s, _: s.rx_total, descending=True, right=True
    ),
    Column("sent", "Sent", 8, 7, _sent_cell, lambda s, _: s.tx_total, descending=True, right=True),
    Column("endpoint", "Endpoint", 21, 6, _endpoint_cell, _endpoint_order),
    Column("allowed", "Allowed IPs", 18, 8, _allowed_cell, _allowed_order, descending=True),
)
"""Every column, in the order of the screen."""

COLUMN_BY_NAME: Final = {column.name: column for column in COLUMNS}
"""The same by name."""


_GROWTH: Final = (
    ("name", 16),
    ("traffic", 12),
    ("allowed", 32),
    ("name", 26),
    ("endpoint", 26),
    ("address", 20),
    ("received", 9),
    ("sent", 9),
    ("down", 10),
    ("up", 10),
    ("allowed", 60),
    ("name", 48),
)
"""Who gets spare width, in turns: a column and the width up to which it then grows."""


def lay_out(width: int) -> tuple[PlacedColumn[PeerState, RowContext], ...]:
    """Choose and place columns for a width in cells."""
    return place_columns(COLUMNS, _GROWTH, width, yielding="name")
