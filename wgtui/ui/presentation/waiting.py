"""Waiting for the first handshake: a row a peer, the port, and what is said of the selected peer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import localtime, strftime
from typing import Final

from wgtui.domain.first_contact import Contact, Finding, Stage, cause_words, reason_words
from wgtui.domain.keys import PublicKey
from wgtui.domain.names import name_order
from wgtui.domain.port_traffic import PortTraffic
from wgtui.domain.snapshot import DeviceState, PeerState
from wgtui.domain.text import printable
from wgtui.services.first_contact import ContactView
from wgtui.ui.presentation.cells import NO_LINE, Cell, Line, Span, Tone, line
from wgtui.ui.presentation.columns import Column, PlacedColumn, place_columns
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.peer_columns import display_name, prefix_text, tunnel_prefix
from wgtui.ui.presentation.row_list import RowList
from wgtui.ui.presentation.wrapping import paragraph

_DAY: Final = 86_400.0

_TONES: Final = {
    Stage.CALLING: Tone.WARN,
    Stage.WAITING: Tone.QUIET,
    Stage.SHOOK: Tone.GOOD,
    Stage.TALKING: Tone.GOOD,
    Stage.OFF: Tone.DIM,
}
"""In the order of a sorted table: what needs somebody's eyes comes first."""

_ORDER: Final = {stage: rank for rank, stage in enumerate(_TONES)}

