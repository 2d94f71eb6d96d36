"""Hosts whose packet filter somebody else manages: who drops is named, and our rules make packets pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.netns.filter_rig import Rig, Sent, filter_rig
from tests.netns.manager_rig import docker, ufw
from tests.support.firewalld import firewalld_in, skip_unless_firewalld
from tests.support.needs import needs, needs_root
from wgtui.adapters.forward_rules import HostForwardRules
from wgtui.adapters.packet_filter import HostPacketFilter
from wgtui.domain.forwarding import PlacedRule, RuleFacts, Switches, place, rules_of
from wgtui.domain.ruleset import Manager, decide, manager_of
from wgtui.services.forwarding.backend import choose_places

pytestmark = [
    needs_root,
    needs("nft", "iptables-nft", "iptables-legacy"),
]

ADMINISTRATOR = """
table inet own {
    chain passing {
        type filter hook forward priority 0; policy drop;
        ct state established,related accept
    }
    chain arriving {
        type filter hook input priority 0; policy accept;
    }
}
"""


@dataclass
class Managed:
    """A router with somebody's packet filter.

    Attributes:
        rig: The router.
        manager: Who is named.
        rules: Changes our rules there.
        ufw: Runs ufw, where that is the manager.
    """

    rig: Rig
    manager: Manager
    rules: HostForwardRules
    ufw: Callable[..., str] | None = None

    def between(self) -> list[Sent]:
        """Packets that come in by wg0 and leave by eth0."""
        return [
            sent
            for sent in self.rig.corpus({})
            if (sent.packet.in_link, sent.packet.out_link) == ("wg0", "eth0")
        ]


@pytest.fixture
def rig() -> Iterator[Rig]:
    with filter_rig() as made:
        packets = made.corpus({})
        assert len(made.send(packets)) == len(packets)
        yield made


@pytest.fixture(params=["docker, nft", "docker, legacy", "ufw", "firewalld", "own chain", "docker twice"])
def managed(request: pytest.FixtureRequest, rig: Rig, tmp_path: Path) -> Iterator[Managed]:
    rules = HostForwardRules(rig.router)
    match request.param:
        case "docker, nft":
            docker(rig, "iptables-nft")
            docker(rig, "ip6tables-nft")
            yield Managed(rig, Manager.DOCKER, rules)
        case "docker, legacy":
            docker(rig, "iptables-legacy")
            docker(rig, "ip6tables-legacy")
            yield Managed(rig, Manager.DOCKER, rules)
        case "docker twice":
            for variant in ("nft", "legacy"):
                docker(rig, f"iptables-{variant}")
                docker(rig, f"ip6tables-{variant}")
            yield Managed(rig, Manager.DOCKER, rules)
        case "ufw":
            yield Managed(rig, Manager.UFW, rules, ufw=ufw(rig, tmp_path))
        case "own chain":
            rig.run("nft", "-f", "-", stdin=ADMINISTRATOR)
            yield Managed(rig, Manager.OTHER, rules)
        case _:
            skip_unless_firewalld()
            with firewalld_in(rig.router, tmp_path) as variables:
                rules = HostForwardRules(
                    rig.router, firewalld=True, variables=variables, listen_port=lambda name: 51820
                )
                yield Managed(rig, Manager.FIREWALLD, rules)


def placed_for(managed: Managed, interface: str) -> tuple[PlacedRule, ...]:
    """The rules of the switches, where this host wants them."""
    reading = HostPacketFilter(managed.rig.router).read()
    assert reading.problems == ()
    choice = choose_places(reading, ["eth0"])
    assert len(choice.reasons) == 1 + len(choice.placement.also) + bool(choice.placement.missing)
    facts = RuleFacts(interface, 51820)
    return place(rules_of(Switches(forward=True, relay=True, port=True), facts), choice.placement, ())


@pytest.mark.parametrize("interface", ["wg0", "eth0"], ids=["out of the tunnel", "into the tunnel"])
def test_who_drops_is_named_and_our_rules_let(managed: Managed, interface: str) -> None:
    reader = HostPacketFilter(managed.rig.router)
    before = reader.read().ruleset
    packets = managed.between()
    arrived = managed.rig.send(packets)
    for sent in packets:
        decision = decide(before, sent.packet)
        assert decision.is_certain
        assert decision.passes == (sent.number in arrived), sent
        if sent.packet.protocol == 17:
            assert decision.culprit is not None
            assert manager_of(decision.culprit) is managed.manager
    ours = placed_for(managed, interface)
    managed.rules.replace(interface, (), ours)
    if managed.ufw is not None:
        managed.ufw("reload")
    packets = managed.between()
    after = reader.read().ruleset
    arrived = managed.rig.send(packets)
    for sent in packets:
        decision = decide(after, sent.packet)
        assert decision.passes == (sent.number in arrived), sent
        assert sent.number in arrived, sent
    managed.rules.replace(interface, ours, ())
    packets = managed.between()
    assert not [
        sent for sent in packets if sent.packet.protocol == 17 and sent.number in managed.rig.send([sent])
    ]
