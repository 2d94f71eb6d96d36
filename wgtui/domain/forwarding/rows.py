"""From what was read of a host to what an operator sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wgtui.domain.forwarding.judging import Judgement, judge, own_states, stopped_by
from wgtui.domain.forwarding.lasting import (
    SETTINGS,
    belongs,
    masquerade_targets,
    rules_after_reboot,
    rules_on_disk,
    setting_after_reboot,
    setting_on_disk,
)
from wgtui.domain.forwarding.scene import Scene
from wgtui.domain.forwarding.state import RuleState
from wgtui.domain.forwarding.view import (
    DiskState,
    Fix,
    ForwardingView,
    HandWritten,
    NowState,
    PathFacts,
    Row,
    SwitchName,
)

_SWITCHED_ON = (DiskState.ON, DiskState.PARTLY)


def view_of(scene: Scene) -> ForwardingView:
    """All there is to see."""
    targets = _targets(scene)
    rows = tuple(
        row
        for switch in SwitchName
        for row in (
            [_rule_row(scene, switch, target) for target in targets]
            if switch is SwitchName.MASQUERADE
            else [_setting_row(scene, switch) if switch in SETTINGS else _rule_row(scene, switch)]
        )
    )
    return ForwardingView(
        interface=scene.interface,
        is_up=scene.is_up,
        rows=rows,
        backend=scene.backend,
        hidden=scene.hidden,
        deciders=scene.deciders,
        hand_written=_hand_written(scene),
        path=_path(scene, rows),
        problems=scene.problems,
    )


def _targets(scene: Scene) -> tuple[str, ...]:
    """The interfaces that get a row: those with a rule, ours or not; else none in particular."""
    found = list(masquerade_targets(scene))
    if scene.ruleset is not None and scene.is_up:
        for link in scene.around.links:
            if link.name in found:
                continue
            if judge(scene, SwitchName.MASQUERADE, link.name).now is NowState.ON:
                found.append(link.name)
    return tuple(found) or ("",)


def _setting_row(scene: Scene, switch: SwitchName) -> Row:
    name = SETTINGS[switch]
    value = scene.sysctls.get(name)
    now = NowState.UNKNOWN if value is None else NowState.OFF if value == "0" else NowState.ON
    own = f"net.{switch.value}.conf.{scene.interface.replace('.', '/')}.forwarding"
    note, culprit, fix = "", "", None
    version = 4 if switch is SwitchName.IPV4 else 6
    is_needed = version in scene.around.facts.families
    if value is None:
        note = f"This kernel has no {name}."
    elif now is NowState.ON and scene.sysctls.get(own) == "0":
        now, culprit = NowState.BLOCKED, f"{own} is 0."
    elif now is NowState.OFF and is_needed and _passes_on(scene):
        culprit = f"{name} is 0, so this host passes no IPv{version} packets on."
        fix = Fix(f"Let this host pass IPv{version} packets on.", switch)
    if not is_needed:
        note = f"{scene.interface} has no IPv{version} addresses."
    return Row(
        switch,
        now=now,
        disk=setting_on_disk(scene, switch),
        boot=setting_after_reboot(scene, switch, now),
        note=note,
        culprit=culprit,
        fix=fix,
    )


def _passes_on(scene: Scene) -> bool:
    """Whether the interface is one whose packets are to be passed on."""
    asked = scene.switches
    return bool(asked.forward or asked.relay or asked.masquerade or scene.hand or len(scene.path.peers) > 1)


def _rule_row(scene: Scene, switch: SwitchName, target: str = "") -> Row:
    if switch is SwitchName.MASQUERADE and not target:
        judgement = Judgement(NowState.OFF)
    else:
        judgement = judge(scene, switch, target)
    disk = rules_on_disk(scene, switch, target)
    own = own_states(scene, switch, target)
    row = Row(
        switch,
        target,
        judgement.now,
        disk,
        rules_after_reboot(scene, switch, target, disk, judgement),
        note=judgement.note,
        culprit=judgement.culprit,
        fix=judgement.fix,
    )
    packets, size = _counters(own) if own else _foreign_counters(judgement)
    row = replace(row, packets=packets, bytes=size)
    return _with_missing(scene, row, own)


def _with_missing(scene: Scene, row: Row, own: tuple[RuleState, ...]) -> Row:
    """The row of a switch whose rules are not all in force, or whose lines are not all there."""
    if not scene.is_up or row.fix is not None or row.disk.state not in _SWITCHED_ON:
        return row
    in_force = {state.placed for state in scene.states}
    written = scene.held.read.rules if scene.held is not None else ()
    # They may stand where rules would not go by now, as where Docker came to a host with nftables alone.
    missing = all(
        any(one not in in_force for one in rules if belongs(one, row.switch, row.target))
        for rules in (scene.wanted, written)
    )
    if row.disk.state is DiskState.PARTLY:
        text, note = "Write all lines that it needs.", "Some of the lines that it needs are not in the file."
    elif missing and own:
        text, note = "Put its missing rules in force.", "Some of its rules are not in force."
    elif missing:
        text, note = "Put its rules in force again.", "The file has it, but its rules are not in force."
    else:
        return row
    return replace(row, note=note, fix=Fix(text, row.switch, target=row.target))


def _counters(states: Iterable[RuleState]) -> tuple[int | None, int | None]:
    """Of rules that stand in several places, the place that met most; a packet passes all of them."""
    places: dict[object, tuple[int, int]] = {}
    for state in states:
        if state.packets is not None:
            packets, size = places.get(state.placed.place, (0, 0))
            places[state.placed.place] = (packets + state.packets, size + (state.bytes or 0))
    return max(places.values()) if places else (None, None)


def _foreign_counters(judgement: Judgement) -> tuple[int | None, int | None]:
    rules = {id(one.rule): one.rule for one in judgement.by if one.rule is not None}
    counted = [rule for rule in rules.values() if rule.packets is not None]
    if not counted:
        return None, None
    return sum(rule.packets or 0 for rule in counted), sum(rule.bytes or 0 for rule in counted)


def _hand_written(scene: Scene) -> tuple[HandWritten, ...]:
    return tuple(
        HandWritten(
            line.index,
            scene.hooks.of(line.index),
            line.command,
            line.effects,
            not line.obstacle,
            line.obstacle,
        )
        for line in scene.hand
    )


def _path(scene: Scene, rows: tuple[Row, ...]) -> PathFacts:
    masquerading = {
        row.target
        for row in rows
        if row.switch is SwitchName.MASQUERADE and row.now in (NowState.ON, NowState.BLOCKED)
    }
    links = tuple(
        replace(link, masquerades=link.name in masquerading, stopped_by=stopped_by(scene, link.name))
        for link in scene.path.links
    )
    return replace(scene.path, links=links)
