"""What arrives at a UDP port, and what leaves it: WireGuard's messages, told apart by their first bytes.

Types and lengths are those of the protocol (whitepaper 5.4; `drivers/net/wireguard/messages.h`): a message
begins with its type as one byte and three zero bytes; an initiation has 148 bytes, a response 92, a cookie
64, and data at least 32. Data of exactly 32 bytes is a keepalive: a header and an empty sealed packet.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Final

from wgtui.domain.addresses import Endpoint
from wgtui.domain.keys import PublicKey

INITIATION_BYTES: Final = 148
"""Length of a handshake initiation."""

RESPONSE_BYTES: Final = 92
"""Length of a handshake response."""

COOKIE_BYTES: Final = 64
"""Length of a cookie reply."""

KEEPALIVE_BYTES: Final = 32
"""Length of a data message without content."""

UDP_HEADER: Final = 8
"""Bytes of a UDP header, which the length in it counts too."""


class PacketKind(Enum):
    """What a packet is; the values are the names of the counters in `Counts`."""

    INITIATION = "initiation"
    """The first message of a handshake: somebody calls."""

    RESPONSE = "response"
    """The second message: an answer to an initiation."""

    COOKIE = "cookie"
    """An answer of a host under load: call again with this cookie."""

    KEEPALIVE = "keepalive"
    """Data without content. It also confirms a handshake to the one who was called."""

    DATA = "data"
    """Data with content."""

    OTHER = "other"
    """UDP that is not WireGuard."""

    TCP = "tcp"
    """The opening packet of a TCP connection to the port of the same number."""


def kind_of(head: bytes, length: int) -> PacketKind:
    """What a UDP payload is.

    Args:
        head: At least its first four bytes, or all of it where it is shorter.
        length: Bytes of the whole payload.
    """
    lengths = {1: INITIATION_BYTES, 2: RESPONSE_BYTES, 3: COOKIE_BYTES}
    kinds = {1: PacketKind.INITIATION, 2: PacketKind.RESPONSE, 3: PacketKind.COOKIE}
    if len(head) < 4 or head[1:4] != b"\0\0\0":
        return PacketKind.OTHER
    if head[0] == 4 and length >= KEEPALIVE_BYTES:
        return PacketKind.KEEPALIVE if length == KEEPALIVE_BYTES else PacketKind.DATA
    return kinds[head[0]] if lengths.get(head[0]) == length else PacketKind.OTHER


@dataclass(frozen=True, slots=True)
class Counts:
    """Packets by kind."""

    initiation: int = 0
    response: int = 0
    cookie: int = 0
    keepalive: int = 0
    data: int = 0
    other: int = 0
    tcp: int = 0

    def plus(self, kind: PacketKind) -> Counts:
        """One packet more."""
        return replace(self, **{kind.value: getattr(self, kind.value) + 1})

    def __add__(self, more: Counts) -> Counts:
        return Counts(*(getattr(self, field.name) + getattr(more, field.name) for field in fields(Counts)))

    @property
    def total(self) -> int:
        """All of them."""
        return self.udp + self.tcp

    @property
    def udp(self) -> int:
        """All UDP packets."""
        return self.wireguard + self.other

    @property
    def wireguard(self) -> int:
        """Those that are WireGuard's."""
        return self.initiation + self.response + self.cookie + self.sessions

    @property
    def sessions(self) -> int:
        """Data and keepalives: packets of a session, as far as their look goes."""
        return self.keepalive + self.data


NO_COUNTS: Final = Counts()
"""Nothing was seen."""


@dataclass(frozen=True, slots=True)
class SeenPacket:
    """One packet as it was seen at the port.

    Attributes:
        kind: What it is.
        remote: Where it came from, or where it goes.
        outgoing: Whether this host sent it.
        message: The whole payload of an initiation that came in; empty for everything else.
    """

    kind: PacketKind
    remote: Endpoint
    outgoing: bool = False
    message: bytes = b""


@dataclass(frozen=True, slots=True)
class PortReading:
    """What was seen at a port since the last reading.

    Attributes:
        packets: In the order they were read.
        missed: Packets that came in too fast to be told apart: they are only counted.
    """

    packets: tuple[SeenPacket, ...] = ()
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Remote:
    """One address and port at the other end.

    Attributes:
        endpoint: Its address and port.
        arrived: What came from it.
        sent: What went to it, as far as it was not too much to be looked at.
        last: Unix seconds of the last packet in either direction.
    """

    endpoint: Endpoint
    arrived: Counts = NO_COUNTS
    sent: Counts = NO_COUNTS
    last: float = 0.0


@dataclass(frozen=True, slots=True)
class Opened:
    """What an initiation says to the one who holds the private key it was made for.

    Attributes:
        for_us: Whether it was made for our public key (its first MAC is right). Else nothing else is known.
        caller: The public key of who sent it; None where it could not be opened.
        stamp: The caller's clock in Unix seconds, as sealed in the message; None likewise.
    """

    for_us: bool
    caller: PublicKey | None = None
    stamp: float | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """Initiations from one place by one caller.

    Attributes:
        endpoint: Where they come from.
        opened: What the newest says.
        count: How many came.
        first: Unix seconds of the first one.
        last: Of the newest one.
        went_back: Whether a stamp was ever older than one before it: the caller's clock was set back.
    """

    endpoint: Endpoint
    opened: Opened
    count: int
    first: float
    last: float
    went_back: bool = False


@dataclass(frozen=True, slots=True)
class PortTraffic:
    """What was seen at a port since it is watched.

    Attributes:
        port: The UDP port of this host.
        since: Unix seconds when watching began.
        arrived: What came in, before this host's packet filter.
        sent: What went out, as far as it was not too much to be looked at.
        missed: Packets that came in too fast to be told apart.
        remotes: Who was at the other end, the latest first; the table is bounded.
        calls: Who called, the latest first; likewise.
        last: Unix seconds of the last packet that came in, None for none.
    """

    port: int
    since: float
    arrived: Counts = NO_COUNTS
    sent: Counts = NO_COUNTS
    missed: int = 0
    remotes: tuple[Remote, ...] = ()
    calls: tuple[Call, ...] = ()
    last: float | None = None

    def remote(self, endpoint: Endpoint | None) -> Remote | None:
        """What is known of an address and port."""
        return next((one for one in self.remotes if one.endpoint == endpoint), None)

    def calls_of(self, key: PublicKey) -> tuple[Call, ...]:
        """Where a peer called from, the latest first."""
        return tuple(call for call in self.calls if call.opened.caller == key)
