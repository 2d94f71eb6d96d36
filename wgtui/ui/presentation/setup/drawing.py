"""A small drawing of who calls whom, with the operator's own addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.ipam import propose_address
from wgtui.domain.setup import Draft, DraftPeer, Role, Scenario
from wgtui.domain.text import printable
from wgtui.ui.presentation.cells import NO_LINE, Line, Span, Tone, line
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.wrapping import cell_width

_MOST_CALLERS = 3
_LONGEST_NAME = 16
_JOINT = 7
"""Cells between the columns: the line, the joint, the arrow."""


@dataclass(frozen=True, slots=True)
class _Party:
    """Somebody in the drawing.

    Attributes:
        name: What it is called.
        address: In the tunnel; empty where it is not known.
        below: What hangs below, a line each.
        is_example: Whether it is made up, to show the idea.
    """

    name: str
    address: str = ""
    below: tuple[str, ...] = ()
    is_example: bool = False


def drawing(draft: Draft, width: int, glyphs: Glyphs) -> list[Line]:
    """The scenario of a draft as a picture; what was not answered is drawn as an example.

    Args:
        draft: Filled with what is proposed.
        width: Cells, at least 40.
        glyphs: Marks.
    """
    scenario = draft.scenario
    if scenario is None:
        return []
    if scenario is Scenario.ADOPT:
        row = line(
            ("/etc/wireguard/*.conf", Tone.STRONG), f" {glyphs.rule * 2}{glyphs.arrow} shown here, kept"
        )
        return [(Span(" "), *row)]
    here = _here(draft, scenario)
    if scenario.dials:
        return _picture([here], _called(draft, scenario), width, glyphs)
    return _picture([*_callers(draft, scenario)], here, width, glyphs)


def _here(draft: Draft, scenario: Scenario) -> _Party:
    own = draft.interface
    addresses = " ".join(str(one) for one in own.addresses or () if one.version == 4)
    addresses = addresses or " ".join(map(str, own.addresses or ()))
    below = [f"LAN {lan}" for lan in own.lans or ()]
    if own.endpoint is not None and own.endpoint.host and not scenario.dials:
        below.insert(0, str(own.endpoint))
    if scenario is Scenario.GATEWAY:
        below.append(f"{draft.forwarding.masquerade or 'uplink'}, to the internet")
    return _Party("this host", addresses, tuple(below))


def _called(draft: Draft, scenario: Scenario) -> _Party:
    peer = draft.peers[0] if draft.peers else DraftPeer()
    name = "the relay" if scenario is Scenario.JOIN else "public peer"
    below = ["its other peers"] if scenario is Scenario.JOIN else []
    if peer.endpoint is not None and peer.endpoint.host:
        below.insert(0, str(peer.endpoint))
    return _Party(peer.name or name, "", tuple(below), is_example=not draft.peers)


def _callers(draft: Draft, scenario: Scenario) -> Iterator[_Party]:
    own = tuple(draft.interface.addresses or ())
    peers = draft.peers or _EXAMPLES[scenario]
    taken = [one for peer in peers for one in peer.addresses or ()]
    used = [address.network.__class__(address.ip) for address in taken]
    for peer in peers:
        address = _first(peer.addresses or ())
        if not address:
            free = next(iter(propose_address(own, used)), None)
            if free is not None:
                used.append(free)
                address = str(free.network_address)
        lans = peer.lans or () if peer.role is Role.GATEWAY else ()
        below = [f"LAN {lan}" for lan in lans]
        if peer.role is Role.GATEWAY and not lans and not draft.peers:
            below = ["its LAN"]
        yield _Party(peer.name or "a peer", address, tuple(below), is_example=not draft.peers)


_EXAMPLES = {
    Scenario.RELAY: (
        DraftPeer(name="a phone", role=Role.ROAMING),
        DraftPeer(name="home", role=Role.GATEWAY),
    ),
    Scenario.DIRECT_PUBLIC: (DraftPeer(name="home", role=Role.GATEWAY),),
    Scenario.GATEWAY: (
        DraftPeer(name="a phone", role=Role.ROAMING),
        DraftPeer(name="a laptop", role=Role.ROAMING),
    ),
}


def _first(addresses: Sequence[InterfaceAddress]) -> str:
    return str(addresses[0].ip) if addresses else ""


def _picture(callers: Sequence[_Party], called: _Party, width: int, glyphs: Glyphs) -> list[Line]:
    """Callers on the left, joined to whom they call on the right."""
    shown = [*islice(callers, _MOST_CALLERS)]
    left: list[tuple[Line, bool]] = []
    for caller in shown:
        left.append((_head(caller, glyphs), True))
        left += [(row, False) for row in _below(caller, glyphs)]
    if len(callers) > len(shown):
        left.append((line((f"and {len(callers) - len(shown)} more", Tone.DIM)), False))
    # The called one's name, address and what is below it, one under the other.
    right = [line((glyphs.text(printable(called.name, _LONGEST_NAME)), Tone.STRONG))]
    right += [line(called.address)] if called.address else []
    right += _below(called, glyphs)
    room = max(16, (width - _JOINT - 1) // 2)
    column = min(room, max(_size(row) for row, _ in left))
    last = max(number for number, (_, is_head) in enumerate(left) if is_head)
    rows: list[Line] = []
    for number in range(max(len(left), len(right))):
        row, is_head = left[number] if number < len(left) else (NO_LINE, False)
        joint = _joint(number, is_head, last, glyphs)
        cut = _cut(row, column, glyphs)
        gap = glyphs.rule if is_head else " "
        padding = Span(" " + gap * (column - _size(cut)), Tone.FAINT)
        end = right[number] if number < len(right) else NO_LINE
        rows.append((Span(" "), *cut, padding, Span(joint, Tone.FAINT), *end))
    return rows


def _joint(number: int, is_head: bool, last: int, glyphs: Glyphs) -> str:
    lead = glyphs.rule * 2 if is_head else "  "
    if number == 0:
        middle = glyphs.branch if last else glyphs.rule
        return f"{lead}{middle}{glyphs.rule}{glyphs.arrow[-1]} "
    if number == last:
        return f"{lead}{glyphs.corner}   "
    if number < last:
        return f"{lead}{glyphs.joint if is_head else glyphs.rail}   "
    return f"{lead}    "


def _head(party: _Party, glyphs: Glyphs) -> Line:
    name = glyphs.text(printable(party.name, _LONGEST_NAME))
    tone = Tone.DIM if party.is_example else Tone.STRONG
    return line(
        (name, tone),
        (f" {party.address}" if party.address else "", Tone.DIM if party.is_example else Tone.TEXT),
    )


def _below(party: _Party, glyphs: Glyphs) -> list[Line]:
    return [
        line((f"{glyphs.hook} ", Tone.FAINT), (glyphs.text(printable(text, 60)), Tone.DIM))
        for text in party.below
    ]


def _size(row: Line) -> int:
    return sum(cell_width(span.text) for span in row)


def _cut(row: Line, width: int, glyphs: Glyphs) -> Line:
    """The row, cut to a width where it is longer."""
    if _size(row) <= width:
        return row
    kept: list[Span] = []
    left = width - 1
    for span in row:
        text = span.text
        while cell_width(text) > left:
            text = text[:-1]
        kept.append(Span(text, span.tone))
        left -= cell_width(text)
        if len(text) < len(span.text):
            break
    return (*kept, Span(glyphs.ellipsis, Tone.DIM))
