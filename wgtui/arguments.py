"""The command line's grammar: commands, options, help."""

from __future__ import annotations

import sys
from argparse import (
    SUPPRESS,
    ArgumentParser,
    ArgumentTypeError,
    RawDescriptionHelpFormatter,
)
from typing import Final, NoReturn

from wgtui import __version__
from wgtui.domain.text import printable
from wgtui.streams import complain, say

USAGE: Final = 2
"""Exit code for arguments that make no sense."""

DEFAULTS: Final = {
    "config_dir": "/etc/wireguard",
    "state_dir": "/var/lib/wgtui",
    "netns": None,
    "socket_dir": "/var/run/wireguard",
    "no_mouse": False,
    "ascii": False,
}
"""Values of the common options. They are not the parser's own defaults, because an option that stands before
the command would be overwritten by its default after it."""

_SCENARIOS: Final = ("quickstart", "direct", "relay")
_SHELLS: Final = ("bash", "zsh", "fish")

_EPILOG: Final = """\
exit codes: 0 done; 1 it could not be done, or problems were found; 2 usage; 3 missing privilege
"""


class _Parser(ArgumentParser):
    """An argument parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Exit with code 2."""
        self.exit(USAGE, f"{self.prog}: {printable(message, 300)}. Try: {self.prog} --help\n")

    def _print_message(self, message: str, file: object = None) -> None:
        (say if file is sys.stdout else complain)(message)


def build_parser() -> ArgumentParser:
    """The whole command line."""
    common = _common_options()
    parser = _Parser(
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
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", parser_class=_Parser
    )

    lab = commands.add_parser(
        "lab",
        parents=[common],
        help="open the UI on real tunnels between network namespaces of this machine",
        description="Builds a scenario from real WireGuard devices in network namespaces, sends traffic "
        "through it, opens the UI on the relay, and removes everything afterwards.",
    )
    lab.add_argument("scenario", choices=_SCENARIOS)
    lab.add_argument("--no-ui", action="store_true", help="only build it, say where, and wait for ctrl+c")

    status = commands.add_parser("status", parents=[common], help="show devices and peers")
    status.add_argument("interface", nargs="?", metavar="IFACE", help="only this interface")
    status.add_argument("--json", action="store_true", help="print JSON")
    status.add_argument("--watch", action="store_true", help="print again every second, with rates")
    status.add_argument(
        "--interval",
        type=_seconds,
        default=1.0,
        metavar="SECONDS",
        help="how often --watch looks (default 1)",
    )
    status.add_argument(
        "--show-keys", action="store_true", help="give private and preshared keys in the JSON"
    )

    check = commands.add_parser("check", parents=[common], help="validate wg-quick files")
    check.add_argument("files", nargs="+", metavar="FILE")
    check.add_argument("--json", action="store_true", help="print JSON")

    completion = commands.add_parser("completion", help="print a shell's completion script")
    completion.add_argument("shell", choices=_SHELLS)
    return parser


def _common_options() -> _Parser:
    """Options that may stand before or after the command."""
    common = _Parser(add_help=False, argument_default=SUPPRESS)
    group = common.add_argument_group("options for every command")
    group.add_argument("--config-dir", metavar="DIR", help="folder of wg-quick files (/etc/wireguard)")
    group.add_argument("--state-dir", metavar="DIR", help="wgtui's own state (/var/lib/wgtui)")
    group.add_argument("--netns", metavar="NAME", help="look at this network namespace")
    group.add_argument(
        "--socket-dir", metavar="DIR", help="sockets of userspace devices (/var/run/wireguard)"
    )
    group.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    group.add_argument("--ascii", action="store_true", help="draw with ASCII characters only")
    return common


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.1 <= value <= 3600:
        raise ArgumentTypeError("give seconds from 0.1 to 3600")
    return value
