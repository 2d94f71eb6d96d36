"""Classic BPF programs that pick the packets of one UDP port.

The machine is that of `linux/filter.h` and the kernel's Documentation/networking/filter.rst. A packet socket
of type SOCK_DGRAM hands the filter a packet that begins with its network header (packet(7)), so IPv4 and
IPv6 differ only in where the UDP header begins: that goes into the register X, and the rest is the same.

A load beyond the packet's end refuses the packet, so a length is always looked at before what it covers.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from wgtui.domain.port_traffic import (
    COOKIE_BYTES,
    INITIATION_BYTES,
    KEEPALIVE_BYTES,
    RESPONSE_BYTES,
    UDP_HEADER,
)

LOAD_WORD, LOAD_HALF, LOAD_BYTE = 0x20, 0x28, 0x30  # BPF_LD | BPF_ABS | size
LOAD_WORD_X, LOAD_HALF_X, LOAD_BYTE_X = 0x40, 0x48, 0x50  # BPF_LD | BPF_IND | size
SET_X: Final = 0x01  # BPF_LDX | BPF_IMM
HEADER_LENGTH_TO_X: Final = 0xB1  # BPF_LDX | BPF_MSH | BPF_B: four times the low half of a byte
AND: Final = 0x54  # BPF_ALU | BPF_AND | BPF_K
JUMP: Final = 0x05  # BPF_JMP | BPF_JA
IF_EQUAL, IF_AT_LEAST, IF_ANY_BIT = 0x15, 0x35, 0x45  # BPF_JMP | BPF_JEQ, BPF_JGE, BPF_JSET | BPF_K
RETURN: Final = 0x06  # BPF_RET | BPF_K

EXTRA: Final = 0xFFFFF000
"""SKF_AD_OFF: loads from here on read what the kernel knows of the packet."""

EXTRA_PROTOCOL, EXTRA_DIRECTION = EXTRA + 0, EXTRA + 4  # SKF_AD_PROTOCOL, SKF_AD_PKTTYPE

TO_THIS_HOST, OUTGOING = 0, 4  # PACKET_HOST, PACKET_OUTGOING of linux/if_packet.h

ETH_P_IP, ETH_P_IPV6 = 0x0800, 0x86DD

_TCP, _UDP = 6, 17
_SYN, _SYN_ACK = 0x02, 0x12
_IPV6_HEADER: Final = 40
_LONGEST_HEADERS: Final = 60 + UDP_HEADER
_WIREGUARD = {1: INITIATION_BYTES, 2: RESPONSE_BYTES, 3: COOKIE_BYTES}


class Wanted(Enum):
    """Which packets a program lets through: each kind has a queue of its own, so none crowds out another."""

    HANDSHAKES = "handshakes"
    """Initiations, responses and cookies that come in."""

    SESSIONS = "sessions"
    """Data and keepalives that come in."""

    OTHERS = "others"
    """What else comes in for the port, the beginnings of TCP connections included."""

    ANSWERS = "answers"
    """Handshake messages that go out."""

    SENT = "sent"
    """Data and keepalives that go out."""

    @property
    def outgoing(self) -> bool:
        """Whether it is about packets that this host sends."""
        return self in (Wanted.ANSWERS, Wanted.SENT)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction; its jumps are names until it is assembled. An empty name goes to the next one."""

    code: int
    value: int = 0
    then: str = ""
    otherwise: str = ""
    label: str = ""


def program(port: int, wanted: Wanted) -> bytes:
    """The instructions, as `struct sock_filter`s one behind the other.

    Args:
        port: This host's UDP port.
        wanted: Which of its packets pass. What passes is cut behind the bytes that are read of it.
    """
    # Whole initiations are read: they can be opened. Of everything else the head is enough.
    snap = _LONGEST_HEADERS + (INITIATION_BYTES if wanted is Wanted.HANDSHAKES else 16)
    return assemble(
        [
            *_network_header(OUTGOING if wanted.outgoing else TO_THIS_HOST),
            *_transport_header(port, wanted),
            *_payload(wanted),
            Instruction(RETURN, snap, label="pass"),
            Instruction(RETURN, 0, label="drop"),
        ]
    )


