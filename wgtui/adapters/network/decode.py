"""The kernel's messages as values of `wgtui.domain.network`."""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

from wgtui.adapters import rtnetlink as rt
from wgtui.adapters.links import decode_address
from wgtui.adapters.netlink_socket import MalformedMessage, walk_attributes
from wgtui.adapters.network import messages as m
from wgtui.domain.addresses import Address, Prefix
from wgtui.domain.network import LinkAddress, Route, Rule

_MODELLED_IN_RULES: Final = frozenset(
    (
        m.FRA_DST,
        m.FRA_SRC,
        m.FRA_IIFNAME,
        m.FRA_PRIORITY,
        m.FRA_FWMARK,
        m.FRA_FWMASK,
        m.FRA_SUPPRESS_PREFIXLEN,
        m.FRA_TABLE,
        m.FRA_OIFNAME,
        # Padding, and a note on who made the rule: neither says which packets it is for.
        m.FRA_PAD,
        m.FRA_PROTOCOL,
    )
)


def link_address(payload: bytes, *, is_tun: bool, tells_origin: bool) -> tuple[int, LinkAddress] | None:
    """Link index and address out of an RTM_NEWADDR message; None for one that is neither IPv4 nor IPv6.

    Args:
        payload: The message.
        is_tun: Whether the link is of kind `tun`, on which the kernel makes a random link-local address.
        tells_origin: Whether this kernel says of addresses which it made by itself (IFA_PROTO, Linux 5.18).

    Raises:
        MalformedMessage: The message is cut short.
    """
    found = decode_address(payload)
    if found is None:
        return None
    index, interface = found
    _family, _length, flags, scope, _index = rt.IFADDRMSG.unpack_from(payload)
    origin = 0
    for which, start, end in walk_attributes(payload, rt.IFADDRMSG.size, len(payload)):
        if which == rt.IFA_PROTO:
            origin = payload[start]
        elif which == rt.IFA_FLAGS:
            flags = _number(payload, start, end)
    guessed = is_tun and interface.version == 6 and interface.is_link_local and flags & m.IFA_F_PERMANENT
    kernel_made = origin != 0 if tells_origin else bool(guessed)
    return index, LinkAddress(interface, scope, kernel_made)


def route(payload: bytes, names: Mapping[int, str], *, cloned: bool = False) -> Route | None:
    """A route out of an RTM_NEWROUTE message.

    Args:
        payload: The message.
        names: Names of links by index.
        cloned: Whether the route is wanted even where it is a cached one.

    Returns:
        None for routes that the port leaves out, and for those by a link that is not among `names`.

    Raises:
        MalformedMessage: The message is cut short.
    """
    header = _header(m.RTMSG, payload)
    family, length, source_length, tos, table, protocol, scope, kind, flags = header
    values = _attributes(payload, m.RTMSG.size)
    left_out = (
        (flags & m.RTM_F_CLONED and not cloned)
        or kind == m.RTN_MULTICAST
        or m.RTA_NH_ID in values
        or tos
        or (source_length and not cloned)
    )
    if family not in (m.AF_INET, m.AF_INET6) or left_out:
        return None
    index = _optional_number(values.get(m.RTA_OIF)) or 0
    if index and index not in names:
        return None
    mtu, locked = _mtu(values.get(m.RTA_METRICS, b""))
    source = values.get(m.RTA_PREFSRC)
    return Route(
        destination=_prefix(family, values.get(m.RTA_DST), length),
        link=names[index] if index else "",
        table=_optional_number(values.get(m.RTA_TABLE)) or table,
        gateway=_gateway(values),
        protocol=protocol,
        scope=scope,
        type=kind,
        metric=_optional_number(values.get(m.RTA_PRIORITY)) or 0,
        source=None if source is None else _address(source),
        mtu=mtu,
        mtu_locked=locked,
    )


def rule(payload: bytes) -> Rule | None:
    """A rule out of an RTM_NEWRULE message; None for one that is neither IPv4's nor IPv6's.

    Raises:
        MalformedMessage: The message is cut short.
    """
    header = _header(m.RULEMSG, payload)
    family, to_length, from_length, tos, table, _reserved, _reserved2, action, flags = header
    if family not in (m.AF_INET, m.AF_INET6):
        return None
    values = _attributes(payload, m.RULEMSG.size)
    to_table = action == m.FR_ACT_TO_TBL
    suppress = _optional_number(values.get(m.FRA_SUPPRESS_PREFIXLEN))
    masked = m.FRA_FWMARK in values or m.FRA_FWMASK in values
    mask = _optional_number(values.get(m.FRA_FWMASK))
    return Rule(
        family=4 if family == m.AF_INET else 6,
        table=(_optional_number(values.get(m.FRA_TABLE)) or table) if to_table else 0,
        priority=_optional_number(values.get(m.FRA_PRIORITY)) or 0,
        fwmark=(_optional_number(values.get(m.FRA_FWMARK)) or 0) if masked else None,
        fwmask=m.ALL_BITS if mask is None else mask,
        invert=bool(flags & m.FIB_RULE_INVERT),
        suppress_prefix_length=None if suppress == m.ALL_BITS else suppress,
        source=_prefix(family, values.get(m.FRA_SRC), from_length) if from_length else None,
        destination=_prefix(family, values.get(m.FRA_DST), to_length) if to_length else None,
        input_link=_name(values.get(m.FRA_IIFNAME)),
        output_link=_name(values.get(m.FRA_OIFNAME)),
        is_plain=to_table and not tos and _MODELLED_IN_RULES.issuperset(values),
    )


def _header(layout: struct.Struct, payload: bytes) -> tuple[int, ...]:
    if len(payload) < layout.size:
        raise MalformedMessage("a route or rule is cut short")
    header: tuple[int, ...] = layout.unpack_from(payload)
    return header


def _attributes(payload: bytes, offset: int) -> dict[int, bytes]:
    return {which: payload[start:end] for which, start, end in walk_attributes(payload, offset, len(payload))}


def _number(payload: bytes, start: int, end: int) -> int:
    if end - start < m.U32.size:
        raise MalformedMessage("a number is cut short")
    value: int = m.U32.unpack_from(payload, start)[0]
    return value


def _optional_number(value: bytes | None) -> int | None:
    return None if value is None else _number(value, 0, len(value))


def _name(value: bytes | None) -> str:
    return "" if value is None else os.fsdecode(value.rstrip(b"\0"))


def _address(value: bytes) -> Address:
    if len(value) == 4:
        return IPv4Address(value)
    if len(value) == 16:
        return IPv6Address(value)
    raise MalformedMessage("an address has an impossible length")


def _prefix(family: int, value: bytes | None, length: int) -> Prefix:
    """The prefix; the kernel sends none for a length of 0."""
    try:
        if family == m.AF_INET:
            return IPv4Network((value or bytes(4), length), strict=False)
        return IPv6Network((value or bytes(16), length), strict=False)
    except ValueError:
        raise MalformedMessage("a prefix has an impossible length") from None


def _gateway(values: dict[int, bytes]) -> Address | None:
    """The next hop, which may be of the other family (struct rtvia: family, then the address)."""
    if m.RTA_GATEWAY in values:
        return _address(values[m.RTA_GATEWAY])
    if m.RTA_VIA in values:
        return _address(values[m.RTA_VIA][2:])
    return None


def _mtu(metrics: bytes) -> tuple[int, bool]:
    values = _attributes(metrics, 0)
    lock = _optional_number(values.get(m.RTAX_LOCK)) or 0
    return _optional_number(values.get(m.RTAX_MTU)) or 0, bool(lock & m.MTU_LOCK_BIT)
