"""The command for forwarding and NAT."""

from __future__ import annotations

from argparse import ArgumentTypeError
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from wgtui.arguments.common import Parser

if TYPE_CHECKING:
    from argparse import _SubParsersAction

SWITCHES: Final = ("ipv4", "ipv6", "forward", "relay", "isolate", "masquerade", "port", "mss")
"""The values of `SwitchName`, which is not imported for the sake of the start-up time."""

_EPILOG: Final = """\
switches: ipv4, ipv6 (this host passes packets on at all); forward (between the tunnel and other networks);
relay (between peers); isolate (no packets between peers); masquerade INTERFACE (what comes out of the tunnel
takes this host's address there); port (the listen port is open); mss (TCP segments fit the path)
"""


def add_forwarding(commands: _SubParsersAction[Parser], common: Parser) -> None:
    """Add `forward`."""
    forward = commands.add_parser(
        "forward",
        parents=[common],
        help="show forwarding and NAT of an interface, now, on disk and after a reboot; turn its switches",
        epilog=_EPILOG,
    )
    forward.add_argument("interface", metavar="IFACE")
    forward.add_argument("state", nargs="?", choices=("on", "off"), help="turn a switch on or off")
    forward.add_argument("switch", nargs="?", type=_switch, choices=SWITCHES, help="which one")
    forward.add_argument("target", nargs="?", metavar="INTERFACE", help="for masquerade: where packets leave")
    forward.add_argument(
        "--take-over",
        type=_line_number,
        metavar="LINE",
        help="put wgtui's lines in the place of the PostUp command in this line of the file",
    )
    forward.add_argument("--json", action="store_true", help="print JSON")


def _switch(text: str) -> str:
    """A type of argument: the name of a switch."""
    if text in SWITCHES:
        return text
    near = get_close_matches(text, SWITCHES, 1, 0.5)
    meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(SWITCHES)}"
    raise ArgumentTypeError(f"no such switch: {text!r}, {meant}")


def _line_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**7):
        raise ArgumentTypeError("give the number of a line")
    return int(text)
