"""What a terminal makes of the bytes that a program writes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import pyte
from pyte.screens import Char

_SEQUENCE = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-Za-z]|[=>78cDEHM])"
)
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[()])?\Z")
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_KITTY = re.compile(rb"\x1b\[([<>])[0-9;]*u")
# Sequences that pyte takes for text: kitty's keyboard protocol and other private ones, mode queries.
_FOREIGN = re.compile(rb"\x1b\[[<=>][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p")

SHOW_CURSOR = 25
LINE_WRAP = 7


def sequences(output: bytes) -> list[bytes]:
    """All escape sequences of the output, in order."""
    return [match.group() for match in _SEQUENCE.finditer(output)]


def private_modes(output: bytes) -> set[int]:
    """DEC private modes that differ from a fresh terminal's, after the output.

    Returns:
        Modes that were set and not reset, and of those that a terminal starts with (cursor shown, line
        wrap) the ones that were reset, as negative numbers.
    """
    state = {SHOW_CURSOR: True, LINE_WRAP: True}
    for match in _MODE.finditer(output):
        for number in match.group(1).split(b";"):
            state[int(number)] = match.group(2) == b"h"
    switched_off = {-mode for mode in (SHOW_CURSOR, LINE_WRAP) if not state.pop(mode)}
    return {mode for mode, on in state.items() if on} | switched_off


def kitty_depth(output: bytes) -> int:
    """How many keyboard protocol flags are left pushed after the output."""
    return sum(1 if match.group(1) == b">" else -1 for match in _KITTY.finditer(output))


def colour_kinds(output: bytes) -> Counter[str]:
    """How often each kind of colour was chosen: `24 bit`, `256`, `16`, or none at all."""
    kinds: Counter[str] = Counter()
    for sequence in sequences(output):
        if sequence.startswith(b"\x1b[") and sequence.endswith(b"m"):
            kinds.update(_kinds(sequence[2:-1]))
    return kinds


def _kinds(parameters: bytes) -> Iterable[str]:
    numbers = iter(int(part) for part in parameters.replace(b":", b";").split(b";") if part)
    for number in numbers:
        if number in (38, 48):
            kind = next(numbers, 0)
            for _ in range(3 if kind == 2 else 1):
                next(numbers, 0)
            yield "24 bit" if kind == 2 else "256"
        elif 30 <= number <= 37 or 40 <= number <= 47 or 90 <= number <= 97 or 100 <= number <= 107:
            yield "16"


class TerminalScreen:
    """The cells of a terminal that was fed with a program's output."""

    def __init__(self, columns: int, lines: int) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._held = b""

    def feed(self, output: bytes) -> None:
        """Interpret more output; an unfinished sequence waits for its rest."""
        output = self._held + output
        unfinished = _UNFINISHED.search(output)
        end = unfinished.start() if unfinished else len(output)
        self._held = output[end:]
        self._stream.feed(_FOREIGN.sub(b"", output[:end]))

    def resize(self, columns: int, lines: int) -> None:
        """Change the size as a terminal does, keeping what fits."""
        self._screen.resize(lines, columns)

    @property
    def lines(self) -> list[str]:
        """The text of each line, blanks at the ends removed."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines)

    def cells(self, line: int) -> list[Char]:
        """The cells of a line with their colours and styles."""
        row = self._screen.buffer[line]
        return [row[column] for column in range(self._screen.columns)]
