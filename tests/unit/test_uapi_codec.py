"""The userspace protocol's text, both ways."""

from __future__ import annotations

import contextlib
import random
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wgtui.adapters.wireguard.uapi_codec import (
    MalformedReply,
    ReplyDecoder,
    encode_set,
    peer_lines,
    private_key_line,
    split_reply,
)
from wgtui.domain.addresses import Endpoint
from wgtui.domain.change import PeerChange
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey

KEY = PublicKey(bytes(range(32)))
OTHER = PublicKey(bytes(range(1, 33)))
SECRET = "5e" * 32
ZERO = f"preshared_key={'00' * 32}"


def block(key: PublicKey, *lines: str) -> str:
    return "\n".join((f"public_key={bytes(key).hex()}", *lines, ""))


def decode(text: str) -> ReplyDecoder:
    decoder = ReplyDecoder()
    decoder.decode(text.encode())
    return decoder


FULL = block(
    KEY,
    f"preshared_key={SECRET}",
    "protocol_version=1",
    "endpoint=198.51.100.20:40001",
    "last_handshake_time_sec=1700000000",
    "last_handshake_time_nsec=500000000",
    "tx_bytes=18446744073709551615",
    "rx_bytes=2",
    "persistent_keepalive_interval=15",
    "allowed_ip=5.5.5.2/32",
    "allowed_ip=fd00::/64",
)


def test_every_field_of_a_peer_is_read() -> None:
    header, (peer,) = ReplyDecoder().decode(
        f"private_key={SECRET}\nlisten_port=43155\nfwmark=51\n{FULL}".encode()
    )
    assert header.private_key == PrivateKey(bytes.fromhex(SECRET))
    assert (header.listen_port, header.fwmark) == (43155, 51)
    assert peer.public_key == KEY
    assert peer.preshared_key == PresharedKey(bytes.fromhex(SECRET))
    assert peer.endpoint == Endpoint(ip_address("198.51.100.20"), 40001)
    assert peer.allowed_ips == (ip_network("5.5.5.2/32"), ip_network("fd00::/64"))
    assert peer.latest_handshake == 1700000000.5
    assert (peer.rx_bytes, peer.tx_bytes, peer.persistent_keepalive) == (2, 2**64 - 1, 15)


def test_what_is_missing_or_zero_is_none() -> None:
    header, (peer,) = ReplyDecoder().decode(f"private_key={'00' * 32}\n{block(KEY, ZERO)}".encode())
    assert header.private_key is None
    assert (header.listen_port, header.fwmark) == (0, 0)
    assert (peer.preshared_key, peer.endpoint, peer.latest_handshake) == (None, None, None)
    assert (peer.allowed_ips, peer.protocol_version) == ((), 1)


def test_an_empty_device_has_no_peers() -> None:
    assert ReplyDecoder().decode(b"")[1] == ()


def test_unknown_keys_are_ignored_wherever_they_stand() -> None:
    text = "future=a=b\n" + block(
        KEY, "allowed_ip=10.0.0.0/8", "jc=4", "rx_bytes=7", "allowed_ip=10.1.0.0/16", "note=x=y"
    )
    _, (peer,) = ReplyDecoder().decode(text.encode())
    assert peer.rx_bytes == 7
    assert peer.allowed_ips == (ip_network("10.0.0.0/8"), ip_network("10.1.0.0/16"))


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("[2001:db8::1]:51820", Endpoint(ip_address("2001:db8::1"), 51820)),
        ("[fe80::1%3]:1", Endpoint(ip_address("fe80::1"), 1, 3)),
        ("[fe80::1%wan]:1", Endpoint(ip_address("fe80::1"), 1, 42)),
        ("0.0.0.0:0", Endpoint(ip_address("0.0.0.0"), 0)),
    ],
)
def test_endpoints(text: str, endpoint: Endpoint) -> None:
    decoder = ReplyDecoder(lambda name: {"wan": 42}[name])
    _, (peer,) = decoder.decode(block(KEY, f"endpoint={text}").encode())
    assert peer.endpoint == endpoint


