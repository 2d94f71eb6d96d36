"""`wgtui path IFACE FROM TO`: can FROM reach TO, station by station, there and back."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from wgtui import wiring
from wgtui.commands.changing import carry_out
from wgtui.domain.fixes import fix_words
from wgtui.domain.path import Direction, Hop, HopState, Walk
from wgtui.domain.path.probing import EndProbe, agreement, probe_fix, probe_words
from wgtui.domain.text import printable
from wgtui.services.path import walk_json
from wgtui.streams import say

_MARKS = {HopState.OK: "ok", HopState.DOUBT: "?", HopState.BROKEN: "BROKEN"}


def run(args: Namespace) -> int:
    """Walk and tell; with `--fix`, mend what is broken first. Ends with 1 where the path is broken."""
    host = wiring.host_of(args)
    with wiring.changes(host) as changes:
        walks = wiring.path_walks(changes)
        found = walks.walk(args.interface, args.origin, args.target)
        probes = wiring.path_probe(host, changes).run(found) if args.probe else None
        if args.json:
            say(json.dumps(walk_json(found, probes), indent=2, ensure_ascii=True) + "\n")
        else:
            say(render(found) + ("" if probes is None else _render_probes(found, probes)))
        fix = found.broken.fix if found.broken is not None else probe_fix(probes or ())
        if found.broken is None and not any(probe.loses_large for probe in probes or ()):
            return 0
        plan = walks.plan(fix) if args.fix and fix is not None else None
        if plan is None:
            return 1
        return carry_out(args, changes, plan, grave=sys.stdin.isatty())


def render(walk: Walk) -> str:
    """The walk as text."""
    lines = [printable(f"From {walk.origin.label} to {walk.target.label}", 200)]
    for direction in Direction:
        hops = [hop for hop in walk.hops if hop.direction is direction]
        if hops:
            lines.append("There:" if direction is Direction.THERE else "Back:")
            lines += [line for hop in hops for line in _hop_lines(hop)]
    lines.append(_conclusion(walk))
    return "\n".join(lines) + "\n"


def _render_probes(walk: Walk, probes: tuple[EndProbe, ...]) -> str:
    words = [*map(probe_words, probes), agreement(walk, probes)[1]]
    return "".join(f"{printable(text, 400)}\n" for text in words) if probes else ""


def _hop_lines(hop: Hop) -> list[str]:
    lines = [f"  {_MARKS[hop.state]:<6}  {printable(hop.text, 600)}"]
    if hop.fix is not None and hop.state is not HopState.OK:
        lines.append(f"          -> {printable(fix_words(hop.fix), 400)}")
    return lines


def _conclusion(walk: Walk) -> str:
    if walk.broken is not None:
        return f"It does not get {'there' if walk.broken.direction is Direction.THERE else 'back'}."
    if walk.doubts:
        return "Nothing is broken here; what is marked with ? cannot be seen from here."
    return "It gets there, and the answer comes back."
