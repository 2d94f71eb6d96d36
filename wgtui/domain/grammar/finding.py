"""What is wrong with a file, and where."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from wgtui.domain.errors import InvalidValue
from wgtui.domain.text import printable

MAX_FINDINGS: Final = 1000
"""More than anybody reads; a file of junk must not fill the memory with sentences."""

_RUN: Final = re.compile(r"[A-Za-z0-9+/=]{6,}")
_LONG: Final = 20


class Severity(Enum):
    """How bad a finding is."""

    ERROR = "error"
    """`wg` or `wg-quick` (1.0.20260223) refuses the file."""

    LINT = "warning"
    """They accept it, but it is probably not what was meant, or breaks elsewhere."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or may be.

    Attributes:
        code: Stable word for scripts, such as `unknown-key`.
        severity: Error or lint.
        line: From 1; 0 when it concerns the file as a whole.
        column: In bytes from 1; 0 likewise.
        text: One sentence. Never holds a private or preshared key, nor a part of one.
        hint: What to do; may be empty.
    """

    code: str
    severity: Severity
    line: int
    column: int
    text: str
    hint: str = ""


class Findings:
    """Collects findings, of which it keeps the first `MAX_FINDINGS` of each severity."""

    def __init__(self) -> None:
        self._kept: dict[Severity, list[Finding]] = {severity: [] for severity in Severity}
        self._counts = dict.fromkeys(Severity, 0)

    def add(self, finding: Finding) -> None:
        """Count a finding, and keep it while there is room."""
        self._counts[finding.severity] += 1
        if self._counts[finding.severity] <= MAX_FINDINGS:
            self._kept[finding.severity].append(finding)

    def error(self, code: str, line: int, column: int, text: str, hint: str = "") -> None:
        """Add an error."""
        self.add(Finding(code, Severity.ERROR, line, column, text, hint))

    def lint(self, code: str, line: int, column: int, text: str, hint: str = "") -> None:
        """Add a lint."""
        self.add(Finding(code, Severity.LINT, line, column, text, hint))

    def is_full(self, severity: Severity) -> bool:
        """Whether further findings of a severity are only counted, so that their places do not matter."""
        return self._counts[severity] >= MAX_FINDINGS

    def count(self, severity: Severity) -> int:
        """How many of a severity were added, kept or not."""
        return self._counts[severity]

    def sorted(self) -> tuple[Finding, ...]:
        """Those kept, by place, errors before lints."""
        kept = [finding for findings in self._kept.values() for finding in findings]
        kept.sort(key=lambda finding: (finding.line, finding.column, finding.severity is Severity.LINT))
        return tuple(kept)


class Refused(InvalidValue):
    """A value that the real tools refuse.

    Attributes:
        code: As in `Finding`.
        hint: As in `Finding`.
        at: Where in the value, in characters from 0.
    """

    def __init__(self, code: str, text: str, hint: str = "", at: int = 0) -> None:
        super().__init__(text)
        self.code = code
        self.hint = hint
        self.at = at


Note = Callable[[str, str, str, int], None]
"""Told of what is accepted but dangerous: code, sentence, hint, and place in the value."""


def no_note(code: str, text: str, hint: str, at: int) -> None:
    """For callers that want only the value."""


def quote(value: str, limit: int = 40) -> str:
    """A value for a sentence: printable, short, in quotes. What could be a key is not shown.

    Args:
        value: Latin-1 for the file's bytes.
        limit: Most characters shown.
    """
    if any(map(_may_be_secret, _RUN.findall(value))):
        return "(not shown)"
    return f'"{printable(value.encode("latin-1", "replace").decode("utf-8", "replace"), limit)}"'


def _may_be_secret(run: str) -> bool:
    """Whether it could be a part of a key that ended up in the wrong place: long, or in mixed case."""
    return len(run) >= _LONG or (run != run.lower() and run != run.upper())
