"""Takes apart what a terminal sends, and keeps back what is neither a key nor an answer that was asked for.

Terminals also report: what they are, where their cursor stands, which colours they have. Such a report may
come unasked, late (the answer to a program that ended before), or in pieces. Taken for typed characters, its
digits and letters would run commands.

Source: ECMA-48 5.4 and 5.6 for the shapes; xterm's control sequences (ctlseqs) for `CSI M`, bracketed paste
and strings that end in BEL; the Linux console for `CSI [`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from typing import Final

ESC: Final = "\x1b"

PASTE_LIMIT: Final = 65536
"""Characters of one paste that are kept; nothing here takes a longer text."""

_PASTE_START: Final = "\x1b[200~"
_PASTE_END: Final = "\x1b[201~"
_LONGEST_SEQUENCE: Final = 256
_SEQUENCE: Final = re.compile(
    r"""\x1b(?:
        \[M[\s\S]{3}                            # a mouse report of the oldest kind
        |\[\[[\s\S]                             # a function key of the Linux console
        |\[(?![M\[])[0-?]*[ -/]*[@-~]           # a control sequence
        |O[0-9;]*[@-~]                          # a key of the keypad, a function key
        |(?P<string>[\]P_^X])                   # the start of a string
        |(?P<alt>[^\x1b\[O\]P_^X])              # a key with Alt
    )""",
    re.VERBOSE,
)
_BROKEN: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|O[0-9;]*)?(?=[^ -~])")
"""A sequence that something else interrupts."""

_STRING_END: Final = re.compile(r"\x1b\\|[\x07\x18\x1a\x9c\r\n]|\x1b(?=[^\\])")
"""What ends a string: ST, BEL, a cancellation, the end of a line, another sequence."""


class InputFilter:
    """Passes on characters, keys and wanted sequences, each of which whole, and pastes as one piece."""

    def __init__(self, is_wanted: Callable[[str], bool]) -> None:
        """Start between sequences; `is_wanted` decides about whole control sequences."""
        self._is_wanted = is_wanted
        self._held = ""
        self._paste: str | None = None
        self._in_string = False

    @property
    def is_waiting(self) -> bool:
        """Whether something was begun whose end has not come."""
        return bool(self._held) or self._in_string or self._paste is not None

    @property
    def is_escape(self) -> bool:
        """Whether all that came is an ESC: the key, if nothing follows soon."""
        return self._held == ESC and not self._in_string and self._paste is None

    def forget(self) -> None:
        """Wait no longer for the end of what was begun."""
        self._held, self._paste, self._in_string = "", None, False

    def feed(self, data: str) -> Iterator[str]:
        """Take in what was read; yields what may be taken for input."""
        text, self._held = self._held + data, ""
        at = 0
        while at < len(text):
            if self._paste is not None:
                at = yield from self._read_paste(text, at)
            elif self._in_string:
                at = self._read_string(text, at)
            elif text[at] == ESC:
                at = yield from self._read_sequence(text, at)
            else:
                end = text.find(ESC, at)
                end = len(text) if end < 0 else end
                yield text[at:end]
                at = end

    def _read_sequence(self, text: str, at: int) -> Generator[str, None, int]:
        """Read from an ESC on; returns where to go on."""
        if found := _SEQUENCE.match(text, at):
            sequence = found.group()
            if found["string"]:
                self._in_string = True
            elif sequence == _PASTE_START:
                self._paste = ""
            elif found["alt"] or self._is_wanted(sequence):
                yield sequence
            return found.end()
        if broken := _BROKEN.match(text, at):
            if broken.group() == ESC:
                yield ESC
            return broken.end()
        if len(text) - at < _LONGEST_SEQUENCE:
            self._held = text[at:]
        return len(text)

    def _read_string(self, text: str, at: int) -> int:
        """Pass over a string; an ESC at the very end may be half of its end."""
        if end := _STRING_END.search(text, at):
            self._in_string = False
            return end.start() if end.group() == ESC else end.end()
        if text.endswith(ESC):
            self._held = ESC
        return len(text)

    def _read_paste(self, text: str, at: int) -> Generator[str, None, int]:
        """Collect a paste up to its end, and give it out without anything that could be a sequence."""
        pasted = self._paste or ""
        end = text.find(_PASTE_END, at)
        if end >= 0:
            self._paste = None
            clean = (pasted + text[at:end])[:PASTE_LIMIT].replace(ESC, "")
            yield f"{_PASTE_START}{clean}{_PASTE_END}"
            return end + len(_PASTE_END)
        start = text.rfind(ESC, max(at, len(text) - len(_PASTE_END)))
        rest = start if start >= 0 and _PASTE_END.startswith(text[start:]) else len(text)
        self._paste, self._held = (pasted + text[at:rest])[:PASTE_LIMIT], text[rest:]
        return len(text)
