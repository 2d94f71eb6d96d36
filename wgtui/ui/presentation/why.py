"""Why a peer is as it is, in full, and where each of its values came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from wgtui.domain.explain import Origin, Whence
from wgtui.domain.text import printable
from wgtui.domain.verdict.judgement import Grade, Judgement
from wgtui.ui.presentation.cells import NO_LINE, Line, Span, Tone
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.judgement import fix_sentence, judgement_tone
from wgtui.ui.presentation.wrapping import cell_width, paragraph

_LONG: Final = 600
_MARKS: Final = {Grade.DOUBTFUL: "?", Grade.BROKEN: "!"}


def why_lines(judgement: Judgement, values: Sequence[Whence], width: int, glyphs: Glyphs) -> list[Line]:
    """Everything: the judgement with all of its causes, then each value and where it came from."""
    mark = _MARKS.get(judgement.grade, "")
    first: Line = (Span(f"{mark} ", judgement_tone(judgement)),) if mark else NO_LINE
    lines = paragraph(glyphs.text(printable(judgement.sentence, _LONG)), width, Tone.STRONG, first=first)
    for number, cause in enumerate(judgement.causes, 1):
        text = glyphs.text(printable(cause.text, _LONG))
        lines += [NO_LINE, *paragraph(text, width, first=(Span(f"{number}. ", Tone.DIM),))]
        if cause.tell:
            told = (Span("   Told by: ", Tone.DIM),)
            lines += paragraph(glyphs.text(printable(cause.tell, _LONG)) + ".", width, Tone.DIM, first=told)
    if judgement.certain and judgement.causes:
        lines += [NO_LINE, *paragraph("The first is proven.", width, Tone.DIM)]
    offered = fix_sentence(judgement, glyphs)
    if offered:
        lines += [NO_LINE, *paragraph(offered, width, Tone.STRONG)]
    for note in judgement.notes:
        lines += [NO_LINE, *paragraph(glyphs.text(printable(note, _LONG)), width)]
    lines += [NO_LINE, *paragraph("Where each value came from", width, Tone.STRONG)]
    for value in values:
        lines += _value_lines(value, width, glyphs)
    return lines


_LABEL: Final = 15
_ORIGIN_TONES: Final = {Origin.RUNNING: Tone.WARN, Origin.LEARNED: Tone.TEXT}


def _value_lines(value: Whence, width: int, glyphs: Glyphs) -> list[Line]:
    """A value and where it came from, on one line where they fit."""
    shown = glyphs.text(printable(value.value, 120))
    label: Line = (Span(value.label.ljust(_LABEL), Tone.DIM),)
    tone = _ORIGIN_TONES.get(value.origin, Tone.DIM)
    text = glyphs.text(printable(value.text, _LONG))
    if _LABEL + cell_width(shown) + 2 + cell_width(text) <= width:
        return [(*label, Span(shown), Span(f"  {text}", tone))]
    indent: Line = (Span(" " * _LABEL),)
    return [*paragraph(shown, width, first=label), *paragraph(text, width, tone, first=indent)]
