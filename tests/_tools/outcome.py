"""What came out of the tiers: counting, the closing table, the last line."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """The counts of one tier. A tier that did not run has a note and no counts."""

    tier: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    note: str = ""

    def judged(self, *, strict: bool) -> Outcome:
        """What the counts amount to.

        A tier that did not run counts as one skipped test. Where everything must run (`strict`), whatever
        was skipped, a whole tier included, counts as failed.
        """
        ran = self.passed + self.failed + self.skipped > 0
        judged = self if ran else replace(self, skipped=1)
        if not strict or judged.skipped == 0:
            return judged
        note = f"{judged.skipped} skipped, which is a failure here" if ran else judged.note
        joined = "; ".join(part for part in (self.note if ran else "", note) if part)
        return replace(judged, failed=judged.failed + judged.skipped, skipped=0, note=joined)


def from_junit(tier: str, file: Path, seconds: float) -> Outcome | None:
    """Count the tests in a JUnit report; None when there is no readable one."""
    try:
        suites = list(ET.parse(file).getroot().iter("testsuite"))
    except (OSError, ET.ParseError):
        return None
    counts = {
        key: sum(int(suite.get(key, 0)) for suite in suites)
        for key in ("tests", "failures", "errors", "skipped")
    }
    failed = counts["failures"] + counts["errors"]
    passed = max(0, counts["tests"] - failed - counts["skipped"])
    return Outcome(tier, passed, failed, counts["skipped"], seconds)


def table(outcomes: Sequence[Outcome]) -> str:
    """The closing table: one line a tier."""
    width = max(len(outcome.tier) for outcome in outcomes)
    lines = [f"{'tier':<{width}}  passed  failed  skipped  seconds"]
    for outcome in outcomes:
        line = (
            f"{outcome.tier:<{width}}  {outcome.passed:>6}  {outcome.failed:>6}  {outcome.skipped:>7}"
            f"  {outcome.seconds:>7.0f}  {outcome.note}"
        )
        lines.append(line.rstrip())
    return "\n".join(lines)


def last_line(outcomes: Sequence[Outcome]) -> str:
    """The very last line that `tests/run` prints, which other programs read."""
    passed, failed, skipped = (
        sum(getattr(outcome, key) for outcome in outcomes) for key in ("passed", "failed", "skipped")
    )
    return f"{passed} passed, {failed} failed, {skipped} skipped"
