"""What a plan will do, for the operator to read before: risks, sentences, commands, differences of files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from wgtui.domain.host import FileImage
from wgtui.domain.masked_diff import DiffKind, masked_diff
from wgtui.domain.plan import Plan, SetFile, Step, commands, sentence
from wgtui.domain.session import Risk, Severity
from wgtui.domain.text import printable
from wgtui.ui.presentation.cells import NO_LINE, Line, Span, Tone, line
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.wrapping import paragraph

SENTENCE_LIMIT = 1000
"""The most characters of a sentence or command that are shown."""


class PlanView(Enum):
    """How a plan is read; the value is what stands on its tab."""

    SENTENCES = "What happens"
    COMMANDS = "Commands"
    FILES = "Files"


_SIGN_TONES = {DiffKind.ADDED: Tone.GOOD, DiffKind.REMOVED: Tone.BAD}


def plan_lines(plan: Plan, view: PlanView, width: int, glyphs: Glyphs) -> list[Line]:
    """A plan's steps in one of the views."""
    if view is PlanView.COMMANDS:
        return list(command_lines(plan.told, width, glyphs))
    if view is PlanView.FILES:
        return list(_files(plan, width, glyphs))
    return list(sentence_lines([sentence(step) for step in plan.told], width, glyphs))


def sentence_lines(sentences: Sequence[str], width: int, glyphs: Glyphs) -> Iterator[Line]:
    """Numbered sentences."""
    column = len(str(len(sentences))) + 1
    for number, text in enumerate(sentences, start=1):
        first = (Span(f"{f'{number}.'.rjust(column)} ", Tone.DIM),)
        yield from paragraph(_clean(text, glyphs), width, first=first)


def command_lines(steps: Sequence[Step], width: int, glyphs: Glyphs) -> Iterator[Line]:
    """The shell commands that do the same."""
    for step in steps:
        for command in commands(step):
            note = command.startswith("#")
            first = (Span("  " if note else "# ", Tone.FAINT),)
            tone = Tone.DIM if note else Tone.TEXT
            yield from paragraph(_clean(command, glyphs), width, tone, first=first)


def note_lines(notes: Sequence[str], width: int, glyphs: Glyphs) -> Iterator[Line]:
    """What should be known before."""
    for note in notes:
        yield from paragraph(
            _clean(note, glyphs), width, Tone.WARN, first=(Span(f"{glyphs.never} ", Tone.WARN),)
        )


def risk_headline(risks: Sequence[Risk], within: float) -> str:
    """The warning above everything else; empty where there is no risk."""
    if not risks:
        return ""
    sure = any(risk.severity is Severity.WILL for risk in risks)
    return (
        f"This {'will' if sure else 'can'} cut your own session."
        f" It is taken back in {within:.0f} seconds unless you confirm it."
    )


def risk_lines(risks: Sequence[Risk], width: int, glyphs: Glyphs) -> Iterator[Line]:
    """The reasons for the warning."""
    for risk in risks:
        tone = Tone.BAD if risk.severity is Severity.WILL else Tone.WARN
        yield from paragraph(_clean(risk.text, glyphs), width, tone, first=(Span(f"{glyphs.lost} ", tone),))


def difference_lines(
    before: FileImage | None, after: FileImage | None, width: int, glyphs: Glyphs
) -> Iterator[Line]:
    """What differs between two states of a file, secrets left out."""
    if after is None:
        yield line(("The file is removed." if before is not None else "There is no file.", Tone.DIM))
        return
    old = b"" if before is None else before.content
    shown = masked_diff(old, after.content)
    if not shown:
        yield line(("Only mode or owner differ." if before != after else "Nothing differs.", Tone.DIM))
    last_old = last_new = 0
    for one in shown:
        if (one.old and one.old > last_old + 1) or (one.new and one.new > last_new + 1):
            yield line((f"  {glyphs.ellipsis}", Tone.FAINT))
        last_old, last_new = one.old or last_old, one.new or last_new
        tone = _SIGN_TONES.get(one.kind, Tone.DIM)
        text = _clean(one.text, glyphs)
        indent = " " * (len(text) - len(text.lstrip()))
        first = (Span(f"{one.kind.value} {indent[: width // 2]}", tone),)
        yield from paragraph(text, width, tone, first=first)


def _files(plan: Plan, width: int, glyphs: Glyphs) -> Iterator[Line]:
    steps = [step for step in plan.steps if isinstance(step, SetFile)]
    if not steps:
        yield line(("No file is changed.", Tone.DIM))
    for number, step in enumerate(steps):
        if number:
            yield NO_LINE
        yield from paragraph(_clean(step.path, glyphs), width, Tone.STRONG)
        yield from difference_lines(step.before, step.after, width, glyphs)


def _clean(text: str, glyphs: Glyphs) -> str:
    return glyphs.text(printable(text, SENTENCE_LIMIT))
