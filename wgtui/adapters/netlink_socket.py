"""A netlink socket that hands out raw message payloads.

Reading thousands of peers once a second leaves no room for a general decoder, and importing one costs
more than the whole first frame may take (see `tests/benchmarks`). So this is the transport only: framing,
sequence numbers, acknowledgements, errors. What the payloads mean is the business of the codecs.

Sources: RFC 3549, Linux `include/uapi/linux/netlink.h`, `Documentation/userspace-api/netlink/intro.rst`.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
from collections.abc import Iterator
from typing import Final

from wgtui.adapters.netns import call_in_netns

NLM_F_REQUEST: Final = 0x01
NLM_F_ACK: Final = 0x04
NLM_F_DUMP_INTR: Final = 0x10
NLM_F_DUMP: Final = 0x300
NLM_F_CAPPED: Final = 0x100
NLM_F_ACK_TLVS: Final = 0x200

NLA_F_NESTED: Final = 0x8000
NLA_TYPE_MASK: Final = 0x3FFF

_NLMSG_NOOP: Final = 1
_NLMSG_ERROR: Final = 2
_NLMSG_DONE: Final = 3
_NLMSGERR_ATTR_MSG: Final = 1

_SOL_NETLINK: Final = 270
_NETLINK_CAP_ACK: Final = 10
_NETLINK_EXT_ACK: Final = 11
NETLINK_GET_STRICT_CHK: Final = 12

HEADER: Final = struct.Struct("=IHHII")
"""struct nlmsghdr: length, type, flags, sequence number, port id."""

ATTRIBUTE: Final = struct.Struct("=HH")
"""struct nlattr: length with this header but without padding, type."""

_INT: Final = struct.Struct("=i")

RECEIVE_BYTES: Final = 65536
"""Room for one datagram. The kernel fills at most 32 KiB of it, and no more than was offered before."""

DUMP_ATTEMPTS: Final = 8
"""How often a dump is started anew when the kernel says that the data changed underneath it."""


class NetlinkError(Exception):
    """The kernel answered with an error.

    Attributes:
        code: A positive errno.
        message: The kernel's own explanation (extended acknowledgement); may be empty.
    """

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        reason = os.strerror(self.code)
        return f"{reason} ({self.message})" if self.message else reason


class NetlinkTimeout(NetlinkError):
    """The kernel did not answer within the limit."""


class MalformedMessage(ValueError):
    """Bytes that are not what netlink promises: a length that is too small or leads past the end."""


class NetlinkSocket:
    """One AF_NETLINK socket, opened on first use and again after a failure.

    Belongs to one thread. Between calls no answer is outstanding: a call that fails half-way drops the
    socket, so that late answers cannot be taken for those of the next call.

    Args:
        protocol: NETLINK_ROUTE (0) or NETLINK_GENERIC (16).
        netns: Network namespace to work in, None for the caller's.
        timeout: Seconds to wait for each datagram.
        strict: Ask the kernel to apply the filters of dump requests (NETLINK_GET_STRICT_CHK).
    """

    def __init__(
        self, protocol: int, netns: str | None = None, timeout: float = 5.0, strict: bool = False
    ) -> None:
        self._protocol = protocol
        self._netns = netns
        self._timeout = timeout
        self._strict = strict
        self._socket: socket.socket | None = None
        self._sequence = 0

    def dump(self, kind: int, payload: bytes, flags: int = 0) -> list[bytes]:
        """Ask for a dump and collect its payloads.

        Args:
            kind: Message type.
            payload: What follows the netlink header.
            flags: More NLM_F_ flags than REQUEST and DUMP.

        Returns:
            The payload of every message of this type, in order. A dump that the kernel reports as
            inconsistent, or that overran the socket's buffer, was thrown away and asked for again.

        Raises:
            NetlinkError: The kernel refused; EINTR when every attempt was inconsistent.
            NetlinkTimeout: It did not answer.
        """
        for _ in range(DUMP_ATTEMPTS):
            payloads: list[bytes] = []
            interrupted = False
            try:
                for message_flags, part in self._exchange(kind, NLM_F_REQUEST | NLM_F_DUMP | flags, payload):
                    payloads.append(part)
                    interrupted |= bool(message_flags & NLM_F_DUMP_INTR)
            except NetlinkError as error:
                if error.code != errno.ENOBUFS:
                    raise
                interrupted = True
            if not interrupted:
                return payloads
        raise NetlinkError(errno.EINTR)

    def request(self, kind: int, payload: bytes, flags: int = 0) -> list[bytes]:
        """Send one message and wait for its acknowledgement.

        Args:
            kind: Message type.
            payload: What follows the netlink header.
            flags: More NLM_F_ flags than REQUEST and ACK.

        Returns:
            The payloads that came before the acknowledgement.

        Raises:
            NetlinkError: The kernel refused.
            NetlinkTimeout: It did not answer.
        """
        return [part for _, part in self._exchange(kind, NLM_F_REQUEST | NLM_F_ACK | flags, payload)]

    def close(self) -> None:
        """Close the socket; the next call opens a new one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, kind: int, flags: int, payload: bytes) -> Iterator[tuple[int, bytes]]:
        """Send a request and yield flags and payload of each answer; closes the socket on failure."""
        sock = self._open()
        self._sequence = self._sequence % 0xFFFFFFFF + 1
        header = HEADER.pack(HEADER.size + len(payload), kind, flags, self._sequence, 0)
        finished = False
        try:
            sock.send(header + payload)
            yield from self._receive(sock, self._sequence)
            finished = True
        except BlockingIOError:
            raise NetlinkTimeout(errno.ETIMEDOUT) from None
        except NetlinkError:
            finished = True
            raise
        except OSError as error:
            raise NetlinkError(error.errno or errno.EIO) from None
        finally:
            if not finished:
                self.close()

    def _receive(self, sock: socket.socket, sequence: int) -> Iterator[tuple[int, bytes]]:
        interrupted = 0
        while True:
            datagram = sock.recv(RECEIVE_BYTES)
            for kind, flags, number, body in split_messages(datagram):
                if number != sequence or kind == _NLMSG_NOOP:
                    continue
                interrupted |= flags & NLM_F_DUMP_INTR
                if kind in (_NLMSG_ERROR, _NLMSG_DONE):
                    _raise_for(kind, flags, body)
                    if interrupted:
                        yield NLM_F_DUMP_INTR, b""
                    return
                yield flags, body

    def _open(self) -> socket.socket:
        if self._socket is None:
            self._socket = call_in_netns(self._netns, self._new_socket)
        return self._socket

    def _new_socket(self) -> socket.socket:
        try:
            sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, self._protocol)
        except OSError as error:
            raise NetlinkError(error.errno or errno.EIO) from None
        # A receive timeout in the kernel spares the poll(2) that settimeout() would add to every read.
        seconds, fraction = divmod(self._timeout, 1.0)
        wait = struct.pack("@ll", int(seconds), int(fraction * 1_000_000))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, wait)
        for option in (_NETLINK_CAP_ACK, _NETLINK_EXT_ACK) + ((NETLINK_GET_STRICT_CHK,) * self._strict):
            # Linux before 4.12 (ext ack) or 4.20 (strict) lacks them; the answers are then only terser.
            try:
                sock.setsockopt(_SOL_NETLINK, option, 1)
            except OSError as error:
                if error.errno != errno.ENOPROTOOPT:
                    raise
        sock.bind((0, 0))
        return sock


