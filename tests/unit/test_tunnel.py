"""Routes, rules, MTU and addresses of a tunnel, as pure rules."""

from __future__ import annotations

import random
import subprocess
from ipaddress import ip_interface

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wgtui.domain.addresses import Prefix, prefix_of
from wgtui.domain.grammar import Refused
from wgtui.domain.network import LinkAddress, Rule
from wgtui.domain.tunnel import (
    PathMtu,
    TableWord,
    address_changes,
    automatic_mtu,
    connected_prefixes,
    default_families,
    default_rules,
    free_table,
    has_default_tunnel,
    link_address,
    link_addresses,
    loses_all_ipv4,
    parse_rt_tables,
    route_order,
    rule_pairs,
    table_choice,
    tunnel_routes,
)

KERNELS = [Rule(4, 255, 0), Rule(4, 254, 32766), Rule(4, 253, 32767), Rule(6, 255, 0), Rule(6, 254, 32766)]
PREFIXES = [
    prefix_of(text)
    for text in ("0.0.0.0/0", "::/0", "10.1.0.0/16", "10.2.0.0/16", "10.1.2.0/24", "fd00:5::/32", "fd00::/8")
]
ADDRESSES = [
    link_address(ip_interface(text))
    for text in ("10.0.0.1/24", "10.0.0.2/24", "10.0.0.1/16", "10.9.0.1/32", "fd00::1/64", "fd00::2/64")
]
address_lists = st.lists(st.sampled_from(ADDRESSES), unique=True)


def with_tunnels(*tables: int, families: tuple[int, ...] = (4, 6)) -> list[Rule]:
    """The host's rules after tunnels with these tables came up, one after the other."""
    rules = list(KERNELS)
    for table in tables:
        for family in families:
            rules += default_rules(family, table, rules)
            rules.sort(key=lambda rule: (rule.family, rule.priority or 0))
    return rules


@given(prefixes=st.permutations(PREFIXES))
def test_routes_are_in_the_order_of_sort(prefixes: list[Prefix]) -> None:
    assert route_order(prefixes) == route_order(PREFIXES)


