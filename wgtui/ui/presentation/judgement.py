"""A peer's judgement as lines for the pane about it."""

from __future__ import annotations

from typing import Final

from wgtui.domain.fixes import ByHand, SyncFix, fix_words
from wgtui.domain.text import printable
from wgtui.domain.verdict import Verdict
from wgtui.domain.verdict.judgement import Grade, Judgement
from wgtui.ui.commands import OVERVIEW_COMMANDS, key_label
from wgtui.ui.presentation.cells import Line, Span, Tone
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.wrapping import paragraph

_LONG: Final = 600
_TONES: Final = {
    Grade.FINE: Tone.GOOD,
    Grade.WAITING: Tone.QUIET,
    Grade.DOUBTFUL: Tone.WARN,
    Grade.BROKEN: Tone.BAD,
}


def _key(name: str) -> str:
    """The key of one of the Overview's commands."""
    return next(key_label(command.keys[0]) for command in OVERVIEW_COMMANDS if command.name == name)


def says_more(judgement: Judgement | None) -> bool:
    """Whether there is more to say than the state's word and the age of the handshake."""
    return judgement is not None and (judgement.grade is not Grade.FINE or bool(judgement.notes))


def judged_sentence(judgement: Judgement, word: Verdict, glyphs: Glyphs) -> str:
    """What is seen, after the word that the table has for it."""
    said = glyphs.text(printable(judgement.sentence, _LONG))
    if word is Verdict.DISABLED or judgement.grade is Grade.FINE:
        return said
    alive = word in (Verdict.ACTIVE, Verdict.AGEING)
    return f"{word.value.capitalize()}{', but' if alive and judgement.grade.is_alarm else ''}: {said}"


def judgement_tone(judgement: Judgement) -> Tone:
    """How a judgement's mark looks."""
    return _TONES[judgement.grade]


def fix_sentence(judgement: Judgement, glyphs: Glyphs) -> str:
    """What is offered, with the key that does it here; empty for nothing."""
    fix = judgement.fix
    if fix is None:
        return ""
    text = fix_words(fix)
    if isinstance(fix, SyncFix):
        text = f"Bring {fix.interface} in line with its file: press {_key('sync')}."
    elif not isinstance(fix, ByHand):
        text = f"{text} Press {_key('why')}, and mend it there."
    return glyphs.text(printable(text, _LONG))


def reasons(judgement: Judgement, width: int, glyphs: Glyphs, *, most: int) -> list[Line]:
    """Causes, the offered fix and notes, for a pane.

    Args:
        judgement: Of the peer.
        width: Cells of a line.
        glyphs: The marks.
        most: Causes that are shown at most; how many more there are is said.
    """
    lines: list[Line] = []
    shown = judgement.causes[:most]
    sure = judgement.certain and judgement.grade.is_alarm
    for index, cause in enumerate(shown):
        first = "Because: " if sure and not index else "Likely:  " if not index else "Or:      "
        text = glyphs.text(printable(cause.text, _LONG))
        lines += paragraph(text, width, first=(Span(first, Tone.DIM),))
    more = len(judgement.causes) - len(shown)
    if more:
        text = f"{more} more, and what tells them apart: press {_key('why')}."
        lines += paragraph(text, width, Tone.DIM)
    offered = fix_sentence(judgement, glyphs)
    if offered:
        lines += paragraph(offered, width, Tone.STRONG, first=(Span("Do:      ", Tone.DIM),))
    for note in judgement.notes:
        lines += paragraph(glyphs.text(printable(note, _LONG)), width, Tone.DIM)
    return lines
