"""The help page, made from the commands and the marks that the screens use."""

from __future__ import annotations

import textwrap
from itertools import groupby

from wgtui.domain.verdict import Verdict
from wgtui.ui.commands import ALL_COMMANDS, key_label
from wgtui.ui.presentation.cells import NO_LINE, Line, Span, Tone, line
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.peer_columns import verdict_mark

_MEANINGS = {
    Verdict.ACTIVE: "the latest handshake is at most 2 minutes old",
    Verdict.AGEING: "2 to 3 minutes old: the session works, whoever sends next renews it",
    Verdict.IDLE: "older than 3 minutes: normal without traffic, WireGuard is silent then",
    Verdict.NEVER: "no handshake since the peer was set up",
    Verdict.WAITING: "no endpoint is known: the other side must speak first",
}


def help_lines(glyphs: Glyphs, width: int) -> list[Line]:
    """Keys by group, then what words and marks mean, wrapped to a width in cells."""
    lines: list[Line] = [NO_LINE]
    for group, commands in groupby(ALL_COMMANDS, key=lambda command: command.group):
        lines.append(line((group, Tone.STRONG)))
        digits = False
        for command in commands:
            if command.name.startswith("device-"):
                if not digits:
                    lines += _entry("1 ... 9", "Open an interface by its number", width)
                digits = True
                continue
            lines += _entry(", ".join(map(key_label, command.keys)), command.help, width)
        lines.append(NO_LINE)
    lines.append(line(("States", Tone.STRONG)))
    for verdict, meaning in _MEANINGS.items():
        mark = verdict_mark(verdict, glyphs)
        lines += _entry(mark.text, meaning, width, mark.tone)
    lines += [NO_LINE, line(("Reading the screen", Tone.STRONG))]
    for text in _notes(glyphs):
        lines += [line("  ", row) for row in textwrap.wrap(text, width - 2)]
    lines.append(NO_LINE)
    return lines


def _entry(label: str, text: str, width: int, tone: Tone = Tone.KEY_PLAIN) -> list[Line]:
    column = 18
    rows = textwrap.wrap(text, max(16, width - column - 2))
    first = line("  ", (label.ljust(column), tone), rows[0])
    return [first, *((Span(" " * (column + 2)), Span(row)) for row in rows[1:])]


def _notes(glyphs: Glyphs) -> tuple[str, ...]:
    return (
        f"Traffic is seen from this host: {glyphs.received} received, {glyphs.sent} sent.",
        "Bars and plots start at zero. The plot of a peer prints what its full height means.",
        "The ruler of the latest handshake ends at 180 s, when the session key is refused.",
        "From 120 s on, whoever sends first makes a new one.",
        "A click on a column's title sorts by it; another one turns the order round.",
    )