@pytest.mark.parametrize(
    "line",
    [
        "no equals sign",
        "rx_bytes=-1",
        "rx_bytes=1_0",
        "rx_bytes= 1",
        "rx_bytes=",
        "rx_bytes=18446744073709551616",
        "rx_bytes=" + "9" * 5000,
        "last_handshake_time_nsec=1000000000",
        "persistent_keepalive_interval=65536",
        "persistent_keepalive_interval=off",
        "endpoint=relay.example:1",
        "endpoint=1.2.3.4",
        "endpoint=1.2.3.4:65536",
        "endpoint=1.2.3.4:+5",
        "endpoint=\xff:1",
        f"preshared_key={SECRET}0",
        "preshared_key=zz",
        f"preshared_key= {SECRET[1:]}",
        "allowed_ip=10.0.0.0",
        "allowed_ip=10.0.0.0/33",
        "allowed_ip=10.0.0.0/",
        "allowed_ip=10.0.0.0/255.0.0.0",
        "allowed_ip=10.0/8",
        "allowed_ip=\x00/8",
        "allowed_ip=::/129",
    ],
)
def test_what_is_not_the_protocol_is_refused_without_quoting_it(line: str) -> None:
    with pytest.raises(MalformedReply) as error:
        ReplyDecoder().decode(block(KEY, line).encode("latin-1"))
    assert SECRET[:60] not in str(error.value)


@pytest.mark.parametrize("key", ["", "00", "zz" * 32, "00" * 33])
def test_a_public_key_of_the_wrong_size_is_refused(key: str) -> None:
    with pytest.raises(MalformedReply):
        ReplyDecoder().decode(f"public_key={key}\nrx_bytes=1\n".encode())


def test_a_refused_reply_leaves_the_decoder_usable() -> None:
    decoder = decode(FULL)
    with pytest.raises(MalformedReply):
        decoder.decode(FULL.replace("rx_bytes=2", "rx_bytes=x").encode())
    _, (peer,) = decoder.decode(FULL.encode())
    assert peer.rx_bytes == 2


@given(st.binary(max_size=400))
def test_any_bytes_are_either_read_or_refused(data: bytes) -> None:
    for text in (data, FULL.encode() + data, FULL.encode().replace(b"=", data[:3] or b"=")):
        decoder = decode(FULL)
        with contextlib.suppress(MalformedReply):
            decoder.decode(text)


class TestReuse:
    """Objects of the previous reply are given again where their bytes are the same."""

    def test_an_unchanged_peer_is_the_same_object(self) -> None:
        decoder = ReplyDecoder()
        text = FULL + block(OTHER, "rx_bytes=1")
        first = decoder.decode(text.encode())[1]
        second = decoder.decode(text.replace("rx_bytes=1\n", "rx_bytes=9\n").encode())[1]
        assert second[0] is first[0]
        assert second[1].rx_bytes == 9

    def test_nothing_changed_gives_the_same_tuple(self) -> None:
        decoder = ReplyDecoder()
        first = decoder.decode((FULL + block(OTHER)).encode())[1]
        assert decoder.decode((block(OTHER) + FULL).encode())[1] is first

    def test_a_moving_counter_keeps_allowed_ips_and_keys(self) -> None:
        decoder = ReplyDecoder()
        (before,) = decoder.decode(FULL.encode())[1]
        (after,) = decoder.decode(FULL.replace("rx_bytes=2", "rx_bytes=3").encode())[1]
        assert after.rx_bytes == 3
        assert after.allowed_ips is before.allowed_ips
        assert after.preshared_key is before.preshared_key
        assert after.endpoint is before.endpoint

    @given(st.data())
    def test_whatever_changed_it_is_read_as_by_a_fresh_decoder(self, data: st.DataObject) -> None:
        counter = st.sampled_from(["0", "7", "1700000000", "9" * 19, str(2**64 - 1)])
        decoder = ReplyDecoder()
        for _ in range(4):
            text = block(
                KEY,
                f"endpoint=192.0.2.1:{data.draw(st.integers(1, 2))}",
                f"last_handshake_time_sec={data.draw(counter)}",
                f"last_handshake_time_nsec={data.draw(st.integers(0, 2))}",
                f"tx_bytes={data.draw(counter)}",
                f"rx_bytes={data.draw(counter)}",
                *data.draw(
                    st.sampled_from([(), ("persistent_keepalive_interval=5",), ("allowed_ip=10.0.0.0/8",)])
                ),
            ).encode()
            assert decoder.decode(text)[1] == ReplyDecoder().decode(text)[1]

    def test_a_changed_list_is_read_again(self) -> None:
        decoder = decode(FULL)
        (after,) = decoder.decode(FULL.replace("allowed_ip=5.5.5.2/32\n", "").encode())[1]
        assert after.allowed_ips == (ip_network("fd00::/64"),)

    def test_peers_keep_the_order_in_which_they_were_first_seen(self) -> None:
        keys = [PublicKey(bytes([n]) * 32) for n in range(1, 30)]
        dice = random.Random(1)
        decoder = ReplyDecoder()

        def reply(chosen: list[PublicKey]) -> list[PublicKey]:
            dice.shuffle(chosen)
            text = "".join(block(key, f"rx_bytes={dice.random() < 0.5:d}") for key in chosen)
            return [peer.public_key for peer in decoder.decode(text.encode())[1]]

        assert reply(keys[10:]) == keys[10:]
        assert reply(keys[:]) == keys[10:] + keys[:10]
        assert reply(keys[10:]) == keys[10:]

    def test_a_peer_that_left_and_came_back_is_read_anew(self) -> None:
        decoder = decode(FULL + block(OTHER))
        assert [peer.public_key for peer in decoder.decode(block(OTHER).encode())[1]] == [OTHER]
        peers = decoder.decode((FULL.replace("rx_bytes=2", "rx_bytes=5") + block(OTHER)).encode())[1]
        assert {peer.public_key: peer.rx_bytes for peer in peers} == {KEY: 5, OTHER: 0}

    @given(st.data())
    def test_a_decoder_with_a_past_reads_what_a_fresh_one_reads(self, data: st.DataObject) -> None:
        decoder = ReplyDecoder()
        for _ in range(4):
            peers = data.draw(
                st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), unique_by=lambda p: p[0])
            )
            text = "".join(
                block(PublicKey(bytes([n]) * 32), f"rx_bytes={rx}", *["allowed_ip=10.0.0.0/8"] * (rx % 2))
                for n, rx in peers
            ).encode()
            seen = decoder.decode(text)[1]
            assert set(seen) == set(ReplyDecoder().decode(text)[1])
            assert len(seen) == len(peers)


