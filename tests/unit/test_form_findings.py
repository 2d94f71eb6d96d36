"""What a form says about its peer or interface among all others."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.config_strategies import KEYS
from wgtui.domain.addresses import Endpoint, Prefix, prefix_of
from wgtui.domain.config import EndpointConfig
from wgtui.domain.device import Device, Implementation, Peer
from wgtui.domain.editing import NO_ENDPOINT, NO_PRIVATE_KEY, InterfaceEdit, PeerEdit
from wgtui.domain.forms import (
    Field,
    FormContext,
    Level,
    Neighbour,
    OtherInterface,
    PrefixOwners,
    Problem,
    enter_addresses,
    examine_interface,
    examine_peer,
    form_context,
)
from wgtui.domain.keys import PublicKey
from wgtui.domain.text import printable
from wgtui.domain.wgquick import parse

RELAY = f"""\
[Interface]
Address = 10.8.0.1/24, fd08::1/64
ListenPort = 51820

[Peer]
# Name = home
PublicKey = {KEYS[0]}
AllowedIPs = 10.8.0.2/32, 192.168.2.0/24

[Peer]
# Name = [bold]evil\x1b[31m
PublicKey = {KEYS[1]}
AllowedIPs = 10.8.0.3/32

#[disabled] [Peer]
#[disabled] # Name = bob
#[disabled] PublicKey = {KEYS[2]}
#[disabled] AllowedIPs = 10.8.0.4/32
"""
CLIENT = f"""\
[Interface]
Address = 10.8.0.2/24

