"""What a change makes of a device, and what takes it back."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from ipaddress import ip_address

from hypothesis import given
from hypothesis import strategies as st

from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.applying import applied, difference, holds, undoing
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.device import Device, Implementation, Peer
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey

KEYS = [PublicKey(hashlib.sha256(b"%d" % number).digest()) for number in range(4)]
PRESHARED = [PresharedKey(bytes([number]) * 32) for number in range(3)]
PREFIXES = [prefix_of(text) for text in ("10.0.0.0/24", "10.0.0.2/32", "0.0.0.0/0", "fd00::/64", "::/0")]
ENDPOINTS = [Endpoint(ip_address("192.0.2.1"), port) for port in (1, 2)]

preshared_keys = st.sampled_from(PRESHARED)
prefix_tuples = st.lists(st.sampled_from(PREFIXES), max_size=4, unique=True).map(tuple)


@st.composite
def devices(draw: st.DrawFn) -> Device:
    """A device in which every prefix has one owner."""
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True))
    owners = {prefix: draw(st.sampled_from(keys)) for prefix in draw(prefix_tuples)} if keys else {}
    peers = tuple(
        Peer(
            key,
            preshared_key=draw(st.none() | st.sampled_from(PRESHARED[1:])),
            endpoint=draw(st.none() | st.sampled_from(ENDPOINTS)),
            allowed_ips=tuple(prefix for prefix, owner in owners.items() if owner == key),
            persistent_keepalive=draw(st.sampled_from([0, 25])),
        )
        for key in keys
    )
    private_key = draw(st.none() | st.just(PrivateKey(bytes(range(32))).clamped()))
    return Device(
        "wg0",
        Implementation.KERNEL,
        private_key=private_key,
        listen_port=draw(st.sampled_from([51820, 51821])),
        fwmark=draw(st.sampled_from([0, 7])),
        peers=peers,
    )


peer_changes = st.builds(
    PeerChange,
    st.sampled_from(KEYS),
    remove=st.booleans(),
    update_only=st.booleans(),
    preshared_key=st.none() | preshared_keys,
    persistent_keepalive=st.none() | st.sampled_from([0, 15]),
    replace_allowed_ips=st.booleans(),
    allowed_ips=prefix_tuples,
    removed_allowed_ips=prefix_tuples,
)
changes = st.builds(
    DeviceChange,
    private_key=st.none() | st.just(PrivateKey(bytes(32))) | st.just(PrivateKey(bytes([9]) * 32)),
    listen_port=st.sampled_from([None, 0, 51830]),
    fwmark=st.none() | st.sampled_from([0, 9]),
    replace_peers=st.booleans(),
    peers=st.lists(peer_changes, max_size=4).map(tuple),
)


def essence(device: Device) -> object:
    """A device without the order in which it reports."""
    peers = {
        peer.public_key: replace(peer, allowed_ips=tuple(sorted(peer.allowed_ips, key=str)))
        for peer in device.peers
    }
    return replace(device, peers=()), peers


@given(devices(), changes)
def test_undoing_is_the_way_back(device: Device, change: DeviceChange) -> None:
    after = applied(device, change)
    back = undoing(change, device)
    assert essence(applied(after, back)) == essence(device)
    assert holds(back, device)


@given(devices(), devices())
def test_the_difference_leads_from_one_state_to_the_other(present: Device, wanted: Device) -> None:
    change = difference(present, wanted)
    after = applied(present, change)
    # An endpoint once known cannot be forgotten.
    known = {peer.public_key: peer.endpoint for peer in present.peers}
    peers = tuple(
        replace(peer, endpoint=peer.endpoint or known.get(peer.public_key)) for peer in wanted.peers
    )
    assert essence(after) == essence(replace(wanted, peers=peers))
    assert difference(after, replace(wanted, peers=peers)).is_empty


@given(devices())
def test_no_difference_to_itself(device: Device) -> None:
    assert difference(device, device).is_empty
    assert holds(DeviceChange(), device)


def test_a_peer_that_roamed_still_has_what_was_set() -> None:
    change = DeviceChange(peers=(PeerChange(KEYS[0], endpoint=ENDPOINTS[0]),))
    device = Device("wg0", Implementation.KERNEL, peers=(Peer(KEYS[0], endpoint=ENDPOINTS[1]),))
    assert not holds(change, device)
    assert holds(change, device, roamed=True)
