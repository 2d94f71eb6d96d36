"""The file of an interface as lines: numbers, marks, and no secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from wgtui.domain.drift import Difference
from wgtui.domain.errors import WgtuiError
from wgtui.domain.grammar import Finding, Severity
from wgtui.domain.host import FileImage
from wgtui.domain.keys import PublicKey
from wgtui.domain.text import printable
from wgtui.domain.wgquick import Document, LineKind, parse_line
from wgtui.domain.wgquick import Line as FileLine
from wgtui.domain.wgquick.lines import HOOKS
from wgtui.domain.wgquick.masking import HIDDEN, shown_line
from wgtui.services.check import CheckReport
from wgtui.services.drift import Comparison
from wgtui.services.editing import OpenFile
from wgtui.ui.presentation.cells import Line, Span, Tone
from wgtui.ui.presentation.glyphs import Glyphs

_SHOWN: Final = 4000
_READ: Final = 8192
"""Bytes of a line that are looked at."""

_PART_OF_KEY: Final = 100
"""Characters at the cut end of a line that may be the start of a secret, and are not shown."""


_CLAIMS: Final = frozenset(("overwritten", "save-config"))
"""Findings that say that somebody else writes the file."""


@dataclass(frozen=True, slots=True)
class ConfigPage:
    """What the Config screen shows.

    Attributes:
        interface: Whose file.
        path: Where it is or would be.
        opened: The file; None where there is none.
        report: What `check` found in it.
        comparison: What differs; None while that is being found out.
        problem: Why the file, or what runs, could not be read.
        is_up: Whether the interface runs.
        findings: By their lines, from 1; 0 for those of the file as a whole.
    """

    interface: str
    path: str
    opened: OpenFile | None = None
    report: CheckReport | None = None
    comparison: Comparison | None = None
    problem: WgtuiError | None = None
    is_up: bool = False
    findings: Mapping[int, tuple[Finding, ...]] = field(default_factory=dict)

    @property
    def document(self) -> Document | None:
        """The file's lines."""
        return self.opened.document if self.opened is not None else None

    @property
    def count(self) -> int:
        """How many lines the file has."""
        return len(self.opened.document.lines) if self.opened is not None else 0

    @property
    def is_claimed(self) -> bool:
        """Whether a program, or wg-quick down, writes the file anew."""
        codes = (finding.code for findings in self.findings.values() for finding in findings)
        return not _CLAIMS.isdisjoint(codes)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What differs, as far as it is known."""
        return self.comparison.differences if self.comparison is not None else ()


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that was edited outside, before anything is done with it.

    Attributes:
        opened: The file as it was given to the editor.
        edited: What came back.
        report: What `check` found in that.
        present: The file as it is now.
    """

    opened: OpenFile
    edited: bytes = field(repr=False)
    report: CheckReport
    present: FileImage | None


def config_page(opened: OpenFile, report: CheckReport, *, is_up: bool) -> ConfigPage:
    """A page of a file that was read and checked."""
    found: dict[int, list[Finding]] = {}
    for finding in report.findings:
        found.setdefault(finding.line, []).append(finding)
    return ConfigPage(
        opened.interface,
        opened.source.path,
        opened,
        report,
        is_up=is_up,
        findings={line: tuple(findings) for line, findings in found.items()},
    )


class Mark(Enum):
    """What stands in front of a line; the first that applies."""

    ERROR = "error"
    LINT = "warning"
    DIFFERS = "differs"
    NONE = ""


def mark_of(page: ConfigPage, number: int, differing: frozenset[int]) -> Mark:
    """The mark of a line, counted from 1."""
    severities = {finding.severity for finding in page.findings.get(number, ())}
    if Severity.ERROR in severities:
        return Mark.ERROR
    if severities:
        return Mark.LINT
    return Mark.DIFFERS if number in differing else Mark.NONE


def mark_span(mark: Mark, glyphs: Glyphs) -> Span:
    """One cell."""
    look = {
        Mark.ERROR: Span(glyphs.lost, Tone.BAD),
        Mark.LINT: Span(glyphs.waiting, Tone.WARN),
        Mark.DIFFERS: Span(glyphs.differs, Tone.WARN),
        Mark.NONE: Span(" "),
    }
    return look[mark]


def number_width(count: int) -> int:
    """Cells of the widest line number."""
    return max(3, len(str(count)))


def file_line(
    page: ConfigPage, index: int, mark: Mark, shift: int, glyphs: Glyphs, *, here: bool = False
) -> Line:
    """One line of the file, from 0: mark, number, text.

    Args:
        page: The file.
        index: Which line.
        mark: Its mark.
        shift: How many characters of the text are left of the window.
        glyphs: Marks of the terminal.
        here: Whether the cursor is there.
    """
    assert page.opened is not None
    text = shown_text(page.opened.document.lines[index], glyphs)
    number = str(index + 1).rjust(number_width(page.count))
    tone = Tone.KEY_PLAIN if here else Tone.FAINT if mark is Mark.NONE else Tone.TEXT
    gutter = (mark_span(mark, glyphs), Span(f"{number} ", tone))
    return (*gutter, *_cut(tuple(_spans(text)), shift))


def shown_text(raw: bytes, glyphs: Glyphs) -> str:
    """A line without secrets, printable; tabs as spaces, and only the start of a very long one."""
    text = shown_line(raw[:_READ])
    if len(raw) > _READ:
        text = text[:-_PART_OF_KEY]
    text = text.expandtabs(8)
    return glyphs.text(printable(text, _SHOWN)) if text.strip() else ""


def _spans(text: str) -> Iterator[Span]:
    line = parse_line(text.encode())
    comment = len(line.raw[: line.comment].decode()) if line.comment >= 0 else len(text)
    if line.disabled or line.kind in (LineKind.BLANK, LineKind.COMMENT):
        yield Span(text, Tone.DIM)
    elif line.kind is LineKind.HEADER:
        yield Span(text[:comment], Tone.STRONG)
        yield Span(text[comment:], Tone.DIM)
    elif line.kind is LineKind.ENTRY and line.name not in HOOKS:
        at = text.index("=") + 1
        yield Span(text[:at], Tone.TEXT)
        yield Span(text[at:comment], Tone.DIM if HIDDEN in text[at:comment] else Tone.TEXT)
        yield Span(text[comment:], Tone.DIM)
    else:
        yield Span(text, Tone.TEXT)


def _cut(spans: Line, shift: int) -> Line:
    left, kept = shift, []
    for span in spans:
        if len(span.text) > left:
            kept.append(Span(span.text[left:], span.tone))
        left = max(0, left - len(span.text))
    return tuple(kept)


def section_at(document: Document, index: int) -> PublicKey | str | None:
    """What the section of a line is about: a peer's key, `interface`, or None for neither.

    Comments directly above a header belong to what stands above them, as for `wg`.
    """
    lines = document.lines
    header = next((at for at in range(index, -1, -1) if _header(lines[at])), None)
    if header is None:
        return None
    name = _header(lines[header])
    if name != "peer":
        return name or None
    for at in range(header + 1, len(lines)):
        line: FileLine = parse_line(lines[at])
        if line.kind is LineKind.HEADER:
            break
        if line.kind is LineKind.ENTRY and line.name == "publickey":
            return _key(line.value)
    return None


def _header(raw: bytes) -> str:
    line = parse_line(raw) if b"[" in raw else None
    return line.name if line is not None and line.kind is LineKind.HEADER else ""


def _key(value: bytes) -> PublicKey | None:
    try:
        return PublicKey.parse(value.decode("latin-1").strip())
    except ValueError:
        return None
