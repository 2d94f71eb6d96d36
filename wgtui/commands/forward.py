"""`wgtui forward IFACE [on|off SWITCH [INTERFACE]]`: forwarding and NAT, shown and switched."""

from __future__ import annotations

import json
from argparse import Namespace

from wgtui import wiring
from wgtui.arguments.common import USAGE
from wgtui.commands.changing import carry_out
from wgtui.commands.forward_text import render_view, view_json
from wgtui.domain.errors import EditRefused
from wgtui.domain.forwarding import SwitchName
from wgtui.domain.plan import Plan
from wgtui.services.changes import Changes
from wgtui.streams import complain, say


def run(args: Namespace) -> int:
    """Do what the arguments say."""
    if args.state is not None and args.switch is None:
        complain(f"wgtui: Say which switch to turn {args.state}. There are: {', '.join(SwitchName)}.\n")
        return USAGE
    with wiring.changes(wiring.host_of(args)) as changes:
        if args.take_over is not None:
            return carry_out(args, changes, _taking_over(args, changes))
        if args.state is not None:
            on = args.state == "on"
            plan = changes.forwarding.switch(args.interface, SwitchName(args.switch), on, args.target or "")
            return carry_out(args, changes, plan)
        view = changes.forwarding.view(args.interface)
    say(json.dumps(view_json(view), indent=2) + "\n" if args.json else render_view(view))
    return 0


def _taking_over(args: Namespace, changes: Changes) -> Plan:
    view = changes.forwarding.view(args.interface)
    ending = f":{args.take_over}"
    for line in view.hand_written:
        if line.where.endswith(ending):
            return changes.forwarding.take_over(args.interface, line.index)
    lines = ", ".join(line.where.rpartition(":")[2] for line in view.hand_written) or "none"
    raise EditRefused(
        f"Line {args.take_over} of {args.interface}'s file holds no PostUp command of somebody's own.",
        hint=f"Such lines: {lines}.",
    )
