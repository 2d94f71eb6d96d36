"""What the Share screen says, and where it puts the QR code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from wgtui.domain.sharing import (
    DENSE,
    Compact,
    Fit,
    Rendition,
    choose_fit,
    left_out_sentence,
    remarks,
    too_small_sentence,
)
from wgtui.domain.text import printable
from wgtui.domain.wgquick import parse
from wgtui.domain.wgquick.masking import shown_line
from wgtui.services.sharing import Kind, SharedFile
from wgtui.ui.presentation.cells import NO_LINE, Line, Tone, line
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.wrapping import paragraph

_BESIDE: Final = 26
"""Columns that words beside the code must have."""

_BELOW: Final = 4
"""Rows that words below the code must have."""

COPIED: Final = (
    "The file was sent to your terminal's clipboard. Your terminal may refuse it, and does not tell: "
    "paste it somewhere to see. Under tmux, set-clipboard must be on."
)
"""Said after copying."""

SAVE_HINT: Final = "enter saves, esc does not"
"""Said while a path is typed."""

_LINE_LIMIT: Final = 500

_OTHER_WAYS: Final = (
    ("t", "shows the file as text"),
    ("c", "copies it to the clipboard of your terminal"),
    ("p", "saves the code as a PNG picture, v as SVG"),
    ("s", "saves the file elsewhere, to be sent another way"),
)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the code and the words go.

    Attributes:
        fit: How the code is drawn; None where it does not fit, or where there is none.
        beside: Whether the words stand beside it; else below.
        words: Whether there is room for words.
    """

    fit: Fit | None
    beside: bool
    words: bool


def place_code(side: int, columns: int, rows: int, renditions: Sequence[Rendition]) -> Placement:
    """The largest code, and the words where it leaves room.

    Args:
        side: Modules a side.
        columns: Cells for both across.
        rows: Cells for both down.
        renditions: What the terminal can show.
    """
    fit = choose_fit(side, columns, rows, renditions)
    if fit is None:
        return Placement(None, beside=False, words=True)
    beside = columns - fit.columns >= _BESIDE
    return Placement(fit, beside, words=beside or rows - fit.rows >= _BELOW)


def code_words(shared: SharedFile, compact: Compact, fit: Fit, width: int, *, colourless: bool) -> list[Line]:
    """Beside or below a code: whose it is, and what must be known of it."""
    said = ["Scan it with the WireGuard app: +, then from QR code.", *remarks(compact), *shared.said]
    if fit.rendition is Rendition.SEXTANTS:
        said.append(DENSE)
    if colourless:
        said.append("If it does not scan, press i: without colours, dark and light may be exchanged.")
    said.append(left_out_sentence(compact))
    return [*title_lines(shared, width), *_paragraphs(filter(None, said), width)]


def too_small_lines(
    shared: SharedFile, need: Fit, terminal: tuple[int, int], around: int, width: int
) -> list[Line]:
    """In place of a code that does not fit.

    Args:
        shared: The file.
        need: The smallest size of its code.
        terminal: Columns and rows that there are.
        around: Rows of them that the code cannot have.
        width: Cells of a line.
    """
    lines = title_lines(shared, width)
    lines += paragraph(too_small_sentence(need, *terminal, around=around), width, Tone.WARN)
    lines.append(NO_LINE)
    if need.rendition is Rendition.TWO_CELLS:
        lines += paragraph("In a UTF-8 terminal without --ascii it takes a quarter of the room.", width)
    lines += paragraph(
        "Make the terminal's font smaller or its window larger: the code then comes by itself.", width
    )
    lines.append(NO_LINE)
    for key, text in _OTHER_WAYS:
        lines += paragraph(text, width, first=line("  ", (key, Tone.KEY_PLAIN), "  "))
    return lines


def hidden_lines(shared: SharedFile, minutes: int, width: int) -> list[Line]:
    """While nobody looks."""
    text = f"Hidden, because no key was pressed for {minutes} minutes. Any key shows it again, esc leaves."
    return [*title_lines(shared, width), *paragraph(text, width)]


def text_lines(
    shared: SharedFile, said: Sequence[str], width: int, glyphs: Glyphs, *, revealed: bool
) -> list[Line]:
    """The file as text.

    Args:
        shared: The file.
        said: What must be known of it.
        width: Cells of a line; longer ones go on in the next one.
        glyphs: Of the terminal.
        revealed: Whether its keys are shown.
    """
    lines = [*title_lines(shared, width), *_paragraphs((*said, *shared.said), width)]
    for raw in parse(shared.content).lines:
        text = _plain(raw) if revealed else shown_line(raw)
        text = glyphs.text(printable(text, _LINE_LIMIT))
        lines += [line(text[at : at + width]) for at in range(0, len(text), width)] or [NO_LINE]
    return lines


def text_remarks(compact: Compact | None, problem: str, *, revealed: bool) -> tuple[str, ...]:
    """What must be known of the file as text; `problem` is why it has no code."""
    about = () if compact is None else remarks(compact)
    keys = "r hides its keys." if revealed else "r shows its keys; copying and saving have them anyway."
    return (*about, *([printable(problem, 300)] if problem else []), keys)


def title_lines(shared: SharedFile, width: int) -> list[Line]:
    """Whose file it is."""
    state = "" if shared.enabled else ", disabled"
    return [
        *paragraph(f"{shared.label} on {printable(shared.interface)}{state}", width, Tone.STRONG),
        NO_LINE,
    ]


def proposed_path(shared: SharedFile, kind: Kind) -> str:
    """A name to save it under, in the home of whoever works here."""
    name = "".join(letter if letter.isalnum() or letter in "_.+-" else "-" for letter in shared.label)
    return f"~/{name.lstrip('-.') or 'peer'}{kind.value}"


def saved_text(path: str) -> str:
    """Said after saving."""
    return f"Saved as {printable(path, 200)}. It holds a private key: delete it when the peer has it."


def _paragraphs(sentences: Sequence[str] | filter[str], width: int) -> list[Line]:
    return [one for sentence in sentences for one in (*paragraph(sentence, width), NO_LINE)]


def _plain(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").rstrip("\r\n")
