"""`wgtui revert ID`: run by the process that takes back what nobody confirmed."""

from __future__ import annotations

from argparse import Namespace

from wgtui import wiring


def run(args: Namespace) -> int:
    """Wait in the background where that is asked for, then take the entry back if it still waits."""
    if args.after is not None:
        wiring.wait_detached(args.after)
    with wiring.changes(wiring.host_of(args)) as changes:
        changes.transaction.revert_at_deadline(args.entry)
    return 0
