from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wgtui.adapters.netlink_socket import walk_attributes
from wgtui.adapters.wireguard.encoder import encode_change
from wgtui.adapters.wireguard.removal import needs_removal, without_removals
from wgtui.domain.addresses import Endpoint, Prefix, prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.device import Device, Implementation, Peer
from wgtui.domain.errors import DeviceError
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey

NESTED = 0x8000


def nets(*texts: str) -> tuple[Prefix, ...]:
    return tuple(prefix_of(text) for text in texts)


def key(number: int) -> PublicKey:
    return PublicKey(bytes([number]) * 32)


def attributes(data: bytes, start: int = 0) -> dict[int, bytes]:
    """Attributes by type, with every nest's flag checked against the kernel's strict rules."""
    found: dict[int, bytes] = {}
    for kind, begin, end in walk_attributes(data, start, len(data)):
        assert kind not in found, "no attribute comes twice"
        found[kind] = data[begin:end]
    return found


def nests(data: bytes) -> list[dict[int, bytes]]:
    """The elements of an array; each has to carry the nested flag."""
    found = []
    for _, begin, end in walk_attributes(data, 0, len(data)):
        assert struct.unpack_from("=H", data, begin - 2)[0] & NESTED
        found.append(attributes(data[begin:end]))
    return found


@dataclass
class ReplayedPeer:
    flags: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)
    added: list[Prefix] = field(default_factory=list)
    removed: list[Prefix] = field(default_factory=list)


def replay(payloads: list[bytes]) -> dict[bytes, ReplayedPeer]:
    """What the kernel would see of each peer over all messages."""
    seen: dict[bytes, ReplayedPeer] = {}
    for payload in payloads:
        for nest in nests(attributes(payload, 4).get(8, b"")):
            peer = seen.setdefault(nest[1], ReplayedPeer())
            peer.flags.append(struct.unpack("=I", nest.get(3, bytes(4)))[0])
            peer.others += [kind for kind in (2, 4, 5) if kind in nest]
            for element in nests(nest.get(9, b"")):
                host, mask = ip_address(element[2]), element[3][0]
                (peer.removed if 4 in element else peer.added).append(prefix_of(f"{host}/{mask}"))
    return seen


def one(change: DeviceChange) -> dict[int, bytes]:
    (payload,) = encode_change("wg0", change)
    assert payload[:4] == bytes([1, 1, 0, 0])
    return attributes(payload, 4)


def only_nest(change: PeerChange) -> dict[int, bytes]:
    (nest,) = nests(one(DeviceChange(peers=(change,)))[8])
    return nest


def test_an_empty_change_names_only_the_device() -> None:
    assert one(DeviceChange()) == {2: b"wg0\0"}


def test_the_settings_of_the_device() -> None:
    change = DeviceChange(private_key=PrivateKey(b"\xff" * 32), listen_port=0, fwmark=0, replace_peers=True)
    assert one(change) == {
        2: b"wg0\0",
        3: b"\xf8" + b"\xff" * 30 + b"\x7f",
        5: struct.pack("=I", 1),
        6: bytes(2),
        7: bytes(4),
    }


def test_the_zero_private_key_is_sent_as_zeros() -> None:
    assert one(DeviceChange(private_key=PrivateKey(bytes(32))))[3] == bytes(32)


def test_all_values_of_a_peer() -> None:
    nest = only_nest(
        PeerChange(
            key(1),
            preshared_key=PresharedKey(bytes(32)),
            endpoint=Endpoint(ip_address("192.0.2.1"), 51820),
            persistent_keepalive=0,
            replace_allowed_ips=True,
            allowed_ips=nets("10.0.0.0/8"),
            update_only=True,
        )
    )
    assert nest[2] == bytes(32)
    assert nest[3] == struct.pack("=I", 2 | 4)
    assert nest[4] == struct.pack("=H", 2) + bytes([0xCA, 0x6C, 192, 0, 2, 1]) + bytes(8)
    assert nest[5] == bytes(2)
    assert nests(nest[9]) == [{1: struct.pack("=H", 2), 2: bytes([10, 0, 0, 0]), 3: b"\x08"}]


