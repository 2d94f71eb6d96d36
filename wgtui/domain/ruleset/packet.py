"""The packet that a ruleset is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from wgtui.domain.addresses import Address

ICMP: Final = 1
TCP: Final = 6
UDP: Final = 17
ICMPV6: Final = 58
"""Numbers of protocols (IANA; `/etc/protocols`)."""

WITH_PORTS: Final = frozenset((TCP, UDP, 33, 132, 136))
"""The protocols whose headers begin with two ports; the others are DCCP, SCTP and UDP-Lite."""

PROTOCOL_NAMES: Final = {
    "icmp": ICMP,
    "igmp": 2,
    "ipencap": 4,
    "ipip": 4,
    "tcp": TCP,
    "udp": UDP,
    "dccp": 33,
    "ipv6": 41,
    "gre": 47,
    "esp": 50,
    "ipv6-crypt": 50,
    "ah": 51,
    "ipv6-auth": 51,
    "ipv6-icmp": ICMPV6,
    "icmpv6": ICMPV6,
    "icmp6": ICMPV6,
    "ospf": 89,
    "pim": 103,
    "comp": 108,
    "vrrp": 112,
    "l2tp": 115,
    "sctp": 132,
    "mobility-header": 135,
    "udplite": 136,
}
"""The names that `iptables-save` and `nft` write, by `/etc/protocols` and their own tables."""


class Hook(Enum):
    """Where in the kernel a packet is asked about (`linux/netfilter.h`: `NF_INET_*`)."""

    PREROUTING = "prerouting"
    INPUT = "input"
    FORWARD = "forward"
    OUTPUT = "output"
    POSTROUTING = "postrouting"


class ConnectionState(Enum):
    """What connection tracking says of a packet; the words of `--ctstate` and `ct state`."""

    NEW = "new"
    ESTABLISHED = "established"
    RELATED = "related"
    INVALID = "invalid"
    UNTRACKED = "untracked"


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet at a hook. None stands for "not known", which lets rules that look at it only "may" match.

    Attributes:
        hook: Where it is.
        source: As it is at that hook; None for any.
        destination: Likewise.
        family: 4 or 6; where 0 is given it is the addresses'.
        in_link: Name of the link it came in by; empty where it has none, as at output.
        out_link: Name of the link it leaves by; empty where it has none, as at prerouting and input.
        protocol: Number of the protocol above IP.
        source_port: For protocols that have ports.
        destination_port: Likewise.
        icmp_type: For ICMP and ICMPv6.
        ct_state: The state of its connection; the first packet of one is new.
        is_dnat: Whether its destination was rewritten on the way in.
        mark: The packet's mark; 0 where nothing has set one.
    """

    hook: Hook
    source: Address | None
    destination: Address | None
    family: int = 0
    in_link: str | None = ""
    out_link: str | None = ""
    protocol: int | None = None
    source_port: int | None = None
    destination_port: int | None = None
    icmp_type: int | None = None
    ct_state: ConnectionState | None = ConnectionState.NEW
    is_dnat: bool | None = False
    mark: int | None = 0

    @property
    def version(self) -> int:
        """4 or 6."""
        if self.family:
            return self.family
        known = self.source or self.destination
        return known.version if known else 4
