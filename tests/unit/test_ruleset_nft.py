"""Rules of nft as other versions and other people write them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import pytest

from wgtui.domain.ruleset import Hook, Outcome, Packet, Ruleset, VerdictKind, decide
from wgtui.domain.ruleset.nft_json import parse_nft

PACKET = Packet(
    Hook.FORWARD,
    ip_address("10.0.0.2"),
    ip_address("192.168.2.5"),
    in_link="wg0",
    out_link="eth0",
    protocol=6,
    source_port=4000,
    destination_port=443,
)

SADDR = {"payload": {"protocol": "ip", "field": "saddr"}}
DPORT = {"payload": {"protocol": "tcp", "field": "dport"}}
IIFNAME = {"meta": {"key": "iifname"}}
DROP = {"drop": None}
OWN = {"family": "inet", "table": "t"}


def compared(left: Any, right: Any, operator: str = "==") -> dict[str, Any]:
    return {"match": {"op": operator, "left": left, "right": right}}


def ruleset(*statements: Any, others: Sequence[Any] = (), table: dict[str, Any] | None = None) -> Ruleset:
    """One rule in a chain at FORWARD."""
    objects = [
        {"table": {"family": "inet", "name": "t", **(table or {})}},
        {"chain": {**OWN, "name": "c", "type": "filter", "hook": "forward", "prio": 0, "policy": "accept"}},
        {"chain": {**OWN, "name": "user"}},
        {"rule": {**OWN, "chain": "user", "expr": [DROP]}},
        *others,
        {"rule": {**OWN, "chain": "c", "expr": list(statements)}},
    ]
    return Ruleset(parse_nft(json.dumps({"nftables": objects})))


def named(kind: str, elements: Any, **more: Any) -> dict[str, Any]:
    return {kind: {**OWN, "name": "named", "elem": elements, **more}}


@pytest.mark.parametrize(
    ("elements", "is_dropped"),
    [
        (["10.0.0.2"], True),
        ([{"elem": {"val": "10.0.0.2", "timeout": 60, "expires": 4, "comment": "x"}}], True),
        ([{"elem": {"val": {"prefix": {"addr": "10.0.0.0", "len": 24}}, "counter": {"packets": 1}}}], True),
        ([{"range": ["10.0.0.3", "10.0.0.9"]}], False),
        ([], False),
    ],
)
@pytest.mark.parametrize("kind", [{"type": "ipv4_addr"}, {"type": {"typeof": SADDR}, "flags": ["interval"]}])
def test_a_set_by_name(elements: list[Any], is_dropped: bool, kind: dict[str, Any]) -> None:
    found = ruleset(compared(SADDR, "@named"), DROP, others=[named("set", elements, **kind)])
    decision = decide(found, PACKET)
    assert decision.is_certain
    assert decision.passes != is_dropped
    negated = ruleset(compared(SADDR, "@named", "!="), DROP, others=[named("set", elements, **kind)])
    assert decide(negated, PACKET).passes == is_dropped


def test_a_set_that_is_not_there_is_a_doubt() -> None:
    decision = decide(ruleset(compared(SADDR, "@named"), DROP), PACKET)
    assert decision.passes and not decision.is_certain


@pytest.mark.parametrize(
    ("pairs", "outcome", "certain"),
    [
        ([["wg0", {"jump": {"target": "user"}}]], Outcome.DROPPED, True),
        ([["wg*", {"goto": {"target": "user"}}]], Outcome.DROPPED, True),
        ([["eth0", {"drop": None}]], Outcome.PASSED, True),
        ([["eth0", {"accept": None}], ["*", {"drop": None}]], Outcome.DROPPED, True),
        ([["wg0", {"accept": None}], ["*", {"drop": None}]], Outcome.ACCEPTED, True),
        ([[{"elem": {"val": "wg0", "comment": "x"}}, {"accept": None}]], Outcome.ACCEPTED, True),
        ([["wg0", {"frob": None}]], Outcome.PASSED, False),
        ([["wg0"]], Outcome.PASSED, False),
    ],
)
@pytest.mark.parametrize("by_name", [False, True])
def test_a_verdict_map(pairs: list[Any], outcome: Outcome, certain: bool, by_name: bool) -> None:
    data = "@named" if by_name else {"set": pairs}
    others = [named("map", pairs, type="ifname", map="verdict")]
    decision = decide(ruleset({"vmap": {"key": IIFNAME, "data": data}}, others=others), PACKET)
    assert decision.outcome is outcome
    assert decision.is_certain is certain


def test_values_that_are_put_together() -> None:
    key = {"concat": [SADDR, DPORT]}
    pairs = [
        [{"concat": ["10.0.0.2", 80]}, {"accept": None}],
        [{"concat": [{"prefix": {"addr": "10.0.0.0", "len": 8}}, {"range": [440, 450]}]}, {"drop": None}],
    ]
    found = ruleset({"vmap": {"key": key, "data": {"set": pairs}}})
    assert decide(found, PACKET).outcome is Outcome.DROPPED
    assert decide(found, replace(PACKET, destination_port=80)).outcome is Outcome.ACCEPTED
    assert decide(found, replace(PACKET, destination_port=451)).outcome is Outcome.PASSED


def test_a_table_that_sleeps_drops_nothing() -> None:
    for flags in ("dormant", ["dormant"], ["owner", "dormant"]):
        assert decide(ruleset(DROP, table={"flags": flags}), PACKET).passes
    assert not decide(ruleset(DROP, table={"flags": ["owner"]}), PACKET).passes


def test_counters() -> None:
    counter = {"counter": {**OWN, "name": "mine", "packets": 7, "bytes": 420}}
    for statement in ("mine", "@mine"):
        found = ruleset({"counter": statement}, DROP, others=[counter])
        assert [(rule.packets, rule.bytes) for at, rule in found.rules() if at.chain == "c"] == [(7, 420)]
    found = ruleset({"counter": None}, DROP)
    assert [rule.packets for at, rule in found.rules() if at.chain == "c"] == [None]


@pytest.mark.parametrize(
    ("statements", "is_certain"),
    [
        ([{"limit": {"rate": 5, "per": "second"}}, DROP], False),
        ([{"quota": {"val": 5, "val_unit": "mbytes"}}, DROP], False),
        ([{"ct count": {"val": 20}}, DROP], False),
        ([{"xt": {"type": "match", "name": "set"}}, DROP], False),
        ([{"xt": None}], False),
        ([{"something new": {"x": 1}}], False),
        ([{"log": {"prefix": "x"}}], True),
        ([{"flow": {"op": "add", "flowtable": "@f"}}], True),
        ([compared(SADDR, "192.0.2.1"), {"something new": {"x": 1}}], True),
    ],
)
def test_what_is_not_understood_is_a_doubt(statements: list[Any], is_certain: bool) -> None:
    decision = decide(ruleset(*statements), PACKET)
    assert decision.passes
    assert decision.is_certain is is_certain


def test_what_a_packet_of_the_other_family_meets() -> None:
    inner = replace(PACKET, source=ip_address("fd00::2"), destination=ip_address("fd01::5"))
    for statements in (
        [compared(SADDR, "10.0.0.1", "!="), DROP],
        [{"reject": {"type": "icmp", "expr": "port-unreachable"}}],
        [compared({"meta": {"key": "nfproto"}}, "ipv4"), DROP],
        [compared({"payload": {"protocol": "ip", "field": "protocol"}}, "tcp"), DROP],
    ):
        assert not decide(ruleset(*statements), PACKET).passes
        assert decide(ruleset(*statements), inner).passes
        assert decide(ruleset(*statements), inner).is_certain


def test_a_mark_that_the_same_rule_sets_before_it_asks() -> None:
    mark = {"meta": {"key": "mark"}}
    found = ruleset({"mangle": {"key": mark, "value": 5}}, compared(mark, 5), DROP)
    assert not decide(found, PACKET).is_certain


def test_queues_leave_the_outcome_open() -> None:
    decision = decide(ruleset({"queue": {"num": 0}}), PACKET)
    assert decision.passes and not decision.is_certain
    assert decision.chains[-1].by.verdict is VerdictKind.QUEUE
