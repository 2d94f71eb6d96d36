"""`wgtui sync IFACE|FILE`: bring what runs in line with its file, without a restart."""

from __future__ import annotations

from argparse import Namespace

from wgtui import wiring
from wgtui.commands.bringing import source_of
from wgtui.commands.changing import carry_out
from wgtui.services.interfaces import plan_sync


def run(args: Namespace) -> int:
    """Sync the interface."""
    with wiring.changes(wiring.host_of(args)) as changes:
        source = source_of(args, changes)
        return carry_out(args, changes, plan_sync(changes.context, source, changes.made(source.interface)))