@pytest.mark.parametrize(
    ("reply", "code", "pairs"),
    [
        (b"errno=0\n\n", 0, b""),
        (b"errno=-98\n\n", 98, b""),
        (b"errno=22\n\n", 22, b""),
        (b"errno=+1\n\n", 1, b""),
        (b"listen_port=1\nerrno=0\n\n", 0, b"listen_port=1\n"),
    ],
)
def test_the_error_number_is_taken_without_its_sign(reply: bytes, code: int, pairs: bytes) -> None:
    found, rest = split_reply(reply)
    assert found == code
    assert rest.strip() == pairs.strip()


@pytest.mark.parametrize(
    "reply", [b"", b"\n\n", b"errno=\n\n", b"errno=0\n", b"xerrno=0\n\n", b"errno=0x1\n\n"]
)
def test_a_reply_without_an_error_number_is_refused(reply: bytes) -> None:
    with pytest.raises(MalformedReply):
        split_reply(reply)


def test_a_change_is_written_as_the_protocol_wants_it() -> None:
    change = PeerChange(
        KEY,
        update_only=True,
        preshared_key=PresharedKey(bytes.fromhex(SECRET)),
        endpoint=Endpoint(ip_address("2001:db8::1"), 51820),
        persistent_keepalive=0,
        replace_allowed_ips=True,
        allowed_ips=(ip_network("10.0.0.0/8"),),
    )
    assert list(peer_lines(change)) == [
        f"public_key={bytes(KEY).hex()}",
        "update_only=true",
        f"preshared_key={SECRET}",
        "endpoint=[2001:db8::1]:51820",
        "persistent_keepalive_interval=0",
        "replace_allowed_ips=true",
        "allowed_ip=10.0.0.0/8",
    ]


def test_a_removal_says_nothing_else() -> None:
    change = PeerChange(KEY, remove=True, allowed_ips=(ip_network("10.0.0.0/8"),))
    assert list(peer_lines(change)) == [f"public_key={bytes(KEY).hex()}", "remove=true"]


def test_a_single_allowed_ip_is_taken_away_with_a_minus() -> None:
    gone = ip_network("10.0.0.0/8")
    assert list(peer_lines(PeerChange(KEY, removed_allowed_ips=(gone,))))[1:] == ["allowed_ip=-10.0.0.0/8"]
    whole = PeerChange(KEY, replace_allowed_ips=True, allowed_ips=(gone,), removed_allowed_ips=(gone,))
    assert list(peer_lines(whole))[1:] == ["replace_allowed_ips=true"]


def test_the_private_key_is_sent_clamped() -> None:
    assert private_key_line(PrivateKey(b"\xff" * 32)) == "private_key=f8" + "ff" * 30 + "7f"
    assert private_key_line(PrivateKey(bytes(32))) == "private_key=" + "00" * 32


def test_a_request_ends_with_a_blank_line() -> None:
    assert encode_set(["fwmark=1"]) == b"set=1\nfwmark=1\n\n"
    assert encode_set([]) == b"set=1\n\n"
