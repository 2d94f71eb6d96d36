"""Names, subnets, ports that are free; who can call an address; answers that do not go together."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Interface, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.setup_answers import DIRECT, HOME, PHONE, RELAY
from wgtui.domain.addresses import prefix_of
from wgtui.domain.forms import Level
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.keys import PublicKey
from wgtui.domain.reach import Reach, best_first, reach_of, reach_words
from wgtui.domain.setup import Answers, NetworkAnswers, PeerAnswers, Role, Scenario
from wgtui.domain.setup.choose import free_name, free_port, free_subnet, local_subnet, peer_mtu
from wgtui.domain.setup.examine import examine, examine_here

prefixes = st.builds(
    lambda number, length: prefix_of(f"{ip_address(number)}/{length}"),
    st.integers(10 << 24, (10 << 24) + 2**24 - 1),
    st.integers(9, 32),
)


@given(st.lists(prefixes, max_size=20), st.binary(min_size=2, max_size=2))
def test_a_proposed_subnet_overlaps_nothing(taken: list[object], random: bytes) -> None:
    used = [prefix for prefix in taken if isinstance(prefix, type(prefix_of("10.0.0.0/8")))]
    address = free_subnet(used, random)
    assert address.network.prefixlen == 24
    assert str(address.ip).endswith(".1")
    if not all(str(prefix).startswith("10.") and prefix.prefixlen == 9 for prefix in used):
        assert not any(address.network.overlaps(prefix) for prefix in used)


def test_where_ten_is_taken_another_private_range_is_proposed() -> None:
    address = free_subnet([prefix_of("10.0.0.0/8"), prefix_of("172.31.0.0/16")], b"\0\0")
    assert address == IPv4Interface("172.30.255.1/24")


def test_common_networks_are_left_alone() -> None:
    crowded = map(prefix_of, ("10.0.0.0/23", "10.8.0.0/16", "10.96.0.0/12", "10.244.0.0/16"))
    for prefix in crowded:
        start = int(prefix.network_address).to_bytes(4, "big")[1:3]
        assert not free_subnet([], start).network.overlaps(prefix)


def test_a_default_route_takes_no_subnet() -> None:
    assert free_subnet([prefix_of("0.0.0.0/0")], b"\x55\x33") == IPv4Interface("10.85.51.1/24")


def test_a_local_subnet_is_one_of_rfc_4193() -> None:
    address = local_subnet(bytes((1, 2, 3, 4, 5)))
    assert str(address) == "fd01:203:405::1/64"


def test_names_and_ports() -> None:
    assert free_name({"wg0", "wg1", "eth0"}) == "wg2"
    assert free_port({51820, 51822}) == 51821
    assert (peer_mtu(1500), peer_mtu(1400), peer_mtu(1300), peer_mtu(0)) == (0, 1320, 1280, 0)


@pytest.mark.parametrize(
    ("address", "reach"),
    [
        ("5.5.5.1", Reach.PUBLIC),
        ("2a01:4f8::1", Reach.PUBLIC),
        ("192.168.1.5", Reach.PRIVATE),
        ("172.31.0.1", Reach.PRIVATE),
        ("fd00::1", Reach.PRIVATE),
        ("100.64.3.2", Reach.CGNAT),
        ("100.128.0.1", Reach.PUBLIC),
        ("169.254.1.1", Reach.LINK_LOCAL),
        ("fe80::1", Reach.LINK_LOCAL),
        ("127.0.0.1", Reach.LOOPBACK),
        ("203.0.113.9", Reach.DOCUMENTATION),
        ("2001:db8::1", Reach.DOCUMENTATION),
        ("224.0.0.1", Reach.SPECIAL),
        ("0.0.0.0", Reach.SPECIAL),
    ],
)
def test_who_can_call_an_address_is_said(address: str, reach: Reach) -> None:
    parsed = ip_address(address)
    assert reach_of(parsed) is reach
    text, hint = reach_words(parsed, 51820)
    assert text.startswith(address)
    assert bool(hint) == (reach is not Reach.PUBLIC)


def test_a_private_endpoint_says_which_port_to_forward() -> None:
    assert "Forward UDP 51820 to 192.168.1.5" in reach_words(ip_address("192.168.1.5"), 51820)[1]


def test_public_addresses_come_first() -> None:
    given = tuple(map(ip_address, ("fd00::1", "10.0.0.1", "2a01:4f8::1")))
    assert [str(one) for one in best_first(given)] == ["2a01:4f8::1", "10.0.0.1", "fd00::1"]


@pytest.mark.parametrize("answers", [RELAY, DIRECT])
def test_the_tutorials_answers_go_together(answers: Answers) -> None:
    assert examine(answers) == ()


_CALLED = NetworkAnswers("wg0", (IPv4Interface("5.5.5.2/24"),))
_KEY = PublicKey(b"\7" * 32)
_DIALLED = PeerAnswers("relay", Role.PLAIN, endpoint=EndpointConfig("a.example", 1))


@pytest.mark.parametrize(
    ("answers", "field", "level", "says"),
    [
        (replace(RELAY, scenario=Scenario.ADOPT), "scenario", Level.ERROR, "nothing to set up"),
        (replace(RELAY, interface=_CALLED), "interface.listen_port", Level.ERROR, "home dials this host"),
        (replace(RELAY, interface=_CALLED), "interface.endpoint", Level.WARNING, "where to dial"),
        (
            replace(RELAY, interface=replace(RELAY.interface, listen_port=1)),
            "interface.endpoint",
            Level.WARNING,
            "Peers dial port 43155, and this host listens on 1",
        ),
        (
            replace(RELAY, peers=(HOME, replace(PHONE, name="HOME"))),
            "peers[2].name",
            Level.ERROR,
            "Two peers",
        ),
        (
            replace(RELAY, peers=(replace(HOME, public_key=_KEY), replace(PHONE, public_key=_KEY))),
            "peers[2].public_key",
            Level.ERROR,
            "Another peer has the public key of phone",
        ),
        (
            replace(RELAY, peers=(HOME, replace(PHONE, addresses=HOME.addresses))),
            "peers[2].addresses",
            Level.ERROR,
            "5.5.5.2 is home's already",
        ),
        (
            replace(RELAY, peers=(replace(PHONE, addresses=(IPv4Interface("5.5.6.1/24"),)),)),
            "peers[1].addresses",
            Level.WARNING,
            "in none of the tunnel's subnets",
        ),
        (
            replace(RELAY, peers=(HOME, replace(HOME, name="cabin", addresses=()))),
            "peers[2].lans",
            Level.ERROR,
            "192.168.2.0/24 is behind home as well as behind cabin",
        ),
        (
            replace(RELAY, peers=(replace(HOME, lans=(prefix_of("5.5.0.0/16"),)),)),
            "peers[1].lans",
            Level.ERROR,
            "overlaps with the tunnel's own 5.5.5.0/24",
        ),
        (replace(RELAY, peers=(replace(HOME, lans=()),)), "peers[1].lans", Level.WARNING, "without a LAN"),
        (
            replace(RELAY, peers=(replace(HOME, lan_interface=""),)),
            "peers[1].lan_interface",
            Level.WARNING,
            "does not masquerade",
        ),
        (
            replace(RELAY, peers=(replace(HOME, role=Role.PLAIN),)),
            "peers[1].lans",
            Level.WARNING,
            "is no LAN gateway",
        ),
        (
            replace(RELAY, forwarding=replace(RELAY.forwarding, isolate=True)),
            "forwarding.isolate",
            Level.ERROR,
            "not relayed",
        ),
        (
            replace(RELAY, forwarding=replace(RELAY.forwarding, masquerade="eth0")),
            "forwarding.masquerade",
            Level.WARNING,
            "Nothing is forwarded to eth0",
        ),
        (
            replace(RELAY, forwarding=replace(RELAY.forwarding, ipv4=False)),
            "forwarding.ipv4",
            Level.WARNING,
            "does not forward",
        ),
        (Answers(Scenario.DIRECT_NATED, _CALLED), "peers", Level.ERROR, "no peer has an endpoint"),
        (
            Answers(Scenario.JOIN, _CALLED, peers=(_DIALLED,)),
            "peers[1].public_key",
            Level.ERROR,
            "a relay that exists",
        ),
    ],
)
def test_what_does_not_go_together_is_said_at_its_field(
    answers: Answers, field: str, level: Level, says: str
) -> None:
    found = [problem for problem in examine(answers) if problem.field == field]
    assert [problem for problem in found if says in problem.text and problem.severity is level], found
    assert all(problem.hint for problem in found)


def test_networks_that_this_host_has_are_named() -> None:
    taken = (("eth1", prefix_of("192.168.0.0/16")), ("docker0", prefix_of("172.17.0.0/16")))
    (problem,) = examine_here(RELAY, taken)
    assert (problem.field, problem.severity) == ("peers[1].lans", Level.WARNING)
    assert "which this host has by eth1" in problem.text
