"""Commands that say why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wgtui.arguments.common import Parser

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_path(commands: _SubParsersAction[Parser], common: Parser) -> None:
    """Add `path`."""
    path = commands.add_parser(
        "path",
        parents=[common],
        help="can FROM reach TO? station by station, there and back",
        description="Follows a packet through this host and stops where it is lost: allowed IPs at both "
        "ends, routes as the kernel answers them, forwarding, packet filter, NAT, MTU. Without --probe "
        "nothing is sent. FROM and TO are a peer's name or key, an address, host (this one) or internet. "
        "Ends with 1 where a packet is lost.",
    )
    path.add_argument("interface", metavar="IFACE")
    path.add_argument("origin", metavar="FROM")
    path.add_argument("target", metavar="TO")
    path.add_argument("--json", action="store_true", help="print JSON")
    path.add_argument("--probe", action="store_true", help="ping both ends from this host as well")
    path.add_argument("--fix", action="store_true", help="mend what is found, where it lies on this host")


def add_doctor(commands: _SubParsersAction[Parser], common: Parser) -> None:
    """Add `doctor`."""
    doctor = commands.add_parser(
        "doctor",
        parents=[common],
        help="examine the host, from the kernel to what comes after a reboot",
        description="Examines the host and its interfaces, the most likely cause of trouble first: what is "
        "wrong, why it matters, and what mends it. Nothing is changed without --fix. "
        "Ends with 1 where something should be done.",
    )
    doctor.add_argument("interface", nargs="?", metavar="IFACE", help="only this interface")
    shape = doctor.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="print JSON")
    shape.add_argument(
        "--report",
        action="store_true",
        help="print all that helps others to help: findings, files and devices, without keys and, unless "
        "asked for, public addresses",
    )
    doctor.add_argument(
        "--show-addresses", action="store_true", help="leave public addresses and names in the report"
    )
    doctor.add_argument(
        "--fix",
        nargs="?",
        const="",
        metavar="CODE",
        help="mend the first problem that can be mended from here, or the first with this code",
    )
