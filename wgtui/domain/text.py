"""Text that others wrote, made safe to show.

Names and comments come from files and hosts we do not control. An escape sequence in one must not reach
the terminal, a bidirectional override must not reverse a line, and 10 kB must not fill a cell.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

ELLIPSIS: Final = "…"
"""Marks a cut in UTF-8 terminals; ASCII mode uses `~`."""

REPLACEMENT: Final = "�"
"""Stands where a character was that must not be printed."""

# Cc controls, Cf formats (bidi, zero width, soft hyphen, tags), Cs surrogates, Co private use, Cn
# unassigned; Zl and Zp break lines.
_UNPRINTABLE: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


_KEY: Final = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=", re.ASCII)


def without_keys(text: str) -> str:
    """Hide whatever looks like a key: which kind one is cannot be seen in what a program says."""
    return _KEY.sub("(hidden)", text)


def printable(text: str, limit: int = 64) -> str:
    """Replace what may not reach a terminal, and cut to a length.

    Args:
        text: Anything.
        limit: The most characters returned, counting a final ellipsis; at least 1.

    Returns:
        Text of at most `limit` characters without controls, line breaks, bidirectional or zero-width
        characters, surrogates or unassigned code points. Whitespace becomes plain spaces, and a
        combining character that would stack on nothing or on many others is replaced.
    """
    head = text[: limit * 2 + 16]
    clean = head if head.isascii() and head.isprintable() else _replace_unprintable(head)
    if len(clean) > limit or len(text) > len(head):
        return clean[: limit - 1] + ELLIPSIS
    return clean


def _replace_unprintable(text: str) -> str:
    out: list[str] = []
    combining = 0
    for character in text:
        category = unicodedata.category(character)
        if category in _UNPRINTABLE:
            out.append(" " if character in "\t\n\r\v\f" else REPLACEMENT)
            combining = 0
        elif category == "Zs":
            out.append(" ")
            combining = 0
        elif category.startswith("M"):
            combining += 1
            out.append(character if out and combining <= 2 else REPLACEMENT)
        else:
            out.append(character)
            combining = 0
    return "".join(out)


def columns(text: str) -> int:
    """Columns that a terminal gives to printable text: two to wide characters, none to combining ones."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def ascii_only(text: str) -> str:
    """Replace every character that a non-UTF-8 terminal could not show with `?`."""
    return text.replace(ELLIPSIS, "~").encode("ascii", "replace").decode("ascii")
