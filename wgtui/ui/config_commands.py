"""What the Config screen can do, declared once as in `wgtui.ui.commands`."""

from __future__ import annotations

from typing import Final

from wgtui.ui.commands import Command, movement

CONFIG: Final = "File"

CONFIG_COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "keep-file", "keep_file", ("f",), "file's", "Keep the file's: change what runs", CONFIG, footer=True
    ),
    Command(
        "keep-kernel",
        "keep_kernel",
        ("K",),
        "kernel's",
        "Keep the kernel's: change the file",
        CONFIG,
        footer=True,
    ),
    Command("pane", "pane", ("tab", "shift+tab"), "pane", "Go to the differences, or to the file", CONFIG),
    Command("edit", "edit", ("e",), "edit", "Edit the peer or the interface under the cursor", CONFIG),
    Command(
        "edit-file", "edit_file", ("E",), "editor", "Edit the file in your own editor", CONFIG, footer=True
    ),
    Command("write", "write", ("w",), "write", "Write a file from what runs, where there is none", CONFIG),
    Command("own", "take_over", ("o",), "own", "Keep others from writing the file anew", CONFIG),
    Command("search", "search", ("slash",), "search", "Search the file", CONFIG),
    Command("next", "next(1)", ("n",), "next", "The next match of the search, else the next mark", CONFIG),
    Command("previous", "next(-1)", ("N",), "previous", "The match or mark before", CONFIG),
    Command("right", "shift(1)", ("right",), "right", "See more of long lines", CONFIG, palette=False),
    Command("left", "shift(-1)", ("left",), "left", "Back to the start of lines", CONFIG, palette=False),
    Command(
        "back",
        "back",
        ("escape",),
        "back",
        "Drop the search, else go back to the peers",
        CONFIG,
        footer=True,
        palette=False,
    ),
    *movement("line", CONFIG),
)
"""What the Config screen can do."""
