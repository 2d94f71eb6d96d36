"""A plan as text for a terminal or a file."""

from __future__ import annotations

from collections.abc import Iterator

from wgtui.domain.masked_diff import masked_diff
from wgtui.domain.plan import Plan, SetFile, Step, commands, sentence
from wgtui.domain.text import printable

_WIDTH = 400


def render_plan(plan: Plan) -> str:
    """Every step as a sentence, with the equal shell commands and the difference of files below it."""
    lines = [f"{printable(plan.title, _WIDTH)}:"]
    lines += [f"  Note: {printable(note, _WIDTH)}" for note in plan.notes]
    for number, step in enumerate(plan.told, 1):
        lines.append(f"  {number}. {printable(sentence(step), _WIDTH)}")
        lines += [f"     {line}" for line in _details(step)]
    if plan.is_empty:
        lines.append("  Nothing is to be done.")
    return "\n".join(lines) + "\n"


def _details(step: Step) -> Iterator[str]:
    if isinstance(step, SetFile):
        before, after = (image.content if image else b"" for image in (step.before, step.after))
        for line in masked_diff(before, after):
            yield f"{line.kind.value} {printable(line.text, _WIDTH)}".rstrip()
    for command in commands(step):
        yield printable(command, _WIDTH) if command.startswith("#") else f"$ {printable(command, _WIDTH)}"
