"""The sentences of the Overview screen that belong to no peer and no device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wgtui.domain.snapshot import Snapshot
from wgtui.domain.text import printable
from wgtui.ui.presentation.glyphs import Glyphs


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
    Suggestion("press I", "sets this host up, question by question"),
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
