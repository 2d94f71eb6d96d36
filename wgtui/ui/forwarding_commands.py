"""What the Forwarding screen can do; its keys are declared beside those of the other screens."""

from __future__ import annotations

from typing import Final

from wgtui.ui.commands import DEVICES, Command, movement
from wgtui.ui.presentation.forwarding_words import FIX_KEY, TAKE_OVER_KEY

SWITCHES: Final = "Forwarding and NAT"

FORWARDING_COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "turn",
        "turn",
        ("space", "enter"),
        "on/off",
        "Turn the selected switch on or off; you see first what that does",
        SWITCHES,
        footer=True,
    ),
    Command("detail", "detail", ("d",), "details", "Show the text large, and back", SWITCHES, footer=True),
    Command(
        "masquerade",
        "masquerade",
        ("n",),
        "NAT",
        "Masquerade on one more interface, of your choice",
        SWITCHES,
        footer=True,
    ),
    Command(
        "take-over",
        "take_over",
        (TAKE_OVER_KEY,),
        "take over",
        "Put wgtui's lines in the place of a command of somebody's own",
        SWITCHES,
        footer=True,
    ),
    Command(
        "fix", "fix", (FIX_KEY,), "fix", "Mend what the selected row complains of", SWITCHES, footer=True
    ),
    Command(
        "back",
        "back",
        ("escape", "F"),
        "back",
        "Leave the large text, else go back to the peers",
        SWITCHES,
        footer=True,
        palette=False,
    ),
    Command(
        "page-down", "page(1)", ("pagedown",), "page down", "Scroll the text down", SWITCHES, palette=False
    ),
    Command("page-up", "page(-1)", ("pageup",), "page up", "Scroll the text up", SWITCHES, palette=False),
    *(command for command in movement("switch", SWITCHES) if not command.name.startswith("page")),
    Command(
        "next-device",
        "device(1)",
        ("right_square_bracket", "tab"),
        "next",
        "Go to the next interface",
        DEVICES,
    ),
    Command(
        "previous-device",
        "device(-1)",
        ("left_square_bracket", "shift+tab"),
        "previous",
        "Go to the previous interface",
        DEVICES,
    ),
)
"""What the Forwarding screen can do; nothing is done without a review."""
