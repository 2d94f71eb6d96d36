"""The three scenarios: the tutorial's tunnels, between addresses reserved for documentation.

The "internet" is one router between the relay (203.0.113.0/24) and two subscribers' lines
(198.51.100.0/25 and 198.51.100.128/25), each with a router that does NAT in front of a private network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from types import MappingProxyType
from typing import Final

from wgtui.adapters.lab.topology import Cable, Job, Nic, Node, Topology, Tunnel, TunnelPeer

LAN_HOST: Final = IPv4Address("192.168.2.5")
"""The machine in the home LAN that the others want to reach."""

_PUBLIC: Final = IPv4Address("203.0.113.10")
_PORT: Final = 43155
_HTTP: Final = "8080"
_LAN: Final = IPv4Network("192.168.2.0/24")
_TUNNEL_NET: Final = IPv4Network("5.5.5.0/24")
_KEEPALIVE: Final = 15
_HOME_CABLES: Final = (
    Cable(("internet", "home"), ("router", "wan")),
    Cable(("router", "port1"), ("gateway", "eth0")),
    Cable(("router", "port2"), ("lanhost", "eth0")),
)
_ROAD_CABLES: Final = (
    Cable(("internet", "cafe"), ("hotspot", "wan")),
    Cable(("hotspot", "port1"), ("laptop", "wlan0")),
    Cable(("hotspot", "port2"), ("phone", "wlan0")),
)


def _interface(text: str) -> IPv4Interface:
    return IPv4Interface(text)


def _host_prefix(text: str) -> IPv4Network:
    return IPv4Network(f"{text}/32")


def quickstart() -> Topology:
    """Two nodes, side by side; the second calls the first some seconds after the start."""
    listener = Tunnel(
        _interface("5.5.5.1/24"), (TunnelPeer("dialler", "dialler", (_host_prefix("5.5.5.2"),)),), 10240
    )
    dialler = Tunnel(
        _interface("5.5.5.2/24"),
        (
            TunnelPeer(
                "listener", "listener", (_host_prefix("5.5.5.1"),), (IPv4Address("203.0.113.1"), 10240)
            ),
        ),
    )
    return Topology(
        title="Two nodes; the listener cannot call the dialler before the dialler has spoken.",
        host="listener",
        nodes=(
            Node("listener", "waits on UDP port 10240", (_nic("eth0", "203.0.113.1/24"),), tunnel=listener),
            Node("dialler", "knows where the listener is", (_nic("eth0", "203.0.113.2/24"),), tunnel=dialler),
        ),
        cables=(Cable(("listener", "eth0"), ("dialler", "eth0")),),
        jobs=(
            Job("listener", ("serve", "0.0.0.0", _HTTP)),
            Job("dialler", ("ping", "5.5.5.1", "--after", "8")),
            Job("dialler", ("fetch", "5.5.5.1", _HTTP, "--after", "10")),
        ),
    )


def direct() -> Topology:
    """A public server reaches a home LAN through a gateway behind NAT."""
    server = Tunnel(_interface("5.5.5.1/24"), (_gateway_peer(),), _PORT)
    gateway = _gateway_tunnel((_host_prefix("5.5.5.1"),), "server")
    return Topology(
        title="A public server reaches the home LAN through a gateway behind NAT.",
        host="server",
        nodes=(
            _internet(cafe=False),
            Node(
                "server",
                "public, reaches the LAN",
                (_nic("eth0", f"{_PUBLIC}/24"),),
                gateway=IPv4Address("203.0.113.1"),
                tunnel=server,
            ),
            *_home(gateway),
        ),
        cables=(Cable(("internet", "server"), ("server", "eth0")), *_HOME_CABLES),
        jobs=(
            Job("lanhost", ("serve", str(LAN_HOST), _HTTP)),
            Job("server", ("ping", str(LAN_HOST))),
            Job("server", ("fetch", str(LAN_HOST), _HTTP)),
        ),
        roaming="router",
        caller="gateway",
    )


def relay() -> Topology:
    """A public relay joins a home LAN, a laptop on the road and a phone that is mostly silent."""
    call = (_PUBLIC, _PORT)
    laptop = Tunnel(_interface("5.5.5.3/24"), (TunnelPeer("relay", "relay", (_TUNNEL_NET, _LAN), call),))
    phone = Tunnel(
        _interface("5.5.5.4/24"), (TunnelPeer("relay", "relay", (_TUNNEL_NET,), call, preshared=True),)
    )
    return Topology(
        title="A public relay joins a home LAN and peers on the road.",
        host="relay",
        nodes=(
            _internet(cafe=True),
            Node(
                "relay",
                "public, forwards between its peers",
                (_nic("eth0", f"{_PUBLIC}/24"),),
                gateway=IPv4Address("203.0.113.1"),
                forwards=True,
                tunnel=_relay_tunnel(),
            ),
            *_home(_gateway_tunnel((_TUNNEL_NET,), "relay")),
            *_road(laptop, phone),
        ),
        cables=(Cable(("internet", "relay"), ("relay", "eth0")), *_HOME_CABLES, *_ROAD_CABLES),
        jobs=(
            Job("lanhost", ("serve", str(LAN_HOST), _HTTP)),
            Job("laptop", ("ping", str(LAN_HOST))),
            Job("laptop", ("fetch", str(LAN_HOST), _HTTP)),
            Job("phone", ("ping", "5.5.5.1", "--after", "12", "--for", "6", "--every", "300")),
        ),
        roaming="router",
        caller="gateway",
    )


SCENARIOS: Final[Mapping[str, Callable[[], Topology]]] = MappingProxyType(
    {"quickstart": quickstart, "direct": direct, "relay": relay}
)
"""Every scenario by the name under which `wgtui lab` knows it."""


def _nic(name: str, address: str) -> Nic:
    return Nic(name, _interface(address))


def _relay_tunnel() -> Tunnel:
    return Tunnel(
        _interface("5.5.5.1/24"),
        (
            _gateway_peer(),
            TunnelPeer("laptop", "laptop", (_host_prefix("5.5.5.3"),)),
            TunnelPeer("phone", "phone", (_host_prefix("5.5.5.4"),), preshared=True),
        ),
        _PORT,
    )


def _gateway_peer() -> TunnelPeer:
    return TunnelPeer("gateway", "home-gateway", (_host_prefix("5.5.5.2"), _LAN))


def _gateway_tunnel(allowed: tuple[IPv4Network, ...], host: str) -> Tunnel:
    peer = TunnelPeer(host, host, allowed, (_PUBLIC, _PORT), _KEEPALIVE)
    return Tunnel(_interface("5.5.5.2/24"), (peer,), lan="eth0")


def _internet(*, cafe: bool) -> Node:
    nics = [
        _nic("server" if not cafe else "relay", "203.0.113.1/24"),
        _nic("home", "198.51.100.1/25"),
        *([_nic("cafe", "198.51.100.129/25")] if cafe else []),
    ]
    return Node("internet", "routes between the public addresses", tuple(nics), forwards=True)


def _home(gateway: Tunnel) -> tuple[Node, ...]:
    router = IPv4Address("192.168.2.1")
    return (
        _nat_router("router", "home router with NAT", "198.51.100.20/25", "198.51.100.1", "192.168.2.1/24"),
        Node(
            "gateway",
            "LAN gateway behind the home router",
            (_nic("eth0", "192.168.2.2/24"),),
            gateway=router,
            forwards=True,
            tunnel=gateway,
        ),
        Node("lanhost", "a machine in the home LAN", (_nic("eth0", f"{LAN_HOST}/24"),), gateway=router),
    )


def _road(laptop: Tunnel, phone: Tunnel) -> tuple[Node, ...]:
    router = IPv4Address("192.168.43.1")
    return (
        _nat_router("hotspot", "cafe with NAT", "198.51.100.140/25", "198.51.100.129", "192.168.43.1/24"),
        Node("laptop", "on the road", (_nic("wlan0", "192.168.43.7/24"),), gateway=router, tunnel=laptop),
        Node("phone", "speaks rarely", (_nic("wlan0", "192.168.43.8/24"),), gateway=router, tunnel=phone),
    )


def _nat_router(name: str, role: str, wan: str, gateway: str, lan: str) -> Node:
    return Node(
        name,
        role,
        (_nic("wan", wan), Nic("port1", bridge="lan"), Nic("port2", bridge="lan")),
        bridges=(("lan", _interface(lan)),),
        gateway=IPv4Address(gateway),
        forwards=True,
        uplink="wan",
    )