def test_what_is_left_alone_is_not_sent() -> None:
    assert set(only_nest(PeerChange(key(1)))) == {1}


def test_a_scope_is_in_host_order_and_a_port_in_network_order() -> None:
    value = only_nest(PeerChange(key(1), endpoint=Endpoint(ip_address("fe80::1"), 1, 3)))[4]
    host = ip_address("fe80::1").packed
    assert value == struct.pack("=H", 10) + b"\0\1" + bytes(4) + host + struct.pack("=I", 3)


def test_a_removal_says_nothing_else() -> None:
    change = PeerChange(
        key(1), remove=True, replace_allowed_ips=True, persistent_keepalive=5, allowed_ips=nets("::/0")
    )
    assert only_nest(change) == {1: bytes([1]) * 32, 3: struct.pack("=I", 1)}


def test_a_single_allowed_ip_is_removed_by_its_flag() -> None:
    nest = only_nest(
        PeerChange(key(1), removed_allowed_ips=nets("10.0.0.1/32"), allowed_ips=nets("fd00::/8"))
    )
    removed, added = nests(nest[9])
    assert removed[4] == struct.pack("=I", 1)
    assert 4 not in added


@pytest.mark.parametrize(
    "change",
    [
        DeviceChange(listen_port=65536),
        DeviceChange(listen_port=-1),
        DeviceChange(fwmark=2**32),
        DeviceChange(peers=(PeerChange(key(1), persistent_keepalive=65536),)),
        DeviceChange(peers=(PeerChange(key(1), endpoint=Endpoint(ip_address("::1"), 70000)),)),
    ],
)
def test_numbers_that_do_not_fit_are_refused(change: DeviceChange) -> None:
    with pytest.raises(DeviceError, match="is 0 to"):
        encode_change("wg0", change)


# Splitting

PEERS = st.builds(
    PeerChange,
    public_key=st.just(key(0)),
    remove=st.sampled_from([False, False, False, True]),
    update_only=st.booleans(),
    preshared_key=st.sampled_from([None, PresharedKey(b"p" * 32)]),
    persistent_keepalive=st.sampled_from([None, 25]),
    replace_allowed_ips=st.booleans(),
    allowed_ips=st.lists(
        st.integers(0, 400).map(lambda n: prefix_of(f"10.0.{n // 256}.{n % 256}/32"))
        | st.integers(0, 400).map(lambda n: prefix_of(f"fd00::{n:x}/128")),
        max_size=60,
        unique=True,
    ).map(tuple),
)


@given(st.lists(PEERS, max_size=12), st.integers(300, 1200), st.booleans())
def test_splitting_changes_nothing(drawn: list[PeerChange], limit: int, replace_peers: bool) -> None:
    changes = [replace(change, public_key=key(number)) for number, change in enumerate(drawn)]
    settings = DeviceChange(PrivateKey(b"k" * 32), 51820, 7, replace_peers, tuple(changes))
    payloads = encode_change("wg0", settings, limit)
    assert all(len(payload) + 16 <= limit for payload in payloads)
    head, *rest = (set(attributes(payload, 4)) for payload in payloads)
    assert head - {8} == {2, 3, 6, 7} | ({5} if replace_peers else set())
    assert all(kinds == {2, 8} for kinds in rest)
    seen = replay(payloads)
    for change in changes:
        peer = seen[bytes(change.public_key)]
        assert tuple(peer.added) == (() if change.remove else change.allowed_ips)
        assert all(flags & 2 == 0 for flags in peer.flags[1:]), "a continuation never replaces"
        assert all(bool(flags & 4) == change.update_only for flags in peer.flags)
        wanted = [] if change.remove else [2] * (change.preshared_key is not None)
        wanted += [] if change.remove else [5] * (change.persistent_keepalive is not None)
        assert peer.others == wanted, "each setting is sent once"


