"""What the Share screen can do, declared once as in `wgtui.ui.commands`."""

from __future__ import annotations

from typing import Final

from wgtui.ui.commands import Command

SHARE: Final = "Share"

SHARE_COMMANDS: Final[tuple[Command, ...]] = (
    Command("view", "view", ("t", "tab"), "text", "The QR code, or the file as text", SHARE, footer=True),
    Command("reveal", "reveal", ("r",), "keys", "Show the private key in the text, and hide it again", SHARE),
    Command(
        "copy",
        "copy",
        ("c",),
        "copy",
        "Copy the file to the clipboard of your terminal (OSC 52)",
        SHARE,
        footer=True,
    ),
    Command("save", "save('.conf')", ("s",), "save", "Save the file elsewhere", SHARE, footer=True),
    Command("save-png", "save('.png')", ("p",), "PNG", "Save the QR code as a picture", SHARE, footer=True),
    Command("save-svg", "save('.svg')", ("v",), "SVG", "Save the QR code as a drawing", SHARE),
    Command(
        "forget-file",
        "forget_file",
        ("d", "delete"),
        "forget",
        "Delete the file on this host, once the peer has it",
        SHARE,
        footer=True,
    ),
    Command(
        "invert",
        "invert",
        ("i",),
        "invert",
        "Turn dark and light round, where the terminal has no colours",
        SHARE,
    ),
    Command("up", "scroll(-1)", ("up", "k"), "up", "One line up", SHARE, palette=False),
    Command("down", "scroll(1)", ("down", "j"), "down", "One line down", SHARE, palette=False),
    Command("page-up", "page(-1)", ("pageup",), "page up", "One page up", SHARE, palette=False),
    Command("page-down", "page(1)", ("pagedown",), "page down", "One page down", SHARE, palette=False),
    Command("back", "back", ("escape",), "back", "Leave", SHARE, footer=True, palette=False),
)
"""What the Share screen can do."""
