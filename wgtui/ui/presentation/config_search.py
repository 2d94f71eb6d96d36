"""Where the cursor goes: to the next match, to the next mark."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from wgtui.domain.wgquick import Document
from wgtui.domain.wgquick.masking import shown_line
from wgtui.ui.presentation.config_page import ConfigPage


def next_match(document: Document, text: str, start: int, step: int) -> int | None:
    """The line with a text, from a line on and around the end of the file; case is ignored.

    What is hidden is not found.

    Args:
        document: The file.
        text: What to search for.
        start: The first line to look at, from 0; may be one beyond either end.
        step: 1 for downwards, -1 for upwards.
    """
    wanted, lines = text.encode("utf-8", "surrogateescape").lower(), document.lines
    count = len(lines)
    for distance in range(count):
        at = (start + step * distance) % count
        if wanted in lines[at].lower() and text.lower() in shown_line(lines[at]).lower():
            return at
    return None


def marked_lines(page: ConfigPage, differing: frozenset[int]) -> list[int]:
    """The lines with marks, from 0, in order."""
    numbers = {*page.findings, *differing} - {0}
    return sorted(number - 1 for number in numbers)


def step_to(places: Sequence[int], cursor: int, step: int) -> int | None:
    """The place behind the cursor, or before it for -1, around the ends; None where there is none."""
    if not places:
        return None
    if step > 0:
        return places[bisect_right(places, cursor) % len(places)]
    return places[bisect_left(places, cursor) - 1]
