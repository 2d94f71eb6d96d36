"""`wgtui up IFACE|FILE`: wg-quick's `up`, planned, journalled, taken back where it fails."""

from __future__ import annotations

from argparse import Namespace

from wgtui import wiring
from wgtui.commands.bringing import source_of
from wgtui.commands.changing import carry_out
from wgtui.services.interfaces import plan_up


def run(args: Namespace) -> int:
    """Bring the interface up."""
    with wiring.changes(wiring.host_of(args)) as changes:
        return carry_out(args, changes, plan_up(changes.context, source_of(args, changes)))
