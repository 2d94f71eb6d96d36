"""The doctor's findings: a line each, and what there is to say of the selected one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wgtui.domain.doctor import DoctorFinding, Severity
from wgtui.domain.errors import WgtuiError
from wgtui.domain.text import printable
from wgtui.services.doctor import DoctorReport, doctor_fix_words
from wgtui.ui.presentation.cells import NO_LINE, Cell, Line, Span, Tone, line
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.wrapping import paragraph

FIX_KEY: Final = "x"
"""Mends what is selected."""

_WORDS: Final = {
    Severity.ERROR: ("broken", Tone.BAD),
    Severity.WARNING: ("trouble", Tone.WARN),
    Severity.NOTE: ("note", Tone.QUIET),
    Severity.OK: ("fine", Tone.GOOD),
}
_LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class DoctorPage:
    """An examination.

    Attributes:
        report: What was found; None where nothing could be.
        problem: Why not.
    """

    report: DoctorReport | None = None
    problem: WgtuiError | None = None

    @property
    def findings(self) -> tuple[DoctorFinding, ...]:
        """All of them, the most likely cause of trouble first."""
        return self.report.findings if self.report is not None else ()


def severity_mark(severity: Severity, glyphs: Glyphs) -> Cell:
    """The mark and the word of a severity."""
    mark = {
        Severity.ERROR: glyphs.lost,
        Severity.WARNING: glyphs.ageing,
        Severity.NOTE: glyphs.never,
        Severity.OK: glyphs.active,
    }[severity]
    word, tone = _WORDS[severity]
    return Cell(f"{mark} {word}", tone)


def finding_line(one: DoctorFinding, glyphs: Glyphs, *, here: bool) -> Line:
    """A finding in the list, not cut yet."""
    mark = severity_mark(one.severity, glyphs)
    known = not one.interface or one.interface in one.text
    where = "" if known else f"{one.interface}: "
    tone = Tone.STRONG if here and one.severity.is_problem else Tone.TEXT
    if one.severity in (Severity.OK, Severity.NOTE) and not here:
        tone = Tone.DIM
    text = glyphs.text(printable(where + one.text, _LONGEST))
    return (Span(f" {mark.text:<10}", mark.tone), Span(text, tone))


def finding_lines(one: DoctorFinding, width: int, glyphs: Glyphs, *, can_change: bool = True) -> list[Line]:
    """What was found, why it matters, and what to do about it."""

    def told(text: str, tone: Tone = Tone.TEXT, key: str = " ") -> list[Line]:
        first = (Span(key, Tone.KEY_PLAIN if key.strip() else Tone.TEXT),)
        return paragraph(glyphs.text(printable(text, _LONGEST)), width, tone, first=first)

    lines = told(one.text, Tone.STRONG)
    if not one.certain and one.severity.is_problem:
        lines += told("This is likely, not certain.", Tone.WARN)
    if one.why:
        lines += told(one.why)
    if one.fix is not None:
        key = f" {FIX_KEY} " if can_change else " "
        lines += [NO_LINE, *told(doctor_fix_words(one.fix), Tone.STRONG, key)]
    if one.command and one.severity is not Severity.OK:
        head = "Or by hand: " if one.fix is not None else ""
        lines += [*([] if one.fix is not None else [NO_LINE]), *told(f"{head}{one.command}", Tone.DIM)]
    return lines


def head_line(host: str, is_path: bool, glyphs: Glyphs) -> Line:
    """Which of the two parts is open, of which host."""
    doctor, path = (Tone.DIM, Tone.TAB) if is_path else (Tone.TAB, Tone.DIM)
    return line(
        (f" {glyphs.text(printable(host, 40))} ", Tone.DIM),
        (" Doctor ", doctor),
        (" Path ", path),
    )


def doctor_summary(page: DoctorPage | None) -> Line:
    """The result in one line."""
    if page is None:
        return line((" Examining this host ...", Tone.DIM))
    if page.report is None:
        return line((" This host could not be examined.", Tone.BAD))
    return tuple(_counts(page.report))


def _counts(report: DoctorReport) -> Iterator[Span]:
    errors = sum(one.severity is Severity.ERROR for one in report.findings)
    warnings = sum(one.severity is Severity.WARNING for one in report.findings)
    if not errors and not warnings:
        yield Span(" Nothing is wrong, as far as it can be seen from here.", Tone.GOOD)
        return
    if errors:
        yield Span(f" {errors} {'thing does' if errors == 1 else 'things do'} not work.", Tone.BAD)
    if warnings:
        yield Span(f" {warnings} may not work, or not for long.", Tone.WARN)


def problem_lines(error: WgtuiError, width: int, glyphs: Glyphs) -> list[Line]:
    """Why something could not be done."""
    lines = paragraph(glyphs.text(printable(error.text, _LONGEST)), width, Tone.BAD, first=(Span(" "),))
    if error.hint:
        lines += paragraph(glyphs.text(printable(error.hint, _LONGEST)), width, first=(Span(" "),))
    return lines


def status_text(page: DoctorPage | None, at: int) -> str:
    """Where the cursor is."""
    findings = page.findings if page is not None else ()
    if not findings:
        return ""
    return f" {min(at + 1, len(findings))} of {len(findings)}  [{findings[min(at, len(findings) - 1)].code}]"
