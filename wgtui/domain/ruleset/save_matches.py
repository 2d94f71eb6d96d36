"""What the options of an iptables rule ask of a packet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

from wgtui.domain.ruleset import values
from wgtui.domain.ruleset.matches import (
    Addresses,
    AddressTypes,
    Direction,
    IcmpTypes,
    Links,
    Mark,
    Match,
    Never,
    Ports,
    Protocols,
    Side,
    States,
    Unknown,
)
from wgtui.domain.ruleset.packet import ICMP, ICMPV6
from wgtui.domain.ruleset.save_words import Option

Value = TypeVar("Value")

Reader = Callable[[Option, int], Match | None]
"""Turns an option of a rule of a family (4 or 6) into a match, None where it does not understand it."""


def _all(items: Iterable[Value | None]) -> tuple[Value, ...] | None:
    found = tuple(items)
    known = tuple(item for item in found if item is not None)
    return known if len(known) == len(found) else None


def _fragments(option: Option, family: int) -> Match | None:
    # Connection tracking puts packets together before any rule sees them.
    return Protocols(frozenset(), negated=True) if option.negated else Never()


def _links(direction: Direction) -> Reader:
    def read(option: Option, family: int) -> Match | None:
        return Links(direction, (values.link_pattern(option.value, "+"),), option.negated)

    return read


def _addresses(side: Side) -> Reader:
    def read(option: Option, family: int) -> Match | None:
        held = values.address_range(option.value)
        if held is None or held.first.version != family:
            return None
        return Addresses(side, family, (held,), option.negated)

    return read


def _protocol(option: Option, family: int) -> Match | None:
    number = values.protocol(option.value)
    return None if number is None else Protocols(frozenset((number,)), option.negated)


def _ports(side: Side) -> Reader:
    def read(option: Option, family: int) -> Match | None:
        ranges = _all(values.port_range(text) for text in option.value.split(","))
        return None if ranges is None else Ports(side, ranges, option.negated)

    return read


def _icmp(protocol: int) -> Reader:
    def read(option: Option, family: int) -> Match | None:
        if option.value == "any":
            return Protocols(frozenset((protocol,)), option.negated)
        # A type with a code is asked for more than the type alone tells.
        number = values.number(option.value)
        return None if number is None else IcmpTypes(protocol, frozenset((number,)), option.negated)

    return read


def _states(option: Option, family: int) -> Match | None:
    names = option.value.split(",")
    states = _all(values.connection_state(name) for name in names if name != "DNAT")
    if states is None:
        return None
    return States(frozenset(states), dnat="DNAT" in names, negated=option.negated)


def _mark(option: Option, family: int) -> Match | None:
    read = values.masked_mark(option.value)
    if read is None:
        return None
    value, mask = read
    return Mark(((value, value),), mask, option.negated)


def _address_types(side: Side) -> Reader:
    def read(option: Option, family: int) -> Match | None:
        types = frozenset(values.address_type(name) for name in option.value.split(","))
        return AddressTypes(side, types, option.negated)

    return read


_BASE: Final[Mapping[str, Reader]] = {
    "-i": _links(Direction.IN),
    "-o": _links(Direction.OUT),
    "-s": _addresses(Side.SOURCE),
    "-d": _addresses(Side.DESTINATION),
    "-p": _protocol,
    "-f": _fragments,
}

_ONE_PORT: Final[Mapping[str, Reader]] = {
    "--sport": _ports(Side.SOURCE),
    "--dport": _ports(Side.DESTINATION),
}

_MODULES: Final[Mapping[str, Mapping[str, Reader]]] = {
    "": _BASE,
    "tcp": _ONE_PORT,
    "udp": _ONE_PORT,
    "udplite": _ONE_PORT,
    "sctp": _ONE_PORT,
    "dccp": _ONE_PORT,
    "multiport": {
        "--sports": _ports(Side.SOURCE),
        "--dports": _ports(Side.DESTINATION),
        "--ports": _ports(Side.EITHER),
    },
    "icmp": {"--icmp-type": _icmp(ICMP)},
    "icmp6": {"--icmpv6-type": _icmp(ICMPV6)},
    "icmpv6": {"--icmpv6-type": _icmp(ICMPV6)},
    "ipv6-icmp": {"--icmpv6-type": _icmp(ICMPV6)},
    "conntrack": {"--ctstate": _states},
    "state": {"--state": _states},
    "mark": {"--mark": _mark},
    "iprange": {"--src-range": _addresses(Side.SOURCE), "--dst-range": _addresses(Side.DESTINATION)},
    "addrtype": {
        "--src-type": _address_types(Side.SOURCE),
        "--dst-type": _address_types(Side.DESTINATION),
    },
}
"""By the name of the module (iptables-extensions(8)), empty for what needs none."""


_EXTENSION_HEADERS: Final = frozenset(("rt", "hbh", "dst", "frag", "mh", "ah", "ipcomp"))
"""Modules that ask for headers between IP's and the protocol's, which no packet has that is asked about."""


def matches(module: str, given: Iterable[Option], family: int) -> list[Match]:
    """What the options of a module ask for.

    Args:
        module: As after `-m`; empty for options that need none.
        given: Its options.
        family: 4 or 6.
    """
    if module in _EXTENSION_HEADERS:
        return [Never()]
    readers = _MODULES.get(module, {})
    found: list[Match] = []
    unknown: list[str] = []
    for option in given:
        reader = readers.get(option.name)
        match = reader(option, family) if reader else None
        if match is None:
            unknown.append(option.text)
        else:
            found.append(match)
    if unknown or module not in _MODULES:
        found.append(Unknown(" ".join((*(("-m", module) if module else ()), *unknown))))
    return found
