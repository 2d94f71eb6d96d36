from __future__ import annotations

import gc
import struct
from dataclasses import replace
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.kernel_bytes import KernelPeer, allowed_ips, attr, device_attributes, message, peers
from wgtui.adapters.wireguard.codec import DeviceDecoder
from wgtui.domain.addresses import Endpoint, Prefix, prefix_of
from wgtui.domain.device import Device, Implementation, Peer
from wgtui.domain.errors import DeviceError
from wgtui.domain.keys import PresharedKey, PublicKey

ALICE = bytes(range(32))
BOB = bytes(range(32, 64))
NESTED = 0x8000


def decode(*payloads: bytes) -> Device:
    return DeviceDecoder("wg0").decode(payloads)


def only_peer(nest: bytes) -> Peer:
    (peer,) = decode(message(peers(nest))).peers
    return peer


def nets(*texts: str) -> tuple[Prefix, ...]:
    return tuple(prefix_of(text) for text in texts)


# Values


def test_the_device_itself() -> None:
    private = bytes([8]) * 31 + bytes([64])
    device = decode(message(device_attributes(51820, 0xCA6C, private, BOB)))
    assert device.name == "wg0"
    assert device.implementation is Implementation.KERNEL
    assert device.private_key is not None
    assert device.private_key.reveal_bytes() == private
    assert device.public_key == PublicKey(BOB)
    assert (device.listen_port, device.fwmark, device.ifindex, device.peers) == (51820, 0xCA6C, 7, ())


def test_a_device_without_identity_has_no_keys() -> None:
    device = decode(message(device_attributes()))
    assert (device.private_key, device.public_key) == (None, None)


def test_all_values_of_a_peer() -> None:
    peer = only_peer(
        KernelPeer(
            ALICE,
            preshared=BOB,
            seconds=1_700_000_000,
            nanoseconds=250_000_000,
            keepalive=25,
            tx_bytes=2**63,
            rx_bytes=77,
            endpoint=Endpoint(ip_address("192.0.2.7"), 51820),
            allowed=nets("10.66.0.2/32", "fd66::/64", "0.0.0.0/0", "::/0"),
        ).nest()
    )
    assert peer == Peer(
        public_key=PublicKey(ALICE),
        preshared_key=PresharedKey(BOB),
        endpoint=Endpoint(ip_address("192.0.2.7"), 51820),
        allowed_ips=nets("10.66.0.2/32", "fd66::/64", "0.0.0.0/0", "::/0"),
        persistent_keepalive=25,
        latest_handshake=1_700_000_000.25,
        rx_bytes=77,
        tx_bytes=2**63,
        protocol_version=1,
    )


def test_zeros_mean_never_and_none() -> None:
    assert only_peer(KernelPeer(ALICE).nest()) == Peer(PublicKey(ALICE))


def test_a_link_local_endpoint_keeps_its_scope_in_host_order() -> None:
    endpoint = Endpoint(ip_address("fe80::1"), 65535, 3)
    peer = only_peer(KernelPeer(ALICE, endpoint=endpoint).nest())
    assert peer.endpoint == endpoint


def test_an_endpoint_of_an_unknown_family_is_none() -> None:
    strange = attr(4, struct.pack("=H", 99) + bytes(14))
    assert only_peer(KernelPeer(ALICE, extra=strange).nest()).endpoint is None


# Layouts


def test_padding_and_unknown_attributes_are_passed_over() -> None:
    plain = KernelPeer(ALICE, rx_bytes=5, allowed=nets("10.0.0.0/8"))
    padding = attr(0, b"")
    unknown = attr(77, b"from a later kernel")
    parts = [piece for part in plain.fixed() for piece in (padding, part, unknown)]
    nest = attr(NESTED, b"".join(parts) + allowed_ips(plain.allowed))
    assert only_peer(nest) == only_peer(plain.nest())
    assert only_peer(replace(plain, extra=unknown + padding).nest()) == only_peer(plain.nest())


def test_unknown_attributes_of_the_device_are_passed_over() -> None:
    assert decode(message(device_attributes() + attr(99, b"x") + attr(0, b""))).listen_port == 51820


def test_an_allowed_ip_in_another_layout() -> None:
    element = attr(
        NESTED,
        attr(1, struct.pack("=H", 2))
        + attr(0, b"")
        + attr(2, bytes([10, 1, 2, 0]))
        + attr(3, b"\x18")
        + attr(4, bytes(4)),
    )
    nest = attr(NESTED, attr(1, ALICE) + attr(9 | NESTED, element))
    assert only_peer(nest).allowed_ips == nets("10.1.2.0/24")


def test_nests_without_their_flag_are_understood() -> None:
    nest = attr(0, attr(1, ALICE) + attr(9, b""))
    payload = message(attr(8, nest))
    assert decode(payload).peers == (Peer(PublicKey(ALICE)),)


