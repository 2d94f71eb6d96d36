"""What forms say about what is typed into them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from wgtui.domain.errors import InvalidValue
from wgtui.domain.text import printable
from wgtui.ui.presentation.cells import Line, Span, Tone
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.wrapping import paragraph

REASON_LIMIT = 300
"""The most characters of a reason that are shown."""

Value = TypeVar("Value")


class Weight(Enum):
    """How much a remark counts."""

    ERROR = "error"
    """The form cannot be submitted with it."""

    WARNING = "warning"
    """It is possible, but probably not meant."""

    NOTE = "note"
    """Good to know: a derived value, a consequence."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say about a field, beyond whether its text can be read.

    Attributes:
        field: Name of the field; empty for the form as a whole.
        text: One whole sentence.
        weight: How much it counts.
    """

    field: str
    text: str
    weight: Weight = Weight.ERROR


_TONES = {Weight.ERROR: Tone.BAD, Weight.WARNING: Tone.WARN, Weight.NOTE: Tone.DIM}


def remark_lines(remarks: Iterable[Remark], width: int, glyphs: Glyphs) -> list[Line]:
    """Remarks below a field, each with a mark and wrapped; the grave ones first."""
    marks = {Weight.ERROR: glyphs.lost, Weight.WARNING: glyphs.waiting, Weight.NOTE: glyphs.dot}
    order = list(Weight)
    lines: list[Line] = []
    for remark in sorted(remarks, key=lambda one: order.index(one.weight)):
        tone = _TONES[remark.weight]
        text = glyphs.text(printable(remark.text, REASON_LIMIT))
        lines += paragraph(text, width, tone, first=(Span(f"{marks[remark.weight]} ", tone),))
    return lines


def reason(error: InvalidValue) -> str:
    """Why a text is not a value, as a sentence."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


def optional(parse: Callable[[str], Value]) -> Callable[[str], Value | None]:
    """A parser that takes an empty text for None."""

    def parse_optional(text: str) -> Value | None:
        return parse(text.strip()) if text.strip() else None

    return parse_optional


def required(parse: Callable[[str], Value], what: str) -> Callable[[str], Value]:
    """A parser that refuses an empty text; `what` names the value, such as "A name"."""

    def parse_required(text: str) -> Value:
        if not text.strip():
            raise InvalidValue(f"{what} is needed here.")
        return parse(text.strip())

    return parse_required