_NOT_YET: Final = (Stage.WAITING, Stage.CALLING)


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A peer and how far it has come."""

    peer: PeerState
    contact: Contact


@dataclass(frozen=True, slots=True)
class ContactContext:
    """What the cells of the table need besides: the day, in Unix seconds of some moment of it, and marks."""

    today: float
    glyphs: Glyphs


class ContactList(RowList[ContactRow]):
    """The peers of one interface."""

    def __init__(self) -> None:
        """Start empty, sorted by state."""
        super().__init__("state")
        self._all: tuple[ContactRow, ...] = ()

    def take(self, view: ContactView, state: DeviceState | None) -> None:
        """Take the peers of a look, with what the monitor knows of them."""
        peers = {one.peer.public_key: one for one in (*state.peers, *state.disabled)} if state else {}
        rows = (ContactRow(peers[one.key], one) for one in view.contacts if one.key in peers)
        self._all = tuple(rows)
        self.total = len(self._all)
        self._arrange()

    def _identity(self, row: ContactRow) -> PublicKey:
        return row.contact.key

    def _arrange(self) -> None:
        order = COLUMN_BY_NAME[self.sort_name].order
        self.rows = sorted(self._all, key=lambda row: name_order(row.peer.name, row.contact.key))
        self.rows.sort(key=lambda row: order(row, 0.0), reverse=self.descending)
        self._find()


def stage_mark(stage: Stage, glyphs: Glyphs) -> Cell:
    """The mark and the word of a stage."""
    mark = {
        Stage.OFF: glyphs.never,
        Stage.WAITING: glyphs.waiting,
        Stage.CALLING: glyphs.ageing,
        Stage.SHOOK: glyphs.marker,
        Stage.TALKING: glyphs.active,
    }[stage]
    return Cell(f"{mark} {stage.value}", _TONES[stage])


def clock_time(at: float, today: float) -> str:
    """A time of day; of more than a day ago, the date."""
    return strftime("%H:%M:%S" if abs(today - at) < _DAY else "%Y-%m-%d", localtime(at))


def _endpoint_cell(row: ContactRow, context: ContactContext, _width: int) -> Cell:
    endpoint = row.contact.endpoint
    return Cell(str(endpoint)) if endpoint else Cell(context.glyphs.nothing, Tone.FAINT)


def _name_cell(row: ContactRow, context: ContactContext, _width: int) -> Cell:
    return Cell(display_name(row.peer, context.glyphs), Tone.STRONG if row.peer.name else Tone.DIM)


def _endpoint_order(row: ContactRow, _now: float) -> tuple[int, int, int]:
    endpoint = row.contact.endpoint
    return (9, 0, 0) if endpoint is None else (endpoint.address.version, int(endpoint.address), endpoint.port)


ContactColumn = Column[ContactRow, ContactContext]
"""A column of the table."""

COLUMNS: Final[tuple[ContactColumn, ...]] = (
    Column(
        "state",
        "State",
        13,
        0,
        lambda row, context, _width: stage_mark(row.contact.stage, context.glyphs),
        lambda row, _now: _ORDER[row.contact.stage],
    ),
    Column("name", "Name", 12, 0, _name_cell, lambda _row, _now: 0),
    Column(
        "since",
        "Since",
        10,
        1,
        lambda row, context, _width: Cell(clock_time(row.contact.since, context.today)),
        lambda row, _now: row.contact.since,
        descending=True,
    ),
    Column("from", "Endpoint", 21, 2, _endpoint_cell, _endpoint_order),
    Column(
        "seen",
        "Seen",
        16,
        3,
        lambda row, _context, _width: Cell(row.contact.finding.reason.value, Tone.DIM),
        lambda row, _now: row.contact.finding.reason.value,
    ),
)
"""Every column, in the order of the screen."""

COLUMN_BY_NAME: Final = {column.name: column for column in COLUMNS}
"""The same by name."""

_GROWTH: Final = (("name", 20), ("from", 26), ("name", 32), ("from", 47), ("name", 48))


def lay_out(width: int) -> tuple[PlacedColumn[ContactRow, ContactContext], ...]:
    """Choose and place columns for a width in cells."""
    return place_columns(COLUMNS, _GROWTH, width, yielding="name")


# The lines above the table


def head_line(view: ContactView, host: str, glyphs: Glyphs) -> Line:
    """What is waited for, and how many have come."""
    expected = sum(one.stage is not Stage.OFF for one in view.contacts)
    name = glyphs.text(printable(view.interface, 32))
    return line(
        (f" {glyphs.text(printable(host, 40))} ", Tone.DIM),
        (f" {name} ", Tone.TAB),
        (" First handshake", Tone.STRONG),
        (f"  {view.there} of {expected} {'peer' if expected == 1 else 'peers'} shook hands", Tone.DIM),
    )


def port_sentences(view: ContactView, today: float) -> list[tuple[str, Tone]]:
    """What arrives at the port, as sentences with their tones."""
    if not view.up:
        return [(f"{printable(view.interface, 32)} is down.", Tone.WARN)]
    if view.blind is not None:
        rest = "Only what WireGuard itself counts is known."
        if view.counted:
            rest = f"The rule that opens the port met {_packets(view.counted)} since."
        return [(f"{view.blind.text} {view.blind.hint} {rest}", Tone.WARN)]
    traffic = view.traffic
    if traffic is None:
        return [("The interface has no UDP port open.", Tone.WARN)]
    text = f"UDP {traffic.port}: {_arrived(traffic)}"
    if traffic.last is not None:
        text += f" Last: {clock_time(traffic.last, today)}."
    return [(text, Tone.TEXT)]


def _arrived(traffic: PortTraffic) -> str:
    arrived = traffic.arrived
    total = arrived.total + traffic.missed
    if not total:
        return "no packet came yet."
    kinds = (
        (arrived.initiation, "call", "calls"),
        (arrived.response, "answer", "answers"),
        (arrived.cookie, "cookie", "cookies"),
        (arrived.keepalive, "keepalive", "keepalives"),
        (arrived.data, "of data", "of data"),
        (arrived.other, "not WireGuard's", "not WireGuard's"),
        (arrived.tcp, "TCP", "TCP"),
        (traffic.missed, "too fast to be told apart", "too fast to be told apart"),
    )
    told = ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in kinds if count)
    return f"{_packets(total)} came: {told}."


def _packets(count: int) -> str:
    return f"{count} packet" if count == 1 else f"{count} packets"


# What is said of the selected peer


def news_text(names: Sequence[str], is_done: bool, at: str) -> str:
    """That somebody came; empty where nobody did since the screen was opened."""
    if not names:
        return ""
    who = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    text = f"{who} shook hands at {at}."
    return f"{text} Those were all: esc goes to the Overview." if is_done else text


def reason_lines(row: ContactRow, view: ContactView, today: float, width: int, glyphs: Glyphs) -> list[Line]:
    """The name, what is seen, what may be behind it, and what else is known."""
    contact = row.contact
    mark = stage_mark(contact.stage, glyphs)
    since = clock_time(contact.since, today)
    lines = [
        line((f" {display_name(row.peer, glyphs)}", Tone.STRONG), "  ", (mark.text, mark.tone)),
        *paragraph(_seen(contact, view, today, glyphs), width, Tone.TEXT, first=(Span(" "),)),
    ]
    lines += _causes(row, view, width, glyphs)
    if contact.stage.is_there:
        text = f"The handshake was at {since}"
        return [*lines, line((f" {text}, with {contact.endpoint}.", Tone.DIM))]
    return lines


def _seen(contact: Contact, view: ContactView, today: float, glyphs: Glyphs) -> str:
    finding = contact.finding
    since = clock_time(view.traffic.since if view.traffic else view.since, today)
    text = reason_words(finding, port=view.port, since=since, ellipsis=glyphs.ellipsis)
    if contact.stage in _NOT_YET and finding.count > 1 and finding.at is not None:
        text += f" So far {finding.count} times, last at {clock_time(finding.at, today)}."
    return text


def _causes(row: ContactRow, view: ContactView, width: int, glyphs: Glyphs) -> Iterator[Line]:
    finding = row.contact.finding
    prefix = tunnel_prefix(row.peer)
    address = prefix_text(prefix) if prefix is not None else ""
    texts = [
        glyphs.text(cause_words(cause, port=view.port, address=address, detail=_detail(finding, number)))
        for number, cause in enumerate(finding.causes)
    ]
    if finding.certain or len(texts) == 1:
        tone = Tone.STRONG if finding.certain else Tone.TEXT
        yield from paragraph(texts.pop(0), width, tone, first=(Span(" "),))
    if texts:
        yield NO_LINE
        head = "Less likely:" if finding.certain else "What may be behind it, the likeliest first:"
        yield line((f" {head}", Tone.DIM))
    for number, text in enumerate(texts, 1):
        yield from paragraph(text, width, first=(Span(f" {number}. ", Tone.KEY_PLAIN),))


def _detail(finding: Finding, number: int) -> str:
    return finding.detail if number == 0 else ""


def nobody_lines(view: ContactView, width: int) -> list[Line]:
    """What is said while there is no peer to wait for."""
    text = "This interface has no peers. Add one in the Overview."
    if not view.up and not view.contacts:
        text = "There is no such interface now. Once it is up, its peers are shown here."
    return paragraph(text, width, first=(Span(" "),))
