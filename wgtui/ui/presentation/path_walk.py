"""A path walk: its two ends, a drawing, the stations there and back, and what a ping says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from wgtui.domain.errors import WgtuiError
from wgtui.domain.fixes import ByHand, Fix, fix_words
from wgtui.domain.path import Direction, Hop, HopKind, HopState, Spot, Walk
from wgtui.domain.path.probing import Agreement, EndProbe, agreement, probe_fix, probe_words
from wgtui.domain.text import printable
from wgtui.ui.presentation.cells import NO_LINE, Cell, Line, Span, Tone, line
from wgtui.ui.presentation.diagnose import FIX_KEY, problem_lines
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.wrapping import paragraph

FROM_KEY: Final = "f"
TO_KEY: Final = "t"
PROBE_KEY: Final = "p"

_STATES: Final = {
    HopState.OK: ("fine", Tone.GOOD),
    HopState.DOUBT: ("unsure", Tone.WARN),
    HopState.BROKEN: ("broken", Tone.BAD),
}
_HERE: Final = frozenset((HopKind.REVERSE_PATH, HopKind.ROUTE, HopKind.FORWARDING, HopKind.FILTER))
"""Stations within this host; what comes before them lies on the sender's side."""

_HOW: Final = (
    (
        "Choose the two ends: a peer, this host, the internet, or any address, such as one behind a peer.",
        Tone.TEXT,
    ),
    (
        "Nothing is sent: the way of a packet is read off this host, and off the files that it has.",
        Tone.DIM,
    ),
)
_LONGEST: Final = 1000
_BETWEEN: Final = 7 + 9 + 2 + 2 * 9
"""Cells of a drawing beside the names of the two ends."""


@dataclass(frozen=True, slots=True)
class PathPage:
    """A path.

    Attributes:
        interface: Whose peers can be named.
        origin: Where it starts, as `PathWalks.walk` takes it; empty where that is not chosen yet.
        target: Where it leads, likewise.
        labels: What to call the two, as they were chosen.
        walk: What was found; None where it was not walked yet, or could not be.
        probes: Of its ends; None where they were not pinged.
        problem: Why something could not be done.
        is_busy: Whether it is being walked.
    """

    interface: str
    origin: str = ""
    target: str = ""
    labels: tuple[str, str] = ("", "")
    walk: Walk | None = None
    probes: tuple[EndProbe, ...] | None = None
    problem: WgtuiError | None = None
    is_busy: bool = False

    @property
    def is_chosen(self) -> bool:
        """Whether both ends are."""
        return bool(self.origin and self.target)

    @property
    def fix(self) -> Fix | None:
        """What mends the path: that of the broken station, else of the first one that is not sure."""
        if self.walk is None:
            return None
        if self.walk.broken is not None:
            return self.walk.broken.fix
        found = probe_fix(self.probes or ())
        if found is not None:
            return found
        return next((hop.fix for hop in self.walk.doubts if hop.fix is not None), None)


def ends_line(page: PathPage, glyphs: Glyphs) -> Line:
    """From where to where, on which interface."""

    def name(index: int, key: str, word: str) -> Iterator[Span]:
        label = glyphs.text(printable(page.labels[index], 40)) or "choose"
        tone = Tone.STRONG if page.labels[index] else Tone.DIM
        yield Span(f" {key} ", Tone.KEY_PLAIN)
        yield Span(f"{word} ", Tone.DIM)
        yield Span(label, tone)

    return (
        *name(0, FROM_KEY, "from"),
        Span(" "),
        *name(1, TO_KEY, "to"),
        Span(f"  on {page.interface}", Tone.DIM),
    )


def state_mark(state: HopState, glyphs: Glyphs) -> Cell:
    """The mark and the word of a station."""
    mark = {HopState.OK: glyphs.active, HopState.DOUBT: glyphs.waiting, HopState.BROKEN: glyphs.lost}[state]
    word, tone = _STATES[state]
    return Cell(f"{mark} {word}", tone)


def walk_lines(page: PathPage, width: int, glyphs: Glyphs, *, can_change: bool = True) -> list[Line]:
    """The result first, then the drawing, what a ping says, and every station."""
    if not page.is_chosen:
        text = (
            "Choose the two ends: a peer, this host, the internet, or any address, such as one behind a peer."
        )
        rest = "Nothing is sent: the way of a packet is read off this host, and off the files that it has."
        return [
            *paragraph(text, width, first=(Span(" "),)),
            *paragraph(rest, width, Tone.DIM, first=(Span(" "),)),
        ]
    if page.walk is None:
        if page.problem is not None:
            return problem_lines(page.problem, width, glyphs)
        return [line((" Walking ...", Tone.DIM))]
    walk = page.walk
    lines = [*_result(page, walk, width, glyphs), *_fix_lines(page, width, glyphs, can_change)]
    lines += [NO_LINE, *_drawing(walk, width, glyphs)]
    if page.problem is not None:
        lines += [NO_LINE, *problem_lines(page.problem, width, glyphs)]
    if page.probes is not None:
        lines += [NO_LINE, *_probe_lines(walk, page.probes, width, glyphs)]
    for direction, title in ((Direction.THERE, "There"), (Direction.BACK, "And back")):
        hops = [hop for hop in walk.hops if hop.direction is direction]
        if hops:
            lines += [NO_LINE, line((f" {title}", Tone.DIM))]
            lines += [row for hop in hops for row in _hop_lines(hop, width, glyphs)]
    return lines


