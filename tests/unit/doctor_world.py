"""A healthy relay as the doctor sees it, for one thing to be wrong with it."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address, ip_interface
from typing import Any

from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.config import InterfaceConfig, read_config
from wgtui.domain.device import Device, Implementation, Peer
from wgtui.domain.doctor import (
    DoctorFacts,
    DoctorFinding,
    InterfaceFacts,
    LinkFacts,
    OwnFile,
    Underlay,
    examine,
    most_likely_first,
)
from wgtui.domain.drift import Difference, DriftKind
from wgtui.domain.forwarding import (
    AfterReboot,
    BootState,
    DiskState,
    ForwardingView,
    NowState,
    OnDisk,
    PathFacts,
    PathLink,
    Row,
    SwitchName,
)
from wgtui.domain.grammar import EndpointConfig
from wgtui.domain.host import UnitState
from wgtui.domain.keys import PrivateKey, PublicKey
from wgtui.domain.path import FarSide
from wgtui.domain.setup.facts import ClockFacts, HostFacts, KernelSupport
from wgtui.domain.setup.preflight import Existing, judge_host
from wgtui.domain.tunnel import PathMtu
from wgtui.domain.wgquick import parse

NOW = 1_770_000_000.0
HOME, LAPTOP, RELAY = (PublicKey(bytes([number]) * 32) for number in (1, 2, 3))
FILE = f"""\
[Interface]
PrivateKey = {PrivateKey(bytes([9]) * 32).reveal()}
Address = 10.7.0.1/24
ListenPort = 51820

[Peer]
# Name = home
PublicKey = {HOME}
AllowedIPs = 10.7.0.2/32, 192.168.2.0/24

