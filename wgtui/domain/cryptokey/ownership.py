"""Every prefix over all devices: whose it is, who takes it away, and which route serves it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from wgtui.domain.addresses import Address, Prefix
from wgtui.domain.config import InterfaceConfig
from wgtui.domain.cryptokey.nesting import Share, shares
from wgtui.domain.cryptokey.prefixes import PrefixMap
from wgtui.domain.cryptokey.routing import Decision, Fate, RoutingTables
from wgtui.domain.keys import PublicKey


class Standing(Enum):
    """How it stands with a prefix of a peer, the worst that holds."""

    OWNED = "owned"
    """The peer gets every packet for it."""
    PARTLY = "partly"
    """Longer prefixes of other peers take some of its addresses, which is how one carves out of another."""
    SHADOWED = "shadowed"
    """Other peers get all of it: by longer prefixes, or the route leads to another interface's peer."""
    PART_ROUTED = "part routed"
    """Routes lead only some of its addresses into the interface."""
    ELSEWHERE = "elsewhere"
    """The route leads to a link that is no tunnel, or to a tunnel where nobody owns it."""
    NO_ROUTE = "no route"
    """No route leads there: packets from it are accepted, none is sent to it."""
    REFUSED = "refused"
    """A blackhole, unreachable or prohibit route."""
    LOST = "lost"
    """The file names it at this peer, and another one has it."""
    NOT_SET = "not set"
    """The file gives it to this peer, and no peer of the device has it."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A peer of a device, and the prefix by which it owns something."""

    prefix: Prefix
    device: str
    key: PublicKey


@dataclass(frozen=True, slots=True)
class Claim:
    """A prefix of a peer.

    Attributes:
        owner: The prefix, the device and the peer.
        standing: How it stands.
        rivals: Who takes it, or the first few of those who take parts.
        rival_count: How many there are.
        route: What the routing tables say for the prefix as a whole; None where they are not known or
            the peer does not have it.
        line: Of the `[Peer]` in the file that names it; 0 where no file does or there is none.
        by_file: For `LOST`: whether a later `[Peer]` of the same file takes it, rather than a change made
            to the device.
    """

    owner: Owner
    standing: Standing
    rivals: tuple[Owner, ...] = ()
    rival_count: int = 0
    route: Decision | None = None
    line: int = 0
    by_file: bool = False


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """One device and its file.

    Attributes:
        name: Interface name.
        peers: Public keys with their allowed IPs, as the device has them.
        config: What the file says; None where it is not known.
        own_key: The device's public key: devices ignore a peer that has it.
    """

    name: str
    peers: tuple[tuple[PublicKey, tuple[Prefix, ...]], ...]
    config: InterfaceConfig | None = None
    own_key: PublicKey | None = None


@dataclass(frozen=True, slots=True)
class Ownership:
    """The map.

    Attributes:
        claims: By device, then by prefix; what is lost or not set stands among the others.
        bare: Device and public key of the peers that have no prefix, by device.
        tables: Owners by prefix for each device.
        routing: The routing tables; None where they could not be read.
    """

    claims: tuple[Claim, ...] = ()
    bare: tuple[tuple[str, PublicKey], ...] = ()
    tables: dict[str, PrefixMap[PublicKey]] = field(default_factory=dict, compare=False, repr=False)
    routing: RoutingTables | None = field(default=None, compare=False, repr=False)

    def owner_of(self, device: str, address: Address) -> Owner | None:
        """Who gets a packet for an address that is routed into a device."""
        return next(self.owners(device, address), None)

    def owners(self, device: str, address: Address) -> Iterator[Owner]:
        """All of a device whose prefixes hold an address, the winner first."""
        table = self.tables.get(device)
        for prefix, key in table.holding(address) if table is not None else ():
            yield Owner(prefix, device, key)


