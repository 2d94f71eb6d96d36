"""Values with one line and lists with several, changed in place."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from wgtui.domain.wgquick import Patch

Add = Callable[[str], None]
"""Adds a line with this value where new ones go."""


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of a list.

    Attributes:
        index: The line.
        elements: Identity and spelling of each element; None when they cannot be told apart safely.
    """

    index: int
    elements: tuple[tuple[Hashable, str], ...] | None


def set_scalar(patch: Patch, lines: Sequence[int], key: str, text: str, add: Add) -> None:
    """Make a key have one line with this value, or none where it is empty.

    The last line counts for `wg`: it gets the value, and the others go.

    Args:
        patch: Collects the edits.
        lines: The lines of the key, in order.
        key: Its spelling.
        text: The value.
        add: For a key that has no line yet.
    """
    for index in lines[:-1] if text else lines:
        patch.remove(index)
    if text and lines:
        patch.set_value(lines[-1], text, key)
    elif text:
        add(text)


def set_list(
    patch: Patch,
    lines: Sequence[ListLine],
    key: str,
    wanted: Mapping[Hashable, str],
    add: Add,
    *,
    ordered: bool,
) -> None:
    """Make a key's lines have exactly these elements.

    Of several lines each keeps those of its elements that stay, in their spelling, and new ones go to the
    last. Where that would give another order, or a line cannot be understood, the last line gets them all.

    Args:
        patch: Collects the edits.
        lines: The lines of the key, in order.
        key: Its spelling.
        wanted: Identity and usual spelling of each element, in order.
        add: For a key that has no line yet.
        ordered: Whether the order matters.
    """
    spellings = {identity: text for line in lines for identity, text in line.elements or ()}
    kept = _distribute(lines, wanted)
    order = [identity for elements in kept for identity in elements]
    if len(lines) == 1 or (ordered and order != list(wanted)) or any(line.elements is None for line in lines):
        kept = [[] for _ in lines[:-1]] + [list(wanted) for _ in lines[-1:]]
    for line, elements in zip(lines, kept, strict=True):
        if not elements:
            patch.remove(line.index)
        elif line.elements is None or elements != [identity for identity, _ in line.elements]:
            texts = (spellings.get(identity, wanted[identity]) for identity in elements)
            patch.set_value(line.index, ", ".join(texts), key)
    if not lines and wanted:
        add(", ".join(wanted.values()))


def _distribute(lines: Sequence[ListLine], wanted: Mapping[Hashable, str]) -> list[list[Hashable]]:
    """Which elements each line has in the end: its own that stay, and the new ones in the last used."""
    missing = dict.fromkeys(wanted)
    kept: list[list[Hashable]] = []
    for line in lines:
        own = [identity for identity, _ in line.elements or ()]
        kept.append([identity for identity in dict.fromkeys(own) if identity in missing])
        for identity in own:
            missing.pop(identity, None)
    if missing and lines:
        last = max((number for number, elements in enumerate(kept) if elements), default=len(lines) - 1)
        kept[last].extend(missing)
    return kept


def set_commands(
    patch: Patch,
    lines: Sequence[tuple[int, str]],
    key: str,
    wanted: Sequence[str],
    add_at: Callable[[int], Add],
) -> None:
    """Make a key have one line for each of these values, in this order; lines that stay are not touched.

    Args:
        patch: Collects the edits.
        lines: Index and value of the key's lines, in order.
        key: Its spelling.
        wanted: The values.
        add_at: Given a line, adds a value behind it; given -1, where new keys go.
    """
    present = [value for _, value in lines]
    matcher = SequenceMatcher(None, present, wanted, autojunk=False)
    for _, start, end, first, last in (code for code in matcher.get_opcodes() if code[0] != "equal"):
        both = min(end - start, last - first)
        for number in range(both):
            patch.set_value(lines[start + number][0], wanted[first + number], key)
        for index, _ in lines[start + both : end]:
            patch.remove(index)
        before = start + both - 1
        behind = lines[before][0] if before >= 0 else lines[0][0] - 1 if lines else -1
        for value in wanted[first + both : last]:
            add_at(behind)(value)
