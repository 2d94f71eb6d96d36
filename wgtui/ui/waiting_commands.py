"""What the screen that waits for handshakes can do, declared once as in `wgtui.ui.commands`."""

from __future__ import annotations

from typing import Final

from wgtui.ui.commands import Command, movement

WAITING: Final = "First handshake"

WAITING_COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "share-peer",
        "share_peer",
        ("h",),
        "share",
        "Share the selected peer's own file: QR code, text, picture",
        WAITING,
        footer=True,
    ),
    Command("edit-peer", "edit_peer", ("e",), "edit", "Edit the selected peer", WAITING, footer=True),
    Command(
        "detail",
        "detail",
        ("enter",),
        "reasons",
        "Show the reasons of the selected peer large, and back",
        WAITING,
        footer=True,
    ),
    Command("sort", "sort_next", ("s",), "sort", "Sort by the next column", WAITING),
    Command("sort-back", "sort_previous", ("S",), "sort back", "Sort by the previous column", WAITING),
    Command("reverse", "reverse", ("r",), "reverse", "Reverse the order of the rows", WAITING),
    Command(
        "back",
        "back",
        ("escape", "o"),
        "Overview",
        "Leave the large reasons, else go to the Overview",
        WAITING,
        footer=True,
    ),
    *movement("peer", WAITING),
)
"""What the screen that waits for handshakes can do."""
