"""The wizard's pages that are read: the host's state, and what follows from the answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from wgtui.domain.errors import WgtuiError
from wgtui.domain.setup import Answers, Derived, DerivedPeer, Draft
from wgtui.domain.setup.preflight import FindingLevel, PreflightFinding
from wgtui.domain.text import printable
from wgtui.ui.presentation.cells import NO_LINE, Cell, Line, Span, Tone, line
from wgtui.ui.presentation.editors import joined
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.setup.peers import derived_of
from wgtui.ui.presentation.setup.words import SCENARIOS
from wgtui.ui.presentation.wrapping import paragraph

_TONES = {
    FindingLevel.GOOD: Tone.GOOD,
    FindingLevel.NOTICE: Tone.DIM,
    FindingLevel.WARNING: Tone.WARN,
    FindingLevel.BLOCKING: Tone.BAD,
}
_ORDER = (FindingLevel.BLOCKING, FindingLevel.WARNING, FindingLevel.NOTICE, FindingLevel.GOOD)
_LIMIT = 400


def finding_lines(findings: Sequence[PreflightFinding], width: int, glyphs: Glyphs) -> list[Line]:
    """What was found, the grave first, each with what follows and what to do."""
    lines: list[Line] = []
    ranked = sorted(findings, key=lambda one: _ORDER.index(one.level))
    for level, group in groupby(ranked, key=lambda one: one.level):
        if lines and level is FindingLevel.GOOD:
            lines.append(NO_LINE)
        for finding in group:
            lines += _finding(finding, width, glyphs)
    return lines


def verdict_text(findings: Iterable[PreflightFinding]) -> str:
    """One sentence about all findings."""
    levels = [one.level for one in findings]
    if FindingLevel.BLOCKING in levels:
        return "Not yet: do what is said below, then press r to look again."
    if FindingLevel.WARNING in levels:
        return "It is ready, with warnings."
    return "It is ready. Nothing is written before you have seen all of it and say so."


def finding_mark(level: FindingLevel, glyphs: Glyphs) -> Cell:
    """The mark of a level, with a word."""
    marks = {
        FindingLevel.GOOD: (glyphs.active, "good"),
        FindingLevel.NOTICE: (glyphs.never, "note"),
        FindingLevel.WARNING: (glyphs.waiting, "warning"),
        FindingLevel.BLOCKING: (glyphs.lost, "not yet"),
    }
    return Cell(" ".join(marks[level]), _TONES[level])


def _finding(finding: PreflightFinding, width: int, glyphs: Glyphs) -> Iterator[Line]:
    tone = _TONES[finding.level]
    text = f"{finding.text} {finding.why}" if finding.level is not FindingLevel.GOOD else finding.text
    mark = finding_mark(finding.level, glyphs).text.partition(" ")[0]
    first = (Span(f"{mark} ", tone),)
    yield from paragraph(_clean(text, glyphs), width, first=first)
    if finding.remedy:
        yield from paragraph(
            _clean(finding.remedy, glyphs), width, Tone.STRONG, first=(Span(f"  {glyphs.arrow} ", Tone.DIM),)
        )


def review_lines(draft: Draft, width: int, glyphs: Glyphs) -> list[Line]:
    """What the answers mean for both ends.

    Args:
        draft: Filled with what is proposed.
        width: Cells.
        glyphs: Marks.
    """
    derived = derived_of(draft)
    if isinstance(derived, WgtuiError):
        return list(paragraph(_clean(f"{derived} {derived.hint}", glyphs), width, Tone.BAD))
    lines = [*_host(derived.answers, width, glyphs)]
    for peer in derived.peers:
        lines += [NO_LINE, *_peer(derived, peer, width, glyphs)]
    return lines


def _host(answers: Answers, width: int, glyphs: Glyphs) -> Iterator[Line]:
    here = answers.interface
    yield line((f"{here.name}: {SCENARIOS[answers.scenario].label}", Tone.STRONG))
    rows = [("address", joined(here.addresses))]
    if here.listen_port:
        rows.append(("listens on", f"UDP {here.listen_port}"))
    if here.endpoint is not None and not answers.scenario.dials:
        rows.append(("is called at", str(here.endpoint)))
    if here.lans:
        rows.append(("leads to", joined(here.lans)))
    rows.append(("forwards", _forwarding(answers)))
    for label, text in rows:
        yield from _row(label, text, width, glyphs)


def _forwarding(answers: Answers) -> str:
    wanted = answers.forwarding
    parts = [
        *(["between peers"] if wanted.relay else []),
        *(["never between peers"] if wanted.isolate else []),
        *(["between tunnel and other networks"] if wanted.forward else []),
        *([f"masquerading on {wanted.masquerade}"] if wanted.masquerade else []),
    ]
    return ", ".join(parts) or "nothing"


def _peer(derived: Derived, peer: DerivedPeer, width: int, glyphs: Glyphs) -> Iterator[Line]:
    role = "" if derived.answers.scenario.dials else f", {peer.answers.role}"
    yield line((glyphs.text(f"{printable(peer.name)}{role}"), Tone.STRONG))
    rows = [("address", joined(peer.addresses))] if not derived.answers.scenario.dials else []
    rows.append(("allowed here", joined(peer.allowed_ips)))
    if peer.endpoint is not None:
        rows.append(("called at", str(peer.endpoint)))
    if peer.keepalive:
        rows.append(("keepalive", f"{peer.keepalive} s, from here"))
    if peer.answers.public_key is None:
        rows += [("its own file", "keys are made here"), ("it reaches", joined(peer.reaches))]
        if peer.own_keepalive:
            rows.append(("its keepalive", f"{peer.own_keepalive} s"))
    else:
        rows.append(("its keys", "it keeps its private key"))
    for label, text in rows:
        yield from _row(label, text, width, glyphs)


def _row(label: str, text: str, width: int, glyphs: Glyphs) -> list[Line]:
    return paragraph(_clean(text, glyphs), width, first=(Span(f"  {label.ljust(14)}", Tone.DIM),))


def _clean(text: str, glyphs: Glyphs) -> str:
    return glyphs.text(printable(text, _LIMIT))
