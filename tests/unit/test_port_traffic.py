"""What arrives at a port: kinds, initiations opened, what is remembered."""

from __future__ import annotations

import struct
from ipaddress import ip_address

import pytest

from tests.support.initiations import initiation
from wgtui.adapters.initiation_nacl import NaclInitiations
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.port_watch.bpf import Wanted, program
from wgtui.adapters.port_watch.decode import decode
from wgtui.domain.addresses import Endpoint
from wgtui.domain.keys import PublicKey
from wgtui.domain.port_traffic import Opened, PacketKind, PortReading, SeenPacket, kind_of
from wgtui.services.first_contact import PortLog
from wgtui.services.first_contact.log import CALLS_KEPT, OPENED_AT_ONCE, REMOTES_KEPT

KEYS = NaclKeypairs()
ALICE = PublicKey(b"a" * 32)


def place(number: int) -> Endpoint:
    return Endpoint(ip_address("192.0.2.1"), number)


def seen(kind: PacketKind, number: int = 1, *, outgoing: bool = False) -> SeenPacket:
    whole = kind is PacketKind.INITIATION and not outgoing
    return SeenPacket(kind, place(number), outgoing, b"\1" * 148 if whole else b"")


@pytest.mark.parametrize(
    ("head", "length", "kind"),
    [
        (b"\1\0\0\0", 148, PacketKind.INITIATION),
        (b"\1\0\0\0", 147, PacketKind.OTHER),
        (b"\2\0\0\0", 92, PacketKind.RESPONSE),
        (b"\3\0\0\0", 64, PacketKind.COOKIE),
        (b"\4\0\0\0", 32, PacketKind.KEEPALIVE),
        (b"\4\0\0\0", 33, PacketKind.DATA),
        (b"\4\0\0\0", 31, PacketKind.OTHER),
        (b"\4\0\0\1", 64, PacketKind.OTHER),
        (b"\5\0\0\0", 64, PacketKind.OTHER),
        (b"\1\0\0", 3, PacketKind.OTHER),
        (b"", 0, PacketKind.OTHER),
    ],
)
def test_kinds(head: bytes, length: int, kind: PacketKind) -> None:
    assert kind_of(head, length) is kind


class TestInitiations:
    def test_one_for_us_says_who_calls_and_what_time_it_is_there(self) -> None:
        ours, theirs = KEYS.generate_private_key(), KEYS.generate_private_key()
        public = KEYS.public_key(ours)
        opened = NaclInitiations().open(initiation(theirs, public, 1_700_000_000.25), ours, public)
        assert opened == Opened(True, KEYS.public_key(theirs), 1_700_000_000.25)

    def test_one_for_another_key_says_only_that(self) -> None:
        ours, theirs = KEYS.generate_private_key(), KEYS.generate_private_key()
        message = initiation(theirs, KEYS.public_key(theirs), 1.0)
        assert NaclInitiations().open(message, ours, KEYS.public_key(ours)) == Opened(for_us=False)

    @pytest.mark.parametrize("at", [20, 50, 100])
    def test_a_broken_seal_names_nobody(self, at: int) -> None:
        ours, theirs = KEYS.generate_private_key(), KEYS.generate_private_key()
        public = KEYS.public_key(ours)
        message = bytearray(initiation(theirs, public, 1.0))
        message[at] ^= 1
        opened = NaclInitiations().open(bytes(message), ours, public)
        assert opened.caller is None

    def test_a_point_of_small_order_is_no_crash(self) -> None:
        ours = KEYS.generate_private_key()
        public = KEYS.public_key(ours)
        message = bytearray(initiation(ours, public, 1.0))
        message[8:40] = bytes(32)
        NaclInitiations().open(bytes(message), ours, public)


class TestLog:
    def test_it_counts_by_kind_and_place_the_latest_first(self) -> None:
        log = PortLog(51820, 10.0)
        log.take(PortReading((seen(PacketKind.OTHER, 1), seen(PacketKind.DATA, 2))), 11.0, _nobody)
        log.take(PortReading((seen(PacketKind.KEEPALIVE, 1),), missed=4), 12.0, _nobody)
        traffic = log.traffic
        assert (traffic.arrived.other, traffic.arrived.data, traffic.arrived.keepalive) == (1, 1, 1)
        assert (traffic.arrived.total, traffic.missed, traffic.last) == (3, 4, 12.0)
        assert [remote.endpoint.port for remote in traffic.remotes] == [1, 2]

    def test_without_news_it_is_the_same_object(self) -> None:
        log = PortLog(51820, 10.0)
        before = log.traffic
        log.take(PortReading(), 11.0, _nobody)
        assert log.traffic is before

    def test_what_is_sent_is_kept_apart(self) -> None:
        log = PortLog(51820, 10.0)
        log.take(PortReading((seen(PacketKind.RESPONSE, outgoing=True),)), 11.0, _nobody)
        assert (log.traffic.arrived.total, log.traffic.sent.response, log.traffic.last) == (0, 1, None)

    def test_a_caller_is_one_call_that_counts(self) -> None:
        log = PortLog(51820, 10.0)
        stamps = iter((5.0, 10.0, 3.0))
        for now in (11.0, 16.0, 21.0):
            reading = PortReading((seen(PacketKind.INITIATION),))
            log.take(reading, now, lambda _message: Opened(True, ALICE, next(stamps)))
        (call,) = log.traffic.calls_of(ALICE)
        assert (call.count, call.first, call.last, call.went_back) == (3, 11.0, 21.0, True)

    def test_tables_are_bounded_and_so_is_the_work(self) -> None:
        log = PortLog(51820, 10.0)
        opened: list[bytes] = []

        def open_one(message: bytes) -> Opened:
            opened.append(message)
            return Opened(True, PublicKey(len(opened).to_bytes(32, "big")), 1.0)

        for turn in range(10):
            packets = tuple(seen(PacketKind.INITIATION, turn * 100 + number) for number in range(100))
            log.take(PortReading(packets), 11.0, open_one)
        assert len(opened) == 10 * OPENED_AT_ONCE
        assert len(log.traffic.remotes) == REMOTES_KEPT
        assert len(log.traffic.calls) == CALLS_KEPT
        assert log.traffic.remotes[0].endpoint.port == 999


class TestBytes:
    @pytest.mark.parametrize("wanted", list(Wanted))
    def test_programs_end_and_jump_only_within_themselves(self, wanted: Wanted) -> None:
        code = list(struct.iter_unpack("=HBBI", program(51820, wanted)))
        for place_, (operation, then, otherwise, value) in enumerate(code):
            targets = (value,) if operation == 0x05 else (then, otherwise)
            if operation & 7 == 5:
                assert all(place_ + 1 + target < len(code) for target in targets)
        assert code[-1] == (0x06, 0, 0, 0)

    @pytest.mark.parametrize("data", [b"", b"\x45", bytes(19), b"\x45" + bytes(22), b"\x60" + bytes(45)])
    def test_a_packet_that_is_cut_off_is_nothing(self, data: bytes) -> None:
        assert decode(data, outgoing=False) is None


def _nobody(_message: bytes) -> Opened:
    return Opened(for_us=False)
