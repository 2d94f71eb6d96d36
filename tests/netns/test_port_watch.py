"""Packets of a port, as the real filters in a real kernel let them through."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from ipaddress import ip_address

import pytest

from tests.support.netns import add_quiet_pair, ip, temporary_netns
from tests.support.waiting import eventually
from wgtui.adapters.netns import call_in_netns
from wgtui.adapters.port_watch import open_port_watch
from wgtui.adapters.port_watch.sockets import PacketPortWatch
from wgtui.domain.addresses import Endpoint
from wgtui.domain.errors import PermissionRefused
from wgtui.domain.port_traffic import PacketKind, SeenPacket
from wgtui.ports.port_watch import PortWatch

PORT = 51877
NEAR, FAR = ("10.9.0.1", "fd09::1"), ("10.9.0.2", "fd09::2")

MESSAGES = {
    PacketKind.INITIATION: b"\1\0\0\0" + bytes(144),
    PacketKind.RESPONSE: b"\2\0\0\0" + bytes(88),
    PacketKind.COOKIE: b"\3\0\0\0" + bytes(60),
    PacketKind.KEEPALIVE: b"\4\0\0\0" + bytes(28),
    PacketKind.DATA: b"\4\0\0\0" + bytes(124),
    PacketKind.OTHER: b"\1\0\0\0" + bytes(143),
}
NOT_OURS = (b"", b"x", b"\1\0\0", b"\4\0\0\0" + bytes(27), b"\5\0\0\0" + bytes(144), b"\1\1\0\0" + bytes(144))


class Pair:
    """A host that is watched and one that sends, joined by a veth pair."""

    def __init__(self, near: str, far: str) -> None:
        self.near, self.far = near, far

    def sender(self, version: int, *, near: bool = False, port: int = 0) -> socket.socket:
        """A UDP socket of the far host, or of the near one."""

        def make() -> socket.socket:
            made = socket.socket(socket.AF_INET if version == 4 else socket.AF_INET6, socket.SOCK_DGRAM)
            made.bind(("0.0.0.0" if version == 4 else "::", port))
            return made

        return call_in_netns(self.near if near else self.far, make)


@pytest.fixture
def pair() -> Iterator[Pair]:
    with temporary_netns() as near, temporary_netns() as far:
        add_quiet_pair(near, "eth0", "eth1")
        ip("-n", near, "link", "set", "eth1", "netns", far)
        for netns, link, addresses in ((near, "eth0", NEAR), (far, "eth1", FAR)):
            for address, length in zip(addresses, (24, 64), strict=True):
                ip("-n", netns, "address", "add", f"{address}/{length}", "dev", link, "nodad")
            for one in (link, "lo"):
                ip("-n", netns, "link", "set", one, "up")
        yield Pair(near, far)


def seen(watch: PortWatch, until: Callable[[list[SeenPacket]], bool]) -> list[SeenPacket]:
    """What is seen until a condition holds."""
    packets: list[SeenPacket] = []

    def enough() -> bool:
        packets.extend(watch.read().packets)
        return until(packets)

    eventually("the packets are seen", enough, 5)
    return packets


@pytest.mark.parametrize("version", [4, 6])
class TestKinds:
    def test_each_kind_is_told_apart_and_what_is_not_for_the_port_is_not_seen(
        self, pair: Pair, version: int
    ) -> None:
        target = NEAR[0] if version == 4 else NEAR[1]
        watch = open_port_watch(PORT, pair.near)
        with pair.sender(version) as sender:
            for message in MESSAGES.values():
                sender.sendto(message, (target, PORT + 1))
                sender.sendto(message, (target, PORT))
            for message in NOT_OURS:
                sender.sendto(message, (target, PORT))
            here = Endpoint(ip_address(FAR[0] if version == 4 else FAR[1]), sender.getsockname()[1])
            packets = seen(watch, lambda all_: len(all_) >= len(MESSAGES) + len(NOT_OURS))
        watch.close()
        kinds = [packet.kind for packet in packets]
        wanted = [*MESSAGES, *[PacketKind.OTHER] * len(NOT_OURS)]
        assert sorted(kind.value for kind in kinds) == sorted(kind.value for kind in wanted)
        assert {packet.remote for packet in packets} == {here}
        initiation = next(packet for packet in packets if packet.kind is PacketKind.INITIATION)
        assert initiation.message == MESSAGES[PacketKind.INITIATION]
        assert not any(packet.message for packet in packets if packet is not initiation)

    def test_loopback_is_watched_too(self, pair: Pair, version: int) -> None:
        watch = open_port_watch(PORT, pair.near)
        with pair.sender(version, near=True) as sender:
            sender.sendto(MESSAGES[PacketKind.RESPONSE], ("127.0.0.1" if version == 4 else "::1", PORT))
            packets = seen(watch, bool)
        watch.close()
        assert [(packet.kind, packet.outgoing) for packet in packets] == [(PacketKind.RESPONSE, False)]

    def test_what_leaves_from_the_port_is_seen(self, pair: Pair, version: int) -> None:
        target = Endpoint(ip_address(FAR[0] if version == 4 else FAR[1]), 4444)
        watch = open_port_watch(PORT, pair.near)
        with pair.sender(version, near=True, port=PORT) as own:
            for kind in (PacketKind.DATA, PacketKind.INITIATION, PacketKind.RESPONSE):
                own.sendto(MESSAGES[kind], (str(target.address), target.port))
            packets = seen(watch, lambda all_: len(all_) >= 3)
        watch.close()
        kinds = (PacketKind.INITIATION, PacketKind.RESPONSE, PacketKind.DATA)
        assert packets == [SeenPacket(kind, target, outgoing=True) for kind in kinds]

    def test_a_packet_that_the_packet_filter_drops_is_seen(self, pair: Pair, version: int) -> None:
        rules = "add table inet t; add chain inet t i { type filter hook prerouting priority -300; };"
        nft = ["ip", "netns", "exec", pair.near, "nft"]
        done = subprocess.run([*nft, rules + f" add rule inet t i udp dport {PORT} drop"], check=False)
        if done.returncode:
            pytest.skip("needs nft")
        watch = open_port_watch(PORT, pair.near)
        with pair.sender(version) as sender:
            sender.sendto(MESSAGES[PacketKind.INITIATION], (NEAR[0] if version == 4 else NEAR[1], PORT))
            assert len(seen(watch, bool)) == 1
        watch.close()

    def test_the_opening_of_a_tcp_connection_is_seen_as_such(self, pair: Pair, version: int) -> None:
        def dial() -> None:
            with socket.socket(socket.AF_INET if version == 4 else socket.AF_INET6) as made:
                made.connect_ex((NEAR[0] if version == 4 else NEAR[1], PORT))

        watch = open_port_watch(PORT, pair.near)
        call_in_netns(pair.far, dial)
        packets = seen(watch, bool)
        watch.close()
        assert [packet.kind for packet in packets] == [PacketKind.TCP]


class TestOnce:
    """A packet counts once, and only where it is this host's."""

    def test_a_bridge_and_its_port_are_not_two(self, pair: Pair) -> None:
        near = pair.near
        ip("-n", near, "link", "add", "br0", "type", "bridge")
        ip("-n", near, "address", "flush", "dev", "eth0")
        ip("-n", near, "link", "set", "eth0", "master", "br0")
        ip("-n", near, "address", "add", f"{NEAR[0]}/24", "dev", "br0")
        ip("-n", near, "link", "set", "br0", "up")
        watch = open_port_watch(PORT, near)
        with pair.sender(4) as sender, pair.sender(4, near=True, port=PORT) as own:
            sender.sendto(MESSAGES[PacketKind.INITIATION], (NEAR[0], PORT))
            _, caller = own.recvfrom(200)
            own.sendto(MESSAGES[PacketKind.RESPONSE], caller)
            sender.recvfrom(200)
            packets = seen(watch, lambda all_: len(all_) >= 2)
            packets += watch.read().packets
        watch.close()
        assert [(packet.kind.value, packet.outgoing) for packet in packets] == [
            ("initiation", False),
            ("response", True),
        ]

    def test_what_only_passes_through_is_not_counted(self, pair: Pair) -> None:
        ip("-n", pair.far, "route", "add", "10.77.0.0/24", "via", NEAR[0])
        watch = open_port_watch(PORT, pair.near)
        with pair.sender(4) as sender:
            sender.sendto(MESSAGES[PacketKind.DATA], ("10.77.0.9", PORT))
            sender.sendto(MESSAGES[PacketKind.RESPONSE], (NEAR[0], PORT))
            packets = seen(watch, bool)
        watch.close()
        assert [packet.kind for packet in packets] == [PacketKind.RESPONSE]


