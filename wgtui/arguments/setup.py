"""Setting a host up from a file of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wgtui.arguments.common import Parser

if TYPE_CHECKING:
    from argparse import _SubParsersAction


SCENARIOS: Final = ("relay", "direct", "direct-behind-nat", "road-warrior", "join")
"""The values of `Scenario` that need answers; it is not imported for the sake of the start-up time."""


def add_setup(commands: _SubParsersAction[Parser], common: Parser) -> None:
    """Add `setup`."""
    setup = commands.add_parser(
        "setup",
        parents=[common],
        help="set an interface up with its peers, from a file of answers",
        description="Does what the wizard of the UI does, unattended: this host's file, its peers' own "
        "files, forwarding, and bringing it up, as one change that can be taken back. What is not answered "
        "is proposed for this host.",
    )
    what = setup.add_mutually_exclusive_group(required=True)
    what.add_argument("--answers", metavar="FILE", help="do what this file of answers says; - for stdin")
    what.add_argument(
        "--print-answers",
        metavar="SCENARIO",
        choices=SCENARIOS,
        help="print a file of answers with what is proposed for this host: %(choices)s",
    )
    setup.add_argument("--json", action="store_true", help="print what was made as JSON")
