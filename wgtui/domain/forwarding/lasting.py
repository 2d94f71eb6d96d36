"""What the host's files say of a switch, and what follows for the time after a reboot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from wgtui.domain.forwarding.hand_written import of_switch
from wgtui.domain.forwarding.in_file import PRIMARY, placed_for, switches_of
from wgtui.domain.forwarding.judging import PURPOSES, Judgement
from wgtui.domain.forwarding.places import PlacedRule, Placement
from wgtui.domain.forwarding.probes import probes_of
from wgtui.domain.forwarding.scene import Scene
from wgtui.domain.forwarding.sysctl_files import (
    IP_FORWARD,
    IPV6_FORWARDING,
    OWN_FILE,
    SysctlEntry,
    effective,
)
from wgtui.domain.forwarding.view import (
    AfterReboot,
    BootState,
    DiskState,
    NowState,
    OnDisk,
    SwitchName,
)
from wgtui.domain.ruleset import Backend, Manager, Outcome, Ruleset, decide, manager_of, masquerades

SETTINGS: Final = {SwitchName.IPV4: IP_FORWARD, SwitchName.IPV6: IPV6_FORWARDING}
"""The kernel settings behind the switches that have no rules."""

_GONE: Final = AfterReboot(BootState.OFF, "This network namespace does not outlive a reboot.")
_PERSISTENT: Final = (Manager.UFW,)
"""Those whose rules all come back at boot by themselves."""


def rules_on_disk(scene: Scene, switch: SwitchName, target: str = "") -> OnDisk:
    """What the interface's file says of a switch that is done by rules."""
    held = scene.held
    if held is None:
        return OnDisk(DiskState.UNKNOWN)
    own = [one for one in held.read.rules if belongs(one, switch, target)]
    if own:
        first = min(held.read.own_up, default=0)
        here = scene.placement
        complete = (here is not None and _is_complete(scene, here, switch, target)) or all(
            _is_complete(scene, where, switch, target) for where in _placements(scene, own)
        )
        return OnDisk(DiskState.ON if complete else DiskState.PARTLY, scene.hooks.of(first))
    line = of_switch(scene.hand, switch, target)
    if line is not None:
        return OnDisk(DiskState.HAND_WRITTEN, scene.hooks.of(line.index), line.command)
    return OnDisk(DiskState.OFF)


def setting_on_disk(scene: Scene, switch: SwitchName) -> OnDisk:
    """What the host's files say of `ipv4` or `ipv6`."""
    entry = _setting_line(scene, switch)
    if entry is not None and not scene.boot.is_namespace:
        if entry.value != "1":
            return OnDisk(DiskState.OFF, entry.where, _line(entry))
        own = entry.path == OWN_FILE
        return OnDisk(DiskState.ON if own else DiskState.ELSEWHERE, entry.where, "" if own else _line(entry))
    line = of_switch(scene.hand, switch)
    if line is not None:
        return OnDisk(DiskState.HAND_WRITTEN, scene.hooks.of(line.index), line.command)
    return OnDisk(DiskState.OFF)


def setting_after_reboot(scene: Scene, switch: SwitchName, now: NowState) -> AfterReboot:
    """What `ipv4` or `ipv6` will be."""
    if scene.boot.is_namespace:
        return _GONE
    entry = _setting_line(scene, switch)
    own = any(
        one.path == OWN_FILE and one.name == SETTINGS[switch] and one.value == "1"
        for one in scene.boot.entries
    )
    if entry is not None and entry.value == "1":
        return AfterReboot(BootState.ON, f"{entry.where} sets it.")
    if entry is not None:
        over = f", read after {OWN_FILE}" if own else ""
        return AfterReboot(BootState.OFF, f"{entry.where} sets it to {entry.value}{over}.")
    if of_switch(scene.hand, switch) is not None:
        unit = _unit_problem(scene)
        if unit is not None:
            return unit
        return AfterReboot(BootState.ON, f"A command of {scene.interface}'s file sets it.")
    if now is NowState.ON and switch is SwitchName.IPV4 and _has_docker(scene.ruleset):
        reason = "No file of the host sets it; Docker turns it on when it starts."
        return AfterReboot(BootState.UNKNOWN, reason)
    return AfterReboot(BootState.OFF, "No file of the host sets it.")


