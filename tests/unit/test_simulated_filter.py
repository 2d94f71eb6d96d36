from __future__ import annotations

from ipaddress import ip_address

import pytest

from wgtui.adapters.simulated.forward_rules import SimulatedForwardRules
from wgtui.adapters.simulated.packet_filter import DOCKER, OPEN, SimulatedPacketFilter
from wgtui.domain.forwarding import IptablesPlace, NftTablePlace, RuleFacts, Switches, rules_of
from wgtui.domain.forwarding.places import Placement, PrimaryPlace, place
from wgtui.domain.ruleset import (
    Backend,
    Hook,
    Manager,
    Packet,
    decide,
    manager_of,
    manager_of_rule,
    masquerades,
)
from wgtui.ports.packet_filter import PacketFilterReader

OUT = Packet(
    Hook.FORWARD,
    ip_address("10.0.0.2"),
    ip_address("192.168.2.5"),
    in_link="wg0",
    out_link="eth0",
    protocol=17,
)
LEAVING = Packet(Hook.POSTROUTING, OUT.source, OUT.destination, in_link="wg0", out_link="eth0", protocol=17)
SWITCHES = Switches(forward=True, relay=True, masquerade=("eth0",), port=True, mss=True)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def switched_on(reader: SimulatedPacketFilter, where: PrimaryPlace) -> None:
    facts = RuleFacts("wg0", 51820)
    reader.rules.replace("wg0", (), place(rules_of(SWITCHES, facts), Placement(where), facts.sources))


@pytest.mark.parametrize(
    ("plain", "where", "backend"),
    [
        ("nft", IptablesPlace(), Backend.IPTABLES_NFT),
        ("legacy", IptablesPlace(), Backend.LEGACY),
        ("nft", IptablesPlace("legacy"), Backend.LEGACY),
        ("", NftTablePlace(), Backend.NFT),
    ],
)
def test_rules_of_the_switches_are_read_back(plain: str, where: PrimaryPlace, backend: Backend) -> None:
    reader = SimulatedPacketFilter(SimulatedForwardRules(plain))
    as_port: PacketFilterReader = reader
    assert as_port.read().ruleset.tables == ()
    switched_on(reader, where)
    reading = reader.read()
    assert reading.in_force == {backend} and reading.problems == ()
    assert masquerades(reading.ruleset, LEAVING).hides_source
    found = [manager_of_rule(at.table, at.chain, rule) for at, rule in reading.ruleset.rules()]
    assert found and set(found) == {Manager.WGTUI}


def test_docker_drops_until_the_switch_is_on() -> None:
    clock = Clock()
    reader = SimulatedPacketFilter(SimulatedForwardRules("nft", clock), DOCKER)
    culprit = decide(reader.read().ruleset, OUT).culprit
    assert culprit is not None and manager_of(culprit) is Manager.DOCKER
    switched_on(reader, IptablesPlace())
    decision = decide(reader.read().ruleset, OUT)
    assert decision.passes and decision.is_certain
    before = {one.rule.text: one.rule.packets or 0 for one in reader.counters()}
    clock.now += 10
    after = {one.rule.text: one.rule.packets or 0 for one in reader.counters()}
    moved = [text for text in after if after[text] > before[text]]
    assert moved and all("wgtui:wg0:" in text for text in moved)


def test_an_open_host_has_no_rules() -> None:
    assert DOCKER != OPEN
    reader = SimulatedPacketFilter(SimulatedForwardRules("nft"))
    assert decide(reader.read().ruleset, OUT).passes
