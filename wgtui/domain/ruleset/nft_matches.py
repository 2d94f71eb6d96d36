"""What comparisons in rules of `nft -j` ask of a packet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_address
from typing import Final

from wgtui.domain.ruleset import values
from wgtui.domain.ruleset.matches import (
    Addresses,
    AddressRange,
    AddressTypes,
    Direction,
    Family,
    IcmpTypes,
    Links,
    Mark,
    Match,
    Ports,
    Protocols,
    Side,
    States,
)
from wgtui.domain.ruleset.nft_items import Json, Span, as_list, as_number, as_object, as_text
from wgtui.domain.ruleset.packet import ICMP, ICMPV6, PROTOCOL_NAMES

Spans = Sequence[Span]

KeyReader = Callable[[Spans, bool], tuple[Match, ...] | None]
"""Turns what a key is compared with, and whether that is negated, into matches."""


def _links(direction: Direction) -> KeyReader:
    def read(spans: Spans, negated: bool) -> tuple[Match, ...] | None:
        names = [span.first for span in spans if isinstance(span.first, str) and span.first == span.last]
        if len(names) != len(spans):
            return None
        patterns = tuple(values.link_pattern(name, "*") for name in names)
        return (Links(direction, patterns, negated),)

    return read


def _addresses(side: Side, family: int) -> KeyReader:
    def read(spans: Spans, negated: bool) -> tuple[Match, ...] | None:
        ranges = [_address_range(span) for span in spans]
        known = tuple(held for held in ranges if held is not None and held.first.version == family)
        return (Addresses(side, family, known, negated),) if len(known) == len(ranges) else None

    return read


def _address_range(span: Span) -> AddressRange | None:
    if span.prefix is not None:
        return values.address_range(f"{span.first}/{span.prefix}")
    try:
        first, last = ip_address(str(span.first)), ip_address(str(span.last))
    except ValueError:
        return None
    return AddressRange(first, last) if first.version == last.version else None


def _numbers(spans: Spans, names: Mapping[str, int]) -> tuple[tuple[int, int], ...] | None:
    found = []
    for span in spans:
        ends = [_number(end, names) for end in (span.first, span.last)]
        if span.prefix is not None or ends[0] is None or ends[1] is None:
            return None
        found.append((ends[0], ends[1]))
    return tuple(found)


def _number(value: str | int, names: Mapping[str, int]) -> int | None:
    if isinstance(value, int):
        return value
    known = names.get(value.lower())
    return values.number(value) if known is None else known


def _set_of(spans: Spans, names: Mapping[str, int]) -> frozenset[int] | None:
    ranges = _numbers(spans, names)
    if ranges is None or any(last - first > 255 for first, last in ranges):
        return None
    return frozenset(number for first, last in ranges for number in range(first, last + 1))


def _protocols(family: int = 0) -> KeyReader:
    def read(spans: Spans, negated: bool) -> tuple[Match, ...] | None:
        numbers = _set_of(spans, PROTOCOL_NAMES)
        if numbers is None:
            return None
        asked = Protocols(numbers, negated)
        return (Family(family), asked) if family else (asked,)

    return read


def _ports(side: Side, protocol: int = 0) -> KeyReader:
    def read(spans: Spans, negated: bool) -> tuple[Match, ...] | None:
        ranges = _numbers(spans, {})
        if ranges is None:
            return None
        asked = Ports(side, ranges, negated)
        return (Protocols(frozenset((protocol,))), asked) if protocol else (asked,)

    return read


def _icmp(protocol: int, names: Mapping[str, int]) -> KeyReader:
    def read(spans: Spans, negated: bool) -> tuple[Match, ...] | None:
        numbers = _set_of(spans, names)
        return None if numbers is None else (IcmpTypes(protocol, numbers, negated),)

    return read


def _families(names: Mapping[str, int]) -> KeyReader:
    def read(spans: Spans, negated: bool) -> tuple[Match, ...] | None:
        found = {names.get(str(span.first)) for span in spans}
        wanted = {4, 6} - found if negated else found
        if None in found or len(found) != len(spans) or len(wanted) != 1:
            return None
        return (Family(4 if 4 in wanted else 6),)

    return read


def _states(spans: Spans, negated: bool) -> tuple[Match, ...] | None:
    states = [values.connection_state(str(span.first)) for span in spans]
    known = frozenset(state for state in states if state is not None)
    return (States(known, negated=negated),) if len(known) == len(states) else None


def _status(spans: Spans, negated: bool) -> tuple[Match, ...] | None:
    is_dnat = [span.first for span in spans] == ["dnat"]
    return (States(frozenset(), dnat=True, negated=negated),) if is_dnat else None


def _mark(mask: int = 0xFFFFFFFF) -> KeyReader:
    def read(spans: Spans, negated: bool) -> tuple[Match, ...] | None:
        ranges = _numbers(spans, {})
        return None if ranges is None else (Mark(ranges, mask, negated),)

    return read


def _address_types(side: Side) -> KeyReader:
    def read(spans: Spans, negated: bool) -> tuple[Match, ...] | None:
        types = frozenset(values.address_type(str(span.first)) for span in spans)
        return (AddressTypes(side, types, negated),)

    return read


_META: Final[Mapping[str, KeyReader]] = {
    "iifname": _links(Direction.IN),
    "oifname": _links(Direction.OUT),
    "iif": _links(Direction.IN),
    "oif": _links(Direction.OUT),
    "l4proto": _protocols(),
    "nfproto": _families({"ipv4": 4, "ipv6": 6}),
    "protocol": _families({"ip": 4, "ip6": 6}),
    "mark": _mark(),
}

_SIDES: Final = {"saddr": Side.SOURCE, "daddr": Side.DESTINATION}
_PORTS: Final = {"sport": Side.SOURCE, "dport": Side.DESTINATION}
_WITH_PORTS: Final = ("tcp", "udp", "udplite", "sctp", "dccp")

_PAYLOAD: Final[Mapping[tuple[str, str], KeyReader]] = {
    **{("ip", field): _addresses(side, 4) for field, side in _SIDES.items()},
    **{("ip6", field): _addresses(side, 6) for field, side in _SIDES.items()},
    ("ip", "protocol"): _protocols(4),
    ("ip6", "nexthdr"): _protocols(6),
    **{("th", field): _ports(side) for field, side in _PORTS.items()},
    **{
        (name, field): _ports(side, PROTOCOL_NAMES[name])
        for name in _WITH_PORTS
        for field, side in _PORTS.items()
    },
    ("icmp", "type"): _icmp(ICMP, values.ICMP_NAMES),
    ("icmpv6", "type"): _icmp(ICMPV6, values.ICMPV6_NAMES),
}


def key_reader(left: Json) -> KeyReader | None:
    """How the left side of a comparison is understood, None where it is not."""
    key = as_object(left)
    if "meta" in key:
        return _META.get(as_text(as_object(key["meta"]).get("key")))
    if "payload" in key:
        payload = as_object(key["payload"])
        return _PAYLOAD.get((as_text(payload.get("protocol")), as_text(payload.get("field"))))
    if "ct" in key:
        ct = as_object(key["ct"])
        return {"state": _states, "status": _status}.get(as_text(ct.get("key")))
    if "fib" in key:
        return _fib_reader(as_object(key["fib"]))
    return _masked_reader(as_list(key.get("&")))


def _fib_reader(fib: Mapping[str, Json]) -> KeyReader | None:
    flags = fib.get("flags")
    names = [flags] if isinstance(flags, str) else list(as_list(flags))
    side = _SIDES.get(as_text(names[0])) if len(names) == 1 else None
    return _address_types(side) if fib.get("result") == "type" and side is not None else None


def _masked_reader(operands: Sequence[Json]) -> KeyReader | None:
    if len(operands) != 2 or operands[0] != {"meta": {"key": "mark"}}:
        return None
    mask = as_number(operands[1])
    return None if mask is None else _mark(mask)


def is_flags(left: Json) -> bool:
    """Whether the left side is a set of bits, of which a comparison with `in` asks for any one."""
    return as_text(as_object(as_object(left).get("ct")).get("key")) in ("state", "status")
