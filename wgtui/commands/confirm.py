"""`wgtui confirm ID`: keep a change that waits, or complete one that was cut off."""

from __future__ import annotations

from argparse import Namespace

from wgtui import wiring
from wgtui.commands.changing import signals_deferred
from wgtui.commands.plan_text import render_plan
from wgtui.streams import say


def run(args: Namespace) -> int:
    """Confirm the entry."""
    with wiring.changes(wiring.host_of(args)) as changes:
        if args.dry_run:
            say(render_plan(changes.transaction.confirming(args.entry)))
            return 0
        with signals_deferred():
            changes.transaction.confirm(args.entry)
    say(f"Entry {args.entry} is kept.\n")
    return 0