@given(st.permutations(range(8)))
def test_the_order_of_attributes_does_not_matter(order: list[int]) -> None:
    peer = KernelPeer(ALICE, BOB, 5, 6, 7, 8, 9, None, nets("10.0.0.0/8", "fd00::/8"))
    parts = [*peer.fixed(), allowed_ips(peer.allowed)]
    assert only_peer(attr(NESTED, b"".join(parts[place] for place in order))) == only_peer(peer.nest())


# Several messages


def test_a_peer_that_goes_on_in_the_next_message_is_one_peer() -> None:
    first = KernelPeer(ALICE, rx_bytes=5, tx_bytes=6, seconds=9, keepalive=25, allowed=nets("10.0.0.1/32"))
    device = decode(
        message(device_attributes(), peers(KernelPeer(BOB).nest(), first.nest())),
        message(peers(first.continuation(nets("10.0.0.2/32", "fd00::/8")))),
        message(peers(first.continuation(nets("10.0.0.3/32")), KernelPeer(bytes(32)).nest())),
    )
    assert [bytes(peer.public_key) for peer in device.peers] == [BOB, ALICE, bytes(32)]
    assert device.peers[1].allowed_ips == nets("10.0.0.1/32", "10.0.0.2/32", "fd00::/8", "10.0.0.3/32")
    assert (device.peers[1].rx_bytes, device.peers[1].tx_bytes) == (5, 6)
    assert (device.peers[1].latest_handshake, device.peers[1].persistent_keepalive) == (9.0, 25)


def test_device_attributes_may_come_in_every_message() -> None:
    head = device_attributes(51820, 5)
    device = decode(message(head), message(head, peers(KernelPeer(ALICE).nest())), message())
    assert (device.listen_port, device.fwmark, len(device.peers)) == (51820, 5, 1)


# What was read before


def two_messages(*values: KernelPeer) -> list[bytes]:
    half = len(values) // 2
    return [
        message(device_attributes(), peers(*(value.nest() for value in values[:half]))),
        message(peers(*(value.nest() for value in values[half:]))),
    ]


def some_peers(count: int) -> list[KernelPeer]:
    return [
        KernelPeer(
            bytes([number]) * 32,
            seconds=1_700_000_000,
            endpoint=Endpoint(ip_address("192.0.2.1"), number),
            allowed=nets(f"10.0.0.{number}/32", f"fd00::{number:x}/128"),
        )
        for number in range(count)
    ]


def test_an_unchanged_device_gives_the_same_peers() -> None:
    decoder = DeviceDecoder("wg0")
    first = decoder.decode(two_messages(*some_peers(10)))
    assert decoder.decode(two_messages(*some_peers(10))).peers is first.peers


def test_only_the_changed_peer_is_new_and_shares_its_allowed_ips() -> None:
    decoder = DeviceDecoder("wg0")
    values = some_peers(10)
    before = decoder.decode(two_messages(*values)).peers
    values[4].rx_bytes, values[4].seconds = 1480, 1_700_000_120
    after = decoder.decode(two_messages(*values)).peers
    assert [number for number in range(10) if after[number] is not before[number]] == [4]
    assert after[4] == replace(before[4], rx_bytes=1480, latest_handshake=1_700_000_120.0)
    assert after[4].allowed_ips is before[4].allowed_ips
    assert after[4].endpoint is before[4].endpoint


def test_a_roaming_peer_shares_its_allowed_ips() -> None:
    decoder = DeviceDecoder("wg0")
    values = some_peers(3)
    before = decoder.decode(two_messages(*values)).peers
    values[1].endpoint = Endpoint(ip_address("2001:db8::9"), 5)
    after = decoder.decode(two_messages(*values)).peers
    assert after[1].endpoint == Endpoint(ip_address("2001:db8::9"), 5)
    assert after[1].allowed_ips is before[1].allowed_ips
    assert (after[0], after[2]) == (before[0], before[2])


def test_peers_that_come_and_go_leave_the_others_the_same() -> None:
    decoder = DeviceDecoder("wg0")
    values = some_peers(10)
    before = decoder.decode(two_messages(*values)).peers
    del values[3:5]
    values.append(KernelPeer(b"\xff" * 32))
    after = decoder.decode(two_messages(*values)).peers
    assert [bytes(peer.public_key)[0] for peer in after] == [0, 1, 2, 5, 6, 7, 8, 9, 255]
    assert all(after[place] is before[place + 2] for place in range(3, 8))


def test_a_continued_peer_is_the_same_while_nothing_changes() -> None:
    decoder = DeviceDecoder("wg0")
    peer = KernelPeer(ALICE, allowed=nets("10.0.0.1/32"))
    more = nets("10.0.0.2/32")
    before = decoder.decode([message(peers(peer.nest())), message(peers(peer.continuation(more)))]).peers
    assert (
        decoder.decode([message(peers(peer.nest())), message(peers(peer.continuation(more)))]).peers[0]
        is before[0]
    )
    peer.rx_bytes = 9
    moved = decoder.decode([message(peers(peer.nest())), message(peers(peer.continuation(more)))]).peers
    assert moved[0].rx_bytes == 9
    assert moved[0].allowed_ips is before[0].allowed_ips
    # All in one message now, as after a smaller neighbour.
    whole = decoder.decode([message(peers(replace(peer, allowed=peer.allowed + more).nest()))]).peers
    assert whole == moved


