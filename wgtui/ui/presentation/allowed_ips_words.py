"""The sentences of the Allowed IPs map: the rule, how much there is, and the selected row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from wgtui.domain.cryptokey import Claim, Decision, Fate, Standing
from wgtui.domain.keys import PublicKey
from wgtui.domain.network import MAIN_TABLE, Route
from wgtui.domain.snapshot import Problem
from wgtui.domain.text import printable
from wgtui.ui.presentation.allowed_ips import (
    REFUSING,
    MapPage,
    MapRow,
    destination_text,
    owner_name,
)
from wgtui.ui.presentation.cells import Line, Span, Tone, plain
from wgtui.ui.presentation.devices import device_name
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.prose import Sentence

RULE: Final = (
    "On the relay, AllowedIPs is what belongs to that peer; on a peer, AllowedIPs is everything it wants to"
    " reach through the relay."
)
"""What has to be understood to read the map, and to write a file."""

Names = Mapping[tuple[str, PublicKey], str]
"""Peers' names by device and public key, not yet printable."""


def reading_sentences() -> list[Sentence]:
    """Before the first map."""
    return [Sentence("Reading the routes and the files of this host ...", Tone.DIM)]


def problem_sentences(problem: Problem | None, glyphs: Glyphs) -> list[Sentence]:
    """Why the routes are not known."""
    if problem is None:
        return []
    texts = [printable(problem.text, 400), printable(problem.hint, 400)]
    return [
        *(Sentence(glyphs.text(text), Tone.BAD) for text in texts if text),
        Sentence("So only who owns what is shown, not where the kernel leads it.", Tone.BAD),
    ]


def head_line(page: MapPage, title: str, width: int, glyphs: Glyphs) -> Line:
    """How much there is, what is wrong, and at the right end which host this is."""
    view = page.view
    prefixes = len(page.rows) - len(view.ownership.bare)
    parts = [f"{prefixes} prefixes, {view.peers} peers", *_troubles(page)]
    left = (Span(" Allowed IPs ", Tone.TAB), Span(f" {f' {glyphs.dot} '.join(parts)}", Tone.DIM))
    shown = glyphs.text(printable(title, 40))
    room = width - len(plain(left)) - 1
    return (*left, Span(shown.rjust(room), Tone.DIM)) if len(shown) + 2 <= room else left


def _troubles(page: MapPage) -> Iterator[str]:
    counts = Counter(claim.standing for claim in page.view.ownership.claims)
    for standing, words in (
        (Standing.LOST, "lost"),
        (Standing.NOT_SET, "not set"),
        (Standing.SHADOWED, "shadowed"),
    ):
        if counts[standing]:
            yield f"{counts[standing]} {words}"
    unrouted = (Standing.NO_ROUTE, Standing.ELSEWHERE, Standing.REFUSED, Standing.PART_ROUTED)
    if count := sum(counts[standing] for standing in unrouted):
        yield f"{count} not routed"
    if bare := len(page.view.ownership.bare):
        yield f"{bare} owns nothing" if bare == 1 else f"{bare} own nothing"


# The selected row


def row_sentences(row: MapRow, names: Names, glyphs: Glyphs) -> list[Sentence]:
    """What to make of a row: a heading, then what holds and why."""
    device = device_name(row.device)
    subject = row.prefix or "No prefix"
    heading = f"{subject} {glyphs.dot} {glyphs.text(row.name)} {glyphs.dot} {device}"
    texts = _bare(row, device) if row.claim is None else _claimed(row, row.claim, names, device)
    return [Sentence(heading, Tone.STRONG), *(Sentence(glyphs.text(text)) for text in texts)]


def _bare(row: MapRow, device: str) -> Iterator[str]:
    yield f"{row.name} owns no prefix: {device} drops whatever comes from it, and sends it nothing."
    if row.missed is not None:
        yield f"The file names {row.missed.owner.prefix} at it, and another peer has that."


