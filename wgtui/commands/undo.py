"""`wgtui undo ID`: take a change back."""

from __future__ import annotations

from argparse import Namespace

from wgtui import wiring
from wgtui.commands.changing import carry_out_undo


def run(args: Namespace) -> int:
    """Undo the entry."""
    with wiring.changes(wiring.host_of(args)) as changes:
        return carry_out_undo(args, changes, args.entry)
