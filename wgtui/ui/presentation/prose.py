"""Sentences with a tone each, wrapped into lines."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from wgtui.ui.presentation.cells import Line, Tone, line


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence or heading, already printable."""

    text: str
    tone: Tone = Tone.TEXT


def flow(sentences: Sequence[Sentence], width: int) -> list[Line]:
    """Wrap each sentence by itself, indented by one cell."""
    return [
        line((f" {row}", sentence.tone))
        for sentence in sentences
        for row in textwrap.wrap(sentence.text, max(10, width - 2), break_on_hyphens=False)
    ]


def run_on(sentences: Sequence[Sentence], width: int) -> list[Line]:
    """Wrap the sentences of each tone one behind the other, to need fewer lines."""
    joined: list[Sentence] = []
    for sentence in sentences:
        if joined and joined[-1].tone is sentence.tone:
            joined[-1] = Sentence(f"{joined[-1].text} {sentence.text}", sentence.tone)
        else:
            joined.append(sentence)
    return flow(joined, width)
