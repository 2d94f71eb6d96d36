"""The sentences of the Overview screen that belong to no peer and no device."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wgtui.domain.snapshot import Snapshot
from wgtui.domain.text import printable
from wgtui.ui.presentation.cells import Line, Tone, line
from wgtui.ui.presentation.glyphs import Glyphs
from wgtui.ui.presentation.peer_columns import COLUMN_BY_NAME, column_title
from wgtui.ui.presentation.units import age


@dataclass(frozen=True, slots=True)
class TableState:
    """What the status line tells about the table.

    Attributes:
        shown: Peers that pass the filter.
        total: Peers of the device.
        position: The selected row, from 1; 0 for none.
        filter: The filter's text.
        editing: Whether the filter is being typed.
        sort_name: The column sorted by.
        descending: Its direction.
        paused_for: Seconds since the table was paused, None when it runs.
    """

    shown: int = 0
    total: int = 0
    position: int = 0
    filter: str = ""
    editing: bool = False
    sort_name: str = "state"
    descending: bool = False
    paused_for: float | None = None


def status_line(table: TableState, width: int, glyphs: Glyphs) -> Line:
    """Pause, filter, sort and position; where it gets too long, hints of keys are left out."""
    parts = list(_status_parts(table, glyphs))
    for hint in [part for part in parts if part[2]]:
        if sum(len(text) for text, _, _ in parts) > width:
            parts.remove(hint)
    return line(*((text, tone) for text, tone, _ in parts))


def _status_parts(table: TableState, glyphs: Glyphs) -> Iterator[tuple[str, Tone, bool]]:
    """Texts of the status line, and whether each is only a hint."""
    if table.paused_for is not None:
        yield f" PAUSED {age(table.paused_for)} ", Tone.ALERT, False
        yield " space goes on ", Tone.BAR, True
    if table.editing or table.filter:
        yield " filter ", Tone.BAR, False
        yield glyphs.text(printable(table.filter, 40)) if table.filter else "", Tone.KEY, False
        yield "_" if table.editing else "", Tone.KEY, False
        yield f"  {table.shown} of {table.total} peers ", Tone.BAR, False
        yield " enter keeps, esc clears " if table.editing else " esc clears ", Tone.BAR, True
    elif table.position:
        yield f" peer {table.position} of {table.total} ", Tone.BAR, False
    else:
        yield " no peers ", Tone.BAR, False
    title = column_title(COLUMN_BY_NAME[table.sort_name], glyphs)
    mark = glyphs.descending if table.descending else glyphs.ascending
    yield f" sorted by {title.lower()} {mark}", Tone.BAR, False


def waiting_sentences() -> list[str]:
    """Before the first look at the host."""
    return ["Reading the WireGuard interfaces of this host ..."]


def empty_title(snapshot: Snapshot) -> str:
    """The headline where no device can be shown."""
    if snapshot.problem is None:
        return "No WireGuard interface on this host"
    return printable(snapshot.problem.title, 80)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A command to type, and what it does."""

    command: str
    effect: str


SUGGESTIONS: Final = (
    Suggestion("wg-quick up wg0", "brings up an interface that has a file"),
    Suggestion("wgtui --demo", "shows a simulated relay, no root needed"),
    Suggestion("sudo wgtui lab relay", "builds a real relay out of network namespaces"),
)
"""What to try where there is nothing to see."""


def empty_sentences(snapshot: Snapshot, glyphs: Glyphs) -> list[str]:
    """What was looked for, or what failed, where no device can be shown."""
    sentences: list[str] = []
    if snapshot.problem is not None:
        sentences.append(glyphs.text(printable(snapshot.problem.text, 400)))
        if snapshot.problem.hint:
            sentences.append(glyphs.text(printable(snapshot.problem.hint, 400)))
    else:
        sentences.append(
            "wgtui looked for kernel interfaces of type wireguard, for userspace ones in /var/run/wireguard,"
            " and for files in /etc/wireguard."
        )
        sentences.append("It looks again every second: an interface shows here as soon as it exists.")
    return sentences
