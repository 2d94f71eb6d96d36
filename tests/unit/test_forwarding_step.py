"""The step that changes the rules of the forwarding switches: words, commands, risks."""

from __future__ import annotations

import pytest

from tests.unit.plan_samples import FORWARD_RULES
from tests.unit.session_world import PUBLIC, TUNNEL, facts_of, plan
from wgtui.domain.forwarding import (
    FirewalldPlace,
    IptablesPlace,
    NftTablePlace,
    PlacedRule,
    Placement,
    Purpose,
    RuleFacts,
    Switches,
    place,
    rules_of,
)
from wgtui.domain.plan import SetForwardRules, commands, sentence
from wgtui.domain.plan.codec import from_json, to_json
from wgtui.domain.session import Severity, SshSession, how_it_may_cut, with_unknown_way

FACTS = RuleFacts("wg0", 51820, families=frozenset({4}), outer_families=frozenset({4}))
IPTABLES = Placement(IptablesPlace())
FIREWALLD = Placement(NftTablePlace(), (FirewalldPlace("trusted"), FirewalldPlace("public")))
ALL = Switches(True, True, False, ("eth0",), True, True)


def placed(switches: Switches, placement: Placement = IPTABLES, name: str = "wg0") -> tuple[PlacedRule, ...]:
    facts = RuleFacts(name, 51820, FACTS.families, FACTS.outer_families)
    return place(rules_of(switches, facts), placement, ())


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (Switches(), Switches(relay=True), "Let packets between peers of wg0 pass (iptables)."),
        (
            Switches(),
            Switches(forward=True),
            "Let packets between wg0 and other networks pass (iptables).",
        ),
        (Switches(relay=True), Switches(), "No longer let packets between peers of wg0 pass (iptables)."),
        (
            Switches(relay=True),
            Switches(isolate=True),
            "Drop packets between peers of wg0; no longer let packets between peers of wg0 pass (iptables).",
        ),
        (
            Switches(),
            Switches(relay=True, masquerade=("e0",)),
            "Let packets between peers of wg0 pass; masquerade packets out of wg0 on e0 (iptables).",
        ),
        (Switches(port=True), Switches(port=True), "Leave the packet filter rules of wg0 as they are."),
    ],
)
def test_the_sentence(before: Switches, after: Switches, said: str) -> None:
    assert sentence(SetForwardRules("wg0", placed(before), placed(after))) == said


def test_a_rule_that_moves_is_told_once() -> None:
    wanted = Switches(relay=True)
    step = SetForwardRules("wg0", placed(wanted), placed(wanted, Placement(NftTablePlace())))
    assert sentence(step) == "Let packets between peers of wg0 pass (nftables, iptables)."


def test_the_commands() -> None:
    step = SetForwardRules("wg0", placed(Switches(relay=True)), placed(Switches(masquerade=("eth0",))))
    assert commands(step) == (
        "iptables -w -D FORWARD -i wg0 -o wg0 -m comment --comment wgtui:wg0:relay -j ACCEPT",
        "iptables -w -t nat -A POSTROUTING -o eth0 -m comment --comment wgtui:wg0:masquerade -j MASQUERADE",
    )
    assert commands(SetForwardRules("wg0", (), placed(Switches(forward=True, port=True), FIREWALLD)))[1:] == (
        "firewall-cmd --permanent --zone=trusted --change-interface=wg0",
        "firewall-cmd --zone=trusted --change-interface=wg0",
        "firewall-cmd --permanent --new-policy=w-wg0",
        "firewall-cmd --permanent --policy=w-wg0 --set-target=ACCEPT",
        "firewall-cmd --permanent --policy=w-wg0 --add-ingress-zone=ANY",
        "firewall-cmd --permanent --policy=w-wg0 --add-egress-zone=trusted",
        "firewall-cmd --reload",
        "firewall-cmd --permanent --zone=public --add-port=51820/udp",
        "firewall-cmd --zone=public --add-port=51820/udp",
    )
    away = SetForwardRules("wg0", placed(Switches(relay=True), Placement(NftTablePlace())), ())
    assert commands(away) == ("nft 'add table inet wgtui-wg0; delete table inet wgtui-wg0'",)


def test_the_journal_gives_back_values_and_not_their_spelling() -> None:
    step = from_json(to_json(SetForwardRules("wg0", (), FORWARD_RULES)))
    assert isinstance(step, SetForwardRules)
    assert [one.rule.action for one in step.after] == [one.rule.action for one in FORWARD_RULES]
    assert [one.rule.hook for one in step.after] == [one.rule.hook for one in FORWARD_RULES]


@pytest.mark.parametrize("session", [TUNNEL, PUBLIC], ids=["over the tunnel", "over the uplink"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Switches(), ALL),
        (Switches(True, True, False, ("eth0",), False, True), Switches()),
        (Switches(relay=True), Switches(isolate=True)),
    ],
    ids=["all on", "all off but the port", "isolate"],
)
def test_what_is_forwarded_cannot_cut_a_session(
    session: SshSession, before: Switches, after: Switches
) -> None:
    change = plan(SetForwardRules("wg0", placed(before), placed(after)))
    assert how_it_may_cut(change, session, facts_of(session)) == ()
    assert with_unknown_way(change, session) == ()


def test_the_port_that_a_session_comes_by_may_be_missed() -> None:
    change = plan(SetForwardRules("wg0", placed(Switches(port=True)), ()))
    (risk,) = how_it_may_cut(change, TUNNEL, facts_of(TUNNEL))
    assert risk.severity is Severity.MAY
    assert "51820" in risk.text
    assert "wg0" in risk.text
    assert how_it_may_cut(change, PUBLIC, facts_of(PUBLIC)) == ()
    assert with_unknown_way(change, PUBLIC)
    other = plan(SetForwardRules("wg1", placed(Switches(port=True), name="wg1"), ()))
    assert how_it_may_cut(other, TUNNEL, facts_of(TUNNEL)) == ()


def test_the_zone_that_a_session_comes_by_may_be_missed() -> None:
    change = plan(SetForwardRules("wg0", placed(Switches(relay=True), FIREWALLD), ()))
    (risk,) = how_it_may_cut(change, TUNNEL, facts_of(TUNNEL))
    assert risk.severity is Severity.MAY
    assert "firewalld" in risk.text
    assert how_it_may_cut(change, PUBLIC, facts_of(PUBLIC)) == ()


@pytest.mark.parametrize("session", [TUNNEL, PUBLIC], ids=["over the tunnel", "over the uplink"])
def test_a_reload_of_firewalld_is_told(session: SshSession) -> None:
    change = plan(SetForwardRules("wg0", (), placed(Switches(forward=True), FIREWALLD)))
    (risk,) = how_it_may_cut(change, session, facts_of(session))
    assert risk.severity is Severity.MAY
    assert "only at run time" in risk.text
    assert with_unknown_way(change, session)
    without = plan(SetForwardRules("wg0", (), placed(Switches(relay=True), FIREWALLD)))
    assert how_it_may_cut(without, session, facts_of(session)) == ()


def test_a_name_that_no_policy_can_have_gets_none() -> None:
    purposes = [one.rule.purpose for one in placed(Switches(forward=True), FIREWALLD, "wg0.1")]
    assert Purpose.FORWARD_OUT in purposes
    in_zone = [
        one for one in placed(Switches(forward=True), FIREWALLD, "wg0.1") if one.place != NftTablePlace()
    ]
    assert [one.rule.purpose for one in in_zone] == [Purpose.FORWARD_IN]
