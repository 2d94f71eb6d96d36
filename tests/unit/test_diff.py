"""The difference between a file and a device, against a model of a device."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from ipaddress import ip_address

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.config_strategies import KEYS
from wgtui.domain.addresses import Endpoint, Prefix, prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.config import AllowedIp, EndpointConfig, InterfaceConfig, PeerBlock
from wgtui.domain.device import Device, Implementation, Peer
from wgtui.domain.diff import diff
from wgtui.domain.keys import KEY_BYTES, PresharedKey, PrivateKey, PublicKey

PREFIXES = [
    prefix_of(text) for text in ("10.0.0.0/8", "10.0.0.1/32", "10.0.0.2/32", "fd00::/64", "0.0.0.0/0")
]
PRIVATE = [PrivateKey(bytes([number]) * 32) for number in (3, 9)]
NONE = PrivateKey(bytes(KEY_BYTES))


def public_key_of(key: PrivateKey) -> PublicKey:
    """Stands in for the curve: every private key owns one of the peers' keys."""
    return KEYS[0] if key == PRIVATE[0].clamped() else KEYS[1]


class ModelDevice:
    """A device as the kernel keeps it: peers, and a table of who owns which prefix."""

    def __init__(self, device: Device) -> None:
        self.device = replace(device, peers=())
        self.peers = {peer.public_key: replace(peer, allowed_ips=()) for peer in device.peers}
        self.owners = {prefix: peer.public_key for peer in device.peers for prefix in peer.allowed_ips}

    def apply(self, change: DeviceChange) -> ModelDevice:
        if change.fwmark is not None:
            self.device = replace(self.device, fwmark=change.fwmark)
        if change.listen_port is not None:
            self.device = replace(self.device, listen_port=change.listen_port or 40000)
        if change.private_key is not None:
            key = None if change.private_key.is_zero else change.private_key.clamped()
            own = public_key_of(key) if key else None
            self.device = replace(self.device, private_key=key, public_key=own)
            if own:
                self._remove(own)
        for peer in change.peers:
            self._apply_peer(peer)
        return self

    def _remove(self, key: PublicKey) -> None:
        self.peers.pop(key, None)
        self.owners = {prefix: owner for prefix, owner in self.owners.items() if owner != key}

    def _apply_peer(self, change: PeerChange) -> None:
        key = change.public_key
        if change.remove:
            self._remove(key)
            return
        if key == self.device.public_key or (key not in self.peers and change.update_only):
            return
        peer = self.peers.get(key, Peer(key))
        if change.preshared_key is not None:
            peer = replace(peer, preshared_key=None if change.preshared_key.is_zero else change.preshared_key)
        if change.endpoint is not None:
            peer = replace(peer, endpoint=change.endpoint)
        if change.persistent_keepalive is not None:
            peer = replace(peer, persistent_keepalive=change.persistent_keepalive)
        self.peers[key] = peer
        assert not change.replace_allowed_ips
        for prefix in change.removed_allowed_ips:
            if self.owners.get(prefix) == key:
                del self.owners[prefix]
        for prefix in change.allowed_ips:
            self.owners[prefix] = key

    def read(self) -> Device:
        def owned(key: PublicKey) -> tuple[Prefix, ...]:
            return tuple(prefix for prefix, owner in self.owners.items() if owner == key)

        peers = (replace(peer, allowed_ips=owned(key)) for key, peer in self.peers.items())
        return replace(self.device, peers=tuple(peers))


keys = st.sampled_from(KEYS[:4])
psks = st.sampled_from([PresharedKey(bytes([number]) * 32) for number in range(3)])
endpoint_hosts = st.sampled_from(["192.0.2.1", "fd00::1", "vpn.example.com"])
endpoints = st.builds(EndpointConfig, endpoint_hosts, st.integers(1, 3))
elements = st.builds(AllowedIp, st.sampled_from(PREFIXES))
blocks = st.builds(
    PeerBlock,
    keys,
    st.none() | psks,
    st.none() | endpoints,
    st.none() | st.sampled_from([0, 25]),
    st.lists(elements, max_size=3).map(tuple),
)
configs = st.builds(
    InterfaceConfig,
    st.none() | st.sampled_from([*PRIVATE, NONE]),
    st.none() | st.sampled_from([0, 51820, 51821]),
    st.none() | st.sampled_from([0, 51820]),
    st.lists(blocks, max_size=5).map(tuple),
)


@st.composite
def devices(draw: st.DrawFn) -> Device:
    private = draw(st.none() | st.sampled_from(PRIVATE))
    own = public_key_of(private.clamped()) if private else None
    peer_keys = [key for key in draw(st.lists(keys, unique=True)) if key != own]
    owners = {prefix: draw(st.sampled_from([None, *peer_keys])) for prefix in PREFIXES}
    peers = tuple(
        Peer(
            key,
            draw(st.none() | psks.filter(lambda psk: not psk.is_zero)),
            draw(st.none() | st.just(Endpoint(ip_address("192.0.2.1"), 1))),
            tuple(prefix for prefix in PREFIXES if owners[prefix] == key),
            draw(st.sampled_from([0, 25])),
        )
        for key in peer_keys
    )
    port = draw(st.sampled_from([0, 51820, 33333]))
    mark = draw(st.sampled_from([0, 51820, 7]))
    clamped = private.clamped() if private else None
    return Device("wg0", Implementation.KERNEL, clamped, own, port, mark, peers, 1)