FLOOD = """
import socket, sys
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.connect((sys.argv[1], int(sys.argv[2])))
for number in range(int(sys.argv[3])):
    udp.send(b"\\4\\0\\0\\0" + bytes(124))
"""


def test_a_flood_is_counted_and_hides_no_handshake(pair: Pair) -> None:
    count = 30_000
    with pair.sender(4, near=True, port=PORT), pair.sender(4) as sender:
        watch = open_port_watch(PORT, pair.near)
        command = ["ip", "netns", "exec", pair.far, sys.executable, "-I", "-c", FLOOD]
        subprocess.run([*command, NEAR[0], str(PORT), str(count)], check=True)
        sender.sendto(MESSAGES[PacketKind.INITIATION], (NEAR[0], PORT))
        reading = watch.read()
        watch.close()
    assert [packet.kind for packet in reading.packets].count(PacketKind.INITIATION) == 1
    assert len(reading.packets) <= 300, "a reading is bounded"
    assert reading.missed + len(reading.packets) == count + 1


def test_without_the_capability_the_refusal_is_an_error_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(socket, "socket", refuse)
    with pytest.raises(PermissionRefused, match="UDP port 51877 cannot be watched"):
        PacketPortWatch(PORT)


def test_reading_as_another_user_is_refused() -> None:
    script = """
import json
from wgtui.adapters.port_watch import open_port_watch
from wgtui.domain.errors import PermissionRefused
try:
    open_port_watch(51877)
except PermissionRefused as error:
    print(json.dumps([error.text, error.hint]))
"""
    done = subprocess.run(
        ["capsh", "--drop=cap_net_raw", "--", "-c", f"exec '{sys.executable}' - <<'END'\n{script}\nEND\n"],
        capture_output=True,
        text=True,
        check=False,
    )
    if "capsh" in done.stderr and done.returncode:
        pytest.skip("needs capsh")
    assert "CAP_NET_RAW" in json.loads(done.stdout)[1]
