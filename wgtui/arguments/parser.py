"""The whole command line."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from typing import Final

from wgtui import __version__
from wgtui.arguments.adopting import add_adopt
from wgtui.arguments.changes import add_changes
from wgtui.arguments.common import Parser, common_options
from wgtui.arguments.diagnosing import add_doctor, add_path
from wgtui.arguments.forwarding import add_forwarding
from wgtui.arguments.looking import add_check, add_lab, add_status
from wgtui.arguments.peers import add_export, add_interfaces, add_peers
from wgtui.arguments.setup import add_setup

_SHELLS: Final = ("bash", "zsh", "fish")

_EPILOG: Final = """\
exit codes: 0 done; 1 it could not be done, or problems were found; 2 usage; 3 missing privilege
"""


def build_parser() -> Parser:
    """The whole command line."""
    common = common_options()
    parser = Parser(
        prog="wgtui",
        description="A full-screen terminal UI for WireGuard relays. Without a command it opens the UI.",
        epilog=_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
        parents=[common],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"wgtui {__version__}")
    parser.add_argument(
        "--demo", action="store_true", help="open the UI on a simulated relay; needs no privilege"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=Parser)

    add_lab(commands, common)
    add_status(commands, common)
    add_check(commands, common)
    add_adopt(commands, common)
    add_setup(commands, common)
    add_changes(commands, common)
    add_peers(commands, common)
    add_export(commands, common)
    add_interfaces(commands, common)
    add_doctor(commands, common)
    add_path(commands, common)
    add_forwarding(commands, common)

    completion = commands.add_parser("completion", help="print a shell's completion script")
    completion.add_argument("shell", choices=_SHELLS)
    return parser
