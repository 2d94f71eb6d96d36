"""What a walk offers, looked at once more: a fix that could not mend this is not offered."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from wgtui.domain.addresses import Address
from wgtui.domain.errors import WgtuiError
from wgtui.domain.fixes import ByHand, Fix, SwitchFix, SyncFix
from wgtui.domain.network import MAIN_TABLE, Route
from wgtui.domain.path import Direction, Hop, HopKind, Walk
from wgtui.domain.text import printable
from wgtui.services.changes import Changes

_KINDS: Final = {6: "blackhole ", 7: "unreachable ", 8: "prohibit "}
"""What `ip route` calls routes to nowhere (`linux/rtnetlink.h`: `RTN_*`)."""


def settled(walk: Walk, changes: Changes) -> Walk:
    """The same walk; where its fix would not help, what has to be done by hand stands in its place."""
    hop = walk.broken
    if hop is None:
        return walk
    fix = _settled(walk, hop, changes)
    if fix == hop.fix:
        return walk
    return replace(walk, hops=tuple(replace(one, fix=fix) if one is hop else one for one in walk.hops))


def _settled(walk: Walk, hop: Hop, changes: Changes) -> Fix | None:
    match hop.fix:
        case SwitchFix() if hop.kind is HopKind.FILTER:
            return _before_culprit(hop.fix, changes)
        case SyncFix(interface=name) if hop.kind in (HopKind.ROUTE, HopKind.REVERSE_PATH):
            there = hop.direction is Direction.THERE
            # A route decides about where packets go; the reverse path filter about where they came from.
            ahead = there if hop.kind is HopKind.ROUTE else not there
            address = (walk.target if ahead else walk.origin).address
            return _past_routes(name, address, changes) or hop.fix
        case _:
            return hop.fix


def _before_culprit(fix: SwitchFix, changes: Changes) -> Fix:
    """The switch, unless its rule would come after the one that drops the packets."""
    try:
        rows = changes.forwarding.view(fix.interface).rows
    except WgtuiError:
        return fix
    row = next((one for one in rows if one.switch is fix.switch), None)
    if row is None or not row.culprit or row.fix is not None:
        return fix
    return ByHand(f"Change that rule: none of wgtui's own can come before it. {printable(row.culprit, 400)}")


def _past_routes(interface: str, address: Address, changes: Changes) -> Fix | None:
    """To remove a route that stands in the way of the tunnel's; None where it is the tunnel's that misses."""
    try:
        routes = changes.host.network.routes(table=MAIN_TABLE)
        allowed = [
            prefix for peer in changes.host.wireguard.read(interface).peers for prefix in peer.allowed_ips
        ]
    except WgtuiError:
        return None
    here = [prefix for prefix in allowed if prefix.version == address.version and address in prefix]
    longest = max((prefix.prefixlen for prefix in here), default=-1)
    rivals = [
        route
        for route in routes
        if route.destination.version == address.version
        and address in route.destination
        and route.link != interface
        and route.destination.prefixlen >= longest
    ]
    if longest < 0 or not rivals:
        return None
    rival = max(rivals, key=lambda route: route.destination.prefixlen)
    return ByHand(
        f"Remove this host's other route to {rival.destination}, if nothing needs it, and sync {interface}: "
        f"ip route del {_as_typed(rival)}; wgtui sync {interface}"
    )


def _as_typed(route: Route) -> str:
    by = f" dev {route.link}" if route.link else ""
    return f"{_KINDS.get(route.type, '')}{route.destination}{by}"
