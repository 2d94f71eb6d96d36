from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from wgtui.domain.ruleset import (
    Addresses,
    AddressRange,
    Backend,
    BaseChain,
    Chains,
    ConnectionState,
    Decision,
    Direction,
    Effect,
    EffectKind,
    FilterFamily,
    Hook,
    LinkPattern,
    Links,
    Manager,
    Mark,
    Match,
    Outcome,
    Packet,
    Rule,
    Ruleset,
    Side,
    States,
    Table,
    Unknown,
    Verdict,
    VerdictKind,
    decide,
    decider_words,
    manager_of,
    masquerades,
)

FROM_TUNNEL = Packet(
    Hook.FORWARD,
    ip_address("10.0.0.2"),
    ip_address("192.168.2.5"),
    in_link="wg0",
    out_link="eth0",
    protocol=17,
)
IN_WG = Links(Direction.IN, (LinkPattern("wg0"),))
IN_ANY_WG = Links(Direction.IN, (LinkPattern("wg", is_prefix=True),))
MAYBE = Unknown("-m limit --limit 1/sec")


def rule(kind: VerdictKind, *matches: Match, to: str = "", comment: str = "") -> Rule:
    return Rule(f"{kind.value} {to}".strip(), tuple(matches), verdict=Verdict(kind, to), comment=comment)


def table(
    *rules: Rule,
    policy: VerdictKind = VerdictKind.ACCEPT,
    chains: Chains | None = None,
    name: str = "filter",
    priority: int = 0,
    backend: Backend = Backend.IPTABLES_NFT,
    hook: Hook = Hook.FORWARD,
    kind: str = "filter",
) -> Table:
    family = FilterFamily.INET if backend is Backend.NFT else FilterFamily.IP
    base = BaseChain(
        backend, family, name, hook.value.upper(), hook, priority, policy, rules, kind, chains=chains or {}
    )
    return Table(backend, family, name, (base,), chains or {})


def asked(*tables: Table, packet: Packet = FROM_TUNNEL) -> Decision:
    return decide(Ruleset(tables), packet)


def addresses(side: Side, prefix: str, *, negated: bool = False) -> Addresses:
    network = ip_network(prefix)
    return Addresses(side, network.version, (AddressRange(network[0], network[-1]),), negated)


def test_without_a_table_everything_passes() -> None:
    decision = asked()
    assert decision.outcome is Outcome.PASSED
    assert decision.passes and decision.is_certain and decision.culprit is None


def test_the_first_rule_that_matches_decides() -> None:
    decision = asked(
        table(rule(VerdictKind.ACCEPT, IN_ANY_WG), rule(VerdictKind.DROP), policy=VerdictKind.DROP)
    )
    assert decision.outcome is Outcome.ACCEPTED
    decision = asked(table(rule(VerdictKind.DROP, IN_WG), rule(VerdictKind.ACCEPT)))
    assert decision.outcome is Outcome.DROPPED
    assert decision.culprit is not None and decision.culprit.rule is not None


def test_every_base_chain_has_to_let_it() -> None:
    ours = table(rule(VerdictKind.ACCEPT), name="wgtui", backend=Backend.NFT, priority=-10)
    theirs = table(policy=VerdictKind.DROP, chains={"DOCKER-USER": ()})
    decision = asked(ours, theirs)
    assert decision.outcome is Outcome.DROPPED
    assert [chain.outcome for chain in decision.chains] == [Outcome.ACCEPTED, Outcome.DROPPED]
    culprit = decision.culprit
    assert culprit is not None and culprit.rule is None
    assert manager_of(culprit) is Manager.DOCKER
    assert decider_words(culprit) == (
        "Docker's policy DROP of the chain FORWARD in the table filter of iptables-nft decides."
    )


def test_return_and_goto_of_a_user_chain() -> None:
    chains = {
        "back": (rule(VerdictKind.RETURN, IN_WG), rule(VerdictKind.DROP)),
        "away": (rule(VerdictKind.JUMP, to="back"),),
    }
    jumped = table(
        rule(VerdictKind.JUMP, to="away"), rule(VerdictKind.ACCEPT), chains=chains, policy=VerdictKind.DROP
    )
    assert asked(jumped).outcome is Outcome.ACCEPTED
    gone = table(
        rule(VerdictKind.GOTO, to="away"), rule(VerdictKind.ACCEPT), chains=chains, policy=VerdictKind.DROP
    )
    assert asked(gone).culprit is not None


