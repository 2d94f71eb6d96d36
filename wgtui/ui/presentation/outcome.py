"""What became of a change, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wgtui.domain.errors import WgtuiError
from wgtui.domain.host import FileImage
from wgtui.domain.journal import Entry, EntryState
from wgtui.domain.plan import sentence
from wgtui.domain.text import printable
from wgtui.ui.presentation.cells import NO_LINE, Line, Tone, line, plain
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.review import difference_lines
from wgtui.ui.presentation.wrapping import paragraph

_LIMIT = 3000


def done_text(number: int | None, *, waits: bool) -> str:
    """The toast after a change; `waits` for one that is to be confirmed."""
    if number is None:
        return "Nothing was to be done: the host is that way already."
    if waits:
        return f"Done, entry {number}. It is taken back by itself unless you confirm it."
    return f"Done, entry {number}. To undo it: c for Changes, then u."


def error_lines(error: WgtuiError, width: int, glyphs: Glyphs) -> list[Line]:
    """What happened, what was undone, what to do."""
    lines = paragraph(glyphs.text(printable(error.text, _LIMIT)), width)
    if error.hint:
        lines += [NO_LINE, *paragraph(glyphs.text(printable(error.hint, _LIMIT)), width, Tone.STRONG)]
    return lines


def error_text(error: WgtuiError) -> str:
    """An error to be copied or written to a file."""
    parts = (error.title, error.text, error.hint)
    return "\n".join(printable(part, _LIMIT) for part in parts if part) + "\n"


def conflict_lines(
    error: WgtuiError,
    files: Sequence[tuple[str, FileImage | None, FileImage | None, FileImage | None]],
    width: int,
    glyphs: Glyphs,
) -> Iterator[Line]:
    """The three states of each file: as it was read, as it is now, as it was to become."""
    yield from error_lines(error, width, glyphs)
    for path, read, present, wanted in files:
        yield NO_LINE
        yield from paragraph(glyphs.text(printable(path, _LIMIT)), width, Tone.STRONG)
        yield line(("What somebody else changed since it was read:", Tone.TITLE))
        yield from difference_lines(read, present, width, glyphs)
        yield NO_LINE
        yield line(("What this change wanted, from what was read:", Tone.TITLE))
        yield from difference_lines(read, wanted, width, glyphs)


def countdown_text(number: int, left: float, *, typing: bool) -> str:
    """The bar over every screen while a change waits for its confirmation.

    Args:
        number: Of the entry.
        left: Seconds until it is taken back.
        typing: Whether letters go somewhere else at the moment.
    """
    keep, back = ("f7", "f8") if typing else ("y", "u")
    if left <= 0:
        return f"Change {number} is being taken back now."
    return (
        f"Change {number} is taken back in {left:.0f} s."
        f" Press {keep} to keep it, or {back} to take it back now."
    )


def settled_text(entry: Entry) -> str:
    """What became of an entry that waited for its confirmation."""
    number = entry.number
    if entry.state is EntryState.APPLIED:
        return f"Change {number} is confirmed and stays."
    if entry.state is EntryState.PARTLY_REVERTED:
        steps = [sentence(entry.plan.steps[index]) for index in entry.left]
        left = " ".join(printable(step, 300) for step in steps)
        return f"Change {number} was taken back only in part. Not taken back: {left}"
    why = printable(entry.why, _LIMIT)
    return f"Change {number} was taken back. {why}".rstrip()


def unfinished_sentences(entry: Entry, glyphs: Glyphs) -> list[str]:
    """What there is to know about an entry that was cut off."""
    total, done = len(entry.plan.steps), len(entry.done)
    title = glyphs.text(printable(entry.plan.title, 200))
    return [
        f"Entry {entry.number} of the journal: {title}.",
        f"{done} of its {total} steps were taken when it was cut off.",
        "Nothing else can be changed before it is taken back or completed.",
    ]


def text_of(lines: Sequence[Line]) -> str:
    """Lines as plain text."""
    return "\n".join(plain(one) for one in lines)
