"""Requests as `ip` of iproute2 sends them, which is what `wg-quick` has always used."""

from __future__ import annotations

import os
import struct
from ipaddress import IPv4Interface, IPv6Address, IPv6Interface

from wgtui.adapters import rtnetlink as rt
from wgtui.adapters.netlink_socket import NLA_F_NESTED, attribute
from wgtui.adapters.network import messages as m
from wgtui.domain.addresses import Address, Prefix
from wgtui.domain.network import LinkAddress, LinkSettings, Route, Rule


def link_by_name(name: str) -> bytes | None:
    """RTM_GETLINK for a name; None where no link can have it (1 to 15 bytes)."""
    try:
        value = os.fsencode(name)
    except UnicodeEncodeError:
        return None
    if not 0 < len(value) <= 15 or b"\0" in value:
        return None
    return rt.NO_LINK + attribute(rt.IFLA_IFNAME, value + b"\0")


def link_by_index(index: int) -> bytes:
    """RTM_GETLINK for an index."""
    return rt.IFINFOMSG.pack(0, 0, index, 0, 0)


def link_settings(index: int, settings: LinkSettings) -> bytes:
    """RTM_NEWLINK: MTU and whether it is up, in one message."""
    flags = rt.IFF_UP if settings.up else 0
    return rt.IFINFOMSG.pack(0, 0, index, flags, rt.IFF_UP) + _number(rt.IFLA_MTU, settings.mtu)


def address(index: int, address: LinkAddress) -> bytes:
    """RTM_NEWADDR or RTM_DELADDR."""
    interface = address.interface
    length = interface.network.prefixlen
    header = rt.IFADDRMSG.pack(_family(interface), length, 0, address.scope, index)
    host = interface.ip.packed
    return header + attribute(rt.IFA_LOCAL, host) + attribute(rt.IFA_ADDRESS, host)


def route(index: int, route: Route) -> bytes:
    """RTM_NEWROUTE or RTM_DELROUTE.

    Args:
        index: Of its link, 0 for none.
        route: All of it is sent, so that a removal takes away this route and none like it.
    """
    destination = route.destination
    short_table = route.table if route.table < 256 else 0
    parts = [
        m.RTMSG.pack(
            _family(destination),
            destination.prefixlen,
            0,
            0,
            short_table,
            route.protocol,
            route.scope,
            route.type,
            0,
        ),
        attribute(m.RTA_DST, destination.network_address.packed),
    ]
    if not short_table:
        parts.append(_number(m.RTA_TABLE, route.table))
    if index:
        parts.append(_number(m.RTA_OIF, index))
    if route.gateway is not None:
        parts.append(_gateway(destination, route.gateway))
    if route.metric:
        parts.append(_number(m.RTA_PRIORITY, route.metric))
    if route.source is not None:
        parts.append(attribute(m.RTA_PREFSRC, route.source.packed))
    if route.mtu:
        lock = _number(m.RTAX_LOCK, m.MTU_LOCK_BIT) if route.mtu_locked else b""
        parts.append(attribute(m.RTA_METRICS | NLA_F_NESTED, lock + _number(m.RTAX_MTU, route.mtu)))
    return b"".join(parts)


def route_to(destination: Address, mark: int, source: Address | None, in_index: int = 0) -> bytes:
    """RTM_GETROUTE for one packet: of this host, or one that came in by the link with this index."""
    is_v4 = destination.version == 4
    # IPv6 always says the table, and refuses the flag.
    flags = m.RTM_F_LOOKUP_TABLE if is_v4 else 0
    bits = 0 if source is None else source.max_prefixlen
    header = m.RTMSG.pack(
        m.AF_INET if is_v4 else m.AF_INET6, destination.max_prefixlen, bits, 0, 0, 0, 0, 0, flags
    )
    wanted = attribute(m.RTA_DST, destination.packed)
    if source is not None:
        wanted += attribute(m.RTA_SRC, source.packed)
    if in_index:
        wanted += _number(m.RTA_IIF, in_index)
    return header + wanted + (_number(m.RTA_MARK, mark) if mark else b"")


def routes(family: int, table: int, index: int) -> bytes:
    """RTM_GETROUTE for a dump; 0 for any table, any link. Kernels before 4.20 look at the family alone."""
    header = m.RTMSG.pack(family, 0, 0, 0, 0, 0, 0, 0, 0)
    wanted = _number(m.RTA_TABLE, table) if table else b""
    return header + wanted + (_number(m.RTA_OIF, index) if index else b"")


def rule(rule: Rule) -> bytes:
    """RTM_NEWRULE or RTM_DELRULE."""
    short_table = rule.table if rule.table < 256 else 0
    parts = [
        m.RULEMSG.pack(
            m.AF_INET if rule.family == 4 else m.AF_INET6,
            0 if rule.destination is None else rule.destination.prefixlen,
            0 if rule.source is None else rule.source.prefixlen,
            0,
            short_table,
            0,
            0,
            m.FR_ACT_TO_TBL,
            m.FIB_RULE_INVERT if rule.invert else 0,
        )
    ]
    if not short_table:
        parts.append(_number(m.FRA_TABLE, rule.table))
    if rule.priority is not None:
        parts.append(_number(m.FRA_PRIORITY, rule.priority))
    if rule.fwmark is not None:
        parts.append(_number(m.FRA_FWMARK, rule.fwmark))
        if rule.fwmask != m.ALL_BITS or rule.fwmark == 0:
            parts.append(_number(m.FRA_FWMASK, rule.fwmask))
    if rule.suppress_prefix_length is not None:
        parts.append(_number(m.FRA_SUPPRESS_PREFIXLEN, rule.suppress_prefix_length))
    for which, prefix in ((m.FRA_SRC, rule.source), (m.FRA_DST, rule.destination)):
        if prefix is not None:
            parts.append(attribute(which, prefix.network_address.packed))
    for which, name in ((m.FRA_IIFNAME, rule.input_link), (m.FRA_OIFNAME, rule.output_link)):
        if name:
            parts.append(attribute(which, os.fsencode(name) + b"\0"))
    return b"".join(parts)


def rules(family: int) -> bytes:
    """RTM_GETRULE for a dump."""
    return m.RULEMSG.pack(family, 0, 0, 0, 0, 0, 0, 0, 0)


def _family(value: Prefix | IPv4Interface | IPv6Interface) -> int:
    return m.AF_INET if value.version == 4 else m.AF_INET6


def _number(kind: int, value: int) -> bytes:
    return attribute(kind, m.U32.pack(value))


def _gateway(destination: Prefix, gateway: Address) -> bytes:
    if gateway.version == destination.version:
        return attribute(m.RTA_GATEWAY, gateway.packed)
    family = m.AF_INET6 if isinstance(gateway, IPv6Address) else m.AF_INET
    return attribute(m.RTA_VIA, struct.pack("=H", family) + gateway.packed)