def ownership(peers: Iterable[tuple[PublicKey, tuple[Prefix, ...]]]) -> dict[PublicKey, frozenset[Prefix]]:
    return {key: frozenset(prefixes) for key, prefixes in peers}


@given(config=configs, device=devices())
def test_applying_the_difference_reaches_the_file(config: InterfaceConfig, device: Device) -> None:
    after = ModelDevice(device).apply(diff(config, device, public_key_of=public_key_of)).read()
    wanted = config.peers(after.public_key)
    assert ownership((peer.public_key, peer.allowed_ips) for peer in after.peers) == ownership(
        (peer.public_key, peer.allowed_ips) for peer in wanted
    )
    for peer in wanted:
        found = after.peer(peer.public_key)
        assert found is not None
        assert (found.preshared_key, found.persistent_keepalive) == (
            peer.preshared_key,
            peer.persistent_keepalive,
        )
        numeric = peer.endpoint.numeric() if peer.endpoint else None
        before = device.peer(peer.public_key)
        assert found.endpoint == (numeric or (before.endpoint if before else None))
    kept_key = device.private_key if config.private_key is None else config.private_key.clamped()
    assert (after.private_key or NONE) == (kept_key or NONE)
    assert after.listen_port == (config.listen_port or device.listen_port)
    assert after.fwmark == (device.fwmark if config.fwmark is None else config.fwmark)


@given(config=configs, device=devices())
def test_the_second_difference_is_empty(config: InterfaceConfig, device: Device) -> None:
    after = ModelDevice(device).apply(diff(config, device, public_key_of=public_key_of)).read()
    assert diff(config, after, public_key_of=public_key_of).is_empty


@given(config=configs, device=devices(), seed=st.integers())
def test_the_order_of_peers_makes_no_difference(config: InterfaceConfig, device: Device, seed: int) -> None:
    change = diff(config, device, public_key_of=public_key_of)
    shuffled = list(change.peers)
    random.Random(seed).shuffle(shuffled)
    one = ModelDevice(device).apply(change)
    other = ModelDevice(device).apply(replace(change, peers=tuple(shuffled)))
    assert one.owners == other.owners
    assert one.peers == other.peers


@given(config=configs, device=devices(), number=st.integers(0, 9))
def test_a_device_that_agrees_but_for_one_peer_is_changed_there_only(
    config: InterfaceConfig, device: Device, number: int
) -> None:
    after = ModelDevice(device).apply(diff(config, device, public_key_of=public_key_of)).read()
    assume(after.peers)
    odd = after.peers[number % len(after.peers)]
    peers = (replace(p, persistent_keepalive=9) if p is odd else p for p in after.peers)
    change = diff(config, replace(after, peers=tuple(peers)), public_key_of=public_key_of)
    expected = PeerChange(odd.public_key, update_only=True, persistent_keepalive=odd.persistent_keepalive)
    assert change == DeviceChange(peers=(expected,))


def test_what_the_file_does_not_say_is_kept() -> None:
    device = Device("wg0", Implementation.KERNEL, PRIVATE[0].clamped(), KEYS[5], 4, 5)
    assert diff(InterfaceConfig(), device).is_empty
    assert diff(InterfaceConfig(listen_port=0), device).is_empty
    assert diff(InterfaceConfig(private_key=PRIVATE[0]), device).is_empty
    assert diff(InterfaceConfig(fwmark=0), device) == DeviceChange(fwmark=0)
    assert diff(InterfaceConfig(private_key=NONE), device) == DeviceChange(private_key=NONE)


def test_a_key_is_sent_clamped() -> None:
    device = Device("wg0", Implementation.KERNEL)
    unclamped = PrivateKey(bytes([255]) * 32)
    assert diff(InterfaceConfig(private_key=unclamped), device).private_key == unclamped.clamped()


def test_a_name_is_resolved_by_whom_it_is_told() -> None:
    block = PeerBlock(KEYS[0], endpoint=EndpointConfig("vpn.example.com", 5))
    device = Device("wg0", Implementation.KERNEL, peers=(Peer(KEYS[0]),))
    endpoint = Endpoint(ip_address("192.0.2.7"), 5)
    config = InterfaceConfig(blocks=(block,))
    assert diff(config, device).is_empty
    change = diff(config, device, resolve=lambda _: endpoint)
    assert change.peers == (PeerChange(KEYS[0], update_only=True, endpoint=endpoint),)


def test_a_prefix_that_moves_is_only_added() -> None:
    device = Device(
        "wg0", Implementation.KERNEL, peers=(Peer(KEYS[0], allowed_ips=(PREFIXES[1],)), Peer(KEYS[1]))
    )
    moved = (PeerBlock(KEYS[0]), PeerBlock(KEYS[1], allowed_ips=(AllowedIp(PREFIXES[1]),)))
    change = diff(InterfaceConfig(blocks=moved), device)
    assert change.peers == (PeerChange(KEYS[1], update_only=True, allowed_ips=(PREFIXES[1],)),)
    dropped = diff(InterfaceConfig(blocks=(PeerBlock(KEYS[0]), PeerBlock(KEYS[1]))), device)
    assert dropped.peers == (PeerChange(KEYS[0], update_only=True, removed_allowed_ips=(PREFIXES[1],)),)
