"""Answers for tests: those of the tutorial's scenarios, and any at all."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network

from hypothesis import strategies as st

from wgtui.domain.addresses import prefix_of
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.keys import PresharedKey, PublicKey
from wgtui.domain.setup import (
    Answers,
    ForwardingAnswers,
    NetworkAnswers,
    PeerAnswers,
    Role,
    Scenario,
)

ENDPOINT = EndpointConfig("198.51.100.1", 43155)
LAN = prefix_of("192.168.2.0/24")

_NETWORK = NetworkAnswers("wg0", (IPv4Interface("5.5.5.1/24"),), 43155, ENDPOINT)
HOME = PeerAnswers("home", Role.GATEWAY, (IPv4Interface("5.5.5.2/24"),), (LAN,), "eth0")
PHONE = PeerAnswers("phone", Role.ROAMING, (IPv4Interface("5.5.5.3/24"),))

DIRECT = Answers(Scenario.DIRECT_PUBLIC, _NETWORK, ForwardingAnswers(open_port=True), (HOME,))
RELAY = Answers(
    Scenario.RELAY, _NETWORK, ForwardingAnswers(ipv4=True, relay=True, open_port=True), (HOME, PHONE)
)

_flags = st.booleans()
_mtus = st.just(0) | st.integers(68, 65535)
_ports = st.integers(0, 65535)
_links = st.from_regex(r"[a-z][a-z0-9_.-]{0,14}", fullmatch=True).filter(
    lambda name: name not in ("all", "default")
)
_v4 = st.builds(
    lambda number, length: IPv4Interface((number, length)), st.integers(1, 2**32 - 1), st.integers(0, 32)
)
_v6 = st.builds(
    lambda number, length: IPv6Interface((number, length)),
    st.integers(0x2000 << 112, (0x2001 << 112) - 1),
    st.integers(0, 128),
)
_addresses = st.lists(_v4 | _v6, max_size=3, unique_by=lambda address: address.ip).map(tuple)
_prefixes = st.lists(
    st.builds(
        lambda number, length: IPv4Network((number, length), strict=False),
        st.integers(0, 2**32 - 1),
        st.integers(0, 32),
    )
    | st.builds(
        lambda number, length: IPv6Network((number, length), strict=False),
        st.integers(0, 2**128 - 1),
        st.integers(0, 128),
    ),
    max_size=3,
    unique=True,
).map(tuple)
_hosts = st.sampled_from(["vpn.example.com", "relay"]) | st.builds(
    lambda number: str(IPv4Address(number)), st.integers(1, 2**32 - 1)
)
_hosts |= st.builds(lambda number: str(IPv6Address(number)), st.integers(1, 2**128 - 1))
_endpoints = st.none() | st.builds(EndpointConfig, _hosts, st.integers(1, 65535))
_keys = st.binary(min_size=32, max_size=32).filter(any)
_names = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20)

_networks = st.builds(
    NetworkAnswers,
    name=_links,
    addresses=_addresses.filter(bool),
    listen_port=_ports,
    endpoint=_endpoints,
    lans=_prefixes,
    peer_dns=st.lists(st.sampled_from(["9.9.9.9", "2620:fe::fe"]), unique=True).map(tuple),
    peer_mtu=_mtus,
    mtu=_mtus,
)
_forwardings = st.builds(
    ForwardingAnswers, _flags, _flags, _flags, _flags, _flags, st.just("") | _links, _flags, _flags
)
_peers = st.builds(
    PeerAnswers,
    name=_names,
    role=st.sampled_from(Role),
    addresses=_addresses,
    lans=_prefixes,
    lan_interface=st.just("") | _links,
    public_key=st.none() | _keys.map(PublicKey),
    preshared_key=st.none() | _keys.map(PresharedKey),
    preshared=_flags,
    reaches=st.none() | _prefixes,
    keepalive=st.none() | _ports,
    behind_nat=_flags,
    endpoint=_endpoints,
)
any_answers = st.builds(
    Answers, st.sampled_from(Scenario), _networks, _forwardings, st.lists(_peers, max_size=3).map(tuple)
)
"""Answers that need not make sense together. A name may be one that a form would refuse."""
