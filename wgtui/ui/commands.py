"""Every command of the user interface, declared once.

Bindings, the footer, the help screen and the command palette are all made from these.
"""

from __future__ import annotations

from typing import Final

from wgtui.ui.command import Command, footer_commands, key_label, movement

__all__ = [
    "ALLOWED_IPS_COMMANDS",
    "ALL_COMMANDS",
    "APP_COMMANDS",
    "CHANGES",
    "CHANGE_COMMANDS",
    "DEVICES",
    "EDITING",
    "EDIT_COMMANDS",
    "JOURNAL_COMMANDS",
    "OVERVIEW_COMMANDS",
    "PREFIXES",
    "PROGRAM",
    "SETUP",
    "SETUP_COMMANDS",
    "TABLE",
    "Command",
    "footer_commands",
    "key_label",
    "movement",
]

TABLE: Final = "Peers"
PREFIXES: Final = "Allowed IPs"
DEVICES: Final = "Interfaces"
CHANGES: Final = "Changes"
EDITING: Final = "Editing"
SETUP: Final = "Setup"
PROGRAM: Final = "wgtui"

EDIT_COMMANDS: Final[tuple[Command, ...]] = (
    Command("add-peer", "add_peer", ("a",), "add", "Add a peer to the open interface", EDITING, footer=True),
    Command("edit-peer", "edit_peer", ("e",), "edit", "Edit the selected peer", EDITING, footer=True),
    Command("switch-peer", "switch_peer", ("t",), "on/off", "Disable or enable the selected peer", EDITING),
    Command(
        "share-peer",
        "share_peer",
        ("h",),
        "share",
        "Share the selected peer's own file: QR code, text, picture",
        EDITING,
    ),
    Command("rotate-peer", "rotate_peer", ("R",), "new keys", "Renew the selected peer's keys", EDITING),
    Command("delete-peer", "delete_peer", ("d", "delete"), "delete", "Delete the selected peer", EDITING),
    Command("edit-interface", "edit_interface", ("i",), "interface", "Edit the open interface", EDITING),
    Command("bring", "bring", ("b",), "up/down", "Bring the open interface up, or take it down", EDITING),
    Command(
        "sync",
        "sync",
        ("f",),
        "sync",
        "Bring the running interface in line with its file, without a restart",
        EDITING,
    ),
    Command("new-interface", "new_interface", ("n",), "new", "Make a new interface", EDITING),
    Command("delete-interface", "delete_interface", ("D",), "delete", "Delete the open interface", EDITING),
)
"""How the Overview changes peers and interfaces; nothing is done without a review."""

OVERVIEW_COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "filter",
        "filter",
        ("slash",),
        "filter",
        "Filter by name, key, address, endpoint or allowed IP",
        TABLE,
        footer=True,
    ),
    Command("sort", "sort_next", ("s",), "sort", "Sort by the next column", TABLE, footer=True),
    Command("sort-back", "sort_previous", ("S",), "sort back", "Sort by the previous column", TABLE),
    Command("reverse", "reverse", ("r",), "reverse", "Reverse the order of the rows", TABLE),
    Command(
        "pause",
        "pause",
        ("space",),
        "pause",
        "Pause the table and the details; reading goes on",
        TABLE,
        footer=True,
    ),
    Command(
        "detail",
        "detail",
        ("enter",),
        "details",
        "Show the details of the selected peer large, and back",
        TABLE,
        footer=True,
    ),
    Command(
        "back",
        "back",
        ("escape",),
        "back",
        "Leave the large details, or clear the filter",
        TABLE,
        palette=False,
    ),
    Command(
        "why",
        "why",
        ("W",),
        "why",
        "Why: the selected peer's verdict with all causes, and the origin of each value",
        TABLE,
    ),
    *movement("peer", TABLE),
    Command(
        "next-device",
        "device(1)",
        ("right_square_bracket", "tab"),
        "next",
        "Open the next interface",
        DEVICES,
    ),
    Command(
        "previous-device",
        "device(-1)",
        ("left_square_bracket", "shift+tab"),
        "previous",
        "Open the previous interface",
        DEVICES,
    ),
    *(
        Command(
            f"device-{number}",
            f"open({number})",
            (str(number),),
            f"{number}",
            f"Open interface number {number}",
            DEVICES,
            palette=False,
        )
        for number in range(1, 10)
    ),
    Command("forget", "forget", ("x",), "forget", "Forget an interface that is gone", DEVICES),
    Command(
        "config", "config", ("v",), "file", "View the interface's file, and what differs from it", DEVICES
    ),
    Command(
        "forwarding", "forwarding", ("F",), "NAT", "Forwarding and NAT, and who decides besides", DEVICES
    ),
    Command(
        "diagnose",
        "diagnose",
        ("o",),
        "diagnose",
        "Diagnose: what is wrong with this host, why it matters, and what mends it",
        DEVICES,
    ),
    Command(
        "path",
        "path",
        ("p",),
        "path",
        "Whom the selected peer reaches, station by station, and why not",
        TABLE,
    ),
    Command(
        "wait",
        "wait",
        ("w",),
        "handshake",
        "Wait for a handshake: what arrives at the port, and what keeps a peer from coming",
        DEVICES,
    ),
    *EDIT_COMMANDS,
)
"""What the Overview screen can do."""

