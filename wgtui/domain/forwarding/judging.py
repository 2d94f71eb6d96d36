"""What is true of a switch at this moment: what the packet filter does with its packets, and who decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from wgtui.domain.forwarding.places import (
    FirewalldPlace,
    IptablesPlace,
    NftChainPlace,
    NftTablePlace,
    Place,
)
from wgtui.domain.forwarding.probes import Probe, probes_of
from wgtui.domain.forwarding.rules import Purpose
from wgtui.domain.forwarding.scene import Scene
from wgtui.domain.forwarding.state import RuleState
from wgtui.domain.forwarding.view import Fix, NowState, SwitchName
from wgtui.domain.ruleset import (
    Backend,
    BaseChain,
    Decision,
    EffectKind,
    Manager,
    Outcome,
    Rule,
    Ruleset,
    Translation,
    decide,
    decider_words,
    manager_of,
    masquerades,
    meets_all,
)
from wgtui.domain.ruleset import Decider as RuleDecider

PURPOSES: Final = {
    SwitchName.FORWARD: (Purpose.FORWARD_IN, Purpose.FORWARD_OUT),
    SwitchName.RELAY: (Purpose.RELAY,),
    SwitchName.ISOLATE: (Purpose.ISOLATE,),
    SwitchName.MASQUERADE: (Purpose.MASQUERADE,),
    SwitchName.PORT: (Purpose.PORT,),
    SwitchName.MSS: (Purpose.MSS,),
}
"""The rules behind each switch that has any."""

_VARIANTS: Final = {"legacy": Backend.LEGACY, "nft": Backend.IPTABLES_NFT}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is true of a switch now.

    Attributes:
        now: Its state.
        by: The rules of others that do its work, where it is on without one of ours.
        note: In a sentence; empty for nothing.
        culprit: Who drops the packets; empty for nobody.
        fix: What would mend it.
    """

    now: NowState
    by: tuple[RuleDecider, ...] = ()
    note: str = ""
    culprit: str = ""
    fix: Fix | None = None


def judge(scene: Scene, switch: SwitchName, target: str = "") -> Judgement:
    """Judge a switch that is done by rules.

    Args:
        scene: What was read.
        switch: One of `PURPOSES`.
        target: For `masquerade`: the interface.
    """
    if scene.ruleset is None:
        return Judgement(NowState.UNKNOWN, note="The packet filter could not be read.")
    if not scene.is_up and switch is not SwitchName.PORT:
        return Judgement(NowState.OFF, note=f"{scene.interface} is not up.")
    if switch is SwitchName.PORT and not scene.around.facts.listen_port:
        note = "The file gives no listen port, so it is another one at every start, and none can be opened."
        return Judgement(NowState.UNKNOWN, note=note)
    probes = probes_of(scene.around, switch, target)
    own = own_states(scene, switch, target)
    if switch is SwitchName.MSS:
        return _clamped(scene, scene.ruleset, probes, own)
    if switch is SwitchName.MASQUERADE and own and not _is_there(scene, target):
        return _without_link(scene, target)
    if not probes:
        return Judgement(NowState.ON if own else NowState.OFF, note=_nothing_to_ask(switch, target))
    if switch is SwitchName.MASQUERADE:
        return _masqueraded(scene, scene.ruleset, probes, own)
    decisions = [(probe, decide(scene.ruleset, probe.packet)) for probe in probes]
    if switch is SwitchName.ISOLATE:
        return _isolated(scene, decisions, own)
    return _let(scene, switch, decisions, own)


def own_states(scene: Scene, switch: SwitchName, target: str = "") -> tuple[RuleState, ...]:
    """Our rules in force that belong to a switch."""
    purposes = PURPOSES.get(switch, ())
    return tuple(
        state
        for state in scene.states
        if state.placed.rule.purpose in purposes
        and (not target or (state.placed.rule.outgoing and state.placed.rule.outgoing.name == target))
    )


def stopped_by(scene: Scene, link: str) -> str:
    """Who drops packets between the tunnel and another interface; empty for nobody."""
    if scene.ruleset is None or not scene.is_up:
        return ""
    for probe in probes_of(scene.around, SwitchName.FORWARD):
        if probe.link == link:
            culprit = decide(scene.ruleset, probe.packet).culprit
            if culprit is not None:
                return _who(culprit)
    return ""


def _who(decider: RuleDecider) -> str:
    manager = manager_of(decider)
    return manager.value if manager is not Manager.OTHER else decider.base.name


def _let(
    scene: Scene, switch: SwitchName, decisions: list[tuple[Probe, Decision]], own: tuple[RuleState, ...]
) -> Judgement:
    dropped = [(probe, decision) for probe, decision in decisions if not decision.passes]
    doubts = _doubt_words(decision for _, decision in decisions)
    if not dropped:
        if own or all(decision.outcome is Outcome.ACCEPTED for _, decision in decisions):
            by = () if own else tuple(_accepting(decision for _, decision in decisions))
            return Judgement(NowState.ON, by, doubts)
        return Judgement(NowState.OPEN, note=doubts)
    probe, decision = dropped[0]
    culprit = decision.culprit
    assert culprit is not None
    if _is_own_isolation(scene, culprit):
        return Judgement(NowState.OFF, note="The peers are isolated from each other.")
    words = f"Packets {probe.what} are dropped: {decider_words(culprit)}"
    return Judgement(
        NowState.BLOCKED if own else NowState.OFF,
        note=doubts,
        culprit=words,
        fix=_fix(scene, switch, culprit),
    )


