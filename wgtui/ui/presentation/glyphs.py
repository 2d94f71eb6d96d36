"""The marks of a screen, in UTF-8 and in ASCII."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wgtui.domain.activity import Activity
from wgtui.domain.text import ELLIPSIS, ascii_only


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One set of marks, every one of them one cell wide.

    Attributes:
        active: Before "active".
        ageing: Before "ageing".
        idle: Before "idle".
        never: Before "never".
        waiting: Before "waiting".
        up: Before a device that is up.
        down: Before a device that is down.
        lost: Before a device that cannot be read.
        received: Arrow of traffic towards this host.
        sent: Arrow of traffic away from it.
        ascending: Behind the title of a column sorted upwards.
        descending: Behind one sorted downwards.
        rule: A horizontal line.
        track: The ruler's line while a session key is fresh.
        track_late: The ruler's line between rekey and reject.
        tick: A mark on the ruler.
        marker: Where the handshake stands on the ruler.
        beyond: The marker when it has left the ruler.
        bars: From empty to full, growing from the bottom of a cell.
        hanging: Growing from the top of a cell: from which share of it on, and the mark. UTF-8 has few.
        zero: The plot's zero line.
        thumb: The scrollbar's handle.
        rail: The scrollbar's line.
        ellipsis: Where text was cut.
        more_left: Tabs hidden on the left.
        more_right: Tabs hidden on the right.
        nothing: Stands for no value.
        arrow: From one endpoint to the next.
        dot: Between items of a list.
        differs: Before what differs between file and kernel.
        branch: Where the first of several lines leaves to the right.
        joint: Where one more line joins a vertical one from the left.
        corner: Where the last one joins it.
        hook: Before what hangs below something.
    """

    active: str = "●"
    ageing: str = "◐"
    idle: str = "○"
    never: str = "·"
    waiting: str = "?"
    up: str = "▲"
    down: str = "▼"
    lost: str = "!"
    received: str = "↓"
    sent: str = "↑"
    ascending: str = "▴"
    descending: str = "▾"
    rule: str = "─"
    track: str = "━"
    track_late: str = "╌"
    tick: str = "┃"
    marker: str = "◆"
    beyond: str = "▶"
    bars: str = " ▁▂▃▄▅▆▇█"
    hanging: tuple[tuple[float, str], ...] = ((0.75, "█"), (0.3, "▀"), (0.0, "▔"))
    zero: str = "─"
    thumb: str = "┃"
    rail: str = "│"
    ellipsis: str = ELLIPSIS
    more_left: str = "‹"
    more_right: str = "›"
    nothing: str = "–"
    arrow: str = "→"
    dot: str = "·"
    differs: str = "≠"
    branch: str = "┬"
    joint: str = "┤"
    corner: str = "┘"
    hook: str = "└"

    def of(self, activity: Activity) -> str:
        """The mark of an activity."""
        return (self.active, self.ageing, self.idle, self.never)[activity]

    def text(self, text: str) -> str:
        """Printable text as this set's terminal can show it."""
        return text


class _AsciiGlyphs(Glyphs):
    __slots__ = ()

    def text(self, text: str) -> str:
        return ascii_only(text)


UTF8: Final = Glyphs()
"""For UTF-8 terminals."""

ASCII: Final = _AsciiGlyphs(
    active="*",
    ageing="+",
    idle="o",
    never=".",
    waiting="?",
    up="^",
    down="v",
    lost="!",
    received="<",
    sent=">",
    ascending="^",
    descending="v",
    rule="-",
    track="=",
    track_late="-",
    tick="|",
    marker="#",
    beyond=">",
    bars=" .:-=+*#",
    hanging=((0.75, "#"), (0.3, '"'), (0.0, "'")),
    zero="-",
    thumb="#",
    rail="|",
    ellipsis="~",
    more_left="<",
    more_right=">",
    nothing="-",
    arrow="->",
    dot="|",
    differs="%",
    branch="+",
    joint="+",
    corner="+",
    hook="`",
)
"""For every other encoding."""
