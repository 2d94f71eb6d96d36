from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Callable
from typing import cast

import pytest

from wgtui.adapters.netlink_socket import (
    DUMP_ATTEMPTS,
    MalformedMessage,
    NetlinkError,
    NetlinkSocket,
    NetlinkTimeout,
)

KIND = 30
MULTI = 2
INTERRUPTED = 0x10
CAPPED_WITH_TLVS = 0x300

Answer = Callable[[int], bytes | OSError]
"""What one receive gives: bytes for the request's sequence number, or an error."""


def frame(kind: int, sequence: int, body: bytes = b"", flags: int = MULTI) -> bytes:
    padded = body + bytes(-len(body) % 4)
    return struct.pack("=IHHII", 16 + len(body), kind, flags, sequence, 0) + padded


def data(*bodies: bytes, flags: int = MULTI) -> Answer:
    return lambda sequence: b"".join(frame(KIND, sequence, body, flags) for body in bodies)


def done(code: int = 0, flags: int = MULTI) -> Answer:
    return lambda sequence: frame(3, sequence, struct.pack("=i", -code), flags)


def error(code: int, message: bytes = b"", capped: bool = True) -> Answer:
    def answer(sequence: int) -> bytes:
        request = struct.pack("=IHHII", 16 if capped else 20, KIND, 0, sequence, 0) + (
            b"" if capped else b"body"
        )
        tlv = struct.pack("=HH", 4 + len(message), 1) + message + bytes(-len(message) % 4)
        flags = 0x200 | (0x100 if capped else 0)
        return frame(2, sequence, struct.pack("=i", -code) + request + (tlv if message else b""), flags)

    return answer


def fails(code: int) -> Answer:
    return lambda _: OSError(code, "")


class ScriptedSocket:
    """Answers one receive after the other from a script."""

    def __init__(self, script: list[Answer]) -> None:
        self.script = script
        self.sent: list[bytes] = []
        self.closed = False

    def send(self, request: bytes) -> int:
        self.sent.append(request)
        return len(request)

    def recv(self, _size: int) -> bytes:
        answer = self.script.pop(0)(struct.unpack_from("=I", self.sent[-1], 8)[0])
        if isinstance(answer, OSError):
            raise answer
        return answer

    def close(self) -> None:
        self.closed = True


class Scripted(NetlinkSocket):
    """A netlink socket over a script; counts how often it was opened."""

    def __init__(self, *script: Answer) -> None:
        super().__init__(16)
        self.script = list(script)
        self.opened: list[ScriptedSocket] = []

    def _new_socket(self) -> socket.socket:
        self.opened.append(ScriptedSocket(self.script))
        return cast(socket.socket, self.opened[-1])


def test_a_dump_over_several_datagrams() -> None:
    sock = Scripted(data(b"one", b"two"), data(b"three"), done())
    assert sock.dump(KIND, b"ask") == [b"one", b"two", b"three"]
    request = sock.opened[0].sent[0]
    assert struct.unpack_from("=IHH", request) == (19, KIND, 0x301)
    assert request[16:] == b"ask"


def test_answers_to_older_requests_are_passed_over() -> None:
    def older(sequence: int) -> bytes:
        return (
            frame(KIND, sequence + 7, b"old")
            + frame(3, sequence + 7, bytes(4))
            + frame(KIND, sequence, b"new")
        )

    assert Scripted(older, done()).dump(KIND, b"") == [b"new"]


def test_an_interrupted_dump_is_read_to_its_end_and_asked_for_again() -> None:
    sock = Scripted(data(b"a", flags=MULTI | INTERRUPTED), data(b"b"), done(), data(b"c"), data(b"d"), done())
    assert sock.dump(KIND, b"") == [b"c", b"d"]
    assert len(sock.opened) == 1


def test_an_interruption_told_at_the_very_end_counts() -> None:
    sock = Scripted(data(b"a"), done(flags=MULTI | INTERRUPTED), data(b"b"), done())
    assert sock.dump(KIND, b"") == [b"b"]


def test_a_dump_that_is_always_interrupted_ends() -> None:
    sock = Scripted(*[data(b"a", flags=MULTI | INTERRUPTED), done()] * DUMP_ATTEMPTS)
    with pytest.raises(NetlinkError) as caught:
        sock.dump(KIND, b"")
    assert caught.value.code == errno.EINTR


def test_an_overrun_is_asked_for_again_on_a_new_socket() -> None:
    sock = Scripted(data(b"a"), fails(errno.ENOBUFS), data(b"b"), done())
    assert sock.dump(KIND, b"") == [b"b"]
    assert [each.closed for each in sock.opened] == [True, False]


def test_the_error_in_a_done_message_is_raised() -> None:
    with pytest.raises(NetlinkError) as caught:
        Scripted(data(b"a"), done(errno.ENODEV)).dump(KIND, b"")
    assert caught.value.code == errno.ENODEV


@pytest.mark.parametrize("capped", [True, False])
def test_the_kernels_own_words_are_kept(capped: bool) -> None:
    with pytest.raises(NetlinkError) as caught:
        Scripted(error(errno.EINVAL, b"unknown attribute\0", capped)).request(KIND, b"")
    assert (caught.value.code, caught.value.message) == (errno.EINVAL, "unknown attribute")
    assert "unknown attribute" in str(caught.value)


def test_an_acknowledgement_is_no_error() -> None:
    assert Scripted(error(0)).request(KIND, b"") == []


def test_what_comes_before_the_acknowledgement_is_returned() -> None:
    assert Scripted(data(b"reply", flags=0), error(0)).request(KIND, b"") == [b"reply"]


def test_silence_is_a_timeout_and_drops_the_socket() -> None:
    sock = Scripted(data(b"a"), fails(errno.EAGAIN), data(b"b"), done())
    with pytest.raises(NetlinkTimeout):
        sock.dump(KIND, b"")
    assert sock.dump(KIND, b"") == [b"b"]
    assert len(sock.opened) == 2


@pytest.mark.parametrize(
    "datagram",
    [b"\1", struct.pack("=IHHII", 5, KIND, 0, 1, 0), struct.pack("=IHHII", 400, KIND, 0, 1, 0)],
)
def test_broken_frames_are_malformed_and_drop_the_socket(datagram: bytes) -> None:
    sock = Scripted(lambda _: datagram)
    with pytest.raises(MalformedMessage):
        sock.dump(KIND, b"")
    assert sock.opened[0].closed


def test_sequence_numbers_differ() -> None:
    sock = Scripted(done(), done())
    sock.dump(KIND, b"")
    sock.dump(KIND, b"")
    first, second = (struct.unpack_from("=I", request, 8)[0] for request in sock.opened[0].sent)
    assert first != second
