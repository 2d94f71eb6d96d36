"""What all commands of the command line share."""

from __future__ import annotations

import sys
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from typing import Any, Final, NoReturn

from wgtui.domain.text import printable
from wgtui.streams import complain, say

USAGE: Final = 2
"""Exit code for arguments that make no sense."""

CONFIRM_WITHIN: Final = 60.0
"""Seconds that a change which can cut the operator off waits for its confirmation."""

DEFAULTS: Final = {
    "config_dir": "/etc/wireguard",
    "state_dir": "/var/lib/wgtui",
    "netns": None,
    "socket_dir": "/var/run/wireguard",
    "no_mouse": False,
    "ascii": False,
    "dry_run": False,
    "yes": False,
    "confirm_within": None,
}
"""Values of the common options. They are not the parser's own defaults, because an option that stands before
the command would be overwritten by its default after it."""


class Parser(ArgumentParser):
    """An argument parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Exit with code 2."""
        self.exit(USAGE, f"{self.prog}: {printable(message, 300)}. Try: {self.prog} --help\n")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Refuse what is not known here, where the command's own help is; argparse leaves that to the end."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, unknown

    def _print_message(self, message: str, file: object = None) -> None:
        (say if file is sys.stdout else complain)(message)


def common_options() -> Parser:
    """Options that may stand before or after the command."""
    common = Parser(add_help=False, argument_default=SUPPRESS)
    group = common.add_argument_group("options for every command")
    group.add_argument("--config-dir", metavar="DIR", help="folder of wg-quick files (/etc/wireguard)")
    group.add_argument("--state-dir", metavar="DIR", help="wgtui's own state (/var/lib/wgtui)")
    group.add_argument("--netns", metavar="NAME", help="look at this network namespace")
    group.add_argument(
        "--socket-dir", metavar="DIR", help="sockets of userspace devices (/var/run/wireguard)"
    )
    group.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    group.add_argument("--ascii", action="store_true", help="draw with ASCII characters only")
    changes = common.add_argument_group("options for commands that change the host")
    changes.add_argument(
        "--dry-run", action="store_true", help="print the plan as sentences and commands, change nothing"
    )
    changes.add_argument("--yes", action="store_true", help="do not ask")
    changes.add_argument(
        "--confirm-within",
        type=seconds(0, 86_400),
        metavar="SECONDS",
        help="take changes back after so long unless confirmed (60 where they can cut you off; 0: never)",
    )
    return common


def seconds(least: float, most: float) -> Callable[[str], float]:
    """A type of argument: seconds within limits."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise ArgumentTypeError(f"give seconds from {least:g} to {most:g}")
        return value

    return parse


def entry_number(text: str) -> int:
    """A type of argument: the number of an entry of the journal."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**9):
        raise ArgumentTypeError("give the number of an entry, as wgtui journal lists them")
    return int(text)
