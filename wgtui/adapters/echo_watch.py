"""Headers of echo requests and answers as they pass a link, seen by a packet socket (packet(7)).

What comes in is seen before the packet filter, so an answer that the filter drops can be told from none.
"""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from typing import Final

from wgtui.adapters.port_watch.bpf import (
    ETH_P_IP,
    ETH_P_IPV6,
    EXTRA_PROTOCOL,
    IF_EQUAL,
    LOAD_BYTE,
    LOAD_HALF,
    RETURN,
    Instruction,
    assemble,
)
from wgtui.adapters.port_watch.filtering import attach_filter
from wgtui.domain.addresses import Address

ECHO_REQUEST: Final = {4: 8, 6: 128}
ECHO_REPLY: Final = {4: 0, 6: 129}
"""Types of ICMP (RFC 792) and ICMPv6 (RFC 4443), by IP version."""

_ETH_P_ALL: Final = 0x0003
_OUTGOING: Final = 4
_SNAP: Final = 96
_MOST: Final = 1024
_IPV6_HEADER: Final = 40

_PROGRAM: Final = assemble(
    [
        Instruction(LOAD_HALF, EXTRA_PROTOCOL),
        Instruction(IF_EQUAL, ETH_P_IPV6, "v6"),
        Instruction(IF_EQUAL, ETH_P_IP, "", "drop"),
        Instruction(LOAD_BYTE, 9),
        Instruction(IF_EQUAL, socket.IPPROTO_ICMP, "pass", "drop"),
        Instruction(LOAD_BYTE, 6, label="v6"),
        Instruction(IF_EQUAL, socket.IPPROTO_ICMPV6, "pass", "drop"),
        Instruction(RETURN, _SNAP, label="pass"),
        Instruction(RETURN, 0, label="drop"),
    ]
)


class EchoWatch:
    """Counts echoes on one link from when it is made."""

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened

    def count(self, address: Address, number: int) -> tuple[int, int]:
        """Requests to an address that left, and its answers that came in, with this identifier."""
        left = came_back = 0
        for _ in range(_MOST):
            try:
                data, (_, _, direction, *_) = self._socket.recvfrom(_SNAP)
            except (BlockingIOError, InterruptedError):
                break
            found = _echo(data, address, number)
            if direction == _OUTGOING:
                left += found == ECHO_REQUEST[address.version]
            else:
                came_back += found == ECHO_REPLY[address.version]
        return left, came_back

    def close(self) -> None:
        """Stop watching."""
        self._socket.close()


def open_echo_watch(link: str) -> EchoWatch | None:
    """Watch a link of the calling thread's namespace; None where the kernel does not let us."""
    try:
        opened = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, 0)
    except OSError:
        return None
    try:
        opened.setblocking(False)
        attach_filter(opened, _PROGRAM)
        opened.bind((link, _ETH_P_ALL))
    except OSError:
        opened.close()
        return None
    return EchoWatch(opened)


def _echo(data: bytes, address: Address, number: int) -> int | None:
    """The type of an echo between this host and an address with this identifier; None for anything else."""
    version = address.version
    if not data or data[0] >> 4 != version:
        return None
    start = (data[0] & 15) * 4 if version == 4 else _IPV6_HEADER
    source, destination = (data[12:16], data[16:20]) if version == 4 else (data[8:24], data[24:40])
    with suppress(struct.error):
        kind, _, _, identifier = struct.unpack_from("!BBHH", data, start)
        is_request = kind == ECHO_REQUEST[version]
        if identifier == number and address.packed == (destination if is_request else source):
            return int(kind)
    return None
