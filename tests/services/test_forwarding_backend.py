from __future__ import annotations

import pytest

from tests.support.rulesets import captured
from wgtui.domain.forwarding import Decider as DeciderView
from wgtui.domain.forwarding import FirewalldPlace, Hook, IptablesPlace, NftChainPlace, NftTablePlace
from wgtui.domain.forwarding.rules import Family
from wgtui.domain.ruleset import (
    Backend,
    FilterFamily,
    FilterPrograms,
    Packet,
    Ruleset,
    RulesetReading,
    Table,
)
from wgtui.domain.ruleset import Hook as PacketHook
from wgtui.domain.ruleset.nft_json import parse_nft
from wgtui.domain.ruleset.save import parse_save
from wgtui.services.forwarding.backend import Choice, choose_places
from wgtui.services.forwarding.deciders import deciders

ALL = ("iptables", "iptables-nft", "iptables-legacy", "ip6tables", "ip6tables-nft", "ip6tables-legacy")

INVALID = '{"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": "invalid"}}'


def programs(
    variant: Backend | None = Backend.IPTABLES_NFT,
    *,
    nft: str = "nftables v1.0.6",
    names: tuple[str, ...] = ALL,
) -> FilterPrograms:
    return FilterPrograms(nft, "iptables v1.8.9" if variant else "", variant, frozenset(names))


def chosen(ruleset: Ruleset, installed: FilterPrograms | None = None, *uplinks: str) -> Choice:
    in_force = frozenset(table.backend for table in ruleset.tables)
    choice = choose_places(RulesetReading(ruleset, installed or programs(), in_force), uplinks)
    assert choice.reasons and all(reason.endswith(".") for reason in choice.reasons)
    return choice


def both(first: str, second: str) -> Ruleset:
    return Ruleset(captured(first).tables + captured(second).tables)


def native(hook: str, body: str, policy: str = "accept") -> tuple[Table, ...]:
    """A table `inet own` with one base chain."""
    chain = (
        '{"chain": {"family": "inet", "table": "own", "name": "c", "type": "filter", "prio": 0,'
        f' "hook": "{hook}", "policy": "{policy}"}}}}'
    )
    rule = f'{{"rule": {{"family": "inet", "table": "own", "chain": "c", "expr": [{body}]}}}}'
    return parse_nft(f'{{"nftables": [{{"table": {{"family": "inet", "name": "own"}}}}, {chain}, {rule}]}}')


def test_without_rules_it_is_a_table_of_nft() -> None:
    choice = chosen(Ruleset())
    assert choice.placement.primary == NftTablePlace()
    assert choice.placement.also == () and choice.hidden == ()


def test_without_rules_and_nft_it_is_iptables() -> None:
    choice = chosen(Ruleset(), programs(Backend.LEGACY, nft="", names=("iptables", "ip6tables")))
    assert choice.placement.primary == IptablesPlace()


def test_idle_tables_of_iptables_do_not_count() -> None:
    text = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\nCOMMIT\n"
    tables = parse_save(text, Backend.LEGACY, FilterFamily.IP)
    assert chosen(Ruleset(tables)).placement.primary == NftTablePlace()


@pytest.mark.parametrize(
    ("host", "variant", "place"),
    [
        ("docker-nft", Backend.IPTABLES_NFT, IptablesPlace()),
        ("docker-nft", Backend.LEGACY, IptablesPlace("nft")),
        ("docker-legacy", Backend.LEGACY, IptablesPlace()),
        ("docker-legacy", Backend.IPTABLES_NFT, IptablesPlace("legacy")),
        ("ufw", Backend.IPTABLES_NFT, IptablesPlace()),
        ("ufw", Backend.LEGACY, IptablesPlace("nft")),
    ],
)
def test_what_is_in_force_decides_and_not_what_is_installed(
    host: str, variant: Backend, place: IptablesPlace
) -> None:
    choice = chosen(captured(host), programs(variant))
    assert choice.placement.primary == place
    assert choice.placement.also == ()
    assert ("ufw" in choice.reasons[0]) == (host == "ufw")


def test_rules_in_a_variant_that_nothing_speaks_to() -> None:
    installed = programs(Backend.IPTABLES_NFT, names=("iptables", "ip6tables"))
    assert chosen(captured("docker-legacy"), installed).placement.primary == NftTablePlace()


@pytest.mark.parametrize(
    ("variant", "other", "program"),
    [
        (Backend.IPTABLES_NFT, "legacy", "iptables-legacy-save"),
        (Backend.LEGACY, "nft", "iptables-nft-save"),
    ],
)
def test_with_both_in_force_it_is_the_one_that_iptables_speaks_to(
    variant: Backend, other: str, program: str
) -> None:
    choice = chosen(both("docker-nft", "docker-legacy"), programs(variant))
    assert choice.placement.primary == IptablesPlace()
    # Docker's policy drops there as well.
    assert choice.placement.also == (IptablesPlace(other),)
    (hidden,) = choice.hidden
    assert hidden.program == program
    assert "-P FORWARD DROP" in hidden.lines
    assert "-t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE" in hidden.lines