def map_ownership(devices: Sequence[DeviceFacts], routing: RoutingTables | None) -> Ownership:
    """Make the map.

    Args:
        devices: The devices that are there.
        routing: The routing tables, None where they are not known.
    """
    tables = {
        device.name: PrefixMap((prefix, key) for key, prefixes in device.peers for prefix in prefixes)
        for device in devices
    }
    claims: list[Claim] = []
    for device in devices:
        made = [*_owned(device.name, tables, routing), *_unowned(device, tables[device.name])]
        made.sort(key=_place)
        claims += made
    bare = tuple((device.name, key) for device in devices for key, prefixes in device.peers if not prefixes)
    return Ownership(tuple(claims), bare, tables, routing)


def _place(claim: Claim) -> tuple[int, int, int, bool]:
    prefix = claim.owner.prefix
    return (
        prefix.version,
        int(prefix.network_address),
        prefix.prefixlen,
        claim.standing is Standing.LOST,
    )


def _owned(
    device: str, tables: dict[str, PrefixMap[PublicKey]], routing: RoutingTables | None
) -> Iterator[Claim]:
    """The claims that the device agrees with."""
    items = list(tables[device].items())
    for (prefix, key), share in zip(items, shares(items), strict=True):
        owner = Owner(prefix, device, key)
        route = routing.decide(prefix) if routing is not None else None
        rivals = tuple(Owner(taken, device, by) for taken, by in share.rivals)
        standing = _standing(share)
        if standing is not Standing.SHADOWED and routing is not None and route is not None:
            routed, winner = _routed(owner, route, routing, tables)
            if winner is not None:
                yield Claim(owner, Standing.SHADOWED, (winner,), 1, route)
                continue
            if routed is not Standing.OWNED:
                standing = routed
        yield Claim(owner, standing, rivals, share.rival_count, route)


def _standing(share: Share[PublicKey]) -> Standing:
    if share.own == share.size:
        return Standing.OWNED
    return Standing.PARTLY if share.own else Standing.SHADOWED


def _routed(
    owner: Owner, route: Decision, routing: RoutingTables, tables: dict[str, PrefixMap[PublicKey]]
) -> tuple[Standing, Owner | None]:
    """Whether routes lead a prefix to its device, and which other device's peer gets it instead."""
    straight = route.link == owner.device
    parts = list(routing.parts(owner.prefix))
    if not parts:
        return (Standing.OWNED, None) if straight else _led_away(owner, route, tables)
    led_in = [(owner.prefix, straight), *((part, way.link == owner.device) for part, way in parts)]
    whole = shares(led_in)[0]
    led = whole.own if straight else whole.size - whole.own
    if led == whole.size or (led and straight):
        return Standing.OWNED, None
    if led:
        return Standing.PART_ROUTED, None
    return _led_away(owner, parts[0][1] if straight else route, tables)


def _led_away(
    owner: Owner, route: Decision, tables: dict[str, PrefixMap[PublicKey]]
) -> tuple[Standing, Owner | None]:
    if route.fate is Fate.NO_ROUTE:
        return Standing.NO_ROUTE, None
    if route.fate is Fate.REFUSED:
        return Standing.REFUSED, None
    other = tables.get(route.link)
    found = other.longest(owner.prefix) if other is not None and route.link != owner.device else None
    winner = None if found is None else Owner(found[0], route.link, found[1])
    return Standing.ELSEWHERE, winner


def _unowned(device: DeviceFacts, table: PrefixMap[PublicKey]) -> Iterator[Claim]:
    """What the file names at a peer and the device does not have there."""
    if device.config is None:
        return
    final = {
        prefix: peer.public_key for peer in device.config.peers(device.own_key) for prefix in peer.allowed_ips
    }
    seen: set[tuple[Prefix, PublicKey]] = set()
    for block in device.config.blocks:
        if block.public_key == device.own_key:
            continue
        for element in block.allowed_ips:
            prefix, key = element.prefix, block.public_key
            holder, last = table.get(prefix), final.get(prefix)
            if element.sign == "-" or holder == key or (prefix, key) in seen:
                continue
            seen.add((prefix, key))
            winner = holder or (last if last != key else None)
            owner = Owner(prefix, device.name, key)
            if winner is not None:
                rival = Owner(prefix, device.name, winner)
                yield Claim(
                    owner, Standing.LOST, (rival,), 1, line=block.line, by_file=last not in (None, key)
                )
            elif last == key:
                yield Claim(owner, Standing.NOT_SET, line=block.line)
