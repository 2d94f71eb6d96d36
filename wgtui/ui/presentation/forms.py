"""What forms say beside their fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from wgtui.domain.errors import InvalidValue
from wgtui.domain.forms import Entered, Level, Problem
from wgtui.domain.text import printable
from wgtui.ui.presentation.cells import Line, Span, Tone
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.wrapping import paragraph

_LIMIT: Final = 400
"""The most characters of a sentence that are shown."""

_TONES: Final = {Level.ERROR: Tone.BAD, Level.WARNING: Tone.WARN, Level.NOTE: Tone.DIM}

Value = TypeVar("Value")


def problem_lines(problems: Iterable[Problem], width: int, glyphs: Glyphs) -> list[Line]:
    """Problems below a field, each with a mark and what to do, wrapped; the grave ones first."""
    marks = {Level.ERROR: glyphs.lost, Level.WARNING: glyphs.waiting, Level.NOTE: glyphs.never}
    order = list(Level)
    lines: list[Line] = []
    for problem in sorted(dict.fromkeys(problems), key=lambda one: order.index(one.severity)):
        tone = _TONES[problem.severity]
        text = glyphs.text(printable(f"{problem.text} {problem.hint}".rstrip(), _LIMIT))
        lines += paragraph(text, width, tone, first=(Span(f"{marks[problem.severity]} ", tone),))
    return lines


def reading(field: str, parse: Callable[[str], Value]) -> Callable[[str], Entered[Value]]:
    """A field's reader made of a parser.

    Args:
        field: Name of the field.
        parse: Gives the value of a text without whitespace around it; raises `InvalidValue`.
    """

    def read(text: str) -> Entered[Value]:
        try:
            return Entered(parse(text.strip()))
        except InvalidValue as error:
            return Entered(None, (Problem(field, _sentence(str(error))),))

    return read


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"