def test_ufw_that_is_disabled_is_not_at_work() -> None:
    text = (
        "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:ufw-before-input - [0:0]\n"
        "-A INPUT -j ufw-before-input\nCOMMIT\n"
    )
    choice = chosen(Ruleset(parse_save(text, Backend.IPTABLES_NFT, FilterFamily.IP)))
    assert choice.placement.primary == IptablesPlace()
    assert "ufw" not in choice.reasons[0]


@pytest.mark.parametrize("uplinks", [("eth0",), ("wan7",), ()])
def test_firewalld_takes_what_it_would_reject(uplinks: tuple[str, ...]) -> None:
    choice = chosen(captured("firewalld"), None, *uplinks)
    assert choice.placement.primary == NftTablePlace()
    assert choice.placement.also == (FirewalldPlace("trusted"), FirewalldPlace("public"))
    assert choice.hidden == ()


def test_the_port_needs_nothing_where_the_uplink_is_trusted() -> None:
    assert chosen(captured("firewalld-trusted"), None, "wg0").placement.also == (FirewalldPlace("trusted"),)


@pytest.mark.parametrize(
    ("hook", "body", "policy", "is_asked"),
    [
        ("forward", '{"counter": null}', "drop", True),
        ("input", '{"reject": null}', "accept", True),
        (
            "forward",
            '{"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": "invalid"}}',
            "drop",
            True,
        ),
        (
            "forward",
            '{"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": "invalid"}}, {"drop": null}',
            "accept",
            False,
        ),
        ("output", '{"counter": null}', "drop", False),
        ("forward", '{"accept": null}', "drop", False),
    ],
)
def test_an_administrators_chain_that_drops(hook: str, body: str, policy: str, is_asked: bool) -> None:
    choice = chosen(Ruleset(native(hook, body, policy)))
    assert choice.placement.primary == NftTablePlace()
    if not is_asked:
        assert choice.placement.also == ()
        return
    assert choice.placement.also == (NftChainPlace("inet", "own", "c", Hook[hook.upper()]),)
    assert "chain c of the table inet own drops" in choice.reasons[1]
    assert choice.hidden[0].program == "nft list ruleset"


def test_our_own_table_is_neither_asked_nor_hidden() -> None:
    listed = parse_nft(
        '{"nftables": [{"table": {"family": "inet", "name": "wgtui-wg0"}}, {"chain": {"family": "inet",'
        ' "table": "wgtui-wg0", "name": "forward", "type": "filter", "prio": 0, "hook": "forward",'
        ' "policy": "drop"}}]}'
    )
    choice = chosen(Ruleset(listed))
    assert choice.placement.primary == NftTablePlace()
    assert choice.placement.also == () and choice.hidden == ()


def test_whoever_drops_is_named_once() -> None:
    packet = Packet(PacketHook.FORWARD, None, None, 4, in_link="wg0", out_link="eth0")
    back = Packet(PacketHook.FORWARD, None, None, 4, in_link="eth0", out_link="wg0")
    ruleset = both("docker-nft", "firewalld")
    words = "Docker's policy DROP of the chain FORWARD in the table filter of iptables-nft decides."
    assert deciders(ruleset, (packet, back)) == (DeciderView("Docker", words, drops=True),)
    (rejecting,) = deciders(captured("firewalld"), (packet, back))
    assert rejecting.who == "firewalld" and rejecting.drops


def test_what_our_own_rules_drop_is_nobody_elses_doing() -> None:
    text = (
        "*filter\n:FORWARD ACCEPT [0:0]\n"
        '-A FORWARD -i wg0 -o wg0 -m comment --comment "wgtui:wg0:isolate" -j DROP\n'
        "-A FORWARD -m recent --name bad --rcheck -j DROP\nCOMMIT\n"
    )
    ruleset = Ruleset(parse_save(text, Backend.LEGACY, FilterFamily.IP))
    between = Packet(PacketHook.FORWARD, None, None, 4, in_link="wg0", out_link="wg0")
    assert deciders(ruleset, (between,)) == ()
    (doubt,) = deciders(ruleset, (Packet(PacketHook.FORWARD, None, None, 4, in_link="wg0", out_link="eth0"),))
    assert doubt.who == "FORWARD" and not doubt.drops


def test_tables_that_iptables_would_make_for_good_are_avoided() -> None:
    def missing(text: str, installed: FilterPrograms | None = None) -> set[tuple[str, Family]]:
        tables = parse_save(text, Backend.IPTABLES_NFT, FilterFamily.IP)
        return set(chosen(Ruleset(tables), installed).placement.missing)

    only_filter = "*filter\n:FORWARD DROP [0:0]\nCOMMIT\n"
    with_nat = only_filter + "*nat\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n"
    every = {(table, family) for table in ("nat", "mangle") for family in (Family.IPV4, Family.IPV6)}
    assert missing(only_filter) == every
    assert missing(with_nat) == every - {("nat", Family.IPV4)}
    assert missing(only_filter, programs(nft="")) == set()
    assert missing(only_filter, programs(Backend.LEGACY)) == every
    legacy = parse_save(only_filter, Backend.LEGACY, FilterFamily.IP)
    assert chosen(Ruleset(legacy), programs(Backend.LEGACY)).placement.missing == frozenset()
