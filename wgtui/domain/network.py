"""Addresses, routes and rules of a host, as the kernel holds them (`linux/rtnetlink.h`, `fib_rules.h`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import IPv4Interface, IPv6Interface
from typing import Final

from wgtui.domain.addresses import Address, Prefix

MAIN_TABLE: Final = 254
"""The table of routes without another one's number."""

PROTOCOL_KERNEL: Final = 2
"""Routes that the kernel makes by itself and takes away again, such as those of an address's own prefix."""

PROTOCOL_BOOT: Final = 3
"""What `ip route add` sends, and so what `wg-quick` makes."""

SCOPE_GLOBAL: Final = 0
SCOPE_LINK: Final = 253
SCOPE_HOST: Final = 254

UNICAST: Final = 1
"""The type of a route to somewhere, as against blackhole, unreachable and the like."""


@dataclass(frozen=True, slots=True)
class LinkAddress:
    """An address on a link.

    Attributes:
        interface: The address with the length of its prefix.
        scope: Of the address. For IPv4 it is what was asked for: `ip` gives 127.0.0.0/8 the scope host and
            everything else global. For IPv6 the kernel goes by the address alone.
        kernel_made: Whether the kernel made it by itself, such as a link-local one.
    """

    interface: IPv4Interface | IPv6Interface
    scope: int = SCOPE_GLOBAL
    kernel_made: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """A route.

    Attributes:
        destination: The packets it is for.
        link: Name of the link they leave by; empty where the route names none or several.
        table: Number of its table.
        gateway: The next hop, None for a destination on the link itself.
        protocol: Who made it.
        scope: 253 (link) for IPv4 without a gateway, else 0. IPv6 has only 0.
        type: 1 for a route to somewhere.
        metric: 0 where none is set; the kernel gives IPv6 routes 1024.
        source: Preferred source address.
        mtu: Bytes, 0 where the route sets none.
        mtu_locked: Whether path MTU discovery may not change it.
    """

    destination: Prefix
    link: str = ""
    table: int = MAIN_TABLE
    gateway: Address | None = None
    protocol: int = PROTOCOL_BOOT
    scope: int = SCOPE_GLOBAL
    type: int = UNICAST
    metric: int = 0
    source: Address | None = None
    mtu: int = 0
    mtu_locked: bool = False

    @property
    def key(self) -> tuple[Prefix, int, str, Address | None, int]:
        """What tells two routes of a host apart; IPv6's default metric counts as none."""
        metric = 0 if self.destination.version == 6 and self.metric == 1024 else self.metric
        return self.destination, self.table, self.link, self.gateway, metric


@dataclass(frozen=True, slots=True)
class Rule:
    """A routing policy rule: which packets look a table up.

    Attributes:
        family: 4 or 6.
        table: Number of the table; 0 for rules with another action.
        priority: None to let the kernel pick the one just below the lowest there is.
        fwmark: Mark that is compared, None where the rule does not look at marks.
        fwmask: Bits of the mark that count.
        invert: Whether the rule is for the packets that do not match.
        suppress_prefix_length: Routes of at most this length do not count; None for no suppression.
        source: Packets from there, None for all.
        destination: Packets to there, None for all.
        input_link: Packets that came in by this link, empty for all.
        output_link: Packets of sockets bound to this link, empty for all.
        is_plain: Whether the attributes above say all there is about the rule.
    """

    family: int
    table: int = MAIN_TABLE
    priority: int | None = None
    fwmark: int | None = None
    fwmask: int = 0xFFFFFFFF
    invert: bool = False
    suppress_prefix_length: int | None = None
    source: Prefix | None = None
    destination: Prefix | None = None
    input_link: str = ""
    output_link: str = ""
    is_plain: bool = True

    def matches(self, other: Rule) -> bool:
        """Whether the other is this rule; a priority of None on either side stands for any."""
        either_free = self.priority is None or other.priority is None
        return self.without_priority() == other.without_priority() and (
            either_free or self.priority == other.priority
        )

    def without_priority(self) -> Rule:
        """The same rule at the kernel's choice of priority."""
        return replace(self, priority=None)


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """What can be set on a link as such.

    Attributes:
        up: Whether it is administratively up.
        mtu: Bytes.
    """

    up: bool
    mtu: int


def address_scope(interface: IPv4Interface | IPv6Interface) -> int:
    """The scope that an address has when `ip address add` has added it."""
    if interface.ip.is_loopback:
        return SCOPE_HOST
    is_link_local = isinstance(interface, IPv6Interface) and interface.ip.is_link_local
    return SCOPE_LINK if is_link_local else SCOPE_GLOBAL


def link_route(destination: Prefix, link: str, table: int = MAIN_TABLE) -> Route:
    """The route that `ip route add PREFIX dev LINK table TABLE` makes."""
    scope = SCOPE_LINK if destination.version == 4 else SCOPE_GLOBAL
    return Route(destination, link, table, scope=scope)
