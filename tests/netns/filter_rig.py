"""A router between four hosts, to see what its packet filter really does with packets."""

from __future__ import annotations

import os
import secrets
import select
import socket
import struct
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import Final

from tests.support.netns import ip, temporary_netns
from tests.support.waiting import eventually
from wgtui.adapters.netns import call_in_netns
from wgtui.domain.addresses import Address
from wgtui.domain.ruleset import ConnectionState, Hook, Packet

LINKS: Final = ("wg0", "wg1", "eth0", "eth1")
"""The router's links; the first two lead to the senders."""

SOURCE_PORTS: Final = (1000, 2000)
PORTS: Final = (53, 80)
_ROUTER: Final = ""
_LAST_PORT: Final = 9
_LAST_TO: Final = "10.10.0.2"
ECHO: Final = {4: (1, 8), 6: (58, 128)}
"""Protocol and type of an echo request."""


def addresses(link: str, version: int) -> tuple[Address, Address]:
    """The two addresses of the host behind a link."""
    number = LINKS.index(link) + 1
    start = f"10.{number}.0." if version == 4 else f"fd00:{number}::"
    return ip_address(f"{start}2"), ip_address(f"{start}12")


def own_address(link: str, version: int) -> Address:
    """The router's address on a link."""
    number = LINKS.index(link) + 1
    return ip_address(f"10.{number}.0.1" if version == 4 else f"fd00:{number}::1")


@dataclass(frozen=True)
class Sent:
    """A packet that is sent, and how the router sees it.

    Attributes:
        number: In its payload.
        packet: At FORWARD.
    """

    number: int
    packet: Packet


