"""What was found of servers that exist, in words."""

from __future__ import annotations

from collections.abc import Iterator

from wgtui.domain.text import printable
from wgtui.services.adopting.report import AdoptedInterface, AdoptedPeer, AdoptionReport, PeerState
from wgtui.ui.presentation.cells import NO_LINE, Line, Span, Tone, line
from wgtui.ui.presentation.editors import joined
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.wrapping import cell_width, paragraph

_LIMIT = 400
_NAME = 24


def adoption_lines(report: AdoptionReport, width: int, glyphs: Glyphs) -> list[Line]:
    """Interfaces with their peers, their states, and warnings."""
    lines: list[Line] = []
    if not report.interfaces:
        lines += paragraph(
            "There is no file of an interface on this host: nothing to adopt.", width, Tone.STRONG
        )
    for one in report.interfaces:
        lines += [*_interface(one, width, glyphs), NO_LINE]
    for tool in report.tools:
        text = f"There are files of {tool.name}, and no interface here that is made of them."
        lines += _marked(text, glyphs.never, Tone.DIM, width, glyphs)
    for problem in report.problems:
        lines += _marked(problem, glyphs.waiting, Tone.WARN, width, glyphs)
    return lines


def _interface(one: AdoptedInterface, width: int, glyphs: Glyphs) -> Iterator[Line]:
    name = glyphs.text(printable(one.name, _NAME))
    tools = joined(printable(tool.name, 40) for tool in one.tools) or "set up by hand"
    count = len(one.peers)
    yield from paragraph(
        glyphs.text(
            f"{name}: {tools}, {count} {'peer' if count == 1 else 'peers'}, {printable(one.path, 200)}"
        ),
        width,
        Tone.STRONG,
    )
    if one.problem:
        yield from _marked(one.problem, glyphs.lost, Tone.BAD, width, glyphs)
    for warning in one.warnings:
        place = f" (line {warning.line})" if warning.line else ""
        yield from _marked(f"{warning.text}{place} {warning.hint}", glyphs.waiting, Tone.WARN, width, glyphs)
    widest = min(_NAME, max((len(peer.name) for peer in one.peers), default=0))
    for peer in one.peers:
        yield from _peer(peer, widest, width, glyphs)


def _peer(peer: AdoptedPeer, widest: int, width: int, glyphs: Glyphs) -> list[Line]:
    enabled = peer.state is PeerState.ENABLED
    name = glyphs.text(printable(peer.name, _NAME)) or f"{str(peer.public_key)[:8]}{glyphs.ellipsis}"
    parts = [
        "" if enabled else peer.state.value,
        joined(peer.allowed_ips),
        "its own file is here" if peer.can_export else "its key is here" if peer.key_path else "",
    ]
    mark = Span(f"  {glyphs.active if enabled else glyphs.idle} ", Tone.GOOD if enabled else Tone.DIM)
    padding = " " * (2 + max(0, widest - cell_width(name)))
    text = "; ".join(part for part in parts if part)
    return paragraph(text, width, Tone.DIM, first=(mark, Span(f"{name}{padding}")))


def _marked(text: str, mark: str, tone: Tone, width: int, glyphs: Glyphs) -> list[Line]:
    return paragraph(glyphs.text(printable(text, _LIMIT)), width, tone, first=(Span(f"  {mark} ", tone),))


def looking_lines() -> list[Line]:
    """While the host is looked at."""
    return [line(("Looking at the files of this host ...", Tone.DIM))]
