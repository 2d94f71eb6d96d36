"""What an edit changes in a file, for people to read: no secret is in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from wgtui.domain.wgquick import parse
from wgtui.domain.wgquick.masking import shown_line


class DiffKind(Enum):
    """What happens to a line."""

    CONTEXT = " "
    """It stays."""

    REMOVED = "-"
    """It goes."""

    ADDED = "+"
    """It comes."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a difference.

    Attributes:
        kind: What happens to it; its value is the sign that `diff -u` puts in front.
        text: Without line ending and secrets, not made printable.
        old: Number in the file before, from 1; 0 for an added line.
        new: Number in the file after, from 1; 0 for a removed line.
    """

    kind: DiffKind
    text: str
    old: int
    new: int


def masked_diff(before: bytes, after: bytes, context: int = 3) -> tuple[DiffLine, ...]:
    """The lines that differ, with a few around them; empty when nothing does.

    A secret that changes shows as a removed and an added line that read alike. Where line numbers jump,
    equal lines are left out.

    Args:
        before: The file as it is.
        after: As it will be.
        context: Equal lines to show on each side.
    """
    old, new = parse(before).lines, parse(after).lines
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    matcher = SequenceMatcher(None, old[start : len(old) - end], new[start : len(new) - end])
    codes = [
        (code, first + start, last + start, new_first + start, new_last + start)
        for code, first, last, new_first, new_last in matcher.get_opcodes()
    ]
    head = [("equal", 0, start, 0, start)] if start else []
    tail = [("equal", len(old) - end, len(old), len(new) - end, len(new))] if end else []
    return tuple(_lines(old, new, [*head, *codes, *tail], context))


def _common(old: Sequence[bytes], new: Sequence[bytes]) -> int:
    """How many lines are equal from the start on: the matcher is slow where very much repeats."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _lines(
    old: Sequence[bytes], new: Sequence[bytes], codes: list[tuple[str, int, int, int, int]], context: int
) -> Iterator[DiffLine]:
    if all(code == "equal" for code, *_ in codes):
        return
    for number, (code, first, last, new_first, new_last) in enumerate(codes):
        if code != "equal":
            for index in range(first, last):
                yield DiffLine(DiffKind.REMOVED, shown_line(old[index]), index + 1, 0)
            for index in range(new_first, new_last):
                yield DiffLine(DiffKind.ADDED, shown_line(new[index]), 0, index + 1)
            continue
        leading = context if number else 0
        trailing = context if number + 1 < len(codes) else 0
        for index in range(first, last):
            if index < first + leading or index >= last - trailing:
                moved = index + new_first - first
                yield DiffLine(DiffKind.CONTEXT, shown_line(old[index]), index + 1, moved + 1)
