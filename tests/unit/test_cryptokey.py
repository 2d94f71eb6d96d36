"""Who owns which prefix and who gets a packet, against answers found address by address."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wgtui.domain.addresses import Address, Prefix, prefix_of
from wgtui.domain.config import InterfaceConfig, read_config
from wgtui.domain.cryptokey import (
    Claim,
    DeviceFacts,
    Fate,
    Outcome,
    Owner,
    Ownership,
    RoutingTables,
    Standing,
    deliver,
    map_ownership,
)
from wgtui.domain.cryptokey.prefixes import PrefixMap
from wgtui.domain.cryptokey.routing import THROW
from wgtui.domain.keys import PublicKey
from wgtui.domain.network import MAIN_TABLE, Route, Rule, link_route
from wgtui.domain.wgquick import parse

BLACKHOLE = 6

small_prefixes = st.integers(26, 32).flatmap(
    lambda length: st.integers(0, 63).map(
        lambda host: IPv4Network((int(IPv4Address("10.0.0.0")) + host, length), strict=False)
    )
)
"""Prefixes among 64 addresses, so that every address can be tried."""

UNIVERSE = tuple(IPv4Address("10.0.0.0") + host for host in range(64))


def key_of(number: int) -> PublicKey:
    return PublicKey(bytes((number,)) * 32)


def device_of(name: str, *peers: Sequence[str], config: InterfaceConfig | None = None) -> DeviceFacts:
    """A device whose peers, numbered from 0, have these allowed IPs."""
    return DeviceFacts(
        name,
        tuple((key_of(at), tuple(prefix_of(text) for text in texts)) for at, texts in enumerate(peers)),
        config,
    )


def claim_of(ownership: Ownership, prefix: str, number: int = 0, device: str = "wg0") -> Claim:
    return next(
        claim for claim in ownership.claims if claim.owner == Owner(prefix_of(prefix), device, key_of(number))
    )


def standing(ownership: Ownership, prefix: str, number: int = 0, device: str = "wg0") -> Standing:
    return claim_of(ownership, prefix, number, device).standing


def default_by(link: str, table: int = MAIN_TABLE) -> Route:
    return Route(ip_network("0.0.0.0/0"), link, table)


# Look-ups


@given(st.lists(small_prefixes, unique=True), small_prefixes)
def test_look_ups_find_what_a_search_through_all_finds(known: list[IPv4Network], asked: IPv4Network) -> None:
    table = PrefixMap((prefix, str(prefix)) for prefix in known)
    around = sorted((p for p in known if asked.subnet_of(p)), key=lambda p: -p.prefixlen)
    inside = sorted(
        (p for p in known if p.subnet_of(asked) and p != asked),
        key=lambda p: (int(p.network_address), p.prefixlen),
    )
    assert [prefix for prefix, _ in table.covering(asked)] == around
    assert [prefix for prefix, _ in table.inside(asked)] == inside
    assert table.get(asked) == (str(asked) if asked in known else None)
    address = asked.network_address
    assert {prefix for prefix, _ in table.holding(address)} == {p for p in known if address in p}


# Owners, without routes


@given(st.dictionaries(small_prefixes, st.integers(0, 3), max_size=14))
def test_standings_are_those_of_the_single_addresses(owners: dict[IPv4Network, int]) -> None:
    device = device_of(
        "wg0", *([str(p) for p, owner in owners.items() if owner == number] for number in range(4))
    )
    ownership = map_ownership([device], None)
    assert len(ownership.claims) == len(owners)
    for claim in ownership.claims:
        prefix, key = claim.owner.prefix, claim.owner.key
        assert isinstance(prefix, IPv4Network)
        winners = [ownership.owner_of("wg0", address) for address in prefix]
        own = sum(winner is not None and winner.key == key for winner in winners)
        expected = Standing.OWNED if own == len(winners) else Standing.PARTLY if own else Standing.SHADOWED
        assert claim.standing is expected
        rivals = {
            p for p, owner in owners.items() if p != prefix and p.subnet_of(prefix) and key_of(owner) != key
        }
        assert claim.rival_count == len(rivals)
        assert {rival.prefix for rival in claim.rivals} <= rivals


@given(st.dictionaries(small_prefixes, st.integers(0, 3), max_size=14), st.sampled_from(UNIVERSE))
def test_a_packet_goes_to_the_longest_prefix(owners: dict[IPv4Network, int], address: Address) -> None:
    device = device_of(
        "wg0", *([str(p) for p, owner in owners.items() if owner == number] for number in range(4))
    )
    ownership = map_ownership([device], None)
    holding = sorted((p for p in owners if address in p), key=lambda p: -p.prefixlen)
    found = list(ownership.owners("wg0", address))
    assert [owner.prefix for owner in found] == holding
    assert [owner.key for owner in found] == [key_of(owners[prefix]) for prefix in holding]


def test_peers_without_a_prefix_are_listed() -> None:
    ownership = map_ownership([device_of("wg0", ["10.0.0.1/32"], [])], None)
    assert ownership.bare == (("wg0", key_of(1)),)


# The file

TWICE = f"""[Interface]
[Peer]
PublicKey = {key_of(0)}
AllowedIPs = 10.0.0.1/32, 10.0.0.9/32
[Peer]
PublicKey = {key_of(1)}
AllowedIPs = 10.0.0.1/32
"""


def config_of(text: str) -> InterfaceConfig:
    return read_config(parse(text.encode())).config


def test_a_prefix_named_twice_is_lost_by_the_first_to_name_it() -> None:
    ownership = map_ownership(
        [device_of("wg0", ["10.0.0.9/32"], ["10.0.0.1/32"], config=config_of(TWICE))], None
    )
    lost = claim_of(ownership, "10.0.0.1/32", 0)
    assert (lost.standing, lost.by_file, lost.line) == (Standing.LOST, True, 2)
    assert [rival.key for rival in lost.rivals] == [key_of(1)]
    assert standing(ownership, "10.0.0.1/32", 1) is Standing.OWNED


def test_what_was_moved_on_the_device_is_lost_too_but_not_by_the_file() -> None:
    ownership = map_ownership([device_of("wg0", [], ["10.0.0.9/32"], config=config_of(TWICE))], None)
    lost = claim_of(ownership, "10.0.0.9/32", 0)
    assert (lost.standing, lost.by_file) == (Standing.LOST, False)


def test_what_only_the_file_has_is_not_set() -> None:
    ownership = map_ownership([device_of("wg0", [], [], config=config_of(TWICE))], None)
    assert standing(ownership, "10.0.0.9/32", 0) is Standing.NOT_SET
    assert standing(ownership, "10.0.0.1/32", 1) is Standing.NOT_SET
    assert standing(ownership, "10.0.0.1/32", 0) is Standing.LOST


# Routes

links = st.sampled_from(["wg0", "wg1", "eth0"])
tables = st.sampled_from([MAIN_TABLE, 100, 51820])
route_types = st.sampled_from([1, 1, 1, BLACKHOLE, THROW])
routes = st.builds(
    lambda destination, link, table, kind: Route(destination, link if kind == 1 else "", table, type=kind),
    small_prefixes,
    links,
    tables,
    route_types,
)
rules = st.builds(
    Rule,
    st.just(4),
    tables,
    st.integers(1, 9),
    fwmark=st.none() | st.sampled_from([0, 51820]),
    invert=st.booleans(),
    suppress_prefix_length=st.none() | st.integers(26, 31),
    destination=st.none() | small_prefixes,
)


def slow_decide(routes: list[Route], rules: list[Rule], address: Address) -> str:
    """The link of an address by the book, one rule and one route after the other."""
    for rule in rules:
        fits = (rule.fwmark is None or rule.fwmark == 0) and (
            rule.destination is None or address in rule.destination
        )
        if fits == rule.invert:
            continue
        best: Route | None = None
        for route in routes:
            if (
                route.table == rule.table
                and address in route.destination
                and (
                    best is None
                    or route.destination.prefixlen > best.destination.prefixlen
                    or (route.destination == best.destination and route.metric < best.metric)
                )
            ):
                best = route
        if best is None or best.type == THROW:
            continue
        if (
            rule.suppress_prefix_length is not None
            and best.destination.prefixlen <= rule.suppress_prefix_length
        ):
            continue
        return best.link
    return ""


@given(st.lists(routes, max_size=8), st.lists(rules, min_size=1, max_size=4), small_prefixes)
def test_decisions_for_prefixes_are_those_for_their_addresses(
    known: list[Route], by: list[Rule], asked: IPv4Network
) -> None:
    by = sorted(by, key=lambda rule: rule.priority or 0)
    routing = RoutingTables(known, by)
    owned = map_ownership([device_of("wg0", [str(asked)])], routing).claims[0]
    led = [slow_decide(known, by, address) for address in asked]
    assert [routing.decide(address).link for address in asked] == led
    into = led.count("wg0")
    whole = routing.decide(asked).link == "wg0"
    if into == len(led) or (into and whole):
        assert owned.standing is Standing.OWNED
    elif into:
        assert owned.standing is Standing.PART_ROUTED
    else:
        assert owned.standing in (Standing.NO_ROUTE, Standing.REFUSED, Standing.ELSEWHERE)


WG_QUICK_DEFAULT = (
    Rule(4, 255, 0),
    Rule(4, MAIN_TABLE, 32764, suppress_prefix_length=0),
    Rule(4, 51820, 32765, fwmark=51820, invert=True),
    Rule(4, MAIN_TABLE, 32766),
)


def test_wg_quicks_default_route_serves_by_its_own_table_and_lets_longer_routes_go_first() -> None:
    routing = RoutingTables(
        [default_by("eth0"), default_by("wg0", 51820), link_route(prefix_of("192.0.2.0/24"), "eth0")],
        WG_QUICK_DEFAULT,
    )
    claim = map_ownership([device_of("wg0", ["0.0.0.0/0"])], routing).claims[0]
    assert claim.standing is Standing.OWNED
    assert claim.route is not None
    assert claim.route.by_policy
    assert claim.route.route == default_by("wg0", 51820)
    assert routing.decide(ip_address("192.0.2.9")).link == "eth0"
    assert routing.decide(ip_address("8.8.8.8")).link == "wg0"
    assert routing.decide(ip_address("8.8.8.8"), mark=51820).link == "eth0"


def test_the_same_prefix_on_two_devices_goes_where_the_route_leads() -> None:
    routing = RoutingTables([link_route(prefix_of("10.0.0.0/24"), "wg1")])
    devices = [device_of("wg0", ["10.0.0.0/24"]), device_of("wg1", [], ["10.0.0.0/24"])]
    ownership = map_ownership(devices, routing)
    shadowed = claim_of(ownership, "10.0.0.0/24", 0, "wg0")
    assert shadowed.standing is Standing.SHADOWED
    assert [(rival.device, rival.key) for rival in shadowed.rivals] == [("wg1", key_of(1))]
    assert standing(ownership, "10.0.0.0/24", 1, "wg1") is Standing.OWNED


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ([], Standing.NO_ROUTE),
        ([default_by("eth0")], Standing.ELSEWHERE),
        ([Route(prefix_of("10.0.0.0/24"), type=BLACKHOLE)], Standing.REFUSED),
        ([link_route(prefix_of("10.0.0.0/25"), "wg0")], Standing.PART_ROUTED),
        ([link_route(prefix_of(half), "wg0") for half in ("10.0.0.0/25", "10.0.0.128/25")], Standing.OWNED),
    ],
)
def test_a_prefix_that_no_route_leads_to_says_so(routes: list[Route], expected: Standing) -> None:
    ownership = map_ownership([device_of("wg0", ["10.0.0.0/24"])], RoutingTables(routes))
    assert standing(ownership, "10.0.0.0/24") is expected


def test_a_rule_that_cannot_be_judged_is_reported() -> None:
    odd = Rule(4, 100, 10, is_plain=False)
    decision = RoutingTables([default_by("eth0")], (odd, Rule(4, MAIN_TABLE, 32766))).decide(
        ip_address("10.0.0.1")
    )
    assert (decision.link, decision.uncertain) == ("eth0", 10)


# Packets

RELAY = (
    device_of("wg0", ["5.5.5.2/32", "192.168.2.0/24"], ["5.5.5.3/32"]),
    device_of("wg1", ["192.168.0.0/16"]),
)
RELAY_ROUTES = (
    link_route(prefix_of("5.5.5.0/24"), "wg0"),
    link_route(prefix_of("192.168.2.0/24"), "wg0"),
    default_by("eth0"),
    Route(prefix_of("10.66.0.0/16"), type=BLACKHOLE),
)


@pytest.mark.parametrize(
    ("address", "outcome", "device", "owner"),
    [
        ("5.5.5.3", Outcome.PEER, "wg0", 1),
        ("192.168.2.5", Outcome.PEER, "wg0", 0),
        ("5.5.5.77", Outcome.NO_OWNER, "wg0", None),
        ("192.168.9.9", Outcome.NOT_A_TUNNEL, "eth0", None),
        ("5.5.5.1", Outcome.HERE, "", None),
        ("10.66.1.1", Outcome.REFUSED, "", None),
        ("fd00::1", Outcome.NO_ROUTE, "", None),
    ],
)
def test_who_gets_a_packet(address: str, outcome: Outcome, device: str, owner: int | None) -> None:
    routing = RoutingTables(RELAY_ROUTES, own=[ip_address("5.5.5.1")])
    asked = ip_address(address)
    delivery = deliver(map_ownership(RELAY, routing), asked, computed=routing.decide(asked))
    assert (delivery.outcome, delivery.device) == (outcome, device)
    assert (delivery.owner.key if delivery.owner else None) == (None if owner is None else key_of(owner))
    assert delivery.agree


def test_prefixes_on_other_devices_are_named() -> None:
    routing = RoutingTables(RELAY_ROUTES)
    asked = ip_address("192.168.2.5")
    delivery = deliver(map_ownership(RELAY, routing), asked, computed=routing.decide(asked))
    assert [(owner.device, str(owner.prefix)) for owner in delivery.elsewhere] == [("wg1", "192.168.0.0/16")]


def test_the_kernels_answer_decides_and_a_different_one_is_told() -> None:
    routing = RoutingTables(RELAY_ROUTES)
    asked = ip_address("5.5.5.3")
    ownership = map_ownership(RELAY, routing)
    by_wg0 = deliver(
        ownership, asked, computed=routing.decide(asked), kernel=Route(_host(asked), "wg0"), asked=True
    )
    assert (by_wg0.outcome, by_wg0.agree) == (Outcome.PEER, True)
    by_eth0 = deliver(
        ownership, asked, computed=routing.decide(asked), kernel=Route(_host(asked), "eth0"), asked=True
    )
    assert (by_eth0.outcome, by_eth0.agree) == (Outcome.NOT_A_TUNNEL, False)
    nowhere = deliver(ownership, asked, computed=routing.decide(asked), kernel=None, asked=True)
    assert (nowhere.outcome, nowhere.agree) == (Outcome.NO_ROUTE, False)


def test_a_refusing_route_and_an_unreachable_answer_agree() -> None:
    routing = RoutingTables(RELAY_ROUTES)
    asked = ip_address("10.66.0.1")
    computed = routing.decide(asked)
    assert computed.fate is Fate.REFUSED
    assert deliver(map_ownership(RELAY, routing), asked, computed=computed, asked=True).agree


def _host(address: Address) -> Prefix:
    return ip_network(address)
