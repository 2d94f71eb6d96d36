"""What the tools say of a relay, the first thing first, and whether what they offer mends it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from tests.netns.broken.case import Case, Named, Stage, Tool
from tests.netns.broken.healthy import Healthy
from tests.netns.broken.layout import INTERFACE
from tests.netns.broken.rig import Rig, nothing, relay_rig
from tests.support.waiting import eventually
from wgtui import wiring
from wgtui.domain.doctor import DoctorFinding, DoctorFix
from wgtui.domain.errors import PathRefused
from wgtui.domain.fixes import Fix
from wgtui.domain.path import HopKind, Walk
from wgtui.domain.path.probing import agreement, probe_fix
from wgtui.domain.verdict.judgement import Grade, Judgement

_LOOK_EVERY = 0.4

TOOLS = (Tool.VERDICT, Tool.PATH, Tool.DOCTOR, Tool.PROBE)
"""The tools that are asked, in this order, until one names something with certainty."""


@dataclass
class Diagnosis:
    """What was said of one relay.

    Attributes:
        case: Its name.
        named: In the order in which the tools were asked; the first is what an operator sees first.
        said: In sentences, for whoever reads a failure.
        fix: What was offered for the first.
        worked_before: Whether it worked although it was broken.
        works_after: Whether it works after the fix was applied; None where none was asked for.
        seconds: What all of it took.
    """

    case: str
    named: list[Named] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    fix: DoctorFix | None = None
    worked_before: bool = False
    works_after: bool | None = None
    seconds: float = 0.0

    def agrees(self, case: Case) -> bool:
        """Whether the first that was named is one of those expected."""
        return bool(self.named) and any(_matches(self.named[0], one) for one in case.expected)

    def is_wrong(self, case: Case) -> bool:
        """Whether something else was named first, and with certainty."""
        return bool(self.named) and self.named[0].certain and not self.agrees(case)


def _matches(said: Named, expected: Named) -> bool:
    rule, _, _ = said.code.partition("/")
    return said.tool is expected.tool and expected.code in (said.code, rule)


def judge_for(rig: Rig, peers: tuple[str, ...], patience: float) -> dict[str, Judgement]:
    """The judgements of peers, of the first look at which one raises an alarm, else of the last.

    A judgement that is certain and no alarm, such as that of a disabled peer, ends it as well.
    """
    monitor = wiring.monitor(rig.relay.host)
    judges = {name: wiring.peer_judge(rig.relay.host, rig.resolver) for name in peers}
    found: dict[str, Judgement] = {}
    deadline = time.monotonic() + patience
    try:
        while True:
            snapshot = monitor.take()
            for name, judge in judges.items():
                judged = judge.look(snapshot, INTERFACE, rig.keys[name])
                if judged is not None:
                    found[name] = judged.judgement
            told = any(
                one.grade.is_alarm or (one.certain and one.grade is not Grade.FINE) for one in found.values()
            )
            if told or time.monotonic() > deadline:
                return found
            time.sleep(_LOOK_EVERY)
    finally:
        monitor.close()
        for judge in judges.values():
            judge.close()


def named_by(judgement: Judgement) -> Named:
    """A judgement as a cause that is named."""
    code = f"{judgement.rule}/{judgement.first}" if judgement.first else judgement.rule
    return Named(Tool.VERDICT, code, judgement.certain)


def walk_for(rig: Rig, ends: tuple[str, str]) -> tuple[Walk, Fix | None]:
    """A path walk over the relay, and the fix it offers."""
    with rig.changes() as changes:
        walk = wiring.path_walks(changes).walk(INTERFACE, *ends)
    return walk, walk.broken.fix if walk.broken else None


def diagnose(case: Case) -> Diagnosis:
    """Make the relay of a case, break it, ask the tools, and mend it where that is asked for."""
    before = case.broken if case.stage is Stage.BEFORE else nothing
    bare = case.broken if case.stage is Stage.BARE else nothing
    started = time.monotonic()
    said = Diagnosis(case.name)
    with relay_rig(case.layout, bare=bare, before=before) as rig:
        if case.stage is Stage.AFTER:
            rig.talk()
            case.broken(rig)
        said.worked_before = case.works(rig)
        case.traffic(rig)
        _ask_all(case, rig, said)
        if case.mends:
            said.works_after = _mend(case, rig, said.fix)
    said.seconds = time.monotonic() - started
    return said


def _ask_all(case: Case, rig: Rig, said: Diagnosis) -> None:
    offered: list[DoctorFix | None] = []
    found = judge_for(rig, case.peers, case.patience)
    quiet: list[tuple[Named, Judgement]] = []
    for name in case.peers:
        if name in found:
            judgement = found[name]
            said.said.append(f"{name}: {judgement.sentence} {[one.code for one in judgement.causes]}")
            if judgement.grade.is_alarm or judgement.certain:
                said.named.append(named_by(judgement))
                offered.append(judgement.fix)
            elif judgement.grade is not Grade.FINE:
                quiet.append((named_by(judgement), judgement))
    if not said.named:
        _ask_path(case, rig, said, offered)
    if not any(one.certain for one in said.named):
        _ask_doctor(rig, said, offered)
    for one, judgement in quiet:
        said.named.append(one)
        offered.append(judgement.fix)
    if not said.named:
        _ask_pings(case, rig, said, offered)
    said.fix = offered[0] if offered else None


def problems_of(rig: Rig) -> tuple[DoctorFinding, ...]:
    """What the doctor finds wrong with the relay."""
    with rig.changes() as changes:
        return wiring.doctor(changes).examine().problems


def _ask_doctor(rig: Rig, said: Diagnosis, offered: list[DoctorFix | None]) -> None:
    """What is certain comes before what the others only suspect."""
    for one in problems_of(rig):
        said.said.append(f"doctor: {one.text}")
        at = 0 if one.certain and said.named and not said.named[0].certain else len(said.named)
        said.named.insert(at, Named(Tool.DOCTOR, one.code, one.certain))
        offered.insert(at, one.fix)


def _ask_pings(case: Case, rig: Rig, said: Diagnosis, offered: list[DoctorFix | None]) -> None:
    for named, text, fix in pinged(rig, case.walk):
        said.said.append(f"pings: {text}")
        said.named.append(named)
        offered.append(fix)


def pinged(rig: Rig, ends: tuple[str, str]) -> Iterator[tuple[Named, str, DoctorFix | None]]:
    """What pings of a path's ends tell that is not well."""
    with rig.changes() as changes:
        walk = wiring.path_walks(changes).walk(INTERFACE, *ends)
        probes = wiring.path_probe(rig.relay.host, changes).run(walk)
    _, text = agreement(walk, probes)
    if any(one.loses_large for one in probes):
        yield Named(Tool.PROBE, "mtu"), text, probe_fix(probes)
    elif any(not one.echo.received for one in probes):
        yield Named(Tool.PROBE, "silent-end"), text, None


