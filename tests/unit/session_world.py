"""A relay with an uplink and a tunnel, and the sessions that an operator may have on it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from ipaddress import ip_address, ip_interface

from wgtui.domain.addresses import Address, Endpoint, prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.device import Device, Implementation, Peer
from wgtui.domain.host import UnitState
from wgtui.domain.keys import PublicKey
from wgtui.domain.network import PROTOCOL_KERNEL, LinkAddress, LinkSettings, Route, Rule, link_route
from wgtui.domain.plan import (
    ConfigureDevice,
    DeviceImage,
    Plan,
    RunHooks,
    SetAddress,
    SetRoute,
    SetUnit,
    Step,
)
from wgtui.domain.session import Leg, SessionFacts, SshSession
from wgtui.domain.session.routing import Packet, Routing

MARK = 0xCA6C
NEW = Device("wg1", Implementation.KERNEL)
UP = LinkSettings(up=True, mtu=1420)
GATEWAY = ip_address("198.51.100.254")
GATEWAY6 = ip_address("fe80::1")
LAPTOP, PHONE, HOME = (PublicKey(hashlib.sha256(name.encode()).digest()) for name in "abc")

UPLINK_ADDRESSES = tuple(
    LinkAddress(ip_interface(text)) for text in ("198.51.100.1/24", "198.51.100.2/24", "2001:db8::1/64")
)
TUNNEL_ADDRESSES = tuple(LinkAddress(ip_interface(text)) for text in ("10.0.0.1/24", "fd00::1/64"))

WG0 = Device(
    "wg0",
    Implementation.KERNEL,
    listen_port=51820,
    peers=(
        Peer(
            LAPTOP,
            endpoint=Endpoint(ip_address("203.0.113.9"), 4000),
            allowed_ips=tuple(map(prefix_of, ("10.0.0.2/32", "fd00::2/128", "192.168.2.0/24"))),
        ),
        Peer(PHONE, allowed_ips=(prefix_of("10.0.0.3/32"),)),
        Peer(HOME, endpoint=Endpoint(ip_address("203.0.113.50"), 5000)),
    ),
)

ROUTES = (
    Route(prefix_of("0.0.0.0/0"), "eth0", gateway=GATEWAY),
    Route(prefix_of("198.51.100.0/24"), "eth0", protocol=PROTOCOL_KERNEL),
    Route(prefix_of("10.0.0.0/24"), "wg0", protocol=PROTOCOL_KERNEL),
    link_route(prefix_of("192.168.2.0/24"), "wg0"),
    Route(prefix_of("::/0"), "eth0", gateway=GATEWAY6, protocol=9, metric=1024),
    Route(prefix_of("2001:db8::/64"), "eth0", protocol=PROTOCOL_KERNEL, metric=256),
    Route(prefix_of("fd00::/64"), "wg0", protocol=PROTOCOL_KERNEL, metric=256),
)
RULES = tuple(
    Rule(family, table, priority)
    for family in (4, 6)
    for priority, table in ((0, 255), (32766, 254), (32767, 253))
)
ADDRESSES = {
    "eth0": tuple(one.interface for one in UPLINK_ADDRESSES),
    "wg0": tuple(one.interface for one in TUNNEL_ADDRESSES),
}
ROUTING = Routing(ROUTES, RULES, ADDRESSES)


def session(client: str, server: str) -> SshSession:
    """A session between two addresses."""
    return SshSession(ip_address(client), 50000, ip_address(server), 22)


PUBLIC = session("203.0.113.9", "198.51.100.1")
PUBLIC_SECOND = session("203.0.113.9", "198.51.100.2")
PUBLIC6 = session("2001:db8:5::9", "2001:db8::1")
TUNNEL = session("10.0.0.2", "10.0.0.1")
TUNNEL6 = session("fd00::2", "fd00::1")
LAN = session("192.168.2.5", "10.0.0.1")


def facts_of(operator: SshSession, routing: Routing = ROUTING, device: Device = WG0) -> SessionFacts:
    """The way of a session over that relay."""
    on_uplink = operator.server in [address.interface.ip for address in UPLINK_ADDRESSES]
    legs = [_leg(operator.client, operator.server, 0, routing, device)]
    peer = legs[0].peer
    if peer is not None and peer.endpoint is not None:
        legs.append(_leg(peer.endpoint.address, None, device.fwmark, routing, device))
    addresses = UPLINK_ADDRESSES if on_uplink else TUNNEL_ADDRESSES
    return SessionFacts("eth0" if on_uplink else "wg0", addresses, tuple(legs), routing)


def _leg(target: Address, source: Address | None, mark: int, routing: Routing, device: Device) -> Leg:
    packet = Packet(target, source, mark)
    route = routing.route_of(packet)
    if route is None or route.link != device.name:
        return Leg(packet, route)
    owner = next(peer for peer in device.peers if any(target in prefix for prefix in peer.allowed_ips))
    return Leg(packet, route, device, owner)


def plan(*steps: Step) -> Plan:
    """A plan of these steps."""
    return Plan("A change", steps)


def configure(name: str = "wg0", **change: object) -> ConfigureDevice:
    """Set a device."""
    return ConfigureDevice(name, replace(DeviceChange(), **change), DeviceChange())  # type: ignore[arg-type]


def peer_change(key: PublicKey, **change: object) -> ConfigureDevice:
    """Set one peer of wg0."""
    return configure(peers=(replace(PeerChange(key), **change),))  # type: ignore[arg-type]


def route(prefix: str, link: str, *, present: bool = True, **parts: object) -> SetRoute:
    """Add a route or remove it."""
    return SetRoute(replace(link_route(prefix_of(prefix), link), **parts), present)  # type: ignore[arg-type]


def address(link: str, text: str, *, present: bool = True) -> SetAddress:
    """Add an address or remove it."""
    return SetAddress(link, LinkAddress(ip_interface(text)), present)


def image(device: Device, addresses: tuple[LinkAddress, ...] = ()) -> DeviceImage:
    """A device with its link up."""
    return DeviceImage(device, LinkSettings(up=True, mtu=1420), addresses)


def hook(command: str) -> RunHooks:
    """A PostUp with one command."""
    return RunHooks("wg0", "/etc/wireguard/wg0.conf", "PostUp", (command,))


def unit(name: str, *, before: bool, after: bool) -> SetUnit:
    """A unit that is started or stopped."""
    return SetUnit(name, UnitState(True, before), UnitState(True, after))
