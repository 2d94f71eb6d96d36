"""What a file says."""

from __future__ import annotations

from ipaddress import ip_interface

from hypothesis import given

from tests.unit.config_strategies import KEYS, SECRET, TYPICAL, files
from wgtui.domain.addresses import prefix_of
from wgtui.domain.config import Dialect, EndpointConfig, InterfaceConfig, PeerConfig, read_config
from wgtui.domain.keys import PresharedKey, PrivateKey
from wgtui.domain.wgquick import parse

A, B = KEYS[0], KEYS[1]


def config_of(text: str, dialect: Dialect = Dialect.WG_QUICK) -> InterfaceConfig:
    return read_config(parse(text.encode()), dialect).config


def peers_of(text: str) -> dict[str, set[str]]:
    return {str(peer.public_key): set(map(str, peer.allowed_ips)) for peer in config_of(text).peers()}


def test_a_typical_file() -> None:
    reading = read_config(parse(TYPICAL))
    config = reading.config
    assert config.private_key == PrivateKey.parse(SECRET)
    assert (config.listen_port, config.fwmark) == (51820, None)
    assert config.quick.addresses == (ip_interface("10.8.0.1/24"), ip_interface("fd08::1/64"))
    assert config.quick.post_up == ("iptables -A FORWARD -i %i -j ACCEPT # keep = this",)
    assert config.quick.dns_servers == ("1.1.1.1",)
    assert config.peers() == (
        PeerConfig(
            KEYS[0],
            PresharedKey.parse(SECRET),
            None,
            0,
            (prefix_of("10.8.0.2/32"), prefix_of("fd08::2/128")),
        ),
        PeerConfig(
            KEYS[2], None, EndpointConfig("vpn.example.com", 51820), 25, (prefix_of("192.168.1.0/24"),)
        ),
    )
    assert [block.line for block in config.blocks] == [9, 20]


def test_the_last_scalar_wins_across_sections() -> None:
    peer = f"[Peer]\nPublicKey = {A}\nPublicKey = {B}\n"
    text = f"[Interface]\nListenPort = 1\nMTU = 1300\n{peer}[Interface]\nListenPort=2\nMTU=1400"
    config = config_of(text)
    assert (config.listen_port, config.quick.mtu) == (2, 1400)
    assert [peer.public_key for peer in config.peers()] == [B]


def test_a_prefix_belongs_to_the_peer_that_names_it_last() -> None:
    text = (
        f"[Peer]\nPublicKey = {A}\nAllowedIPs = 10.0.0.1/24, 10.9.0.0/16\n"
        f"[Peer]\nPublicKey = {B}\nAllowedIPs = 10.0.0.0/24\n"
    )
    assert peers_of(text) == {str(A): {"10.9.0.0/16"}, str(B): {"10.0.0.0/24"}}


def test_of_repeated_blocks_the_last_lists_count_and_all_scalars() -> None:
    text = (
        f"[Peer]\nPublicKey = {A}\nAllowedIPs = 10.0.0.1/32\nPersistentKeepalive = 5\n"
        f"[Peer]\nPublicKey = {A}\nAllowedIPs = 10.0.0.2/32\n"
    )
    (peer,) = config_of(text).peers()
    assert (peer.allowed_ips, peer.persistent_keepalive) == ((prefix_of("10.0.0.2/32"),), 5)


def test_signs_keep_what_the_peer_has() -> None:
    text = (
        f"[Peer]\nPublicKey = {A}\nAllowedIPs = 10.0.0.1/32, 10.0.0.2/32\n"
        f"[Peer]\nPublicKey = {A}\nAllowedIPs = +10.0.0.3/32, -10.0.0.1/32\n"
    )
    assert peers_of(text) == {str(A): {"10.0.0.2/32", "10.0.0.3/32"}}
    unsigned_later = text + "AllowedIPs = 10.0.0.4/32\n"
    assert peers_of(unsigned_later) == {str(A): {"10.0.0.3/32", "10.0.0.4/32"}}


def test_the_interfaces_own_key_takes_nothing() -> None:
    text = "".join(f"[Peer]\nPublicKey = {key}\nAllowedIPs = 10.0.0.1/32\n" for key in (A, B))
    assert [(p.public_key, len(p.allowed_ips)) for p in config_of(text).peers()] == [(A, 0), (B, 1)]
    assert [(p.public_key, len(p.allowed_ips)) for p in config_of(text).peers(own_key=B)] == [(A, 1)]


def test_the_two_readers_see_different_files() -> None:
    text = "[ Interface ]\nListen Port = 1 2\n"
    assert config_of(text).listen_port == 12
    reading = read_config(parse(b"[Interface]\nListenPort = 5\0 x\n"), Dialect.WG)
    assert reading.config.listen_port == 5
    assert read_config(parse(b"[Interface]\nListenPort = 5\0\x36\n")).config.listen_port == 56


def test_hooks_keep_their_order_and_text() -> None:
    hooks = config_of("[Interface]\nPostUp=a=1 b # c\npostup =  d \nPreDown\n").quick
    assert hooks.post_up == ("a=1 b # c", "d")
    assert hooks.pre_down == ("PreDown",)


def test_secrets_are_not_in_the_repr() -> None:
    assert SECRET not in repr(read_config(parse(TYPICAL)).config)


@given(data=files)
def test_reading_never_raises(data: bytes) -> None:
    for dialect in Dialect:
        reading = read_config(parse(data), dialect)
        owned = [prefix for peer in reading.config.peers() for prefix in peer.allowed_ips]
        assert len(owned) == len(set(owned))
