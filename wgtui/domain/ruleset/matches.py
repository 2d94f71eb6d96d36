"""What a rule asks of a packet, and whether a packet meets it.

Every match answers True, False or None, which is "it may": either the match is of a kind that cannot be told
from the packet alone (a rate limit, an ipset), or the packet leaves open what is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address
from typing import Final

from wgtui.domain.addresses import Address
from wgtui.domain.ruleset.packet import WITH_PORTS, ConnectionState, Hook, Packet

Answer = bool | None
"""Whether something matches; None for "may"."""


class Side(Enum):
    """Which of a packet's two ends is looked at."""

    SOURCE = "source"
    DESTINATION = "destination"
    EITHER = "either"


class Direction(Enum):
    """Which of a packet's two links is looked at."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class LinkPattern:
    """A name of links.

    Attributes:
        name: Of the link; or what its name begins with.
        is_prefix: Whether every name that begins so is meant: `wg+` of iptables, `wg*` of nft.
    """

    name: str
    is_prefix: bool = False

    def meets(self, link: str) -> bool:
        """Whether a link has such a name."""
        return link.startswith(self.name) if self.is_prefix else link == self.name


@dataclass(frozen=True, slots=True)
class Links:
    """The link that a packet came in by or leaves by.

    Attributes:
        direction: Which of the two.
        patterns: Any one of them is enough.
        negated: Whether it must be none of them.
    """

    direction: Direction
    patterns: tuple[LinkPattern, ...]
    negated: bool = False

    def meets(self, packet: Packet) -> Answer:
        """Whether the packet's link is one of these."""
        link = packet.in_link if self.direction is Direction.IN else packet.out_link
        if link is None:
            return None
        return any(pattern.meets(link) for pattern in self.patterns) != self.negated


@dataclass(frozen=True, slots=True)
class AddressRange:
    """Addresses of one family from the first to the last, both counted."""

    first: Address
    last: Address

    def holds(self, address: Address) -> bool:
        """Whether it is one of them."""
        return address.version == self.first.version and int(self.first) <= int(address) <= int(self.last)


@dataclass(frozen=True, slots=True)
class Addresses:
    """A packet's source or destination.

    Attributes:
        side: Which of the two.
        family: 4 or 6: packets of the other family never match, negated or not.
        ranges: Any one of them is enough.
        negated: Whether it must be in none of them.
    """

    side: Side
    family: int
    ranges: tuple[AddressRange, ...]
    negated: bool = False

    def meets(self, packet: Packet) -> Answer:
        """Whether the packet's address is one of these."""
        if packet.version != self.family:
            return False
        address = packet.source if self.side is Side.SOURCE else packet.destination
        if address is None:
            return None if self.ranges else self.negated
        return any(held.holds(address) for held in self.ranges) != self.negated


@dataclass(frozen=True, slots=True)
class Family:
    """The family of a packet, in tables that see both.

    Attributes:
        family: 4 or 6.
    """

    family: int

    def meets(self, packet: Packet) -> Answer:
        """Whether the packet is of this family."""
        return packet.version == self.family


