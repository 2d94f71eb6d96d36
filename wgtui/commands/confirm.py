"""`wgtui confirm ID`: keep a change that waits, or complete one that was cut off."""

from __future__ import annotations

from argparse import Namespace

from wgtui import wiring
from wgtui.streams import say


def run(args: Namespace) -> int:
    """Confirm the entry."""
    with wiring.changes(wiring.host_of(args)) as changes:
        changes.transaction.confirm(args.entry)
    say(f"Entry {args.entry} is kept.\n")
    return 0
