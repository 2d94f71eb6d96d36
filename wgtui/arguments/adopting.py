"""The command that looks at servers which something else set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wgtui.arguments.common import Parser

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_adopt(commands: _SubParsersAction[Parser], common: Parser) -> None:
    """Add `adopt`."""
    adopt = commands.add_parser(
        "adopt",
        parents=[common],
        help="look at servers that something else set up: their peers, their files, what to know",
        description="Looks at the servers on this host, whoever set them up: names, states, and where the "
        "private keys of peers are. Without one of the options that change something, nothing is written.",
    )
    adopt.add_argument("interface", nargs="?", metavar="IFACE", help="only this interface")
    adopt.add_argument("--json", action="store_true", help="print JSON")
    adopt.add_argument(
        "--look-in", action="append", default=[], metavar="DIR", help="a further folder of another program"
    )
    ways = adopt.add_argument_group("options that change IFACE")
    ways.add_argument(
        "--take-over", action="store_true", help="take out the lines that say a program writes the file anew"
    )
    ways.add_argument(
        "--save-config-off", action="store_true", help="keep wg-quick down from writing the file anew"
    )
    ways.add_argument(
        "--write-names", action="store_true", help="write names that stand elsewhere into the file"
    )
    ways.add_argument(
        "--write-left-out", action="store_true", help="write peers that a program keeps out, switched off"
    )
    ways.add_argument(
        "--keep-files", action="store_true", help="copy peers' own files to where wgtui keeps them"
    )