def _fix(scene: Scene, switch: SwitchName, culprit: RuleDecider) -> Fix | None:
    """Our rule, where it comes before the culprit or stands in for its policy."""
    places = scene.placement.places if scene.placement is not None else ()
    if scene.held is None or not any(_stands_before(place, culprit.base, scene.plain) for place in places):
        return None
    what = {
        SwitchName.FORWARD: f"Let packets between {scene.interface} and other networks pass",
        SwitchName.RELAY: f"Let packets between peers of {scene.interface} pass",
        SwitchName.PORT: f"Open UDP port {scene.around.facts.listen_port}",
    }[switch]
    return Fix(f"{what}, before {_what_decides(culprit)} decides.", switch)


def _what_decides(decider: RuleDecider) -> str:
    if manager_of(decider) is not Manager.OTHER:
        return _who(decider)
    return "that rule" if decider.rule is not None else f"the policy of {decider.base.name}"


def _stands_before(place: Place, base: BaseChain, plain: Backend | None) -> bool:
    """Whether what we accept in a place is accepted in a chain, whatever stands there.

    In nftables a packet has to be let by every chain of a hook, so only our rule in that very chain helps.
    """
    match place:
        case IptablesPlace(variant=variant):
            speaks_to = _VARIANTS.get(variant, plain)
            return base.backend is speaks_to and base.table == "filter"
        case NftChainPlace(family=family, table=table, chain=chain):
            return (base.family.value, base.table, base.name) == (family, table, chain)
        case FirewalldPlace():
            return base.backend is Backend.NFT and base.table.startswith("firewalld")
        case NftTablePlace():
            return False


def _isolated(scene: Scene, decisions: list[tuple[Probe, Decision]], own: tuple[RuleState, ...]) -> Judgement:
    passing = [(probe, decision) for probe, decision in decisions if decision.passes]
    if not passing:
        if own:
            return Judgement(NowState.ON)
        culprit = decisions[0][1].culprit
        words = decider_words(culprit) if culprit is not None else ""
        return Judgement(NowState.OFF, note=f"They do not reach each other anyhow: {words}")
    if not own:
        return Judgement(NowState.OFF)
    probe, decision = passing[0]
    before = next(iter(_accepting([decision])), None)
    words = decider_words(before) if before is not None else ""
    fix = Fix(f"Drop packets between peers of {scene.interface} before that.", SwitchName.ISOLATE)
    return Judgement(NowState.BLOCKED, culprit=f"Packets {probe.what} pass all the same. {words}", fix=fix)


def _masqueraded(
    scene: Scene, ruleset: Ruleset, probes: Iterable[Probe], own: tuple[RuleState, ...]
) -> Judgement:
    asked = [(probe, masquerades(ruleset, probe.packet)) for probe in probes]
    without = [probe for probe, translation in asked if not translation.hides_source]
    by = tuple(translation.by for _, translation in asked if translation.hides_source and translation.by)
    if without and len(without) == len(asked):
        if not own:
            return Judgement(NowState.OFF)
        words = _before_nat([translation for _, translation in asked])
        return Judgement(NowState.BLOCKED, culprit=f"Another rule comes first. {words}".rstrip())
    note = ""
    if without:
        note = f"Not for IPv{without[0].packet.version}."
    foreign = tuple(one for one in by if one.rule is None or not _is_own(scene, one.rule))
    return Judgement(NowState.ON, () if own else foreign, note)


def _is_there(scene: Scene, link: str) -> bool:
    return any(one.name == link for one in scene.around.links)


def _without_link(scene: Scene, target: str) -> Judgement:
    """Of masquerading on an interface that is gone, such as an uplink that has another name now."""
    uplinks = [link.name for link in scene.around.links if link.is_uplink]
    fix = None
    if len(uplinks) == 1 and uplinks[0] not in scene.switches.masquerade:
        fix = Fix(f"Masquerade on {uplinks[0]} as well.", SwitchName.MASQUERADE, target=uplinks[0])
    return Judgement(NowState.BLOCKED, culprit=f"This host has no interface {target} now.", fix=fix)


def _before_nat(translations: Iterable[Translation]) -> str:
    return next((decider_words(one.by) for one in translations if one.by is not None), "")


def _clamped(
    scene: Scene, ruleset: Ruleset, probes: tuple[Probe, ...], own: tuple[RuleState, ...]
) -> Judgement:
    if own:
        return Judgement(NowState.ON)
    for where, rule in ruleset.rules():
        if _is_own(scene, rule) or not any(effect.kind is EffectKind.MSS for effect in rule.effects):
            continue
        if any(meets_all(rule.matches, probe.packet) is not False for probe in probes):
            return Judgement(NowState.ON, note=f"By a rule in the chain {where.chain}: {rule.text}")
    return Judgement(NowState.OFF)


def _accepting(decisions: Iterable[Decision]) -> Iterable[RuleDecider]:
    for decision in decisions:
        for chain in decision.chains:
            if chain.outcome is Outcome.ACCEPTED and chain.by.rule is not None:
                yield chain.by


def _doubt_words(decisions: Iterable[Decision]) -> str:
    doubts = [doubt for decision in decisions for doubt in decision.doubts]
    return f"It may be otherwise: {decider_words(doubts[0])}" if doubts else ""


def _is_own(scene: Scene, rule: Rule) -> bool:
    return rule.comment.startswith(f"wgtui:{scene.interface}:")


def _is_own_isolation(scene: Scene, culprit: RuleDecider) -> bool:
    return culprit.rule is not None and culprit.rule.comment == f"wgtui:{scene.interface}:isolate"


def _nothing_to_ask(switch: SwitchName, target: str) -> str:
    if switch is SwitchName.MASQUERADE and target:
        return f"{target} has no address of the tunnel's families."
    if switch is SwitchName.FORWARD:
        return "There is no other network to forward to."
    return ""