ALLOWED_IPS_COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "filter",
        "filter",
        ("slash",),
        "filter",
        "Filter by prefix, owner, key, interface, state or route",
        PREFIXES,
        footer=True,
    ),
    Command(
        "ask",
        "ask",
        ("w",),
        "who gets a packet",
        "Who gets this packet: type an address; a digit starts one too",
        PREFIXES,
        footer=True,
    ),
    Command(
        "why",
        "why",
        ("W",),
        "why",
        "Why: the verdict on the prefix's peer, and the origin of each of its values",
        PREFIXES,
    ),
    Command("sort", "sort_next", ("s",), "sort", "Sort by the next column", PREFIXES, footer=True),
    Command("sort-back", "sort_previous", ("S",), "sort back", "Sort by the previous column", PREFIXES),
    Command("reverse", "reverse", ("r",), "reverse", "Reverse the order of the rows", PREFIXES),
    Command(
        "back",
        "back",
        ("escape",),
        "back",
        "Clear the answer, then the filter, then go back to the peers",
        PREFIXES,
        footer=True,
        palette=False,
    ),
    *movement("row", PREFIXES),
)
"""What the Allowed IPs screen can do."""

JOURNAL_COMMANDS: Final[tuple[Command, ...]] = (
    Command("undo", "undo", ("u",), "undo", "Preview and undo the selected entry", CHANGES, footer=True),
    Command("detail", "detail", ("enter",), "details", "Show it large, and back", CHANGES, footer=True),
    Command("back", "back", ("escape",), "back", "Go back", CHANGES, footer=True, palette=False),
    *movement("entry", CHANGES),
)
"""What the Changes screen can do."""

SETUP_COMMANDS: Final[tuple[Command, ...]] = (
    Command("setup-next", "next", ("ctrl+n", "ctrl+s"), "next", "The next page", SETUP, footer=True),
    Command(
        "setup-back", "back", ("ctrl+o",), "back", "The page before; nothing is lost", SETUP, footer=True
    ),
    Command("setup-leave", "leave", ("escape",), "leave", "Leave; the answers are kept", SETUP, footer=True),
    Command(
        "setup-field",
        "app.focus_next",
        ("tab",),
        "field",
        "The next field; up and down go from field to field too",
        SETUP,
        footer=True,
        palette=False,
    ),
    Command("setup-help", "app.help", ("f1",), "help", "Help", SETUP, footer=True, palette=False),
)
"""What can be done on every page of the setup wizard."""

CHANGE_COMMANDS: Final[tuple[Command, ...]] = (
    Command("changes", "app.changes", ("c",), "changes", "Changes: the journal, and undo", CHANGES),
    Command("keep", "app.keep", ("y",), "keep", "Keep the change that waits for its confirmation", CHANGES),
    Command(
        "keep-anywhere",
        "app.keep",
        ("f7",),
        "keep",
        "The same, also while typing and in dialogs",
        CHANGES,
        palette=False,
        priority=True,
    ),
    Command("take-back", "app.take_back", ("u",), "take back", "Take back the change that waits", CHANGES),
    Command(
        "take-back-anywhere",
        "app.take_back",
        ("f8",),
        "take back",
        "The same, also while typing and in dialogs",
        CHANGES,
        palette=False,
        priority=True,
    ),
)
"""What every screen can do about changes."""

APP_COMMANDS: Final[tuple[Command, ...]] = (
    *CHANGE_COMMANDS,
    Command(
        "allowed-ips",
        "app.allowed_ips",
        ("m",),
        "map",
        "Allowed IPs map: who owns which prefix, who gets a packet; and back",
        PROGRAM,
    ),
    Command(
        "setup",
        "app.setup",
        ("I",),
        "setup",
        "Set this host up, question by question: the wizard",
        PROGRAM,
    ),
    Command("refresh", "app.look_again", ("f5",), "refresh", "Refresh: read the host now", PROGRAM),
    Command("redraw", "app.redraw", ("ctrl+l",), "redraw", "Redraw the whole screen", PROGRAM),
    Command(
        "theme",
        "app.next_theme",
        ("f9",),
        "colours",
        "Change colours: dark, light, the terminal's own",
        PROGRAM,
    ),
    Command(
        "palette",
        "app.command_palette",
        ("ctrl+p",),
        "commands",
        "Commands by their names",
        PROGRAM,
        palette=False,
    ),
    Command(
        "suspend",
        "app.suspend_process",
        ("ctrl+z",),
        "suspend",
        "Go to the shell; `fg` comes back",
        PROGRAM,
        palette=False,
    ),
    Command(
        "help",
        "app.help",
        ("question_mark", "f1"),
        "help",
        "Help: keys, marks and words",
        PROGRAM,
        footer=True,
    ),
    Command(
        "quit",
        "app.quit",
        ("q", "ctrl+q"),
        "quit",
        "Quit; the tunnels stay as they are",
        PROGRAM,
        footer=True,
    ),
)
"""What the application can do on every screen."""

ALL_COMMANDS: Final = OVERVIEW_COMMANDS + APP_COMMANDS
"""Everything on the Overview, in the order of the help screen."""
