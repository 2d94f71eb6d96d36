"""What a command of the user interface is, and those that every table has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_KEY_LABELS: Final = {
    "slash": "/",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "escape": "esc",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "shift+tab": "shift+tab",
}


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the operator can do.

    Attributes:
        name: Identity, fit for a key map.
        action: Textual action; `app.` before those of the application.
        keys: Textual key names, the first one is shown.
        label: One or two words for the footer.
        help: A sentence without a full stop, for help and palette.
        group: Heading on the help screen.
        footer: Whether it is in the footer, where there is room.
        palette: Whether the command palette offers it.
        priority: Whether it goes before whatever has the focus, dialogs included.
    """

    name: str
    action: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: str
    footer: bool = False
    palette: bool = True
    priority: bool = False


def key_label(key: str) -> str:
    """A key's name as it is printed on it."""
    return _KEY_LABELS.get(key, key)


def footer_commands(commands: Iterable[Command]) -> tuple[Command, ...]:
    """Those shown in the footer."""
    return tuple(command for command in commands if command.footer)


def movement(row: str, group: str) -> tuple[Command, ...]:
    """The keys that move the cursor of a table."""
    return (
        Command("up", "move(-1)", ("up", "k"), "up", f"Select the {row} above", group, palette=False),
        Command("down", "move(1)", ("down", "j"), "down", f"Select the {row} below", group, palette=False),
        Command("page-up", "page(-1)", ("pageup",), "page up", "One page up", group, palette=False),
        Command("page-down", "page(1)", ("pagedown",), "page down", "One page down", group, palette=False),
        Command("first", "first", ("home", "g"), "first", f"Select the first {row}", group, palette=False),
        Command("last", "last", ("end", "G"), "last", f"Select the last {row}", group, palette=False),
    )
