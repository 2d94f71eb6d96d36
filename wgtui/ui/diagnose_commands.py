"""What the Diagnose screen can do, declared once as in `wgtui.ui.commands`."""

from __future__ import annotations

from typing import Final

from wgtui.ui.commands import DEVICES, Command, movement
from wgtui.ui.presentation.diagnose import FIX_KEY
from wgtui.ui.presentation.path_walk import FROM_KEY, PROBE_KEY, TO_KEY

DIAGNOSE: Final = "Diagnose"
PATH: Final = "Path"

DIAGNOSE_COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "part", "part", ("tab", "shift+tab"), "doctor/path", "The doctor, or the path", DIAGNOSE, footer=True
    ),
    Command("fix", "fix", (FIX_KEY,), "fix", "Mend it; you see first what that does", DIAGNOSE, footer=True),
    Command("again", "look_again", ("r",), "again", "Examine, or walk, once more", DIAGNOSE, footer=True),
    Command("detail", "detail", ("enter", "d"), "details", "Show the text large, and back", DIAGNOSE),
    Command(
        "back",
        "back",
        ("escape", "o"),
        "back",
        "Leave the large text, else go back to the peers",
        DIAGNOSE,
        footer=True,
        palette=False,
    ),
    *movement("finding", DIAGNOSE),
    Command("from", "pick('origin')", (FROM_KEY,), "from", "Choose where the path starts", PATH, footer=True),
    Command("to", "pick('target')", (TO_KEY,), "to", "Choose where the path leads", PATH, footer=True),
    Command("swap", "swap", ("s",), "swap", "Walk the path the other way round", PATH),
    Command("probe", "probe", (PROBE_KEY,), "ping", "Ping both ends from this host", PATH, footer=True),
    Command(
        "next-device", "device(1)", ("right_square_bracket",), "next", "Walk on the next interface", DEVICES
    ),
    Command(
        "previous-device",
        "device(-1)",
        ("left_square_bracket",),
        "previous",
        "Walk on the previous interface",
        DEVICES,
    ),
)
"""What the Diagnose screen can do; nothing is changed without a review, and nothing sent but by the ping."""

_BY_NAME: Final = {command.name: command for command in DIAGNOSE_COMMANDS}

DOCTOR_KEYS: Final = tuple(_BY_NAME[name] for name in ("fix", "detail", "again", "part", "back"))
"""In the footer of the doctor; where there is no room, those behind the first give way."""

PATH_KEYS: Final = tuple(_BY_NAME[name] for name in ("fix", "again", "part", "from", "to", "probe", "back"))
"""In the footer of the path."""
