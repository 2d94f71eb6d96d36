"""`wgtui doctor [IFACE]`: what is wrong with this host, why it matters, and what mends it."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from wgtui import wiring
from wgtui.commands.changing import carry_out
from wgtui.commands.doctor_text import render_doctor, render_report
from wgtui.domain.doctor import DoctorFinding
from wgtui.domain.errors import EditRefused
from wgtui.domain.fixes import ByHand
from wgtui.domain.text import printable
from wgtui.services.doctor import DoctorReport, doctor_json
from wgtui.streams import say


def run(args: Namespace) -> int:
    """Examine and tell; with `--fix`, mend one thing. Ends with 1 where something should be done."""
    with wiring.changes(wiring.host_of(args)) as changes:
        doctor = wiring.doctor(changes)
        report = doctor.examine(args.interface or "")
        if args.json:
            say(json.dumps(doctor_json(report), indent=2, ensure_ascii=True) + "\n")
        elif args.report:
            say(render_report(report, changes, addresses=args.show_addresses))
        elif args.fix is None:
            say(render_doctor(report))
        if args.fix is None:
            return 0 if report.is_healthy else 1
        found = _to_mend(report, args.fix)
        plan = doctor.plan(found.fix) if found is not None and found.fix is not None else None
        if found is None or plan is None:
            say("Nothing is wrong that could be mended from here.\n")
            return 0 if report.is_healthy else 1
        say(f"{printable(found.text, 900)}\n")
        return carry_out(args, changes, plan, grave=sys.stdin.isatty())


def _to_mend(report: DoctorReport, code: str) -> DoctorFinding | None:
    """The first finding that can be mended from here; with a code, the first of those that have it."""
    found = [one for one in report.findings if one.code == code] if code else list(report.problems)
    if code and not found:
        raise EditRefused(
            f"Nothing with the code {printable(code, 40)} was found.",
            hint="The codes stand behind the findings of: wgtui doctor",
        )
    return next((one for one in found if one.fix is not None and not isinstance(one.fix, ByHand)), None)
