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
