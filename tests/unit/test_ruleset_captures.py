"""What real rulesets do with packets: Docker, ufw, firewalld and the quirks of iptables and nft."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import pytest

from tests.support.rulesets import FOLDER, captured
from wgtui.domain.ruleset import (
    Backend,
    ConnectionState,
    FilterFamily,
    Hook,
    Manager,
    Outcome,
    Packet,
    Rule,
    Ruleset,
    Unknown,
    VerdictKind,
    decide,
    decider_words,
    manager_of,
    masquerades,
)
from wgtui.domain.ruleset.nft_json import read_listing
from wgtui.domain.ruleset.save import RuleMemory, parse_save

OUT = Packet(
    Hook.FORWARD,
    ip_address("10.0.0.2"),
    ip_address("192.168.2.5"),
    in_link="wg0",
    out_link="eth0",
    protocol=17,
    source_port=4000,
    destination_port=53,
)
"""From a peer to the LAN."""

BACK = replace(OUT, source=OUT.destination, destination=OUT.source, in_link="eth0", out_link="wg0")
"""From the LAN to a peer."""

HANDSHAKE = Packet(
    Hook.INPUT,
    ip_address("198.51.100.9"),
    ip_address("203.0.113.4"),
    in_link="eth0",
    protocol=17,
    source_port=4000,
    destination_port=51820,
)
"""To the listen port."""

HOSTS = sorted(path.name for path in FOLDER.iterdir())


def of(packet: Packet, state: ConnectionState) -> Packet:
    return replace(packet, ct_state=state)


@pytest.mark.parametrize("host", HOSTS)
def test_no_rule_is_lost_or_counted_twice(host: str) -> None:
    found = [
        rule.text
        for where, rule in captured(host).rules()
        if where.backend in (Backend.LEGACY, Backend.IPTABLES_NFT)
    ]
    printed = [
        line.partition("] ")[2]
        for path in (FOLDER / host).glob("*-save")
        for line in path.read_text().splitlines()
        if line.startswith("[")
    ]
    assert sorted(text.splitlines()[0] for text in found) == sorted(printed)


@pytest.mark.parametrize("host", HOSTS)
def test_all_is_understood_but_what_cannot_be(host: str) -> None:
    known = (
        *("-m limit", "-m connmark", "-s 10.0.0.1/255", "-m icmp --icmp-type 3/4"),
        *(
            "--tcp-flags",
            "-m hl ",
            "fib saddr . ",
            "tcp flags ",
            "limit rate ",
            "meta pkttype",
            "ct direction",
        ),
        *("-m icmp6 --icmpv6-type 4/", "-m conntrack --ctorig", "iifgroup"),
    )
    for _, rule in captured(host).rules():
        assert rule.verdict.kind is not VerdictKind.UNKNOWN, rule
        for match in rule.matches:
            if isinstance(match, Unknown):
                assert any(text in match.text for text in known), rule


@pytest.mark.parametrize(
    ("host", "backend"),
    [("docker-nft", Backend.IPTABLES_NFT), ("docker-legacy", Backend.LEGACY)],
)
def test_docker_drops_what_is_forwarded(host: str, backend: Backend) -> None:
    ruleset = captured(host)
    assert {table.backend for table in ruleset.tables} == {backend}
    for packet in (OUT, BACK, of(BACK, ConnectionState.ESTABLISHED)):
        decision = decide(ruleset, packet)
        assert decision.is_certain and decision.culprit is not None
        assert manager_of(decision.culprit) is Manager.DOCKER
        assert decider_words(decision.culprit) == (
            f"Docker's policy DROP of the chain FORWARD in the table filter of {backend.value} decides."
        )
    assert decide(ruleset, HANDSHAKE).passes
    container = replace(OUT, in_link="docker0")
    assert decide(ruleset, container).outcome is Outcome.ACCEPTED
    between = decide(ruleset, replace(container, out_link="br-app"))
    assert between.culprit is not None
    assert between.culprit.trail == (
        *("FORWARD", "DOCKER-FORWARD", "DOCKER-ISOLATION-STAGE-1", "DOCKER-ISOLATION-STAGE-2"),
    )
    leaving = replace(OUT, hook=Hook.POSTROUTING, source=ip_address("172.17.0.9"))
    assert masquerades(ruleset, leaving).hides_source
    assert not masquerades(ruleset, replace(leaving, out_link="docker0")).hides_source


def test_ufw_lets_what_it_was_told() -> None:
    ruleset = captured("ufw")
    assert decide(ruleset, OUT).outcome is Outcome.ACCEPTED
    assert decide(ruleset, HANDSHAKE).is_certain and decide(ruleset, HANDSHAKE).passes
    assert decide(ruleset, of(BACK, ConnectionState.ESTABLISHED)).passes
    for packet in (BACK, replace(HANDSHAKE, destination_port=51821), replace(HANDSHAKE, protocol=6)):
        decision = decide(ruleset, packet)
        assert decision.is_certain and decision.culprit is not None
        assert decision.culprit.rule is None
        assert manager_of(decision.culprit) is Manager.UFW
    ping = replace(BACK, protocol=1, source_port=None, destination_port=None, icmp_type=8)
    assert decide(ruleset, ping).passes and decide(ruleset, ping).is_certain


def test_ufw_of_ipv6() -> None:
    ruleset = captured("ufw")
    inner = replace(OUT, source=ip_address("fd00::2"), destination=ip_address("fd01::5"))
    assert decide(ruleset, inner).passes
    decision = decide(ruleset, replace(inner, in_link="wg1"))
    assert decision.culprit is not None and manager_of(decision.culprit) is Manager.UFW
    assert "ip6tables-nft" in decider_words(decision.culprit)


@pytest.mark.parametrize("host", ["firewalld", "firewalld-trusted"])
def test_firewalld_rejects_what_no_zone_lets(host: str) -> None:
    ruleset = captured(host)
    assert decide(ruleset, HANDSHAKE).passes and decide(ruleset, HANDSHAKE).is_certain
    for packet in (BACK, replace(HANDSHAKE, destination_port=51821)):
        decision = decide(ruleset, packet)
        assert decision.is_certain and decision.culprit is not None
        assert decision.culprit.verdict is VerdictKind.REJECT
        assert manager_of(decision.culprit) is Manager.FIREWALLD
    assert decide(ruleset, of(BACK, ConnectionState.ESTABLISHED)).passes
    assert decide(ruleset, replace(BACK, is_dnat=True)).passes


def test_firewalld_trusts_only_what_comes_out_of_a_trusted_interface() -> None:
    peers = replace(OUT, out_link="wg0")
    assert decide(captured("firewalld-trusted"), peers).passes
    assert decide(captured("firewalld-trusted"), OUT).passes
    assert not decide(captured("firewalld-trusted"), BACK).passes


def test_every_rule_of_nft_is_told_in_its_own_words() -> None:
    """The words are those of `nft -a list ruleset` at the same moment."""
    listed = (FOLDER / "nft" / "nft-list").read_text()
    written = [
        line.partition(" # handle ")[0].strip() for line in listed.splitlines() if " # handle " in line
    ]
    found = [rule.text for _, rule in captured("nft").rules()]
    assert found
    assert sorted(set(found) - set(written)) == []


def quirk(host: str, beginning: str) -> Rule:
    return next(rule for _, rule in captured(host).rules() if rule.text.startswith(beginning))


@pytest.mark.parametrize("host", ["quirks-nft", "quirks-legacy"])
def test_comments_cannot_break_out_of_their_rule(host: str) -> None:
    assert quirk(host, "-A INPUT -p tcp -m state").comment == 'a "quoted" \\back; -j DROP'
    assert quirk(host, "-A INPUT -p tcp -m state").verdict.kind is VerdictKind.ACCEPT
    assert quirk(host, "-A INPUT -m comment").comment == "-j"
    broken = quirk(host, "-A sub")
    assert broken.comment == "line\nCOMMIT\n*nat"
    assert broken.verdict.kind is VerdictKind.ACCEPT
    sub = [where for where, rule in captured(host).rules() if rule is not None and where.chain == "sub"]
    assert [where.table for where in sub] == ["filter"]


def test_a_table_of_an_administrator_beside_one_of_iptables() -> None:
    """`ip filter` made with nft: iptables-nft prints it with chains of its own that are not there."""
    native = """{"nftables": [
        {"table": {"family": "ip", "name": "filter", "handle": 1}},
        {"chain": {"family": "ip", "table": "filter", "name": "f", "handle": 1, "type": "filter",
                   "hook": "forward", "prio": 0, "policy": "drop"}}]}"""
    printed = (
        "# Table `filter' contains incompatible base-chains, use 'nft' tool to list them.\n"
        "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n"
    )
    saved = parse_save(printed, Backend.IPTABLES_NFT, FilterFamily.IP)
    tables = read_listing(native).tables(saved)
    assert [(table.backend, [base.name for base in table.base_chains]) for table in tables] == [
        (Backend.NFT, ["f"])
    ]
    assert not decide(Ruleset(tables), OUT).passes


@pytest.mark.parametrize("host", ["ufw", "quirks-nft", "docker-nft"])
def test_a_second_reading_sees_what_changed_and_nothing_else(host: str) -> None:
    text = (FOLDER / host / "iptables-nft-save").read_text()
    memory = RuleMemory()

    def read(given: str) -> Ruleset:
        return Ruleset(parse_save(given, Backend.IPTABLES_NFT, FilterFamily.IP, memory))

    first = read(text)
    counted = text.replace("[0:0] -A", "[7:420] -A")
    # The same line is a jump where there is such a chain, and something unknown where there is none.
    without = counted.replace(":DOCKER-USER - [0:0]\n", "")
    for given in (text, counted, without, counted, text):
        fresh = Ruleset(parse_save(given, Backend.IPTABLES_NFT, FilterFamily.IP))
        assert list(read(given).rules()) == list(fresh.rules())
    assert list(read(text).rules()) == list(first.rules())