def split_messages(datagram: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Yield type, flags, sequence number and payload of each message in a datagram.

    Raises:
        MalformedMessage: A length is too small or leads past the end.
    """
    offset = 0
    end = len(datagram)
    while offset < end:
        if end - offset < HEADER.size:
            raise MalformedMessage("a netlink header is cut short")
        length, kind, flags, sequence, _port = HEADER.unpack_from(datagram, offset)
        if length < HEADER.size or offset + length > end:
            raise MalformedMessage("a netlink message has an impossible length")
        yield kind, flags, sequence, datagram[offset + HEADER.size : offset + length]
        offset += (length + 3) & ~3


def _raise_for(kind: int, flags: int, body: bytes) -> None:
    """Raise the error an NLMSG_ERROR or NLMSG_DONE carries, if it carries one."""
    code = -_INT.unpack_from(body)[0] if len(body) >= _INT.size else 0
    if code == 0:
        return
    message = ""
    if flags & NLM_F_ACK_TLVS:
        start = _INT.size
        if kind == _NLMSG_ERROR:
            start += HEADER.size
            if not flags & NLM_F_CAPPED and len(body) >= start:
                start = _INT.size + ((HEADER.unpack_from(body, _INT.size)[0] + 3) & ~3)
        for attribute, begin, stop in walk_attributes(body, min(start, len(body)), len(body)):
            if attribute == _NLMSGERR_ATTR_MSG:
                message = body[begin:stop].rstrip(b"\0").decode("utf-8", "replace")
    raise NetlinkError(abs(code), message)


def walk_attributes(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield type (without flag bits), first and past-the-last offset of each attribute's value.

    Args:
        data: A message.
        start: Offset of the first attribute.
        end: Offset past the last one.

    Raises:
        MalformedMessage: An attribute is shorter than its header or leads past `end`.
    """
    unpack = ATTRIBUTE.unpack_from
    while start < end:
        if end - start < 4:
            raise MalformedMessage("an attribute is cut short")
        length, kind = unpack(data, start)
        if length < 4 or start + length > end:
            raise MalformedMessage("an attribute has an impossible length")
        yield kind & NLA_TYPE_MASK, start + 4, start + length
        start += (length + 3) & ~3


def attribute(kind: int, value: bytes) -> bytes:
    """One attribute with its header and padding.

    Args:
        kind: Type, with NLA_F_NESTED for nests.
        value: At most 65531 bytes.
    """
    return ATTRIBUTE.pack(4 + len(value), kind) + value + b"\0" * (-len(value) % 4)