def _network_header(direction: int) -> list[Instruction]:
    """Drop what goes the other way or is a later fragment; X is where UDP begins, A the protocol."""
    return [
        Instruction(LOAD_BYTE, EXTRA_DIRECTION),
        Instruction(IF_EQUAL, direction, "", "drop"),
        Instruction(LOAD_HALF, EXTRA_PROTOCOL),
        Instruction(IF_EQUAL, ETH_P_IPV6, "v6"),
        Instruction(IF_EQUAL, ETH_P_IP, "", "drop"),
        Instruction(LOAD_HALF, 6),
        Instruction(IF_ANY_BIT, 0x1FFF, "drop"),
        Instruction(HEADER_LENGTH_TO_X, 0),
        Instruction(LOAD_BYTE, 9),
        Instruction(JUMP, then="transport"),
        Instruction(SET_X, _IPV6_HEADER, label="v6"),
        Instruction(LOAD_BYTE, 6),
    ]


def _transport_header(port: int, wanted: Wanted) -> list[Instruction]:
    """Drop what is not of the port. TCP is of interest only where it opens a connection."""
    place = 0 if wanted.outgoing else 2
    code = [Instruction(IF_EQUAL, _UDP, "udp", label="transport")]
    if wanted is Wanted.OTHERS:
        code += [
            Instruction(IF_EQUAL, _TCP, "", "drop"),
            Instruction(LOAD_HALF_X, place),
            Instruction(IF_EQUAL, port, "", "drop"),
            Instruction(LOAD_BYTE_X, 13),
            Instruction(AND, _SYN_ACK),
            Instruction(IF_EQUAL, _SYN, "pass", "drop"),
        ]
    else:
        code += [Instruction(JUMP, then="drop")]
    return [
        *code,
        Instruction(LOAD_HALF_X, place, label="udp"),
        Instruction(IF_EQUAL, port, "", "drop"),
    ]


def _payload(wanted: Wanted) -> list[Instruction]:
    """Tell the kinds apart as `wgtui.domain.port_traffic.kind_of` does."""
    handshake, session, other = {
        Wanted.HANDSHAKES: ("pass", "drop", "drop"),
        Wanted.ANSWERS: ("pass", "drop", "drop"),
        Wanted.SESSIONS: ("drop", "pass", "drop"),
        Wanted.SENT: ("drop", "pass", "drop"),
        Wanted.OTHERS: ("drop", "drop", "pass"),
    }[wanted]
    code = [
        Instruction(LOAD_HALF_X, 4),
        Instruction(IF_AT_LEAST, UDP_HEADER + KEEPALIVE_BYTES, "", other),
        Instruction(LOAD_WORD_X, UDP_HEADER),
        Instruction(IF_EQUAL, 0x04000000, session),
    ]
    code += [Instruction(IF_EQUAL, kind << 24, f"type {kind}") for kind in _WIREGUARD]
    code += [Instruction(JUMP, then=other)]
    for kind, length in _WIREGUARD.items():
        code += [
            Instruction(LOAD_HALF_X, 4, label=f"type {kind}"),
            Instruction(IF_EQUAL, UDP_HEADER + length, handshake, other),
        ]
    return code


def assemble(code: list[Instruction]) -> bytes:
    """Turn names into distances. Jumps only go forward (`linux/filter.h`)."""
    places = {one.label: place for place, one in enumerate(code) if one.label}
    words = []
    for place, one in enumerate(code):

        def distance(name: str, place: int = place) -> int:
            return places[name] - place - 1 if name else 0

        then, otherwise = distance(one.then), distance(one.otherwise)
        if one.code == JUMP:
            one, then = replace(one, value=then), 0
        words.append(struct.pack("=HBBI", one.code, then, otherwise, one.value))
    return b"".join(words)
