"""The rows and columns of the Allowed IPs map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from wgtui.domain.addresses import prefix_sort_key
from wgtui.domain.cryptokey import Claim, Decision, Fate, Owner, Standing
from wgtui.domain.keys import PublicKey
from wgtui.domain.names import name_order
from wgtui.domain.network import MAIN_TABLE, Route
from wgtui.domain.text import printable
from wgtui.services.ownership_map import MapView
from wgtui.ui.presentation.cells import Cell, Tone
from wgtui.ui.presentation.columns import Column, PlacedColumn, place_columns
from wgtui.ui.presentation.devices import device_name
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.peer_columns import NAME_LIMIT

REFUSING: Final = {6: "blackhole", 7: "unreachable", 8: "prohibit"}
"""Types of routes that refuse packets, as `ip route` names them."""

_ORDER: Final = {standing: rank for rank, standing in enumerate(Standing)}


@dataclass(frozen=True, slots=True)
class MapRow:
    """A prefix of a peer, or a peer without any. All texts are printable, but not yet ASCII.

    Attributes:
        device: The interface.
        key: The peer.
        name: Its name, or the start of its key.
        claim: What it claims; None for a peer that owns nothing.
        prefix: As text; empty for a peer that owns nothing.
        rival: Name of the peer who takes it, or of the first who take parts; empty for nobody.
        route: The kernel's route as text; empty where it is not known.
        missed: For a peer that owns nothing, a claim that it lost; None for none.
        place: Rank by prefix.
        name_place: Rank by name.
        search: What a filter looks at, in lower case.
    """

    device: str
    key: PublicKey
    name: str
    claim: Claim | None
    prefix: str
    rival: str
    route: str
    missed: Claim | None
    place: int
    name_place: int
    search: str


@dataclass(frozen=True, slots=True)
class MapPage:
    """All rows of one map.

    Attributes:
        view: The map.
        rows: By prefix over all devices, then the peers that own nothing, by name.
    """

    view: MapView
    rows: tuple[MapRow, ...] = ()


def map_page(view: MapView) -> MapPage:
    """Make the rows; for 10,000 peers that takes a moment, and not the user interface's thread."""
    names = {who: peer_name(view.names, who) for who in view.names}
    ranks = {
        who: rank
        for rank, who in enumerate(sorted(names, key=lambda who: name_order(view.names[who], who[1])))
    }
    claims = sorted(
        view.ownership.claims,
        key=lambda claim: (*prefix_sort_key(claim.owner.prefix), claim.owner.device, _ORDER[claim.standing]),
    )
    lost = {
        (claim.owner.device, claim.owner.key): claim for claim in claims if claim.standing is Standing.LOST
    }
    bare = sorted(view.ownership.bare, key=lambda who: ranks.get(who, 0))
    rows = [*_prefix_rows(claims, names, ranks)]
    for device, key in bare:
        name, rank = names.get((device, key), ""), ranks.get((device, key), 0)
        search = f"{name} {key} {device} owns nothing".casefold()
        missed = lost.get((device, key))
        rows.append(MapRow(device, key, name, None, "", "", "", missed, len(rows), rank, search))
    return MapPage(view, tuple(rows))


def _prefix_rows(
    claims: list[Claim],
    names: Mapping[tuple[str, PublicKey], str],
    ranks: Mapping[tuple[str, PublicKey], int],
) -> Iterator[MapRow]:
    for place, claim in enumerate(claims):
        owner = claim.owner
        who = (owner.device, owner.key)
        name = names.get(who) or peer_name({}, who)
        rival = _rival_name(claim, names)
        prefix, route = str(owner.prefix), route_text(claim.route)
        state = state_words(claim, rival)
        search = f"{prefix} {name} {owner.key} {owner.device} {state} {route}".casefold()
        rank = ranks.get(who, len(ranks))
        yield MapRow(owner.device, owner.key, name, claim, prefix, rival, route, None, place, rank, search)


def _rival_name(claim: Claim, names: Mapping[tuple[str, PublicKey], str]) -> str:
    if not claim.rivals:
        return ""
    who = (claim.rivals[0].device, claim.rivals[0].key)
    return names.get(who) or peer_name({}, who)


def peer_name(names: Mapping[tuple[str, PublicKey], str], who: tuple[str, PublicKey]) -> str:
    """A peer's name made printable, or the start of its public key."""
    return printable(names.get(who, ""), NAME_LIMIT) or f"{who[1].short()}…"


def owner_name(names: Mapping[tuple[str, PublicKey], str], owner: Owner) -> str:
    """The name of who owns something."""
    return peer_name(names, (owner.device, owner.key))