def test_the_order_is_that_of_the_program_sort() -> None:
    shuffled = random.Random(7).sample(PREFIXES, len(PREFIXES))
    done = subprocess.run(
        ["sort", "-nr", "-k", "2", "-t", "/"],
        input="".join(f"{prefix}\n" for prefix in shuffled),
        capture_output=True,
        text=True,
        check=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    assert [str(prefix) for prefix in route_order(shuffled)] == done.stdout.split()


def test_a_prefix_within_a_route_that_is_there_gets_none() -> None:
    present = [prefix_of("10.1.0.0/16")]
    routes = tunnel_routes(PREFIXES, "wg0", TableWord.AUTO, present)
    destinations = {str(route.destination) for route in routes}
    assert destinations == {"10.2.0.0/16", "fd00:5::/32", "fd00::/8"}


def test_a_table_of_ones_own_takes_everything() -> None:
    routes = tunnel_routes(PREFIXES, "wg0", 99, [prefix_of("0.0.0.0/0")])
    assert {(route.destination, route.table) for route in routes} == {(prefix, 99) for prefix in PREFIXES}
    assert tunnel_routes(PREFIXES, "wg0", TableWord.OFF) == []
    assert default_families(PREFIXES, 99) == default_families(PREFIXES, TableWord.OFF) == ()
    assert default_families(PREFIXES, TableWord.AUTO) == (6, 4)


def test_networks_of_addresses_have_routes_but_not_single_ipv4_ones() -> None:
    addresses = [link_address(ip_interface(text)) for text in ("10.9.0.1/32", "10.0.0.1/24", "fd00::1/128")]
    assert connected_prefixes(addresses) == [prefix_of("10.0.0.0/24"), prefix_of("fd00::1/128")]


def test_the_search_for_a_table_starts_at_51820() -> None:
    assert free_table(lambda table: False) == 51820
    assert free_table(lambda table: table < 51823) == 51823


def test_each_tunnel_has_its_pair_of_rules() -> None:
    rules = with_tunnels(51820, 51821)
    for table in (51820, 51821):
        pairs = rule_pairs(rules, [table])
        assert [pair.into.family for pair in pairs] == [4, 6]
        for pair in pairs:
            assert pair.into.table == table
            assert pair.around is not None
            assert pair.around.priority == (pair.into.priority or 0) - 1
            assert pair.missing() is None


@given(tables=st.permutations([51820, 51821, 51822]), gone=st.sampled_from([51820, 51821, 51822]))
def test_without_one_tunnel_the_rules_are_those_of_the_others(tables: list[int], gone: int) -> None:
    rules = with_tunnels(*tables)
    removed = [rule for pair in rule_pairs(rules, [gone]) for rule in pair.rules]
    left = [rule for rule in rules if rule not in removed]
    others = [table for table in tables if table != gone]
    assert len(rule_pairs(left, others)) == 4
    assert all(pair.around is not None for pair in rule_pairs(left, others))
    assert rule_pairs(left, [gone]) == []
    assert len(left) == len(KERNELS) + 8


def test_another_tunnels_rule_is_not_taken_for_ones_own() -> None:
    rules = with_tunnels(51820, 51821, families=(4,))
    (own,) = rule_pairs(rules, [51820])
    without = [rule for rule in rules if rule is not own.around]
    (pair,) = rule_pairs(without, [51820])
    assert pair.around is None
    assert pair.missing() == own.around


def test_a_rule_that_says_more_is_somebody_elses() -> None:
    rules = [Rule(4, 51820, 100, fwmark=51820, invert=True, is_plain=False)]
    assert rule_pairs(rules, [51820]) == []
    assert not has_default_tunnel(rules, 4)
    assert has_default_tunnel(with_tunnels(51820, families=(6,)), 6)
    assert not has_default_tunnel(with_tunnels(51820, families=(6,)), 4)


@pytest.mark.parametrize(
    ("paths", "default", "expected"),
    [
        ([PathMtu(1500)], None, 1420),
        ([PathMtu(9000), PathMtu(1500)], None, 1420),
        ([PathMtu(1500, 1300)], None, 1220),
        ([PathMtu(1500, 1300, locked=True)], None, 1420),
        ([PathMtu(65536)], PathMtu(1400), 65456),
        ([], PathMtu(1400), 1320),
        ([], None, 1420),
    ],
)
def test_the_automatic_mtu(paths: list[PathMtu], default: PathMtu | None, expected: int) -> None:
    assert automatic_mtu(paths, default) == expected


def test_below_1280_there_is_no_ipv6() -> None:
    interfaces = [address.interface for address in ADDRESSES]
    assert {a.interface.version for a in link_addresses(interfaces, 1279)} == {4}
    assert link_addresses(interfaces, 1280) == tuple(ADDRESSES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", TableWord.AUTO),
        ("auto", TableWord.AUTO),
        ("off", TableWord.OFF),
        ("main", 254),
        ("1234", 1234),
        ("0x10", 16),
        ("vpn", 77),
    ],
)
def test_what_table_says(text: str, expected: object) -> None:
    assert table_choice(text, parse_rt_tables("# local\n255 local\n 77\tvpn # mine\n0x4e lan\n")) == expected


@pytest.mark.parametrize("text", ["OFF", "Auto", "nowhere"])
def test_a_name_that_the_host_does_not_know(text: str) -> None:
    with pytest.raises(Refused, match="knows no routing table"):
        table_choice(text, {})


@given(present=address_lists, wanted=address_lists)
def test_changes_of_addresses_end_where_they_should(
    present: list[LinkAddress], wanted: list[LinkAddress]
) -> None:
    """Whether the kernel takes the others of a network along with the first one, or not."""
    for takes_along in (True, False):
        left = list(present)
        for address, added in address_changes(present, wanted):
            if added:
                assert address not in left
                left.append(address)
            else:
                assert address in left
                left = _removed(left, address, takes_along)
        assert set(left) == set(wanted)


def _removed(left: list[LinkAddress], address: LinkAddress, takes_along: bool) -> list[LinkAddress]:
    network = address.interface.network
    same = [a for a in left if a.interface.network == network and network.version == 4]
    goes_alone = not takes_along or not same or same[0] != address
    return [a for a in left if a != address and (goes_alone or a not in same)]


def test_when_a_link_is_without_ipv4_for_a_moment() -> None:
    first, second, other = ADDRESSES[0], ADDRESSES[1], ADDRESSES[3]
    assert loses_all_ipv4([first], address_changes([first], [second]))
    assert not loses_all_ipv4([first, other], address_changes([first, other], [second, other]))
    assert not loses_all_ipv4([first], address_changes([first], [other]))
    assert loses_all_ipv4([], address_changes([], [first]))
    assert not loses_all_ipv4([first], address_changes([first], [first, other]))