def test_ten_thousand_peers_fit_into_messages_of_32_kib() -> None:
    changes = tuple(
        PeerChange(
            PublicKey(number.to_bytes(32, "big")), allowed_ips=nets(f"10.{number >> 8}.{number & 255}.0/24")
        )
        for number in range(10_000)
    )
    payloads = encode_change("wg0", DeviceChange(peers=changes))
    assert all(len(payload) + 16 <= 32768 for payload in payloads)
    assert len(replay(payloads)) == 10_000


def test_a_limit_too_small_for_a_peer_is_an_error_not_a_loop() -> None:
    with pytest.raises(DeviceError):
        encode_change("wg0", DeviceChange(peers=(PeerChange(key(1), allowed_ips=nets("::/0")),)), limit=60)


# Where the kernel cannot remove single allowed IPs


def device(**lists: tuple[Prefix, ...]) -> Device:
    peers = tuple(Peer(key(int(name[1:])), allowed_ips=allowed) for name, allowed in lists.items())
    return Device("wg0", Implementation.KERNEL, peers=peers)


def apply(change: DeviceChange, before: Device) -> dict[PublicKey, set[Prefix]]:
    """The kernel's own rules for ownership, written down a second time and plainly."""
    owned = {} if change.replace_peers else {peer.public_key: set(peer.allowed_ips) for peer in before.peers}
    for peer in change.peers:
        if peer.remove:
            owned.pop(peer.public_key, None)
            continue
        if peer.update_only and peer.public_key not in owned:
            continue
        mine = owned.setdefault(peer.public_key, set())
        if peer.replace_allowed_ips:
            mine.clear()
        gone = set(peer.removed_allowed_ips)
        mine -= gone
        for prefix in peer.allowed_ips:
            if prefix in gone:
                continue
            for other in owned.values():
                other.discard(prefix)
            mine.add(prefix)
    return owned


FEW = st.lists(
    st.sampled_from(nets("10.0.0.0/8", "10.1.0.0/16", "fd00::/8", "::/0", "10.2.0.0/16")),
    max_size=4,
    unique=True,
).map(tuple)
CHANGES = st.builds(
    DeviceChange,
    replace_peers=st.booleans(),
    peers=st.lists(
        st.builds(
            PeerChange,
            public_key=st.integers(0, 3).map(key),
            remove=st.sampled_from([False, False, False, True]),
            update_only=st.booleans(),
            replace_allowed_ips=st.booleans(),
            allowed_ips=FEW,
            removed_allowed_ips=FEW,
        ),
        max_size=5,
    ).map(tuple),
)


@given(CHANGES, st.permutations(nets("10.0.0.0/8", "10.1.0.0/16", "fd00::/8", "::/0", "10.2.0.0/16")))
def test_resending_lists_comes_out_as_removing(change: DeviceChange, owned: list[Prefix]) -> None:
    before = device(p0=tuple(owned[:2]), p1=tuple(owned[2:4]), p2=())
    rewritten = without_removals(change, before)
    assert not needs_removal(rewritten)
    assert not any(peer.removed_allowed_ips for peer in rewritten.peers if not peer.remove)
    assert apply(rewritten, before) == apply(change, before)


def test_only_peers_that_lose_something_are_sent_in_full() -> None:
    before = device(p0=nets("10.0.0.1/32", "10.0.0.2/32"), p1=nets("10.0.0.3/32"))
    change = DeviceChange(
        peers=(
            PeerChange(key(0), removed_allowed_ips=nets("10.0.0.1/32")),
            PeerChange(key(1), removed_allowed_ips=nets("10.0.0.9/32"), allowed_ips=nets("10.0.0.4/32")),
        )
    )
    assert without_removals(change, before).peers == (
        PeerChange(key(0), replace_allowed_ips=True, allowed_ips=nets("10.0.0.2/32")),
        PeerChange(key(1), allowed_ips=nets("10.0.0.4/32")),
    )