@dataclass(frozen=True, slots=True)
class Protocols:
    """The protocol above IP.

    Attributes:
        numbers: Any one of them is enough.
        negated: Whether it must be none of them.
    """

    numbers: frozenset[int]
    negated: bool = False

    def meets(self, packet: Packet) -> Answer:
        """Whether the packet is of one of these."""
        if packet.protocol is None and self.numbers:
            return None
        return (packet.protocol in self.numbers) != self.negated


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports of a packet.

    Attributes:
        side: Whose; either's with `--ports` of iptables.
        ranges: First and last of each range, both counted.
        negated: Whether it must be in none of them.
    """

    side: Side
    ranges: tuple[tuple[int, int], ...]
    negated: bool = False

    def meets(self, packet: Packet) -> Answer:
        """Whether the packet has such a port; one without ports has not."""
        if packet.protocol is not None and packet.protocol not in WITH_PORTS:
            return False
        asked = {
            Side.SOURCE: (packet.source_port,),
            Side.DESTINATION: (packet.destination_port,),
            Side.EITHER: (packet.source_port, packet.destination_port),
        }[self.side]
        found = _any(None if port is None else self._holds(port) for port in asked)
        if found is None:
            return None
        met = found != self.negated
        return None if met and packet.protocol is None else met

    def _holds(self, port: int) -> bool:
        return any(first <= port <= last for first, last in self.ranges)


@dataclass(frozen=True, slots=True)
class IcmpTypes:
    """The type of an ICMP or ICMPv6 message.

    Attributes:
        protocol: 1 or 58.
        numbers: Any one of them is enough.
        negated: Whether it must be none of them.
    """

    protocol: int
    numbers: frozenset[int]
    negated: bool = False

    def meets(self, packet: Packet) -> Answer:
        """Whether the packet is such a message."""
        if packet.protocol is not None and packet.protocol != self.protocol:
            return False
        if packet.protocol is None or packet.icmp_type is None:
            return None
        return (packet.icmp_type in self.numbers) != self.negated


@dataclass(frozen=True, slots=True)
class States:
    """The state of a packet's connection.

    Attributes:
        states: Any one of them is enough.
        dnat: Whether a rewritten destination is enough too (`--ctstate DNAT`, `ct status dnat`).
        negated: Whether it must be none of that.
    """

    states: frozenset[ConnectionState]
    dnat: bool = False
    negated: bool = False

    def meets(self, packet: Packet) -> Answer:
        """Whether the packet's connection is in one of these."""
        state = None if packet.ct_state is None else packet.ct_state in self.states
        found = _any((state if self.states else False, packet.is_dnat if self.dnat else False))
        return None if found is None else found != self.negated


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a packet.

    Attributes:
        ranges: First and last of each range that the masked mark may be in, both counted.
        mask: Bits that are looked at.
        negated: Whether it must be in none of them.
    """

    ranges: tuple[tuple[int, int], ...]
    mask: int = 0xFFFFFFFF
    negated: bool = False

    def meets(self, packet: Packet) -> Answer:
        """Whether the packet's mark is one of these."""
        if packet.mark is None:
            return None
        value = packet.mark & self.mask
        return any(first <= value <= last for first, last in self.ranges) != self.negated


class AddressType(Enum):
    """Kinds of addresses as the routing table has them; the words of `addrtype` and `fib`."""

    LOCAL = "local"
    UNICAST = "unicast"
    MULTICAST = "multicast"
    BROADCAST = "broadcast"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class AddressTypes:
    """What the routing table says an address is, as far as the hook already tells.

    A packet to this host's own address is at input, one that is forwarded is neither from nor to one.

    Attributes:
        side: Source or destination.
        types: Any one of them is enough.
        negated: Whether it must be none of them.
    """

    side: Side
    types: frozenset[AddressType]
    negated: bool = False

    def meets(self, packet: Packet) -> Answer:
        """Whether the packet's address is such a one."""
        kind = self._kind(packet)
        if kind is None:
            return None
        return (kind in self.types) != self.negated

    def _kind(self, packet: Packet) -> AddressType | None:
        is_source = self.side is Side.SOURCE
        address = packet.source if is_source else packet.destination
        if address is None:
            return None
        if address.is_multicast:
            return AddressType.MULTICAST
        if address == _BROADCAST:
            return AddressType.BROADCAST
        local, remote = _LOCAL_HOOKS[is_source]
        if packet.hook in local:
            return AddressType.LOCAL
        return AddressType.UNICAST if packet.hook in remote else None


_BROADCAST: Final = IPv4Address("255.255.255.255")

_LOCAL_HOOKS: Final = {
    True: (frozenset((Hook.OUTPUT,)), frozenset((Hook.FORWARD, Hook.INPUT, Hook.PREROUTING))),
    False: (frozenset((Hook.INPUT,)), frozenset((Hook.FORWARD, Hook.POSTROUTING))),
}
"""For source and destination: at which hooks they are this host's own, and at which they are not.

Packets over the loopback link are the exception, and are not what a relay asks about.
"""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A match that cannot be told from the packet alone.

    Attributes:
        text: As the ruleset has it.
    """

    text: str

    def meets(self, packet: Packet) -> Answer:
        """It may."""
        return None


@dataclass(frozen=True, slots=True)
class Never:
    """A match that no packet meets that can be asked about, such as an empty set."""

    def meets(self, packet: Packet) -> Answer:
        """No."""
        return False


Match = (
    Links
    | Addresses
    | Family
    | Protocols
    | Ports
    | IcmpTypes
    | States
    | Mark
    | AddressTypes
    | Unknown
    | Never
)
"""All kinds of matches."""


def meets_all(matches: Iterable[Match], packet: Packet) -> Answer:
    """Whether a packet meets every one of them."""
    answer: Answer = True
    for match in matches:
        met = match.meets(packet)
        if met is False:
            return False
        if met is None:
            answer = None
    return answer


def _any(answers: Iterable[Answer]) -> Answer:
    found: Answer = False
    for answer in answers:
        if answer:
            return True
        if answer is None:
            found = None
    return found