@dataclass
class Rig:
    """The router and its hosts.

    Attributes:
        router: Its network namespace.
        hosts: Theirs, by the router's link.
    """

    router: str
    hosts: dict[str, str]
    _stack: ExitStack
    _senders: dict[tuple[Address, int, int], socket.socket] = field(default_factory=dict)
    _receivers: dict[int, socket.socket] = field(default_factory=dict)
    _last: socket.socket | None = None
    _next: int = 1

    def run(self, *command: str, stdin: str = "") -> str:
        """What a program on the router prints; it has to succeed."""
        done = subprocess.run(
            ["ip", "netns", "exec", self.router, *command],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}\n{stdin}"
        return done.stdout

    def corpus(self, states: dict[tuple[Address, int], ConnectionState]) -> list[Sent]:
        """One packet of each kind.

        Args:
            states: Of the connections from a source address and port, where they are not new.
        """
        sent: list[Sent] = []
        for version in (4, 6):
            for incoming in LINKS[:2]:
                for outgoing in LINKS[2:]:
                    for source in addresses(incoming, version):
                        for destination in addresses(outgoing, version):
                            links = (incoming, outgoing)
                            sent += self._kinds(version, links, source, destination, states)
        return sent

    def corpus_to_router(self) -> list[Sent]:
        """One packet of each kind to the router itself."""
        sent: list[Sent] = []
        for version in (4, 6):
            for incoming in LINKS[:2]:
                for source in addresses(incoming, version):
                    links = (incoming, "")
                    kinds = self._kinds(version, links, source, own_address(incoming, version), {})
                    sent += (
                        replace(one, packet=replace(one.packet, hook=Hook.INPUT))
                        for one in kinds
                        # Its own stack takes echo requests, and no socket can tell when.
                        if one.packet.protocol == 17
                    )
        return sent

    def _kinds(
        self,
        version: int,
        links: tuple[str, str],
        source: Address,
        destination: Address,
        states: dict[tuple[Address, int], ConnectionState],
    ) -> Iterator[Sent]:
        for source_port in SOURCE_PORTS:
            for port in PORTS:
                yield self._sent(
                    Packet(
                        Hook.FORWARD,
                        source,
                        destination,
                        in_link=links[0],
                        out_link=links[1],
                        protocol=17,
                        source_port=source_port,
                        destination_port=port,
                        ct_state=states.get((source, source_port), ConnectionState.NEW),
                    )
                )
        protocol, kind = ECHO[version]
        yield self._sent(
            Packet(
                Hook.FORWARD,
                source,
                destination,
                in_link=links[0],
                out_link=links[1],
                protocol=protocol,
                icmp_type=kind,
            )
        )

    def _sent(self, packet: Packet) -> Sent:
        self._next += 1
        return Sent(self._next, packet)

    def send(self, packets: Iterable[Sent]) -> dict[int, Address]:
        """Send packets; return the numbers of those that arrive, with the source each arrives with.

        A last packet, that another router without a filter passes on, tells that all others have arrived or
        never will: they pass one queue of one processor as often as it does.
        """
        for sent in packets:
            self._send(sent.packet, sent.number)
        self._next += 1
        last = self._next
        assert self._last is not None
        self._last.sendto(struct.pack("!I", last), (_LAST_TO, _LAST_PORT))
        arrived: dict[int, Address] = {}

        def all_in() -> bool:
            self._receive(arrived)
            return last in arrived

        eventually("the last packet", all_in)
        del arrived[last]
        return arrived

    def _send(self, packet: Packet, number: int) -> None:
        assert packet.source is not None and packet.protocol is not None
        sender = self._senders[packet.source, packet.protocol, packet.source_port or 0]
        payload = struct.pack("!I", number)
        if packet.protocol == 17:
            sender.sendto(payload, (str(packet.destination), packet.destination_port))
            return
        assert packet.icmp_type is not None
        # Every echo request is a connection of its own: its identifier is its number.
        head = struct.pack("!BBHHH", packet.icmp_type, 0, 0, number & 0xFFFF, 1)
        if packet.version == 4:
            head = head[:2] + struct.pack("!H", _checksum(head + payload)) + head[4:]
        sender.sendto(head + payload, (str(packet.destination), 0))

    def _receive(self, arrived: dict[int, Address]) -> None:
        ready, _, _ = select.select(list(self._receivers.values()), [], [], 0.02)
        for receiver in ready:
            while True:
                try:
                    data, peer = receiver.recvfrom(2048)
                except BlockingIOError:
                    break
                is_echo = receiver.type == socket.SOCK_RAW
                if is_echo and receiver.family == socket.AF_INET:
                    data = data[(data[0] & 15) * 4 :]
                if is_echo and data[0] not in (8, 128):
                    continue
                arrived[struct.unpack("!I", data[8:12] if is_echo else data[:4])[0]] = ip_address(peer[0])

    def answer(self, packets: Iterable[Sent]) -> None:
        """Send answers to UDP packets, so that their connections are established."""
        for sent in packets:
            packet = sent.packet
            assert packet.destination_port is not None and packet.out_link is not None
            family = socket.AF_INET if packet.version == 4 else socket.AF_INET6
            answering = self._socket(packet.out_link, family, socket.SOCK_DGRAM)
            answering.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with answering:
                answering.bind((str(packet.destination), packet.destination_port))
                answering.sendto(b"", (str(packet.source), packet.source_port))

    def open_sockets(self) -> None:
        """Open the sockets of senders and receivers."""
        self._last = self._socket("wg0", socket.AF_INET, socket.SOCK_DGRAM)
        for version, family in ((4, socket.AF_INET), (6, socket.AF_INET6)):
            protocol = ECHO[version][0]
            for link in LINKS[:2]:
                for address in addresses(link, version):
                    for port in SOURCE_PORTS:
                        sender = self._socket(link, family, socket.SOCK_DGRAM)
                        sender.bind((str(address), port))
                        self._senders[address, 17, port] = sender
                    echo = self._socket(link, family, socket.SOCK_RAW, protocol)
                    echo.bind((str(address), 0))
                    self._senders[address, protocol, 0] = echo
            for link in (*LINKS[2:], _ROUTER):
                for port in (*PORTS, _LAST_PORT):
                    receiver = self._socket(link, family, socket.SOCK_DGRAM)
                    receiver.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    receiver.bind(("", port))
                    self._receivers[receiver.fileno()] = receiver
                if link == _ROUTER:
                    continue
                echoes = self._socket(link, family, socket.SOCK_RAW, protocol)
                self._receivers[echoes.fileno()] = echoes

    def _socket(self, link: str, family: int, kind: int, protocol: int = 0) -> socket.socket:
        netns = self.hosts.get(link, self.router)
        made = call_in_netns(netns, lambda: socket.socket(family, kind, protocol))
        if family == socket.AF_INET6 and kind == socket.SOCK_DGRAM:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.setblocking(False)
        return self._stack.enter_context(made)


