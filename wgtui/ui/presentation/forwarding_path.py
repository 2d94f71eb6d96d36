"""The way of packets through a tunnel and its host, drawn with the user's own interfaces and subnets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from wgtui.domain.addresses import Prefix
from wgtui.domain.forwarding import ForwardingView, NowState, PathFacts, PathLink, PathPeer, SwitchName
from wgtui.domain.text import printable
from wgtui.ui.presentation.cells import Line, Span, Tone, line
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.wrapping import cell_width

_MOST_PEERS: Final = 4
"""Peers that are named; of more, one less is, and the rest is counted."""

_MOST_LINKS: Final = 6
_COLUMN: Final = 14
"""Cells in front of what is said of a station."""


@dataclass(frozen=True, slots=True)
class PathMark:
    """Whether packets pass a point of the path.

    Attributes:
        passes: False where they stop; None where that is not known.
        words: What happens there, in a few words; printable.
        is_reached: Whether any packet comes so far.
    """

    passes: bool | None
    words: str
    is_reached: bool = True


@dataclass(frozen=True, slots=True)
class PathMarks:
    """What happens to packets at the points of a path.

    Attributes:
        port: As they come to the listen port.
        relay: From peer to peer.
        host: As the host is to pass them on.
        links: By the other interface's name.
    """

    port: PathMark
    relay: PathMark
    host: PathMark
    links: dict[str, PathMark] = field(default_factory=dict)


def marks_of(view: ForwardingView) -> PathMarks:
    """The marks of a path as it is now."""
    host, relay = _host_mark(view), _relay_mark(view)
    links = {link.name: _link_mark(link, view) for link in view.path.links}
    if host.passes is False and not _passing(view):
        relay = PathMark(None, "not reached", is_reached=False)
        links = dict.fromkeys(links, relay)
    return PathMarks(port=_port_mark(view), relay=relay, host=host, links=links)


def path_lines(interface: str, facts: PathFacts, marks: PathMarks, width: int, glyphs: Glyphs) -> list[Line]:
    """Draw a path from top to bottom: peers, tunnel, host, and what lies beyond.

    Args:
        interface: The tunnel.
        facts: Its peers, and the interfaces beside it.
        marks: Where packets pass, and where they stop.
        width: Cells of a line.
        glyphs: The marks to draw with.
    """
    draw = _Drawing(width, glyphs)
    peers = list(_peer_texts(facts.peers))
    for index, text in enumerate(peers or ["nobody yet"]):
        yield_tone = Tone.TEXT if peers else Tone.DIM
        draw.station("peers" if not index else "", text, tone=yield_tone, rail=bool(index))
    draw.mark(marks.port)
    draw.station(printable(interface, 15), _networks(facts.networks) or "no addresses")
    draw.mark(marks.host)
    draw.station("this host", "")
    draw.branch(marks.relay, "peers", "from peer to peer", last=not facts.links)
    shown = facts.links[:_MOST_LINKS]
    for link in shown:
        mark = marks.links.get(link.name, PathMark(None, ""))
        draw.branch(mark, printable(link.name, 15), _beyond(link), last=link is facts.links[-1])
    if len(facts.links) > len(shown):
        draw.station("", f"and {len(facts.links) - len(shown)} more interfaces", tone=Tone.DIM)
    return draw.lines


def _families(view: ForwardingView) -> set[int]:
    return {network.version for network in view.path.networks} or {4}


def _passing(view: ForwardingView) -> list[int]:
    """The tunnel's families of which the host passes packets on."""
    rows = {4: view.row(SwitchName.IPV4), 6: view.row(SwitchName.IPV6)}
    return [
        version
        for version in sorted(_families(view))
        if (row := rows[version]) is not None and row.now is NowState.ON
    ]


def _host_mark(view: ForwardingView) -> PathMark:
    passing = _passing(view)
    stopped = sorted(_families(view) - set(passing))
    if stopped:
        return PathMark(False, f"passes no {_versions(stopped, ' and no ')} on")
    return PathMark(True, f"passes {_versions(passing, ' and ')} on")


def _versions(versions: Iterable[int], between: str) -> str:
    return between.join(f"IPv{version}" for version in versions)


def _port_mark(view: ForwardingView) -> PathMark:
    port, row = view.path.listen_port, view.row(SwitchName.PORT)
    if not port:
        return PathMark(None, "no listen port")
    what = f"UDP port {port}"
    if row is None or row.now is NowState.UNKNOWN:
        return PathMark(None, what)
    stopped = row.now is NowState.BLOCKED or bool(row.culprit)
    return PathMark(not stopped, f"{what} is closed" if stopped else f"{what} is open")


