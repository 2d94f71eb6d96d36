"""Echo requests over raw ICMP sockets; implements `wgtui.ports.echo.Echo`.

Formats: RFC 792 and RFC 4443. The kernel fills in the checksum of ICMPv6 (RFC 3542, section 3.1).
"""

from __future__ import annotations

import os
import secrets
import select
import socket
import struct
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Final

from wgtui.adapters.echo_watch import ECHO_REPLY as _REPLY
from wgtui.adapters.echo_watch import ECHO_REQUEST as _REQUEST
from wgtui.adapters.echo_watch import EchoWatch, open_echo_watch
from wgtui.adapters.netns import call_in_netns
from wgtui.domain.addresses import Address
from wgtui.domain.echo import EchoResult
from wgtui.domain.errors import PermissionRefused

_HEADER: Final = struct.Struct("!BBHHH")
_INTERVAL: Final = 0.2
_NONCE: Final = 16
_IP_HEADER: Final = {4: 20, 6: 40}

_REFUSALS: Final = {
    (4, 3, 0): "no route to that network",
    (4, 3, 1): "no route to that host",
    (4, 3, 3): "nothing listens there",
    (4, 3, 4): "too large for a link on the way",
    (4, 3, 9): "prohibited",
    (4, 3, 10): "prohibited",
    (4, 3, 13): "prohibited by a packet filter",
    (4, 11, 0): "its time to live ran out",
    (6, 1, 0): "no route to there",
    (6, 1, 1): "prohibited by a packet filter",
    (6, 1, 3): "no such host on its link",
    (6, 1, 4): "nothing listens there",
    (6, 2, 0): "too large for a link on the way",
    (6, 3, 0): "its hop limit ran out",
}


class RawEcho:
    """Asks from one network namespace.

    Args:
        netns: Its name; None for this process's own.
    """

    def __init__(self, netns: str | None = None) -> None:
        self._netns = netns

    def ask(
        self,
        address: Address,
        *,
        source: Address | None = None,
        link: str = "",
        count: int = 3,
        timeout: float = 1.0,
        size: int = 0,
    ) -> EchoResult:
        """Ask an address; see the port."""
        with ExitStack() as opened:
            raw = opened.enter_context(call_in_netns(self._netns, lambda: _socket(address.version)))
            if source is not None:
                with suppress(OSError):
                    raw.bind((str(source), 0))
            if size:
                _forbid_pieces(raw, address.version)
            padding = max(_NONCE, size - _IP_HEADER[address.version] - _HEADER.size)
            nonce = secrets.token_bytes(padding)
            watch = call_in_netns(self._netns, lambda: open_echo_watch(link)) if link else None
            if watch is not None:
                opened.callback(watch.close)
            return _Asking(raw, address, watch, nonce).run(count, timeout)


def _forbid_pieces(raw: socket.socket, version: int) -> None:
    """Set "don't fragment" (ip(7), ipv6(7)); the numbers are Linux's, Python 3.11 has no names for them."""
    level, option = (socket.IPPROTO_IP, 10) if version == 4 else (socket.IPPROTO_IPV6, 23)
    raw.setsockopt(level, option, 2)


def _socket(version: int) -> socket.socket:
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    protocol = socket.IPPROTO_ICMP if version == 4 else socket.IPPROTO_ICMPV6
    try:
        made = socket.socket(family, socket.SOCK_RAW, protocol)
    except PermissionError:
        raise PermissionRefused(
            "Sending echo requests needs the capability CAP_NET_RAW.", hint="Run wgtui as root."
        ) from None
    made.setblocking(False)
    return made


@dataclass
class _Asking:
    """Some requests under way."""

    raw: socket.socket
    address: Address
    watch: EchoWatch | None
    nonce: bytes
    number: int = field(default_factory=lambda: secrets.randbits(16))
    sent: dict[int, float] = field(default_factory=dict)
    answered: dict[int, float] = field(default_factory=dict)
    refusal: str = ""

    def run(self, count: int, timeout: float) -> EchoResult:
        for sequence in range(1, count + 1):
            self._send(sequence)
            last = sequence == count
            self._wait(timeout if last else _INTERVAL)
        quickest = min(self.answered.values(), default=None)
        seen = (None, None) if self.watch is None else self.watch.count(self.address, self.number)
        return EchoResult(len(self.sent), len(self.answered), quickest, self.refusal, *seen)

    def _send(self, sequence: int) -> None:
        version = self.address.version
        packet = _HEADER.pack(_REQUEST[version], 0, 0, self.number, sequence) + self.nonce
        if version == 4:
            packet = packet[:2] + struct.pack("!H", _checksum(packet)) + packet[4:]
        try:
            self.raw.sendto(packet, (str(self.address), 0))
        except OSError as error:
            self.refusal = os.strerror(error.errno or 0)
            return
        self.sent[sequence] = time.monotonic()

    def _wait(self, seconds: float) -> None:
        """Read what comes until the time is up, or nothing is missing any more."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if len(self.answered) == len(self.sent) and seconds > _INTERVAL:
                return
            ready, _, _ = select.select([self.raw], [], [], left)
            if ready:
                with suppress(OSError):
                    self._take(self.raw.recv(65536))

    def _take(self, data: bytes) -> None:
        version = self.address.version
        message = data[(data[0] & 15) * 4 :] if version == 4 else data
        if len(message) < _HEADER.size:
            return
        kind, code, _, number, sequence = _HEADER.unpack_from(message)
        ours = number == self.number and message[_HEADER.size :] == self.nonce
        if kind == _REPLY[version] and ours and sequence in self.sent:
            self.answered.setdefault(sequence, time.monotonic() - self.sent[sequence])
        elif kind != _REQUEST[version] and self._is_about_ours(message):
            self.refusal = _REFUSALS.get((version, kind, code), f"ICMP type {kind}, code {code}")

    def _is_about_ours(self, message: bytes) -> bool:
        """An error carries the packet that it is about, with at least the first 8 bytes behind its header."""
        inner = message[_HEADER.size :]
        if not inner:
            return False
        start = (inner[0] & 15) * 4 if self.address.version == 4 else 40
        if len(inner) < start + _HEADER.size:
            return False
        kind, _, _, number, _ = _HEADER.unpack_from(inner, start)
        return (kind, number) == (_REQUEST[self.address.version], self.number)


def _checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    data += b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF
