"""What the rules of the forwarding switches do to packets, in every packet filter, IPv4 and IPv6."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.netns.forwarding_rig import LISTEN_PORT, TUNNEL_MTU, ForwardingRig, forwarding_rig
from tests.support.firewalld import firewalld_in, skip_unless_firewalld
from tests.support.needs import needs, needs_root
from wgtui.adapters.forward_rules import HostForwardRules
from wgtui.domain.addresses import prefix_of
from wgtui.domain.forwarding import (
    FirewalldPlace,
    Hook,
    IptablesPlace,
    NftChainPlace,
    NftTablePlace,
    PlacedRule,
    Placement,
    Purpose,
    RuleFacts,
    Switches,
    hook_lines,
    place,
    rules_of,
)

pytestmark = [
    needs_root,
    needs("nft", "iptables"),
]

SOURCES = (prefix_of("10.8.0.0/24"), prefix_of("fd08::/64"))
ON = Switches(forward=True, relay=True, masquerade=("eth0",), port=True, mss=True)

DROPPING_IPTABLES = """\
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A INPUT -p {icmp} -j ACCEPT
-A FORWARD -m conntrack --ctstate INVALID -j DROP
COMMIT
"""
"""As Docker or an administrator leave it: nothing is forwarded that no rule allows."""

DROPPING_NFT = """\
table inet admin {
    chain arriving {
        type filter hook input priority 0; policy drop;
        ct state established,related accept
        meta l4proto { icmp, ipv6-icmp } accept
    }
    chain passing { type filter hook forward priority 0; policy drop; }
}
"""

PLACEMENTS = {
    "iptables": Placement(IptablesPlace()),
    "legacy": Placement(IptablesPlace("legacy")),
    "nftables": Placement(
        NftTablePlace(),
        (
            NftChainPlace("inet", "admin", "passing", Hook.FORWARD),
            NftChainPlace("inet", "admin", "arriving", Hook.INPUT),
        ),
    ),
    "firewalld": Placement(NftTablePlace(), (FirewalldPlace("trusted"), FirewalldPlace("public"))),
}

NONE, BOTH = (False, False), (True, True)
"""Of IPv4 and IPv6."""

Setter = Callable[[tuple[PlacedRule, ...], tuple[PlacedRule, ...]], None]


@pytest.fixture
def rig() -> Iterator[ForwardingRig]:
    with forwarding_rig() as made:
        yield made


def drop_what_no_rule_allows(rig: ForwardingRig, kind: str) -> None:
    """Give the relay a packet filter that forwards nothing."""
    if kind == "nftables":
        rig.shell("nft -f -", DROPPING_NFT)
        return
    where = PLACEMENTS[kind].primary
    assert isinstance(where, IptablesPlace)
    for version, icmp in ((4, "icmp"), (6, "ipv6-icmp")):
        rig.shell(f"{where.program(version)}-restore --noflush -w 5", DROPPING_IPTABLES.format(icmp=icmp))


def placed(switches: Switches, kind: str) -> tuple[PlacedRule, ...]:
    facts = RuleFacts("wg0", LISTEN_PORT, sources=SOURCES)
    return place(rules_of(switches, facts), PLACEMENTS[kind], SOURCES)


def setter(rig: ForwardingRig, rules: HostForwardRules, way: str, exports: str = "") -> Setter:
    """Sets rules through the port, or with hook lines as wg-quick runs them."""

    def by_lines(before: tuple[PlacedRule, ...], after: tuple[PlacedRule, ...]) -> None:
        down, up = hook_lines(before, "wg0").post_down, hook_lines(after, "wg0").post_up
        for line in (*down, *up):
            rig.shell(f"{exports}set -e -o pipefail\n{line.replace('%i', 'wg0')}")

    def by_port(before: tuple[PlacedRule, ...], after: tuple[PlacedRule, ...]) -> None:
        rules.replace("wg0", before, after)

    return by_port if way == "port" else by_lines


def packets(rules: HostForwardRules) -> dict[Purpose, int]:
    """What each kind of rule has met."""
    met: dict[Purpose, int] = {}
    for state in rules.read("wg0"):
        purpose = state.placed.rule.purpose
        met[purpose] = met.get(purpose, 0) + (state.packets or 0)
    return met


def check_switches(rig: ForwardingRig, kind: str, rules: HostForwardRules, change: Setter) -> None:
    """Off nothing passes; on everything does, and is counted; isolated peers do not reach each other."""
    assert rig.passes() == {"relay": NONE, "forward": NONE, "into": NONE, "port": NONE}
    on = placed(ON, kind)
    change((), on)
    assert {state.placed for state in rules.read("wg0")} == set(rules.held(on))
    assert rig.passes() == {"relay": BOTH, "forward": BOTH, "into": BOTH, "port": BOTH}
    for version, overhead in ((4, 40), (6, 60)):
        assert rig.segment_size(version) <= TUNNEL_MTU - overhead
    met = packets(rules)
    assert all(met[one] for one in (Purpose.MASQUERADE, Purpose.MSS)), met
    assert all(met[one] for one in (Purpose.RELAY, Purpose.FORWARD_IN, Purpose.FORWARD_OUT)), met
    isolated = placed(Switches(forward=True, isolate=True, masquerade=("eth0",), port=True), kind)
    change(on, isolated)
    assert rig.passes() == {"relay": NONE, "forward": BOTH, "into": BOTH, "port": BOTH}
    assert packets(rules)[Purpose.ISOLATE]
    change(isolated, ())
    assert rig.passes() == {"relay": NONE, "forward": NONE, "into": NONE, "port": NONE}
    assert not [state for state in rules.read("wg0") if state.packets is not None]


@pytest.mark.parametrize("way", ["port", "lines"])
@pytest.mark.parametrize("kind", ["iptables", "legacy", "nftables"])
def test_packets_pass_where_the_switches_say_so(rig: ForwardingRig, kind: str, way: str) -> None:
    drop_what_no_rule_allows(rig, kind)
    before = rig.shell("nft -s list ruleset 2>/dev/null")
    rules = HostForwardRules(rig.relay)
    check_switches(rig, kind, rules, setter(rig, rules, way))
    if kind == "nftables":
        assert rig.shell("nft -s list ruleset 2>/dev/null") == before


@pytest.mark.parametrize("way", ["port", "lines"])
def test_packets_pass_firewalld(rig: ForwardingRig, way: str, tmp_path: Path) -> None:
    skip_unless_firewalld()
    with firewalld_in(rig.relay, tmp_path, zone="eth0 wg0") as variables:
        rules = HostForwardRules(
            rig.relay, firewalld=True, variables=variables, listen_port=lambda name: LISTEN_PORT
        )
        exports = "".join(f"export {name}={value}\n" for name, value in variables.items())
        change = setter(rig, rules, way, exports)
        rig.shell(f"{exports}firewall-cmd -q --zone=public --add-port=4500/udp --permanent")
        rig.shell(f"{exports}firewall-cmd -q --zone=public --add-port=4500/udp")
        check_switches(rig, "firewalld", rules, change)
        on = placed(ON, "firewalld")
        change((), on)
        change((), on)
        rig.shell(f"{exports}firewall-cmd -q --reload")
        assert {state.placed for state in rules.read("wg0")} == set(rules.held(on))
        assert rig.passes() == {"relay": BOTH, "forward": BOTH, "into": BOTH, "port": BOTH}
        change(on, ())
        change(on, ())
        assert rules.read("wg0", on) == ()
        assert rig.shell(f"{exports}firewall-cmd --zone=public --list-ports") == "4500/udp\n"
        change((), on)
        elsewhere = HostForwardRules(rig.relay, firewalld=True, variables=variables)
        in_trust = {state.placed for state in elsewhere.read("wg0") if state.packets is None}
        assert {one.place for one in in_trust} == {FirewalldPlace("trusted")}
        assert {state.placed for state in elsewhere.read("wg0", on)} == set(rules.held(on))


@pytest.mark.parametrize("version", [4, 6])
def test_an_own_table_alone_masquerades_and_isolates(rig: ForwardingRig, version: int) -> None:
    """On a host whose packet filter lets everything pass."""
    rules = HostForwardRules(rig.relay)
    facts = RuleFacts("wg0", LISTEN_PORT, sources=SOURCES)

    def only(switches: Switches) -> tuple[PlacedRule, ...]:
        return place(rules_of(switches, facts), Placement(NftTablePlace()), SOURCES)

    assert rig.relays(version)
    assert not rig.forwards(version)
    masquerade = only(Switches(masquerade=("eth0",)))
    rules.replace("wg0", (), masquerade)
    assert rig.forwards(version)
    isolate = only(Switches(isolate=True))
    rules.replace("wg0", masquerade, isolate)
    assert not rig.relays(version)
    assert not rig.forwards(version)
    rules.replace("wg0", isolate, ())
    assert rig.relays(version)
    assert rig.shell("nft list ruleset") == ""