def _claimed(row: MapRow, claim: Claim, names: Names, device: str) -> Iterator[str]:
    name, standing = row.name, claim.standing
    if standing is Standing.OWNED:
        yield f"What {device} sends there goes to {name}, and {name} may send from there."
        yield from _led(claim, device)
    elif standing is Standing.PARTLY:
        yield f"{_takers(claim, names)} The longer prefix wins, the rest goes to {name}."
        yield from _led(claim, device)
    elif standing is Standing.SHADOWED:
        yield from _shadowed(row, claim, names)
    elif standing is Standing.LOST:
        yield from _lost(row, claim, device)
    elif standing is Standing.NOT_SET:
        yield (
            f"The file names it at {name} (its [Peer] of line {claim.line}), but {device} does not have it"
            " there: nobody owns it until the file is applied."
        )
    else:
        yield from _unrouted(row, claim, device)
    if claim.route is not None and claim.route.uncertain is not None:
        yield (
            f"The rule of priority {claim.route.uncertain} looks at more than wgtui can judge here, so the"
            " kernel may choose another route."
        )


def _led(claim: Claim, device: str) -> Iterator[str]:
    route = claim.route
    if route is None:
        return
    if route.link == claim.owner.device:
        yield f"The kernel leads it into {device} by {route_phrase(route)}."
    else:
        yield f"Longer routes lead all of it into {device}."


def _takers(claim: Claim, names: Names) -> str:
    first = claim.rivals[0]
    more = claim.rival_count - 1
    if not more:
        return f"{owner_name(names, first)} owns {first.prefix} of it."
    others = "1 more prefix" if more == 1 else f"{more} more prefixes"
    return f"{owner_name(names, first)} owns {first.prefix} of it, and {others} of other peers lie in it."


def _shadowed(row: MapRow, claim: Claim, names: Names) -> Iterator[str]:
    first = claim.rivals[0]
    if first.device == row.device:
        yield f"{_takers(claim, names)} Together they take every address: {row.name} gets none of them by it."
        return
    other = device_name(first.device)
    yield (
        f"The kernel leads it into {other}, where {row.rival} owns {first.prefix}."
        f" {row.name} may send from it, but no packet is sent there."
    )


def _lost(row: MapRow, claim: Claim, device: str) -> Iterator[str]:
    yield f"The file names it at {row.name} (its [Peer] of line {claim.line}), but {row.rival} has it."
    if claim.by_file:
        yield "A prefix has one owner on an interface: the [Peer] that names it last takes it."
    else:
        yield f"The file does not say so: {device} was changed after the file was applied, or before."


def _unrouted(row: MapRow, claim: Claim, device: str) -> Iterator[str]:
    route, standing = claim.route, claim.standing
    if standing is Standing.PART_ROUTED:
        yield f"Routes lead only parts of it into {device}; for the rest the kernel has: {row.route}."
    elif standing is Standing.NO_ROUTE:
        yield "No route of this host leads there."
    elif standing is Standing.REFUSED and route is not None and route.route is not None:
        yield f"The kernel refuses it: {route_phrase(route)} is of the kind {_kind(route.route)}."
    elif route is not None and route.fate is Fate.HERE:
        yield "It is an address of this host itself, which keeps the packets."
    elif route is not None:
        link = device_name(route.link) if route.link else "several links"
        yield f"The kernel leads it to {link} by {route_phrase(route)}, not into {device}."
    yield f"{row.name} may send from it, but no packet is sent there."
    if route is None or route.fate is not Fate.HERE:
        yield f"A route to {row.prefix} by {device} would change that."


def _kind(route: Route) -> str:
    return REFUSING.get(route.type, f"type {route.type}")


def route_phrase(decision: Decision) -> str:
    """A route, to be put into a sentence."""
    route = decision.route
    if route is None:
        return "no route"
    what = "the default route" if not route.destination.prefixlen else f"the route {destination_text(route)}"
    if route.table == MAIN_TABLE:
        return what
    if decision.by_policy:
        return f"{what} of table {route.table}, where wg-quick's rule sends what carries no mark"
    return f"{what} of table {route.table}"