def _checksum(data: bytes) -> int:
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


@contextmanager
def filter_rig() -> Iterator[Rig]:
    """Make the router and its hosts, and keep this thread on one processor."""
    processors = os.sched_getaffinity(0)
    with ExitStack() as stack:
        router = stack.enter_context(temporary_netns())
        hosts = {link: stack.enter_context(temporary_netns()) for link in LINKS}
        rig = Rig(router, hosts, stack)
        for netns in (router, *hosts.values()):
            # Addresses that are looked for twice are late by a second.
            _sysctl(netns, "net/ipv6/conf/default/accept_dad", "0")
        for link, host in hosts.items():
            _connect(router, link, host)
        _sysctl(router, "net/ipv4/ip_forward", "1")
        _sysctl(router, "net/ipv6/conf/all/forwarding", "1")
        _bypass(stack.enter_context(temporary_netns()), hosts["wg0"], hosts["eth0"])
        stack.callback(os.sched_setaffinity, 0, processors)
        os.sched_setaffinity(0, {min(processors)})
        rig.open_sockets()
        yield rig


def _connect(router: str, link: str, host: str) -> None:
    number = LINKS.index(link) + 1
    end = f"v{secrets.token_hex(4)}"
    ip("-n", router, "link", "add", link, "type", "veth", "peer", "name", end, "netns", host)
    hardware = {router: f"02:00:00:00:{number:02}:01", host: f"02:00:00:00:{number:02}:02"}
    sides = ((router, link, host, ("1",)), (host, end, router, ("2", "12")))
    for netns, name, _, lasts in sides:
        ip("-n", netns, "link", "set", name, "address", hardware[netns])
        for last in lasts:
            ip("-n", netns, "address", "add", f"10.{number}.0.{last}/24", "dev", name)
            ip("-n", netns, "address", "add", f"fd00:{number}::{last}/64", "dev", name, "nodad")
        ip("-n", netns, "link", "set", name, "up")
    # Nobody asks for a neighbour, which rules could drop and counters would count.
    for netns, _, other, lasts in sides:
        device = end if other == host else link
        for last in lasts:
            for address in (f"10.{number}.0.{last}", f"fd00:{number}::{last}"):
                known = ("lladdr", hardware[netns], "dev", device, "nud", "permanent")
                ip("-n", other, "neighbour", "replace", address, *known)
    ip("-n", host, "route", "add", "default", "via", f"10.{number}.0.1")
    ip("-n", host, "route", "add", "default", "via", f"fd00:{number}::1")
    _sysctl(host, "net/ipv4/icmp_echo_ignore_all", "1")
    _sysctl(host, "net/ipv6/icmp/echo_ignore_all", "1")


def _bypass(router: str, sender: str, receiver: str) -> None:
    """Join two hosts by one more router, for the last packet of many."""
    for host, number in ((sender, 9), (receiver, 10)):
        ends = [f"v{secrets.token_hex(4)}" for _ in range(2)]
        ip("-n", router, "link", "add", ends[0], "type", "veth", "peer", "name", ends[1], "netns", host)
        for netns, name, last in ((router, ends[0], 1), (host, ends[1], 2)):
            ip("-n", netns, "address", "add", f"10.{number}.0.{last}/24", "dev", name)
            ip("-n", netns, "link", "set", name, "up")
    _sysctl(router, "net/ipv4/ip_forward", "1")
    ip("-n", sender, "route", "add", "10.10.0.0/24", "via", "10.9.0.1")


def _sysctl(netns: str, name: str, value: str) -> None:
    subprocess.run(["ip", "netns", "exec", netns, "sh", "-c", f"echo {value} > /proc/sys/{name}"], check=True)
