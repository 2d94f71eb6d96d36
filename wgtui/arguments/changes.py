"""Commands that change the host, and the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wgtui.arguments.common import Parser, entry_number, seconds

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_UP = (
    ("up", "bring an interface up, as wg-quick does"),
    ("down", "take an interface down, as wg-quick does"),
    ("sync", "bring a running interface to what its file says, without a restart"),
)


def add_changes(commands: _SubParsersAction[Parser], common: Parser) -> None:
    """Add `up`, `down`, `sync`, `journal`, `undo`, `confirm` and the hidden `revert`."""
    for name, about in _UP:
        command = commands.add_parser(name, parents=[common], help=about)
        command.add_argument("interface", metavar="IFACE|FILE", help="an interface, or the path of its file")
    journal = commands.add_parser("journal", parents=[common], help="list what was changed on this host")
    journal.add_argument("entry", nargs="?", type=entry_number, metavar="ID", help="show one entry whole")
    journal.add_argument("--json", action="store_true", help="print JSON")
    undo = commands.add_parser("undo", parents=[common], help="take a change back")
    undo.add_argument("entry", type=entry_number, metavar="ID")
    confirm = commands.add_parser(
        "confirm", parents=[common], help="keep a change that waits, or complete one that was cut off"
    )
    confirm.add_argument("entry", type=entry_number, metavar="ID")
    revert = commands.add_parser("revert", parents=[common])
    revert.add_argument("entry", type=entry_number, metavar="ID")
    revert.add_argument("--after", type=seconds(0, 86_400), metavar="SECONDS")
