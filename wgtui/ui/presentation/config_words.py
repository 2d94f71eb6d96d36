"""What the Config screen says."""

from __future__ import annotations

from collections.abc import Sequence

from wgtui.domain.drift import Difference
from wgtui.domain.grammar import Finding, Severity
from wgtui.domain.snapshot import Snapshot
from wgtui.domain.text import printable
from wgtui.services.check import CheckReport
from wgtui.ui.presentation.cells import NO_LINE, Line, Span, Tone, line
from wgtui.ui.presentation.config_page import ConfigPage, Mark, mark_span
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.prose import Sentence
from wgtui.ui.presentation.wrapping import paragraph

_PATH = 200
_MANY = 500
"""Peers up to which each is compared between two snapshots."""


def head_line(page: ConfigPage | None, interface: str, host: str, width: int, glyphs: Glyphs) -> Line:
    """Whose file, how good, how long, where; in a narrow line the host and the folder are left out."""
    name, where = glyphs.text(printable(interface, 15)), glyphs.text(printable(host, 40))
    start, on_host = (f" {name}", Tone.STRONG), (f" on {where}" if where else "", Tone.DIM)
    if page is None:
        return line(start, on_host, ("  Reading the file ...", Tone.DIM))
    path = glyphs.text(printable(page.path, _PATH))
    if page.report is None:
        return line(start, on_host, (f"  {path}", Tone.TEXT))
    verdict, tone = _verdict(page.report)
    rest = ((f"  {_counted(page.count, 'line', 'lines')}  ", Tone.DIM), (verdict, tone))
    long = line(start, on_host, (f"  {path}", Tone.TEXT), *rest)
    return long if sum(len(span.text) for span in long) <= width else line(start, *rest)


def _verdict(report: CheckReport) -> tuple[str, Tone]:
    if report.errors:
        return _counted(report.errors, "error", "errors"), Tone.BAD
    if report.lints:
        return _counted(report.lints, "warning", "warnings"), Tone.WARN
    return "no problems", Tone.GOOD


def _counted(count: int, one: str, many: str) -> str:
    return f"1 {one}" if count == 1 else f"{count:,} {many}"


def drift_line(page: ConfigPage, glyphs: Glyphs) -> Line:
    """How many things differ."""
    if page.comparison is None:
        if page.problem is not None:
            return line((f" {glyphs.lost} What runs cannot be read.", Tone.BAD))
        return line((" Comparing the file with what runs ...", Tone.DIM))
    count = len(page.differences)
    if count:
        text = _counted(count, "difference", "differences")
        return line((f" {glyphs.differs} {text} between file, kernel and boot", Tone.WARN))
    if page.is_up:
        return line((" File, kernel and boot agree.", Tone.GOOD))
    return line((" The interface is down, so there is nothing to compare.", Tone.DIM))


def drift_notes(page: ConfigPage, glyphs: Glyphs) -> list[Sentence]:
    """What could not be compared."""
    if page.comparison is None:
        if page.problem is None:
            return []
        return [Sentence(glyphs.text(printable(str(page.problem), 400)), Tone.BAD)]
    return [Sentence(glyphs.text(printable(note, 400)), Tone.DIM) for note in page.comparison.notes]


def difference_line(difference: Difference, glyphs: Glyphs, *, here: bool = False) -> Line:
    """One difference, on one line; `here` marks the selected one."""
    place = f"line {difference.line}: " if difference.line else ""
    mark = (f" {glyphs.beyond} ", Tone.KEY_PLAIN) if here else (f" {glyphs.differs} ", Tone.WARN)
    return line(mark, (place, Tone.DIM), glyphs.text(difference.text))


def ways_lines(difference: Difference | None, width: int, glyphs: Glyphs) -> Sequence[Line]:
    """The selected difference whole, and both ways out."""
    if difference is None:
        return ()
    lines = paragraph(glyphs.text(difference.text), width - 1, first=(Span(" "),))
    kernel = Tone.KEY_PLAIN if difference.keeps_kernel else Tone.FAINT
    for key, text, tone in (
        ("f", f"Keep the file's: {difference.file_way}", Tone.KEY_PLAIN),
        ("K", f"Keep the kernel's: {difference.kernel_way}", kernel),
    ):
        lines += paragraph(glyphs.text(text), width - 1, Tone.DIM, first=(Span(f" {key} ", tone),))
    return lines


def place_sentences(page: ConfigPage, number: int, glyphs: Glyphs) -> list[Sentence]:
    """What is to be said about a line, from 1; of the first one, also what concerns the whole file."""
    findings = (*(page.findings.get(0, ()) if number == 1 else ()), *page.findings.get(number, ()))
    return [_finding_sentence(finding, glyphs) for finding in findings]


def _finding_sentence(finding: Finding, glyphs: Glyphs) -> Sentence:
    is_error = finding.severity is Severity.ERROR
    mark = mark_span(Mark.ERROR if is_error else Mark.LINT, glyphs)
    column = f"Column {finding.column}: " if finding.line and finding.column > 1 else ""
    hint = f" {finding.hint}" if finding.hint else ""
    text = glyphs.text(printable(f"{column}{finding.text}{hint}", 600))
    return Sentence(f"{mark.text} {text}", mark.tone)


def missing_words(page: ConfigPage) -> tuple[str, list[str]]:
    """A title and what to do, where there is no file or it cannot be read."""
    name, path = printable(page.interface, 15), printable(page.path, _PATH)
    if page.problem is not None:
        return page.problem.title, [printable(str(page.problem), 400)]
    title = f"{name} has no file"
    if not page.is_up:
        return title, [f"There is no file {path}, and {name} is not up either."]
    return title, [
        f"There is no file {path}: {name} runs, and is gone after a reboot.",
        "Press w to write a file from what runs: keys, port, addresses and peers. Nothing that runs changes.",
    ]


def refused_lines(report: CheckReport, width: int, glyphs: Glyphs) -> Sequence[Line]:
    """Why an edited file was not taken."""
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    text = (
        f"wg-quick would refuse this file: {_counted(report.errors, 'error', 'errors')}. "
        "Nothing was changed yet."
    )
    lines = [*paragraph(text, width), NO_LINE]
    for finding in errors:
        place = f"line {finding.line}: " if finding.line else ""
        hint = f" {finding.hint}" if finding.hint else ""
        shown = glyphs.text(printable(f"{finding.text}{hint}", 600))
        lines += paragraph(shown, width, first=(Span(f"{glyphs.lost} ", Tone.BAD), Span(place, Tone.DIM)))
    return lines


def position_text(page: ConfigPage, number: int, shift: int) -> str:
    """Where the cursor is."""
    if not page.count:
        return "no lines"
    shifted = f", from column {shift + 1} on" if shift else ""
    return f"line {number:,} of {page.count:,}{shifted}"


def signature(snapshot: Snapshot | None, interface: str) -> object:
    """What of an interface in a snapshot may differ from its file; equal where nothing was changed.

    Endpoints are left out, for peers move by themselves; so is the detail of very many peers.
    """
    found = [state for state in snapshot.devices if state.name == interface] if snapshot else []
    if not found or found[0].device is None:
        return bool(found)
    state, device = found[0], found[0].device
    peers: object = len(device.peers)
    if len(device.peers) <= _MANY:
        peers = frozenset(
            (peer.public_key, peer.allowed_ips, peer.persistent_keepalive, peer.preshared_key)
            for peer in device.peers
        )
    return state.link_up, state.mtu, state.addresses, device.listen_port, device.fwmark, peers
