"""`wgtui down IFACE|FILE`: take an interface down, and nothing that belongs to another one."""

from __future__ import annotations

from argparse import Namespace

from wgtui import wiring
from wgtui.commands.bringing import source_of
from wgtui.commands.changing import carry_out
from wgtui.domain.errors import ConfigUnreadable
from wgtui.services.changes import Changes
from wgtui.services.interfaces import Source, plan_down


def run(args: Namespace) -> int:
    """Take the interface down."""
    with wiring.changes(wiring.host_of(args)) as changes:
        source = _source(args, changes)
        name = source.interface if source else args.interface
        return carry_out(args, changes, plan_down(changes.context, name, source, changes.made(name)))


def _source(args: Namespace, changes: Changes) -> Source | None:
    """Its file; what wgtui brought up can be taken down without."""
    try:
        return source_of(args, changes)
    except ConfigUnreadable:
        if changes.made(args.interface) is None:
            raise
        return None
