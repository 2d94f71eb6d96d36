"""Sentences with a tone each, wrapped into lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from wgtui.ui.presentation.cells import Line, Span, Tone
from wgtui.ui.presentation.wrapping import paragraph

_INDENT: Final = Span(" ")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence or heading, already printable."""

    text: str
    tone: Tone = Tone.TEXT


def run_on(sentences: Sequence[Sentence], width: int) -> list[Line]:
    """Wrap the sentences of each tone one behind the other, indented by one cell."""
    joined: list[Sentence] = []
    for sentence in sentences:
        if joined and joined[-1].tone is sentence.tone:
            joined[-1] = Sentence(f"{joined[-1].text} {sentence.text}", sentence.tone)
        else:
            joined.append(sentence)
    lines: list[Line] = []
    for one in joined:
        lines += paragraph(one.text, width - 1, one.tone, first=(_INDENT,))
    return lines