def _result(page: PathPage, walk: Walk, width: int, glyphs: Glyphs) -> list[Line]:
    broken = walk.broken
    if broken is not None:
        way = "there" if broken.direction is Direction.THERE else "back"
        text, tone = f"It does not get {way}. {broken.text}", Tone.BAD
    elif any(probe.loses_large for probe in page.probes or ()):
        text, tone = "Small packets get there, and large ones are lost.", Tone.BAD
    elif walk.doubts:
        text, tone = "Nothing is broken here; what is not sure cannot be seen from here.", Tone.WARN
    else:
        text, tone = "It gets there, and the answer comes back.", Tone.GOOD
    return paragraph(glyphs.text(printable(text, _LONGEST)), width, tone, first=(Span(" "),))


def _fix_lines(page: PathPage, width: int, glyphs: Glyphs, can_change: bool) -> list[Line]:
    if page.fix is None:
        return []
    by_hand = isinstance(page.fix, ByHand) or not can_change
    key = Span(" " if by_hand else f" {FIX_KEY} ", Tone.KEY_PLAIN)
    tone = Tone.STRONG if page.walk is not None and page.walk.broken is not None else Tone.TEXT
    return paragraph(glyphs.text(printable(fix_words(page.fix), _LONGEST)), width, tone, first=(key,))


def _drawing(walk: Walk, width: int, glyphs: Glyphs) -> list[Line]:
    """The two ways as lines between the ends: whole, unsure, or broken at one place."""
    ends = [_name(spot, glyphs) for spot in (walk.origin, walk.target)]
    half = max(8, (width - _BETWEEN) // 2)
    # What the shorter name leaves is the longer one's.
    rooms = [2 * half - min(half, len(other)) for other in reversed(ends)]
    first, last = (
        text if len(text) <= room else f"{text[: room - 1]}{glyphs.ellipsis}"
        for text, room in zip(ends, rooms, strict=True)
    )
    names = [first, "this host", last]
    there = [hop for hop in walk.hops if hop.direction is Direction.THERE]
    back = [hop for hop in walk.hops if hop.direction is Direction.BACK]
    lines = [_way(" there ", there, names, glyphs)]
    if back:
        lines.append(_way(" back  ", back, names[::-1], glyphs))
    return lines


def _way(word: str, hops: Sequence[Hop], names: Sequence[str], glyphs: Glyphs) -> Line:
    parts = _parts(hops)
    spans = [Span(word, Tone.DIM), Span(names[0], Tone.STRONG)]
    broken = False
    for index, name in enumerate(names[1:], 1):
        side = parts[0] if index == 1 else parts[2]
        spans.append(_segment(side, broken, glyphs))
        broken = broken or side is HopState.BROKEN
        state = parts[1] if index == 1 else None
        tone = Tone.FAINT if broken else Tone.BAD if state is HopState.BROKEN else Tone.STRONG
        mark = f" {glyphs.lost}" if state is HopState.BROKEN and not broken else ""
        spans.append(Span(f"{name}{mark}", tone))
        broken = broken or state is HopState.BROKEN
    return tuple(spans)


def _segment(state: HopState, broken: bool, glyphs: Glyphs) -> Span:
    rule = glyphs.rule
    if broken:
        return Span("  .....  ", Tone.FAINT)
    if state is HopState.BROKEN:
        return Span(f" {rule * 2}{glyphs.lost}{rule * 2}  ", Tone.BAD)
    if state is HopState.DOUBT:
        return Span(f" {rule * 2}{glyphs.waiting}{rule * 2}{glyphs.beyond} ", Tone.WARN)
    return Span(f" {rule * 5}{glyphs.beyond} ", Tone.GOOD)


def _parts(hops: Sequence[Hop]) -> tuple[HopState, HopState, HopState]:
    """The worst state on the sender's side, within this host, and on the receiver's side."""
    inside = [index for index, hop in enumerate(hops) if hop.kind in _HERE]
    first = inside[0] if inside else len(hops)
    last = inside[-1] if inside else len(hops)
    return _worst(hops[:first]), _worst(hops[first : last + 1]), _worst(hops[last + 1 :])


def _worst(hops: Sequence[Hop]) -> HopState:
    states = {hop.state for hop in hops}
    return next((state for state in (HopState.BROKEN, HopState.DOUBT) if state in states), HopState.OK)


def _name(spot: Spot, glyphs: Glyphs) -> str:
    """What an end is called in the drawing."""
    text = printable(spot.label, 60).partition(" (")[0]
    return glyphs.text(str(spot.address) if spot.label.startswith("this host") else text)


def _probe_lines(walk: Walk, probes: tuple[EndProbe, ...], width: int, glyphs: Glyphs) -> list[Line]:
    lines = [
        row
        for probe in probes
        for row in paragraph(glyphs.text(printable(probe_words(probe), _LONGEST)), width, first=(Span(" "),))
    ]
    verdict, words = agreement(walk, probes)
    tone = Tone.WARN if verdict is Agreement.CONTRADICTED else Tone.TEXT
    return [*lines, *paragraph(glyphs.text(printable(words, _LONGEST)), width, tone, first=(Span(" "),))]


def _hop_lines(hop: Hop, width: int, glyphs: Glyphs) -> Iterator[Line]:
    mark = state_mark(hop.state, glyphs)
    tone = Tone.STRONG if hop.state is HopState.BROKEN else Tone.TEXT
    first = (Span(f" {mark.text:<9}", mark.tone),)
    yield from paragraph(glyphs.text(printable(hop.text, _LONGEST)), width, tone, first=first)
    if hop.state is HopState.DOUBT and hop.fix is not None:
        hook = f"          {glyphs.hook} "
        text = glyphs.text(printable(fix_words(hop.fix), _LONGEST))
        yield from paragraph(text, width, Tone.DIM, first=(Span(hook, Tone.FAINT),))


def path_status(page: PathPage) -> str:
    """What is going on."""
    if page.is_busy:
        return " Walking ..."
    return "" if not page.is_chosen else f" {PROBE_KEY} pings both ends from this host"