def state_words(claim: Claim, rival: str) -> str:
    """How it stands with a prefix, in a few words."""
    if claim.standing is Standing.ELSEWHERE:
        if claim.route is not None and claim.route.fate is Fate.HERE:
            return "own address"
        link = claim.route.link if claim.route is not None else ""
        return f"goes to {device_name(link)}" if link else "goes elsewhere"
    return {
        Standing.OWNED: "owned",
        Standing.PARTLY: f"part to {rival}",
        Standing.SHADOWED: f"shadowed by {rival}",
        Standing.PART_ROUTED: "part routed",
        Standing.NO_ROUTE: "no route",
        Standing.REFUSED: "refused",
        Standing.LOST: f"lost to {rival}",
        Standing.NOT_SET: "not set",
    }[claim.standing]


def route_text(decision: Decision | None) -> str:
    """A route in a few words, as `ip route` would begin its line; empty where it is not known."""
    if decision is None:
        return ""
    if decision.fate is Fate.HERE:
        return "this host"
    if decision.route is None:
        return "none"
    route = decision.route
    kind = REFUSING.get(route.type, "")
    link = device_name(route.link) if route.link else kind or "several links"
    table = f" table {route.table}" if route.table != MAIN_TABLE else ""
    return f"{destination_text(route)} {link}{table}"


def destination_text(route: Route) -> str:
    """A route's destination; `default` for the one that holds everything."""
    return str(route.destination) if route.destination.prefixlen else "default"


_TONES: Final = {
    Standing.OWNED: Tone.GOOD,
    Standing.PARTLY: Tone.TEXT,
    Standing.LOST: Tone.BAD,
    Standing.NOT_SET: Tone.BAD,
}


def _mark(standing: Standing | None, glyphs: Glyphs) -> str:
    if standing is None:
        return glyphs.never
    marks = {
        Standing.OWNED: glyphs.active,
        Standing.PARTLY: glyphs.ageing,
        Standing.PART_ROUTED: glyphs.ageing,
        Standing.SHADOWED: glyphs.idle,
        Standing.LOST: glyphs.lost,
        Standing.NOT_SET: glyphs.lost,
    }
    return marks.get(standing, glyphs.down)


def standing_mark(standing: Standing | None, words: str, glyphs: Glyphs) -> Cell:
    """Glyph and words of a standing; None for a peer that owns nothing."""
    tone = Tone.WARN if standing is None else _TONES.get(standing, Tone.WARN)
    return Cell(f"{_mark(standing, glyphs)} {glyphs.text(words)}", tone)


def _prefix_cell(row: MapRow, glyphs: Glyphs, _width: int) -> Cell:
    if row.claim is None:
        return Cell("no prefix", Tone.DIM)
    gone = row.claim.standing in (Standing.LOST, Standing.NOT_SET, Standing.SHADOWED)
    return Cell(row.prefix, Tone.DIM if gone else Tone.STRONG)


def _owner_cell(row: MapRow, glyphs: Glyphs, _width: int) -> Cell:
    return Cell(glyphs.text(row.name))


def _device_cell(row: MapRow, _glyphs: Glyphs, _width: int) -> Cell:
    return Cell(device_name(row.device), Tone.DIM)


def _state_cell(row: MapRow, glyphs: Glyphs, _width: int) -> Cell:
    if row.claim is None:
        return standing_mark(None, "owns nothing", glyphs)
    return standing_mark(row.claim.standing, state_words(row.claim, row.rival), glyphs)


def _route_cell(row: MapRow, glyphs: Glyphs, width: int) -> Cell:
    """The route; where room is short, without the link when that is the row's own interface."""
    if not row.route:
        return Cell(glyphs.nothing, Tone.FAINT)
    own = f" {device_name(row.device)}"
    return Cell(row.route if len(row.route) <= width else row.route.removesuffix(own), Tone.DIM)


def _state_order(row: MapRow, _now: float) -> int:
    return len(_ORDER) if row.claim is None else _ORDER[row.claim.standing]


MapColumn = Column[MapRow, Glyphs]
"""A column of the map."""

COLUMNS: Final[tuple[MapColumn, ...]] = (
    Column("prefix", "Prefix", 18, 0, _prefix_cell, lambda row, _: row.place),
    Column("owner", "Owner", 13, 0, _owner_cell, lambda row, _: row.name_place),
    Column("interface", "Interface", 9, 2, _device_cell, lambda row, _: row.device),
    Column("state", "State", 20, 0, _state_cell, _state_order, descending=True),
    Column("route", "Kernel route", 14, 1, _route_cell, lambda row, _: row.route),
)
"""Every column, in the order of the screen."""

COLUMN_BY_NAME: Final = {column.name: column for column in COLUMNS}
"""The same by name."""

_GROWTH: Final = (
    ("route", 22),
    ("owner", 18),
    ("state", 28),
    ("prefix", 24),
    ("route", 34),
    ("owner", 30),
    ("prefix", 43),
    ("state", 48),
)


def lay_out(width: int) -> tuple[PlacedColumn[MapRow, Glyphs], ...]:
    """Choose and place columns for a width in cells."""
    return place_columns(COLUMNS, _GROWTH, width, yielding="owner")
