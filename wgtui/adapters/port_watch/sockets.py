"""A port watched by packet sockets (packet(7)).

Packets that come in are taken where IPv4 and IPv6 begin, by sockets of these two protocols: behind bridges,
bonds and VLANs, so that none is seen twice, and before iptables and nftables in their tables for IP, so that
one they drop is seen. Only XDP, tc and nftables' netdev family come earlier. Packets that go out are seen
only by sockets of all protocols.

Each kind of packet has a socket of its own with a small queue. What comes faster than it is read is dropped
by the kernel from that queue alone, costs it no more than the filter, and is counted (PACKET_STATISTICS).
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
from collections import deque
from contextlib import suppress
from dataclasses import replace
from ipaddress import ip_address
from typing import Final

from wgtui.adapters.netns import call_in_netns
from wgtui.adapters.port_watch.bpf import ETH_P_IP, ETH_P_IPV6, Wanted, program
from wgtui.adapters.port_watch.decode import Decoded, decode
from wgtui.adapters.port_watch.filtering import attach_filter
from wgtui.domain.addresses import Address
from wgtui.domain.errors import PermissionRefused, WgtuiError
from wgtui.domain.port_traffic import PortReading, SeenPacket
from wgtui.ports.port_watch import PortWatch

_SOL_PACKET: Final = 263
_PACKET_STATISTICS: Final = 6
_ETH_P_ALL: Final = 0x0003

QUEUE_BYTES: Final = 64 * 1024
"""Of each socket; the kernel doubles it, and charges about a kilobyte for a small packet."""

READ_LIMIT: Final = 256
"""Packets read of one socket at a time, more than its queue holds."""

_REPEATS_KEPT: Final = 16
_ADDRESSES_KEPT: Final = 64
_LONGEST: Final = 256
_SIOCGIFINDEX: Final = 0x8933
_DISCARD_PORT: Final = 9

_SOCKETS: Final = (
    *((protocol, wanted) for protocol in (ETH_P_IP, ETH_P_IPV6) for wanted in Wanted if not wanted.outgoing),
    *((_ETH_P_ALL, wanted) for wanted in Wanted if wanted.outgoing),
)


class PacketPortWatch:
    """`PortWatch` by packet sockets. Sockets belong to the namespace they were made in."""

    def __init__(self, port: int) -> None:
        """Watch a UDP port in the calling thread's namespace.

        Raises:
            PermissionRefused: CAP_NET_RAW is missing.
            WgtuiError: The kernel has no packet sockets, or takes no filter.
        """
        self._sockets: list[tuple[socket.socket, bool]] = []
        self._repeats: deque[bytes] = deque(maxlen=_REPEATS_KEPT)
        self._own: dict[Address, bool] = {}
        self._probes: dict[int, socket.socket] = {}
        try:
            for protocol, wanted in _SOCKETS:
                opened = _packet_socket(protocol, program(port, wanted))
                self._sockets.append((opened, wanted.outgoing))
            for version, family in ((4, socket.AF_INET), (6, socket.AF_INET6)):
                with suppress(OSError):
                    self._probes[version] = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        except PermissionError:
            self.close()
            raise PermissionRefused(
                f"What arrives at UDP port {port} cannot be watched: the kernel refuses packet sockets.",
                hint="It needs the capability CAP_NET_RAW, which containers often lack.",
            ) from None
        except OSError as error:
            self.close()
            raise WgtuiError(
                f"What arrives at UDP port {port} cannot be watched: {error.strerror}."
            ) from None

    def read(self) -> PortReading:
        """What was seen since the last call."""
        packets: list[SeenPacket] = []
        missed = 0
        for opened, outgoing in self._sockets:
            packets += self._read(opened, outgoing)
            missed += 0 if outgoing else _dropped(opened)
        return PortReading(tuple(packets), missed)

    def close(self) -> None:
        """Stop watching."""
        for opened in (*(one for one, _ in self._sockets), *self._probes.values()):
            opened.close()
        self._sockets.clear()
        self._probes.clear()

    def _read(self, opened: socket.socket, outgoing: bool) -> list[SeenPacket]:
        packets = []
        for _ in range(READ_LIMIT):
            try:
                data, (link, *_) = opened.recvfrom(_LONGEST)
            except (BlockingIOError, InterruptedError):
                break
            except OSError:
                # A link that went down is told once (ENETDOWN); the socket goes on with the others.
                continue
            found = decode(data, outgoing=outgoing)
            if found is not None and self._counts(found, data):
                packets.append(_scoped(found.packet, opened, link))
        return packets

    def _counts(self, found: Decoded, data: bytes) -> bool:
        """Whether a packet is one of this host's own, and was not seen at another link already."""
        if not found.packet.outgoing:
            return self._is_own(found.own)
        # A packet passes every link of a stack, such as a bridge and its port, with the same sender index.
        if data in self._repeats:
            return False
        self._repeats.append(data)
        return True

    def _is_own(self, address: Address) -> bool:
        """Whether an address is this host's; a router also sees packets that only pass through it."""
        known = self._own.get(address)
        if known is None:
            if len(self._own) >= _ADDRESSES_KEPT:
                self._own.clear()
            known = self._own[address] = self._leads_back(address)
        return known

    def _leads_back(self, address: Address) -> bool:
        """Whether the kernel would send from an address to itself, as it does to its own ones only.

        Connecting a UDP socket sends nothing (connect(2)).
        """
        probe = self._probes.get(address.version)
        if probe is None or address.is_link_local:
            return True
        try:
            probe.connect((str(address), _DISCARD_PORT))
            return ip_address(probe.getsockname()[0]) == address
        except OSError:
            return False


def open_port_watch(port: int, netns: str | None = None) -> PortWatch:
    """Watch a UDP port of a namespace, None for the process's own; raises as `OpenPortWatch` does."""
    return call_in_netns(netns, lambda: PacketPortWatch(port))


def _packet_socket(protocol: int, code: bytes) -> socket.socket:
    """A socket that sees nothing before its filter is in place."""
    opened = socket.socket(
        socket.AF_PACKET, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK, 0
    )
    try:
        attach_filter(opened, code)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, QUEUE_BYTES)
        _bind_everywhere(opened, protocol)
    except OSError:
        opened.close()
        raise
    return opened


def _bind_everywhere(opened: socket.socket, protocol: int) -> None:
    """Bind to all links, which Python's own bind cannot say. `struct sockaddr_ll` of linux/if_packet.h."""
    libc = ctypes.CDLL(None, use_errno=True)
    address = struct.pack("=HHiHBB8x", socket.AF_PACKET, socket.htons(protocol), 0, 0, 0, 0)
    if libc.bind(opened.fileno(), address, len(address)) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def _dropped(opened: socket.socket) -> int:
    """Packets that found the queue full since this was last asked (`struct tpacket_stats`)."""
    _seen, dropped = struct.unpack("II", opened.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8))
    return int(dropped)


def _scoped(packet: SeenPacket, opened: socket.socket, link: str) -> SeenPacket:
    """The packet with the index of the link that its link-local address belongs to."""
    if not (packet.remote.address.version == 6 and packet.remote.address.is_link_local):
        return packet
    try:
        answer = fcntl.ioctl(opened, _SIOCGIFINDEX, struct.pack("16sI20x", link.encode(), 0))
    except OSError:
        return packet
    return replace(packet, remote=replace(packet.remote, scope_id=struct.unpack("16sI20x", answer)[1]))
