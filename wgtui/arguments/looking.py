"""The commands that only look: the lab, the status, the check of files."""

from __future__ import annotations

from argparse import _SubParsersAction
from typing import Final

from wgtui.arguments.common import Parser, seconds

_SCENARIOS: Final = ("quickstart", "direct", "relay")


def add_lab(commands: _SubParsersAction[Parser], common: Parser) -> None:
    """Add `wgtui lab`."""
    lab = commands.add_parser(
        "lab",
        parents=[common],
        help="open the UI on real tunnels between network namespaces of this machine",
        description="Builds a scenario from real WireGuard devices in network namespaces, sends traffic "
        "through it, opens the UI on the relay, and removes everything afterwards.",
    )
    lab.add_argument("scenario", choices=_SCENARIOS)
    lab.add_argument("--no-ui", action="store_true", help="only build it, say where, and wait for ctrl+c")


def add_status(commands: _SubParsersAction[Parser], common: Parser) -> None:
    """Add `wgtui status`."""
    status = commands.add_parser("status", parents=[common], help="show devices and peers")
    status.add_argument("interface", nargs="?", metavar="IFACE", help="only this interface")
    status.add_argument("--json", action="store_true", help="print JSON")
    status.add_argument("--watch", action="store_true", help="print again every second, with rates")
    status.add_argument(
        "--interval",
        type=seconds(0.1, 3600),
        default=1.0,
        metavar="SECONDS",
        help="how often --watch looks (default 1)",
    )
    status.add_argument(
        "--show-keys", action="store_true", help="give private and preshared keys in the JSON"
    )


def add_check(commands: _SubParsersAction[Parser], common: Parser) -> None:
    """Add `wgtui check`."""
    check = commands.add_parser("check", parents=[common], help="validate wg-quick files")
    check.add_argument("files", nargs="+", metavar="FILE")
    check.add_argument("--json", action="store_true", help="print JSON")