[Peer]
# Name = laptop
PublicKey = {LAPTOP}
AllowedIPs = 10.7.0.3/32
"""
AT_HOME = Endpoint(ip_address("203.0.113.7"), 40001)


def config(text: str = FILE) -> InterfaceConfig:
    return read_config(parse(text.encode())).config


def peer(key: PublicKey, allowed: str, age: float | None = 30.0, **more: Any) -> Peer:
    prefixes = tuple(prefix_of(text) for text in allowed.split(", ") if text)
    handshake = None if age is None else NOW - age
    more.setdefault("endpoint", AT_HOME)
    more.setdefault("rx_bytes", 0 if age is None else 900)
    return Peer(key, allowed_ips=prefixes, latest_handshake=handshake, **more)


DEVICE = Device(
    "wg0",
    Implementation.KERNEL,
    PrivateKey(bytes([9]) * 32),
    RELAY,
    51820,
    peers=(peer(HOME, "10.7.0.2/32, 192.168.2.0/24"), peer(LAPTOP, "10.7.0.3/32", 50.0)),
)


def row(switch: SwitchName, now: NowState = NowState.ON, target: str = "", **more: Any) -> Row:
    more.setdefault("disk", OnDisk(DiskState.ON))
    more.setdefault("boot", AfterReboot(BootState.ON))
    return Row(switch, target, now, **more)


ROWS = (
    row(SwitchName.IPV4),
    row(SwitchName.IPV6, NowState.OFF, disk=OnDisk(DiskState.OFF), note="wg0 has no IPv6 addresses."),
    row(SwitchName.RELAY),
    row(SwitchName.FORWARD),
    row(SwitchName.PORT),
    row(SwitchName.MASQUERADE, target="eth0"),
)
LINKS = (
    PathLink("eth0", (prefix_of("198.51.100.0/24"),), is_uplink=True, masquerades=True),
    PathLink("lan0", (prefix_of("172.20.0.0/24"),), is_uplink=False, masquerades=False),
)


def view(*rows: Row, **more: Any) -> ForwardingView:
    """The healthy rows, of which those given take the place of their like."""
    given = {(one.switch, one.target) for one in rows}
    kept = tuple(one for one in ROWS if (one.switch, one.target) not in given)
    return ForwardingView("wg0", True, (*rows, *kept), path=PathFacts(links=LINKS), **more)


FAR = FarSide(
    addresses=(ip_interface("10.7.0.3/24"),), reaches=(prefix_of("10.7.0.0/24"),), dials=True, keepalive=25
)


def own_file(key: PublicKey = LAPTOP, far: FarSide = FAR, **more: Any) -> OwnFile:
    settings: dict[str, Any] = {
        "path": "/etc/wireguard/peers/wg0/laptop.conf",
        "has_its_key": True,
        "knows_relay": True,
        "preshared_key_agrees": True,
        "endpoint": EndpointConfig("vpn.example.net", 51820),
        "is_open": False,
    }
    return OwnFile(key=key, far=far, **(settings | more))


INTERFACE = InterfaceFacts(
    "wg0",
    "/etc/wireguard/wg0.conf",
    config(),
    config().peers(),
    names={HOME: "home", LAPTOP: "laptop"},
    device=DEVICE,
    mtu=1420,
    unit=UnitState(enabled=True, active=True),
    forwarding=view(),
    underlays={AT_HOME: Underlay("eth0", PathMtu(1500))},
    own_files=(own_file(),),
)

HOST = HostFacts(
    net_admin=True,
    support=KernelSupport.LOADED,
    tun=True,
    programs=frozenset(("bash", "nft", "iptables", "wg-quick", "systemctl")),
    systemd=True,
    network_manager=False,
    others=(),
    container="",
    sysctls_writable=True,
    clock=ClockFacts(NOW, True, "chrony"),
    udp_ports=frozenset((53,)),
    resolvers=("9.9.9.9",),
)


def facts(interface: InterfaceFacts = INTERFACE, host: HostFacts = HOST, **more: Any) -> DoctorFacts:
    """A look at the host."""
    given: dict[str, Any] = {
        "links": (
            LinkFacts("eth0", (prefix_of("198.51.100.0/24"),), (ip_address("198.51.100.2"),), False),
            LinkFacts("wg0", (prefix_of("10.7.0.0/24"),), (ip_address("10.7.0.1"),), True),
        ),
        "preflight": judge_host(host, Existing()),
    }
    return DoctorFacts(now=NOW, host=host, interfaces=(interface,), **(given | more))


def changed(**fields: Any) -> InterfaceFacts:
    """The interface with other facts; `text` for another file, `peers_now` for other running peers."""
    text = fields.pop("text", None)
    if text is not None:
        fields |= {"config": config(text), "peers": config(text).peers()}
    running = fields.pop("peers_now", None)
    if running is not None:
        fields["device"] = replace(DEVICE, peers=running)
    return replace(INTERFACE, **fields)


def found(looked_at: DoctorFacts) -> tuple[DoctorFinding, ...]:
    """All findings, the most likely cause first."""
    return most_likely_first(examine(looked_at))


def problems(looked_at: DoctorFacts) -> list[DoctorFinding]:
    """What somebody should do something about."""
    return [one for one in found(looked_at) if one.severity.is_problem]


def only(looked_at: DoctorFacts) -> DoctorFinding:
    """The one problem that there is."""
    every = problems(looked_at)
    assert len(every) == 1, [(one.code, one.text) for one in every]
    return every[0]


def noted(looked_at: DoctorFacts, code: str) -> DoctorFinding:
    """The finding with a code, of a host with nothing wrong."""
    assert not problems(looked_at)
    return next(one for one in found(looked_at) if one.code == code)


def of(interface: InterfaceFacts) -> DoctorFacts:
    """A look at the host with this interface."""
    return facts(interface)


def difference(kind: DriftKind, key: PublicKey | None = None, about: str = "") -> Difference:
    """A difference between file and kernel."""
    return Difference(kind, "They differ.", "The file's.", "The kernel's.", about, key)
