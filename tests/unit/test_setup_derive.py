"""What follows from the answers: for the tutorial's inputs the tutorial's results, and the rule behind."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Interface, IPv6Interface

import pytest

from tests.unit.setup_answers import DIRECT, ENDPOINT, HOME, LAN, PHONE, RELAY
from wgtui.domain.addresses import Prefix, prefix_of
from wgtui.domain.errors import AnswersRefused
from wgtui.domain.keys import PrivateKey, PublicKey
from wgtui.domain.setup import (
    Answers,
    ForwardingAnswers,
    NetworkAnswers,
    PeerAnswers,
    Role,
    Scenario,
    derive,
    own_document,
)
from wgtui.domain.setup.derive import PeerKeys

KEYS = {"home": PeerKeys(PublicKey(b"\1" * 32)), "phone": PeerKeys(PublicKey(b"\2" * 32))}


def prefixes(*texts: str) -> tuple[Prefix, ...]:
    return tuple(map(prefix_of, texts))


def test_the_direct_scenario_is_the_tutorials() -> None:
    (home,) = derive(DIRECT).peers
    assert home.allowed_ips == prefixes("5.5.5.2/32", "192.168.2.0/24")
    assert (home.endpoint, home.keepalive) == (None, 0)
    assert home.addresses == (IPv4Interface("5.5.5.2/24"),)
    assert home.reaches == prefixes("5.5.5.1/32")
    assert (home.calls, home.own_keepalive) == (ENDPOINT, 25)
    assert home.forwards


def test_the_relay_scenario_is_the_tutorials() -> None:
    home, phone = derive(RELAY).peers
    assert home.allowed_ips == prefixes("5.5.5.2/32", "192.168.2.0/24")
    assert phone.allowed_ips == prefixes("5.5.5.3/32")
    assert home.reaches == prefixes("5.5.5.0/24")
    assert phone.reaches == prefixes("5.5.5.0/24", "192.168.2.0/24")
    assert (home.forwards, phone.forwards) == (True, False)
    assert phone.calls == ENDPOINT


def test_the_file_of_the_relay_is_the_tutorials() -> None:
    secret = PrivateKey(b"\3" * 32)
    assert bytes(own_document(derive(RELAY), secret, KEYS)).decode() == (
        "[Interface]\n"
        f"PrivateKey = {secret.reveal()}\n"
        "Address = 5.5.5.1/24\n"
        "ListenPort = 43155\n"
        "\n"
        "[Peer]\n"
        "# Name = home\n"
        f"PublicKey = {KEYS['home'].public_key}\n"
        "AllowedIPs = 5.5.5.2/32, 192.168.2.0/24\n"
        "\n"
        "[Peer]\n"
        "# Name = phone\n"
        f"PublicKey = {KEYS['phone'].public_key}\n"
        "AllowedIPs = 5.5.5.3/32\n"
    )


def test_gateways_reach_each_others_lans_and_plain_peers_the_tunnel_only() -> None:
    cabin = PeerAnswers("cabin", Role.GATEWAY, lans=prefixes("192.168.9.0/24", "fd99::/64"))
    server = PeerAnswers("server", Role.PLAIN)
    home, phone, other, plain = derive(replace(RELAY, peers=(HOME, PHONE, cabin, server))).peers
    assert home.reaches == prefixes("5.5.5.0/24", "192.168.9.0/24", "fd99::/64")
    assert other.reaches == prefixes("5.5.5.0/24", "192.168.2.0/24")
    assert phone.reaches == prefixes("5.5.5.0/24", "192.168.2.0/24", "192.168.9.0/24", "fd99::/64")
    assert plain.reaches == prefixes("5.5.5.0/24")


def test_isolated_peers_reach_the_relay_alone() -> None:
    isolated = replace(RELAY, forwarding=ForwardingAnswers(ipv4=True, relay=True, isolate=True))
    assert [peer.reaches for peer in derive(isolated).peers] == [prefixes("5.5.5.1/32")] * 2


def test_a_full_tunnel_takes_all_of_both_families() -> None:
    home, phone = derive(replace(RELAY, scenario=Scenario.GATEWAY)).peers
    assert phone.reaches == prefixes("0.0.0.0/0", "::/0")
    assert home.reaches == prefixes("5.5.5.0/24")


def test_peers_without_addresses_get_the_next_free_ones_of_every_subnet() -> None:
    network = replace(RELAY.interface, addresses=(IPv4Interface("10.9.0.1/16"), IPv6Interface("fd08::1/64")))
    peers = (PeerAnswers("a"), replace(PHONE, addresses=(IPv4Interface("10.9.0.2/32"),)), PeerAnswers("c"))
    first, second, third = derive(Answers(Scenario.RELAY, network, RELAY.forwarding, peers)).peers
    assert first.addresses == (IPv4Interface("10.9.0.3/16"), IPv6Interface("fd08::3/64"))
    assert second.addresses == (IPv4Interface("10.9.0.2/16"),)
    assert third.allowed_ips == prefixes("10.9.0.4/32", "fd08::4/128")


def test_a_full_subnet_is_said() -> None:
    network = replace(RELAY.interface, addresses=(IPv4Interface("10.9.0.1/31"),))
    with pytest.raises(AnswersRefused, match=r"10\.9\.0\.0/31 has no address left for the peer two"):
        derive(Answers(Scenario.RELAY, network, peers=(PeerAnswers("one"), PeerAnswers("two"))))


def test_a_host_behind_nat_dials_and_keeps_the_mapping_open() -> None:
    network = NetworkAnswers("wg0", (IPv4Interface("5.5.5.2/24"),), lans=(LAN,))
    far = PeerAnswers("server", Role.PLAIN, (IPv4Interface("5.5.5.1/24"),), endpoint=ENDPOINT)
    (peer,) = derive(Answers(Scenario.DIRECT_NATED, network, peers=(far,))).peers
    assert peer.allowed_ips == prefixes("5.5.5.1/32")
    assert (peer.endpoint, peer.keepalive) == (ENDPOINT, 25)
    assert peer.reaches == prefixes("5.5.5.2/32", "192.168.2.0/24")
    assert (peer.calls, peer.own_keepalive, peer.own_listen_port) == (None, 0, 43155)


def test_a_host_that_joins_a_relay_reaches_all_of_its_tunnel_and_the_lans_behind_it() -> None:
    network = NetworkAnswers("wg0", (IPv4Interface("5.5.5.2/24"),), lans=(LAN,))
    relay = PeerAnswers(
        "relay",
        Role.PLAIN,
        lans=prefixes("192.168.7.0/24"),
        endpoint=ENDPOINT,
        public_key=PublicKey(b"\4" * 32),
    )
    (peer,) = derive(Answers(Scenario.JOIN, network, peers=(relay,))).peers
    assert peer.allowed_ips == prefixes("5.5.5.0/24", "192.168.7.0/24")
    assert peer.keepalive == 25
    assert peer.reaches[:1] == prefixes("5.5.5.2/32")


@pytest.mark.parametrize(
    ("answers", "seconds"),
    [(replace(PHONE, behind_nat=False), 0), (replace(PHONE, keepalive=15), 15), (PHONE, 25)],
)
def test_the_side_behind_nat_sends_keepalives(answers: PeerAnswers, seconds: int) -> None:
    (peer,) = derive(replace(RELAY, peers=(answers,))).peers
    assert (peer.own_keepalive, peer.keepalive) == (seconds, 0)