def rules_after_reboot(
    scene: Scene, switch: SwitchName, target: str, disk: OnDisk, judgement: Judgement
) -> AfterReboot:
    """What a switch that is done by rules will be."""
    if scene.boot.is_namespace:
        return _GONE
    unit = _unit_problem(scene)
    if unit is not None:
        return unit
    if disk.state is DiskState.ON:
        return AfterReboot(BootState.ON, f"{scene.boot.unit} runs the commands of the file.")
    if disk.state is DiskState.HAND_WRITTEN:
        return AfterReboot(BootState.ON, f"{scene.boot.unit} runs this command of the file.")
    if disk.state is DiskState.PARTLY:
        return AfterReboot(BootState.UNKNOWN, "Only some of the lines that it needs are in the file.")
    if scene.boot.saved is not None:
        saved = _by_saved(scene, scene.boot.saved, switch, target)
        if saved is not None:
            return saved
    if judgement.now is NowState.OPEN:
        return AfterReboot(BootState.OPEN, "No file of the host has a rule about these packets.")
    if judgement.now is NowState.ON and judgement.by:
        manager = manager_of(judgement.by[0])
        if manager in _PERSISTENT:
            return AfterReboot(BootState.ON, f"{manager.value} makes its rule again.")
        if manager not in (Manager.OTHER, Manager.WGTUI):
            return AfterReboot(BootState.UNKNOWN, f"{manager.value} may make its rule again.")
        if scene.boot.loads_nftables and judgement.by[0].base.backend is Backend.NFT:
            reason = "nftables.service loads rules at boot, and may have this one among them."
            return AfterReboot(BootState.UNKNOWN, reason)
    return AfterReboot(BootState.OFF, "No file puts it in force.")


def _by_saved(scene: Scene, saved: Ruleset, switch: SwitchName, target: str) -> AfterReboot | None:
    """What the rules that are restored at boot do; None where they say nothing of these packets."""
    probes = probes_of(scene.around, switch, target)
    if not probes or switch is SwitchName.MSS:
        return None
    restored = f"{scene.boot.saved_in}, which is restored at boot,"
    if switch is SwitchName.MASQUERADE:
        hidden = all(masquerades(saved, probe.packet).hides_source for probe in probes)
        return AfterReboot(BootState.ON, f"{restored} has a rule for it.") if hidden else None
    outcomes = {decide(saved, probe.packet).outcome for probe in probes}
    dropped, accepted = Outcome.DROPPED in outcomes, outcomes == {Outcome.ACCEPTED}
    if switch is SwitchName.ISOLATE:
        return AfterReboot(BootState.ON, f"{restored} drops them.") if outcomes == {Outcome.DROPPED} else None
    if dropped:
        return AfterReboot(BootState.OFF, f"{restored} drops these packets.")
    return AfterReboot(BootState.ON, f"{restored} accepts these packets.") if accepted else None


def _unit_problem(scene: Scene) -> AfterReboot | None:
    """Why the interface may not come up at boot; None where it does."""
    boot = scene.boot
    if not boot.has_systemd:
        reason = f"systemd does not run this host: whether {scene.interface} comes up at boot is not known."
        return AfterReboot(BootState.UNKNOWN, reason)
    if boot.state is None or not boot.state.enabled:
        return AfterReboot(
            BootState.OFF, f"{boot.unit} is not enabled, so {scene.interface} does not come up."
        )
    return None


def belongs(placed: PlacedRule, switch: SwitchName, target: str = "") -> bool:
    """Whether a rule in a place that takes every rule is one of a switch."""
    rule = placed.rule
    if not isinstance(placed.place, PRIMARY) or rule.purpose not in PURPOSES[switch]:
        return False
    return not target or (rule.outgoing is not None and rule.outgoing.name == target)


def _placements(scene: Scene, own: Iterable[PlacedRule]) -> tuple[Placement, ...]:
    """Where the lines of a file put rules; the host's own placement where it is the same place."""
    here = scene.placement
    places = dict.fromkeys(one.place for one in own if isinstance(one.place, PRIMARY))
    return tuple(here if here is not None and here.primary == where else Placement(where) for where in places)


def _is_complete(scene: Scene, placement: Placement, switch: SwitchName, target: str) -> bool:
    held = scene.held
    assert held is not None
    facts = scene.around.facts
    wanted = placed_for(held.switches, placement, facts)
    given = set(held.read.rules)
    return all(
        one in given
        for one in wanted
        if one.rule.purpose in PURPOSES[switch]
        and (not target or one.rule.outgoing is None or one.rule.outgoing.name == target)
    )


def masquerade_targets(scene: Scene) -> tuple[str, ...]:
    """The interfaces on which the file, or a rule in force, masquerades."""
    in_force = switches_of(state.placed.rule for state in scene.states).masquerade
    by_hand = tuple(
        target
        for line in scene.hand
        for switch, target in line.effects
        if switch is SwitchName.MASQUERADE and target
    )
    return tuple(dict.fromkeys((*scene.switches.masquerade, *in_force, *by_hand)))


def _has_docker(ruleset: Ruleset | None) -> bool:
    tables = ruleset.tables if ruleset is not None else ()
    return any(chain.startswith("DOCKER") for table in tables for chain in table.chains)


def _setting_line(scene: Scene, switch: SwitchName) -> SysctlEntry | None:
    """The line of the host's files that has the last word about a setting."""
    return effective(scene.boot.entries, SETTINGS[switch], by_systemd=scene.boot.has_systemd)


def _line(entry: SysctlEntry) -> str:
    return f"{entry.name} = {entry.value}"