def _ask_path(case: Case, rig: Rig, said: Diagnosis, offered: list[DoctorFix | None]) -> None:
    try:
        walk, fix = walk_for(rig, case.walk)
    except PathRefused as error:
        said.said.append(f"path: {error}")
        return
    hop = walk.broken
    said.said += [f"path: {one.text}" for one in ((hop,) if hop else walk.doubts)]
    if hop is None:
        said.named += [Named(Tool.PATH, one.kind.value) for one in walk.doubts[:1]]
        offered += [one.fix for one in walk.doubts[:1]]
    # Without a session the walk says no more than that there is none.
    if hop is not None and hop.kind is not HopKind.SESSION:
        said.named.append(Named(Tool.PATH, hop.kind.value, True))
        offered.append(fix)


def _mend(case: Case, rig: Rig, fix: DoctorFix | None) -> bool:
    if fix is None:
        return False
    with rig.changes() as changes:
        plan = wiring.doctor(changes).plan(fix)
        if plan is not None:
            changes.transaction.apply(plan)
    case.carry(rig)
    eventually(f"{case.name}: it works after {fix}", lambda: case.works(rig), 12.0)
    return True


def examine(case: Healthy) -> Diagnosis:
    """Make a healthy relay, and ask the tools; what they name is an alarm without a reason."""
    started = time.monotonic()
    said = Diagnosis(case.name)
    with relay_rig(case.layout, bare=case.bare) as rig:
        rig.talk()
        case.after(rig)
        for address in case.reaches:
            eventually(f"{case.name}: the laptop reaches {address}", partial(rig.laptop.reaches, address))
        for name, judgement in judge_for(rig, case.peers, 2.0).items():
            said.said.append(f"{name}: {judgement.sentence}")
            if judgement.grade.is_alarm:
                said.named.append(named_by(judgement))
        walk, _ = walk_for(rig, case.walk)
        if walk.broken is not None:
            said.said.append(f"path: {walk.broken.text}")
            said.named.append(Named(Tool.PATH, walk.broken.kind.value, True))
        for one in problems_of(rig):
            said.said.append(f"doctor: {one.text}")
            said.named.append(Named(Tool.DOCTOR, one.code, one.certain))
        for named, text, _ in pinged(rig, case.walk):
            said.said.append(f"pings: {text}")
            said.named.append(named)
    said.seconds = time.monotonic() - started
    return said
