"""`wgtui adopt`: what is there, whoever set it up; and ways to take it over."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

from wgtui import wiring
from wgtui.arguments.common import USAGE
from wgtui.commands.adopt_text import adoption_json, adoption_text
from wgtui.commands.changing import carry_out
from wgtui.domain.errors import WgtuiError
from wgtui.domain.text import printable
from wgtui.services.adopting.report import AdoptionReport, WayOut
from wgtui.streams import complain, say


def run(args: Namespace) -> int:
    """Report, or do what the options say."""
    ways = tuple(way for way in WayOut if getattr(args, way.value.replace("-", "_")))
    if ways and args.interface is None:
        complain(f"wgtui adopt: name the interface to change. Try: wgtui adopt IFACE --{ways[0].value}\n")
        return USAGE
    more = tuple(str(Path(folder).absolute()) for folder in args.look_in)
    with wiring.changes(wiring.host_of(args)) as changes:
        if ways:
            return carry_out(args, changes, changes.ways_out.plan(args.interface, ways, more))
        report = _only(changes.adoption.look(more), args.interface)
    if args.json:
        say(json.dumps(adoption_json(report), indent=2) + "\n")
    else:
        say(adoption_text(report, args.config_dir))
    return 0


def _only(report: AdoptionReport, interface: str | None) -> AdoptionReport:
    if interface is None:
        return report
    found = report.interface(interface)
    if found is None:
        names = ", ".join(one.name for one in report.interfaces)
        hint = f"There are: {names}." if names else "No interface has one."
        raise WgtuiError(f"{printable(interface, 40)} has no file.", hint=hint)
    return AdoptionReport((found,), (), report.problems)