def test_a_failed_dump_does_not_spoil_the_next() -> None:
    decoder = DeviceDecoder("wg0")
    values = some_peers(4)
    before = decoder.decode(two_messages(*values)).peers
    values[0].rx_bytes = 1
    with pytest.raises(DeviceError):
        decoder.decode([*two_messages(*values), b"\0"])
    values[0].rx_bytes = 0
    assert decoder.decode(two_messages(*values)).peers == before


def test_vanished_peers_are_forgotten() -> None:
    decoder = DeviceDecoder("wg0")
    before = living_peers()
    decoder.decode(two_messages(*some_peers(200)))
    decoder.decode(two_messages(*some_peers(2)))
    assert living_peers() - before == 2


def living_peers() -> int:
    gc.collect()
    return sum(type(thing) is Peer for thing in gc.get_objects())


PEER_VALUES = st.builds(
    KernelPeer,
    key=st.integers(0, 5).map(lambda number: bytes([number]) * 32),
    preshared=st.sampled_from([bytes(32), BOB]),
    seconds=st.integers(0, 3),
    nanoseconds=st.sampled_from([0, 500_000_000]),
    keepalive=st.sampled_from([0, 25]),
    tx_bytes=st.integers(0, 3),
    rx_bytes=st.integers(0, 3),
    endpoint=st.sampled_from(
        [None, Endpoint(ip_address("192.0.2.1"), 1), Endpoint(ip_address("fe80::1"), 2, 4)]
    ),
    allowed=st.lists(
        st.sampled_from(nets("10.0.0.0/8", "10.1.0.0/16", "::/0", "fd00::1/128")), max_size=3
    ).map(tuple),
    extra=st.sampled_from([b"", attr(0, b""), attr(50, b"abc")]),
)
DUMPS = st.lists(st.lists(PEER_VALUES, max_size=6, unique_by=lambda peer: peer.key), min_size=1, max_size=6)


@given(DUMPS)
def test_remembering_never_changes_the_result(dumps: list[list[KernelPeer]]) -> None:
    decoder = DeviceDecoder("wg0")
    for values in dumps:
        payloads = two_messages(*values)
        assert decoder.decode(payloads) == decode(*payloads)


# Hostile bytes


GOOD = message(
    device_attributes(1, 2, ALICE, BOB),
    peers(*(value.nest() for value in some_peers(3)), KernelPeer(ALICE).continuation(nets("10.0.0.0/8"))),
)


@given(st.integers(0, len(GOOD)))
def test_a_cut_dump_is_a_device_error_or_a_shorter_device(length: int) -> None:
    try:
        assert len(decode(GOOD[:length]).peers) <= 4
    except DeviceError as error:
        assert "wg0" in error.text


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_changed_bytes_never_crash(changes: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for place, value in changes:
        data[place] = value
    decoder = DeviceDecoder("wg0")
    decoder.decode([GOOD])
    for attempt in (DeviceDecoder("wg0"), decoder):
        try:
            attempt.decode([bytes(data)])
        except DeviceError as error:
            assert "wg0" in error.text


@given(st.binary(max_size=300))
def test_noise_never_crashes(noise: bytes) -> None:
    for payload in (noise, message(noise), message(peers(noise)), message(peers(attr(NESTED, noise)))):
        try:
            decode(payload)
        except DeviceError as error:
            assert "wg0" in error.text


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"\0\0", id="header cut"),
        pytest.param(message(b"\x03\0\x01\0"), id="attribute shorter than its header"),
        pytest.param(message(b"\xff\xff\x01\0"), id="attribute longer than the message"),
        pytest.param(message(attr(3, b"short")), id="private key too short"),
        pytest.param(message(attr(6, b"x")), id="port too short"),
        pytest.param(message(peers(attr(NESTED, b""))), id="peer without key"),
        pytest.param(message(peers(attr(NESTED, attr(1, b"short")))), id="key too short"),
        pytest.param(message(peers(attr(NESTED, attr(1, ALICE) + attr(7, b"x")))), id="counter too short"),
        pytest.param(
            message(peers(attr(NESTED, attr(1, ALICE) + attr(9, attr(0, b""))))), id="allowed IP empty"
        ),
        pytest.param(
            message(
                peers(
                    attr(
                        NESTED,
                        attr(1, ALICE) + attr(9, attr(0, attr(1, b"\2\0") + attr(2, ALICE) + attr(3, b"\1"))),
                    )
                )
            ),
            id="address does not fit its family",
        ),
        pytest.param(
            message(
                peers(
                    attr(
                        NESTED,
                        attr(1, ALICE)
                        + attr(9, attr(0, attr(1, b"\2\0") + attr(2, bytes(4)) + attr(3, b"\x21"))),
                    )
                )
            ),
            id="mask longer than the address",
        ),
    ],
)
def test_nonsense_is_a_device_error(payload: bytes) -> None:
    with pytest.raises(DeviceError, match="wg0"):
        decode(payload)