def _relay_mark(view: ForwardingView) -> PathMark:
    row, isolated = view.row(SwitchName.RELAY), view.row(SwitchName.ISOLATE)
    if row is None or row.now is NowState.UNKNOWN:
        return PathMark(None, "")
    if isolated is not None and isolated.now is NowState.ON:
        return PathMark(False, "isolated")
    passes = row.now in (NowState.ON, NowState.OPEN)
    return PathMark(passes, "pass" if passes else "stop here")


def _link_mark(link: PathLink, view: ForwardingView) -> PathMark:
    row = view.row(SwitchName.FORWARD)
    if row is None or row.now is NowState.UNKNOWN or not view.is_up:
        return PathMark(None, "")
    if link.stopped_by:
        return PathMark(False, f"{printable(link.stopped_by, 30)} drops")
    return PathMark(True, "masqueraded" if link.masquerades else "pass")


def _peer_texts(peers: tuple[PathPeer, ...]) -> Iterator[str]:
    shown = peers if len(peers) <= _MOST_PEERS else peers[: _MOST_PEERS - 1]
    for peer in shown:
        yield f"{printable(peer.name, 24)} {_networks(peer.prefixes)}".rstrip()
    if len(peers) > len(shown):
        yield f"and {len(peers) - len(shown):,} more"


def _networks(networks: Iterable[Prefix]) -> str:
    return ", ".join(map(str, networks))


def _beyond(link: PathLink) -> str:
    networks = _networks(link.networks)
    if not link.is_uplink:
        return networks
    return f"internet, {networks}" if networks else "internet"


class _Drawing:
    """Lines of a tree, each cut to the width."""

    def __init__(self, width: int, glyphs: Glyphs) -> None:
        self.lines: list[Line] = []
        self._width = width
        self._glyphs = glyphs
        is_ascii = glyphs.text("│") != "│"
        self._rail, self._fork, self._end = ("|", "+", "`") if is_ascii else ("│", "├", "╰")
        self._dash = glyphs.rule

    def station(self, name: str, text: str, *, tone: Tone = Tone.TEXT, rail: bool = False) -> None:
        """Where packets are; with a rail in place of a name where it goes on below."""
        start = f"   {self._rail}" if rail else f" {self._glyphs.text(name)}"
        self._add(line((_padded(start, _COLUMN), Tone.FAINT if rail else Tone.STRONG)), text, tone)

    def mark(self, mark: PathMark) -> None:
        """What happens between two stations."""
        span = self._mark(mark)
        self._add(line(("   ", Tone.FAINT), span_pair(span), " "), mark.words, _word_tone(mark))

    def branch(self, mark: PathMark, name: str, text: str, *, last: bool = False) -> None:
        """A way that leaves a station, and what happens on it."""
        fork = self._end if last else self._fork
        span = self._mark(mark)
        start = line(
            (f"   {fork}{self._dash}", Tone.FAINT),
            span_pair(span),
            (f" {self._glyphs.text(name)}", Tone.STRONG),
        )
        gap = max(1, _COLUMN - sum(cell_width(one.text) for one in start))
        words = self._glyphs.text(mark.words)
        room = self._width - sum(cell_width(one.text) for one in start) - gap
        shown = self._cut(self._glyphs.text(text), room - (cell_width(words) + 3 if words else 0))
        spans = [*start, Span(" " * gap), Span(shown)]
        if words:
            spans.append(Span(f" {self._glyphs.dot} ", Tone.FAINT))
            spans.append(Span(words, _word_tone(mark)))
        self.lines.append(tuple(spans))

    def _mark(self, mark: PathMark) -> Span:
        if not mark.is_reached:
            return Span(self._glyphs.never, Tone.DIM)
        if mark.passes is None:
            return Span(self._glyphs.waiting, Tone.WARN)
        return Span(self._glyphs.active, Tone.GOOD) if mark.passes else Span(self._glyphs.lost, Tone.BAD)

    def _add(self, start: Line, text: str, tone: Tone) -> None:
        room = self._width - sum(cell_width(one.text) for one in start)
        self.lines.append((*start, Span(self._cut(self._glyphs.text(text), room), tone)))

    def _cut(self, text: str, room: int) -> str:
        if cell_width(text) <= room:
            return text
        kept, used = "", 1
        for character in text:
            used += cell_width(character)
            if used > room:
                break
            kept += character
        return kept + self._glyphs.ellipsis if room > 0 else ""


def span_pair(span: Span) -> tuple[str, Tone]:
    """A span as a part of `line`."""
    return span.text, span.tone


def _word_tone(mark: PathMark) -> Tone:
    return Tone.BAD if mark.passes is False else Tone.DIM


def _padded(text: str, width: int) -> str:
    return text + " " * max(1, width - cell_width(text))