def test_what_only_may_match_is_a_doubt() -> None:
    decision = asked(table(rule(VerdictKind.DROP, MAYBE), rule(VerdictKind.ACCEPT)))
    assert decision.passes and not decision.is_certain
    assert [doubt.verdict for doubt in decision.doubts] == [VerdictKind.DROP]
    decision = asked(table(rule(VerdictKind.ACCEPT, MAYBE), rule(VerdictKind.ACCEPT)))
    assert decision.passes and decision.is_certain


def test_a_doubt_of_a_chain_that_may_have_been_left() -> None:
    chains = {"inner": (rule(VerdictKind.RETURN, MAYBE), rule(VerdictKind.DROP))}
    decision = asked(table(rule(VerdictKind.JUMP, to="inner"), rule(VerdictKind.ACCEPT), chains=chains))
    assert decision.outcome is Outcome.DROPPED and not decision.is_certain
    assert [doubt.verdict for doubt in decision.doubts] == [VerdictKind.ACCEPT]
    decision = asked(table(rule(VerdictKind.JUMP, to="inner"), rule(VerdictKind.REJECT), chains=chains))
    assert decision.outcome is Outcome.DROPPED and decision.is_certain


def test_a_jump_that_only_may_be_taken() -> None:
    chains = {"inner": (rule(VerdictKind.DROP),)}
    decision = asked(table(rule(VerdictKind.JUMP, MAYBE, to="inner"), chains=chains))
    assert decision.outcome is Outcome.PASSED and not decision.is_certain
    assert decision.doubts[0].trail == ("FORWARD", "inner")


def test_a_loop_of_jumps_ends() -> None:
    chains = {"one": (rule(VerdictKind.JUMP, to="two"),), "two": (rule(VerdictKind.JUMP, to="one"),)}
    decision = asked(table(rule(VerdictKind.JUMP, to="one"), chains=chains))
    assert decision.passes and not decision.is_certain


def test_what_the_packet_leaves_open_is_a_doubt() -> None:
    anywhere = Packet(Hook.FORWARD, None, None, family=4, in_link="wg0", out_link=None, protocol=6)
    decision = asked(table(rule(VerdictKind.DROP, addresses(Side.SOURCE, "10.0.0.0/8"))), packet=anywhere)
    assert decision.passes and not decision.is_certain
    decision = asked(table(rule(VerdictKind.DROP, addresses(Side.SOURCE, "fd00::/8"))), packet=anywhere)
    assert decision.passes and decision.is_certain


def test_a_mark_is_seen_by_later_chains() -> None:
    mark = Rule("mark set 1", effects=(Effect(EffectKind.MARK, "mark set 1", 1),))
    marking = table(mark, name="mangle", priority=-150)
    dropping = table(rule(VerdictKind.DROP, Mark(((1, 1),))))
    assert not asked(dropping, marking).passes
    assert asked(dropping).passes
    maybe = table(Rule("mark", (MAYBE,), mark.effects), name="mangle", priority=-150)
    decision = asked(dropping, maybe)
    assert decision.passes and not decision.is_certain


def test_an_established_connection_does_not_see_nat() -> None:
    nat = table(rule(VerdictKind.DROP), hook=Hook.POSTROUTING, kind="nat", name="nat", priority=100)
    packet = Packet(Hook.POSTROUTING, ip_address("10.0.0.2"), ip_address("1.1.1.1"), out_link="eth0")
    assert not asked(nat, packet=packet).passes
    established = Packet(
        Hook.POSTROUTING,
        ip_address("10.0.0.2"),
        ip_address("1.1.1.1"),
        out_link="eth0",
        ct_state=ConnectionState.ESTABLISHED,
    )
    assert asked(nat, packet=established).passes


@pytest.mark.parametrize("first", [VerdictKind.ACCEPT, VerdictKind.RETURN])
def test_a_later_nat_chain_still_masquerades(first: VerdictKind) -> None:
    out = Links(Direction.OUT, (LinkPattern("eth0"),))
    earlier = table(rule(first, out), hook=Hook.POSTROUTING, kind="nat", name="nat", priority=100)
    later = table(
        rule(VerdictKind.MASQUERADE, out), hook=Hook.POSTROUTING, kind="nat", name="wgtui", priority=110
    )
    packet = Packet(Hook.POSTROUTING, ip_address("10.0.0.2"), ip_address("1.1.1.1"), out_link="eth0")
    translation = masquerades(Ruleset((earlier, later)), packet)
    assert translation.hides_source and translation.is_certain
    assert not masquerades(Ruleset((earlier,)), packet).hides_source


def test_a_state_that_does_not_match_is_passed_over() -> None:
    established = States(frozenset((ConnectionState.ESTABLISHED, ConnectionState.RELATED)))
    decision = asked(table(rule(VerdictKind.ACCEPT, established), policy=VerdictKind.DROP))
    assert decision.culprit is not None and decision.culprit.rule is None