[Peer]
PublicKey = {KEYS[0]}
Endpoint = relay.example.com:51820
AllowedIPs = 10.8.0.0/24
"""
NEW = PublicKey(bytes([99]) * 32)
VPN1 = OtherInterface(
    "vpn1", True, 51821, enter_addresses("10.9.0.1/24").value or (), (prefix_of("172.16.0.0/16"),)
)
VPN2 = OtherInterface("vpn2", False, 51822)


def relay(editing: PublicKey | None = None) -> FormContext:
    return form_context(
        parse(RELAY.encode()),
        editing,
        own_key=KEYS[5],
        interfaces=(VPN1, VPN2),
        networks=(("eth0", prefix_of("203.0.113.0/24")),),
    )


def client(editing: PublicKey | None = KEYS[0]) -> FormContext:
    return form_context(parse(CLIENT.encode()), editing)


def ips(*texts: str) -> PeerEdit:
    return PeerEdit(allowed_ips=tuple(map(prefix_of, texts)))


def said(problems: tuple[Problem, ...], field: Field | None = None) -> list[str]:
    return [f"{one.severity.value}: {one.text}" for one in problems if field in (None, one.field)]


def test_a_new_peer_with_the_proposed_addresses_needs_no_remark() -> None:
    context = relay()
    assert context.proposal == "10.8.0.5/32, fd08::5/128"
    edit = replace(ips("10.8.0.5/32", "fd08::5/128"), name="carol", public_key=NEW)
    assert examine_peer(edit, context) == ()


@pytest.mark.parametrize("key", KEYS[:2])
def test_a_peer_as_it_is_needs_no_remark(key: PublicKey) -> None:
    own = next(peer for peer in relay().peers if peer.public_key == key)
    edit = PeerEdit(own.name, key, allowed_ips=own.allowed_ips)
    assert examine_peer(edit, relay(key)) == ()


@pytest.mark.parametrize(
    ("edit", "level", "text"),
    [
        (PeerEdit(name="Home"), Level.WARNING, "name already"),
        (PeerEdit(public_key=KEYS[5]), Level.ERROR, "interface's own public key"),
        (PeerEdit(public_key=KEYS[0]), Level.ERROR, "already the public key of home"),
        (PeerEdit(public_key=KEYS[2]), Level.ERROR, "already the public key of bob"),
        (ips(), Level.WARNING, "nothing is sent to this peer"),
        (ips("10.8.0.2/32"), Level.WARNING, "10.8.0.2/32 belongs to home and will be taken from it"),
        (ips("10.8.0.3/32"), Level.WARNING, "belongs to [bold]evil\ufffd[31m"),
        (ips("10.8.0.4/32"), Level.WARNING, "kept by bob, which is disabled"),
        (ips("10.8.0.5/32", "192.168.2.7/32"), Level.NOTE, "lies in 192.168.2.0/24 of home"),
        (ips("10.8.0.5/32", "192.168.0.0/16"), Level.NOTE, "contains 192.168.2.0/24 of home: that stays"),
        (
            ips("10.8.0.2/31"),
            Level.NOTE,
            "contains 2 prefixes of other peers, for example 10.8.0.2/32 of home",
        ),
        (ips("10.8.0.1/32"), Level.WARNING, "interface's own address, so nothing"),
        (ips("10.8.0.0/24"), Level.WARNING, "10.8.0.0/24 includes 10.8.0.1, this interface's own address"),
        (ips("10.8.0.255/32"), Level.WARNING, "first or last address of 10.8.0.0/24"),
        (ips("fd08::/128"), Level.WARNING, "first or last address of fd08::/64"),
        (ips("192.168.7.0/24"), Level.WARNING, "None of these lies in the tunnel's subnet 10.8.0.0/24 and"),
        (ips("10.8.0.5/32", "10.7.0.5/32"), Level.NOTE, "10.7.0.5 is outside of the tunnel's subnet"),
        (ips("10.8.0.5/32", "0.0.0.0/0"), Level.WARNING, "everything that no other peer owns goes to this"),
        (ips("10.8.0.5/32", "172.16.0.0/16"), Level.WARNING, "A peer of vpn1 has 172.16.0.0/16 as well"),
        (ips("10.8.0.5/32", "10.9.0.0/16"), Level.WARNING, "overlaps 10.9.0.0/24, to which this host is"),
        (ips("10.8.0.5/32", "203.0.113.7/32"), Level.WARNING, "connected through eth0"),
        (
            PeerEdit(endpoint=EndpointConfig("10.8.0.9", 1)),
            Level.WARNING,
            "goes into the tunnel that needs it",
        ),
        (PeerEdit(endpoint=NO_ENDPOINT, persistent_keepalive=0), Level.NOTE, "only when it sends keepalives"),
        (
            PeerEdit(endpoint=NO_ENDPOINT, persistent_keepalive=25),
            Level.NOTE,
            "only after the peer has called",
        ),
    ],
)
def test_a_peer_of_the_relay(edit: PeerEdit, level: Level, text: str) -> None:
    problems = examine_peer(edit, relay())
    assert any(problem.severity is level and text in problem.text for problem in problems), said(problems)


def test_an_endpoint_in_the_peers_own_prefixes_is_a_loop() -> None:
    edit = replace(ips("10.8.0.5/32", "198.51.100.0/24"), endpoint=EndpointConfig("198.51.100.7", 1))
    assert "lies in 198.51.100.0/24" in said(examine_peer(edit, relay()), Field.ENDPOINT)[0]
    full = replace(ips("10.8.0.5/32", "0.0.0.0/0"), endpoint=EndpointConfig("198.51.100.7", 1))
    assert said(examine_peer(full, relay()), Field.ENDPOINT) == []


def test_on_a_peer_allowed_ips_are_what_it_wants_to_reach() -> None:
    endpoint = EndpointConfig("relay.example.com", 51820)
    edit = replace(
        ips("10.8.0.0/24", "192.168.2.0/24", "0.0.0.0/0"), endpoint=endpoint, persistent_keepalive=25
    )
    assert not client().is_relay
    assert examine_peer(edit, client()) == ()
    silent = examine_peer(replace(edit, persistent_keepalive=0), client())
    assert said(silent) == [
        "warning: If this host is behind NAT, the peer cannot reach it after a short silence."
    ]
    waiting = examine_peer(replace(edit, endpoint=NO_ENDPOINT, persistent_keepalive=0), client())
    assert "waits until the peer calls" in waiting[0].text


def test_peers_that_only_the_running_interface_has_count() -> None:
    live = Peer(
        NEW,
        endpoint=Endpoint(prefix_of("192.0.2.1/32").network_address, 1),
        allowed_ips=ips("10.8.0.9").allowed_ips or (),
    )
    device = Device("wg0", Implementation.KERNEL, public_key=KEYS[4], peers=(live,))
    context = form_context(parse(RELAY.encode()), device=device)
    assert context.own_key == KEYS[4]
    assert "will be taken" in said(examine_peer(ips("10.8.0.9/32"), context))[0]
    known = examine_peer(PeerEdit(public_key=NEW), context)
    assert [problem.severity for problem in known] == [Level.NOTE]
    assert context.proposal.startswith("10.8.0.5/32")


@pytest.mark.parametrize(
    ("edit", "level", "text"),
    [
        (InterfaceEdit(private_key=NO_PRIVATE_KEY), Level.WARNING, "Without a private key"),
        (InterfaceEdit(addresses=()), Level.WARNING, "Without an address"),
        (
            InterfaceEdit(addresses=enter_addresses("10.8.0.0/24").value),
            Level.WARNING,
            "first or last address",
        ),
        (
            InterfaceEdit(addresses=enter_addresses("10.8.0.2/24").value),
            Level.WARNING,
            "10.8.0.2 belongs to home",
        ),
        (InterfaceEdit(addresses=enter_addresses("10.9.7.1/16").value), Level.WARNING, "through vpn1"),
        (InterfaceEdit(addresses=enter_addresses("203.0.113.9/28").value), Level.WARNING, "through eth0"),
        (
            InterfaceEdit(addresses=enter_addresses("10.7.0.1/24").value),
            Level.WARNING,
            "No allowed IP of 3 peers",
        ),
        (InterfaceEdit(listen_port=51821), Level.ERROR, "vpn1 listens on port 51821 already"),
        (InterfaceEdit(listen_port=51822), Level.WARNING, "The file of vpn2 has port 51822 too"),
        (InterfaceEdit(listen_port=0), Level.WARNING, "another one at every start"),
        (InterfaceEdit(mtu=1279), Level.WARNING, "takes all IPv6 addresses off"),
        (InterfaceEdit(mtu=1500), Level.WARNING, "do not fit into the 1500 bytes"),
        (InterfaceEdit(dns_servers=("1.1.1.1",)), Level.WARNING, "changes the resolver of this host"),
        (InterfaceEdit(dns_servers=(), dns_search=("lan",)), Level.WARNING, "wg-quick ignores them"),
        (InterfaceEdit(table="Off"), Level.ERROR, "small letters only"),
        (InterfaceEdit(table="off"), Level.NOTE, "No routes are made"),
        (InterfaceEdit(table="77"), Level.NOTE, "Routes go into table 77"),
        (InterfaceEdit(save_config=True), Level.WARNING, "names and comments are lost"),
    ],
)
def test_the_relays_interface(edit: InterfaceEdit, level: Level, text: str) -> None:
    problems = examine_interface(edit, relay())
    assert any(problem.severity is level and text in problem.text for problem in problems), said(problems)


def test_an_interface_as_it_is_needs_no_remark() -> None:
    addresses = enter_addresses("10.8.0.1/24 fd08::1/64").value
    edit = InterfaceEdit(
        addresses=addresses, listen_port=51820, mtu=1420, dns_servers=(), dns_search=(), table=""
    )
    assert examine_interface(edit, relay()) == ()
    dialling = InterfaceEdit(listen_port=0, dns_servers=("1.1.1.1",), mtu=1279)
    assert examine_interface(dialling, client()) == ()


def test_sentences_are_printable_whatever_peers_are_called() -> None:
    edit = ips("10.8.0.3/32", "10.8.0.0/24", "10.8.0.2/31")
    problems = (*examine_peer(edit, relay()), *examine_interface(InterfaceEdit(addresses=()), relay()))
    for problem in problems:
        assert problem.text == printable(problem.text, 1000)
        assert problem.text.endswith(".") and (not problem.hint or problem.hint.endswith("."))


networks = st.builds(
    lambda number, length: prefix_of(f"10.0.{number >> 8}.{number & 255}/{length}"),
    st.integers(0, 65535),
    st.integers(0, 32),
)


@given(owned=st.lists(networks, max_size=30), asked=networks)
def test_owners_against_looking_at_each(owned: list[Prefix], asked: Prefix) -> None:
    peers = [
        Neighbour(PublicKey(number.to_bytes(32, "big")), "", (prefix,)) for number, prefix in enumerate(owned)
    ]
    owners = PrefixOwners(peers)
    exact = [peer for peer in peers if peer.allowed_ips == (asked,)]
    assert owners.owner(asked) == (exact[-1] if exact else None)
    inside = sorted({p for p in owned if p != asked and p.subnet_of(asked)})  # type: ignore[arg-type]
    assert [prefix for prefix, _ in owners.inside(asked)] == inside
    around = [p for p in owned if p != asked and p.prefixlen and asked.subnet_of(p)]  # type: ignore[arg-type]
    found = owners.around(asked)
    assert (found[0] if found else None) == max(around, key=lambda p: p.prefixlen, default=None)


def test_ten_thousand_peers_do_not_slow_typing_down() -> None:
    peers = tuple(
        Neighbour(
            PublicKey(number.to_bytes(32, "big")),
            f"peer{number}",
            (prefix_of(f"10.9.{number >> 8}.{number & 255}"),),
        )
        for number in range(2, 10_000)
    )
    context = FormContext(peers, enter_addresses("10.9.0.1/16").value or (), 51820)
    edit = replace(ips("10.9.0.7/32", "192.168.0.0/16", "10.9.0.0/20"), name="peer7", public_key=NEW)
    examine_peer(edit, context)
    started = time.process_time()
    for _ in range(20):
        examine_peer(edit, context)
    assert time.process_time() - started < 1.0
