"""What a screen is made of before any widget toolkit is involved: text with a tone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Tone(Enum):
    """What a piece of text means. `wgtui.ui.palette` gives each tone its look for the terminal at hand.

    No tone is the only carrier of a meaning: a word or a glyph always says the same.
    """

    TEXT = "text"
    """Ordinary text."""
    STRONG = "strong"
    """What the eye should find first."""
    DIM = "dim"
    """Labels and secondary values."""
    FAINT = "faint"
    """Rules, empty tracks, nothing-here marks."""
    GOOD = "good"
    """Active, up."""
    WARN = "warn"
    """Ageing, stale, paused."""
    BAD = "bad"
    """Gone, refused, failing."""
    QUIET = "quiet"
    """Idle: normal, not interesting."""
    RECEIVED = "received"
    """Traffic that came in."""
    SENT = "sent"
    """Traffic that went out."""
    KEY = "key"
    """A key to press, in the footer."""
    KEY_PLAIN = "key-plain"
    """A key to press, in running text."""
    TITLE = "title"
    """Column titles."""
    TITLE_SORTED = "title-sorted"
    """The title of the column that the table is sorted by."""
    TAB = "tab"
    """The tab that is open."""
    BAR = "bar"
    """The background line of status and keys."""
    ALERT = "alert"
    """A line that must be seen: paused, a device lost."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table: its text, already printable, and what it means."""

    text: str
    tone: Tone = Tone.TEXT


Span = Cell
"""A piece of a line; the same shape as a table's cell."""

Line = tuple[Span, ...]
"""One line of a pane, not yet cut to a width."""

NO_LINE: Final[Line] = ()
"""An empty line."""


def line(*parts: str | tuple[str, Tone]) -> Line:
    """A line of plain strings and (text, tone) pairs; empty parts vanish."""
    spans = (Span(part) if isinstance(part, str) else Span(*part) for part in parts)
    return tuple(span for span in spans if span.text)


def plain(spans: Line) -> str:
    """The text of a line without its tones."""
    return "".join(span.text for span in spans)
