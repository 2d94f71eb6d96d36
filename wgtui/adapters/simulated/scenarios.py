"""Ready-made worlds: the demo's relay, and hosts of any size for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address, ip_interface
from random import Random

from wgtui.adapters.simulated.config_files import SimulatedConfigFiles
from wgtui.adapters.simulated.network import SimulatedNetwork
from wgtui.adapters.simulated.port_watch import FailingCall
from wgtui.adapters.simulated.traffic import SILENT, Habit, Traffic
from wgtui.adapters.simulated.world import SimulatedDevice, World
from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.device import Peer
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey
from wgtui.domain.network import Route, link_route
from wgtui.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class Scenario:
    """A world with its files, its traffic, its network, and peers that call in vain."""

    world: World
    files: SimulatedConfigFiles
    traffic: Traffic
    network: SimulatedNetwork
    failing: dict[PublicKey, FailingCall] = field(default_factory=dict)
    private_keys: dict[str, PrivateKey] = field(default_factory=dict)
    """Of peers whose keys were generated on this host, by name."""


@dataclass(frozen=True, slots=True)
class _Cast:
    """One peer of a scenario, in the words of its config file and its past.

    `age` is seconds since its latest handshake, None for never; `calls_from` is from where it calls in vain.
    """

    name: str
    allowed_ips: str
    endpoint: str = ""
    age: float | None = None
    received: int = 0
    sent: int = 0
    keepalive: int = 0
    preshared: bool = False
    habit: Habit = SILENT
    calls_from: str = ""
    has_own_file: bool = False


def demo_world(clock: Clock, seed: int = 7) -> Scenario:
    """The relay of the demo: a hub with gateways, laptops and phones, and a second, full-tunnel device."""
    scenario = _empty(clock, seed)
    random = Random(seed)
    relay = _add_device(scenario, random, "wg0", 43155, "5.5.5.1/24", "fd00:5::1/64")
    _populate(scenario, random, relay, _RELAY_CAST)
    road = _add_device(scenario, random, "wg1", 51820, "10.44.0.1/24")
    _populate(scenario, random, road, _ROAD_CAST)
    _connect(scenario.network)
    return scenario


def bare_world(clock: Clock, seed: int = 5) -> Scenario:
    """A server as a provider hands it over: an uplink, and nothing of WireGuard."""
    scenario = _empty(clock, seed)
    scenario.network.add_link("lo", ip_interface("127.0.0.1/8"), ip_interface("::1/128"))
    scenario.network.add_link("eth0", ip_interface("192.0.2.10/24"), ip_interface("2001:db8:7::10/64"))
    scenario.network.add_link("eth1", ip_interface("192.168.2.1/24"))
    for default, gateway in (("0.0.0.0/0", "192.0.2.1"), ("::/0", "2001:db8:7::1")):
        scenario.network.add_route(Route(prefix_of(default), "eth0", gateway=ip_address(gateway)))
    return scenario


def crowded_world(clock: Clock, peers: int, moving: int = 0, seed: int = 3) -> Scenario:
    """One device with many peers, of which the first `moving` have traffic."""
    scenario = _empty(clock, seed)
    random = Random(seed)
    device = _add_device(scenario, random, "wg0", 51820, "10.0.0.1/8")
    habit = Habit(rx=40_000, tx=250_000, period=30.0, duty=1.0)
    cast = [
        _Cast(
            name=f"peer-{number:05d}",
            allowed_ips=f"10.{number >> 14 & 63}.{number >> 7 & 127}.{number & 127}/32",
            endpoint=f"198.51.{100 + number % 100}.{1 + number % 250}:{1024 + number % 60000}",
            age=5.0 + number % 4000 if number >= moving else 5.0 + number % 100,
            received=1000 * number,
            sent=3000 * number,
            habit=habit if number < moving else SILENT,
        )
        for number in range(peers)
    ]
    _populate(scenario, random, device, cast)
    return scenario


def _connect(network: SimulatedNetwork) -> None:
    """Give the relay an uplink, and the routes that `wg-quick` makes for LANs behind peers."""
    network.add_link("lo", ip_interface("127.0.0.1/8"), ip_interface("::1/128"))
    network.add_link("eth0", ip_interface("198.51.100.2/30"), ip_interface("2001:db8:5::2/64"))
    for default, gateway in (("0.0.0.0/0", "198.51.100.1"), ("::/0", "2001:db8:5::1")):
        network.add_route(Route(prefix_of(default), "eth0", gateway=ip_address(gateway)))
    for behind in ("192.168.2.0/24", "10.20.0.0/16", "fd00:20::/48"):
        network.add_route(link_route(prefix_of(behind), "wg0"))


def _empty(clock: Clock, seed: int) -> Scenario:
    world = World(derive=stand_in_public_key)
    return Scenario(world, SimulatedConfigFiles(), Traffic(world, clock, seed), SimulatedNetwork(world))


def stand_in_public_key(key: PrivateKey) -> PublicKey:
    """A public key that no real key has: a demo needs no curve arithmetic at start-up."""
    return PublicKey(Random(key.reveal_bytes()).randbytes(32))


def _add_device(scenario: Scenario, random: Random, name: str, port: int, *addresses: str) -> SimulatedDevice:
    device = scenario.world.create(name)
    device.private_key = PrivateKey(random.randbytes(32)).clamped()
    device.public_key = stand_in_public_key(device.private_key)
    device.listen_port = port
    device.addresses = tuple(ip_interface(address) for address in addresses)
    return device


def _populate(
    scenario: Scenario, random: Random, device: SimulatedDevice, cast: tuple[_Cast, ...] | list[_Cast]
) -> None:
    now = scenario.traffic.now()
    addresses = ", ".join(str(address) for address in device.addresses)
    assert device.private_key is not None
    head = ("[Interface]", f"PrivateKey = {device.private_key.reveal()}", f"Address = {addresses}")
    text = ["\n".join((*head, f"ListenPort = {device.listen_port}", ""))]
    owners = _last_to_name(cast)
    for place, one in enumerate(cast):
        key = _key_of(scenario, one, random.randbytes(32))
        device.peers[key] = Peer(
            key,
            preshared_key=PresharedKey(random.randbytes(32)) if one.preshared else None,
            endpoint=_endpoint(one.endpoint) if one.endpoint else None,
            allowed_ips=tuple(prefix_of(part) for part in _parts(one) if owners[part] == place),
            persistent_keepalive=one.keepalive,
            latest_handshake=None if one.age is None else now - one.age,
            rx_bytes=one.received,
            tx_bytes=one.sent,
        )
        if one.habit.duty:
            scenario.traffic.give(device.name, key, one.habit)
        if one.calls_from:
            scenario.failing[key] = FailingCall(_endpoint(one.calls_from))
        text.append(_block(one, device.peers[key]))
    scenario.files.write(device.name, "".join(text).encode())


def _key_of(scenario: Scenario, one: _Cast, bits: bytes) -> PublicKey:
    if not one.has_own_file:
        return PublicKey(bits)
    scenario.private_keys[one.name] = PrivateKey(bits).clamped()
    return stand_in_public_key(scenario.private_keys[one.name])


def _block(one: _Cast, peer: Peer) -> str:
    lines = ["", "[Peer]", f"# Name = {one.name}", f"PublicKey = {peer.public_key}"]
    if peer.preshared_key is not None:
        lines.append(f"PresharedKey = {peer.preshared_key.reveal()}")
    lines.append(f"AllowedIPs = {one.allowed_ips}")
    if peer.persistent_keepalive:
        lines.append(f"PersistentKeepalive = {peer.persistent_keepalive}")
    return "\n".join(lines) + "\n"


def _parts(one: _Cast) -> list[str]:
    return [part for part in one.allowed_ips.split(", ") if part]


def _last_to_name(cast: tuple[_Cast, ...] | list[_Cast]) -> dict[str, int]:
    """Who in the cast owns which prefix: whoever names it last, as on every device."""
    return {part: place for place, one in enumerate(cast) for part in _parts(one)}


def _endpoint(text: str) -> Endpoint:
    host, _, port = text.rpartition(":")
    return Endpoint(ip_address(host.strip("[]")), int(port))


def _places(*texts: str) -> tuple[Endpoint, ...]:
    return tuple(_endpoint(text) for text in texts)


_MIB = 1024 * 1024

_RELAY_CAST = (
    _Cast(
        name="home-gateway",
        allowed_ips="5.5.5.2/32, 192.168.2.0/24",
        endpoint="203.0.113.77:31044",
        age=31,
        received=812 * _MIB,
        sent=93 * _MIB,
        keepalive=15,
        habit=Habit(
            rx=420_000,
            tx=38_000,
            period=40,
            duty=0.8,
            roams_to=_places("203.0.113.77:31044", "203.0.113.77:31090", "203.0.113.77:40512"),
            roams_every=75,
        ),
    ),
    _Cast(
        name="laptop",
        allowed_ips="5.5.5.3/32",
        endpoint="198.51.100.23:51820",
        age=12,
        received=70 * _MIB,
        sent=640 * _MIB,
        preshared=True,
        habit=Habit(rx=30_000, tx=380_000, period=25, duty=0.7),
    ),
    _Cast(
        name="phone",
        allowed_ips="5.5.5.4/32",
        endpoint="192.0.2.140:49021",
        age=96,
        received=9 * _MIB,
        sent=41 * _MIB,
        keepalive=25,
        habit=Habit(rx=2_000, tx=9_000, period=90, duty=0.15),
        has_own_file=True,
    ),
    _Cast(
        name="office-gateway",
        allowed_ips="5.5.5.5/32, 10.20.0.0/16, fd00:20::/48",
        endpoint="[2001:db8:17::4]:51820",
        age=47,
        received=2301 * _MIB,
        sent=1880 * _MIB,
        keepalive=25,
        preshared=True,
        habit=Habit(rx=1_400_000, tx=950_000, period=120, duty=1.0),
    ),
    _Cast(
        name="tablet",
        allowed_ips="5.5.5.6/32",
        endpoint="192.0.2.8:1337",
        age=151,
        received=3 * _MIB,
        sent=18 * _MIB,
    ),
    _Cast(
        name="backup-server",
        allowed_ips="5.5.5.7/32, 10.20.7.0/24",
        endpoint="198.51.100.200:51820",
        age=5 * 3600 + 120,
        received=51_200 * _MIB,
        sent=410 * _MIB,
    ),
    _Cast(
        name="old-laptop",
        allowed_ips="5.5.5.8/32",
        endpoint="203.0.113.9:60210",
        age=12 * 86400,
        received=5 * _MIB,
        sent=2 * _MIB,
    ),
    _Cast(name="camera", allowed_ips="5.5.5.10/32", endpoint="203.0.113.201:51820"),
    _Cast(name="new-phone", allowed_ips="5.5.5.10/32", preshared=True, calls_from="192.0.2.77:40112"),
)

_ROAD_CAST = (
    _Cast(
        name="travel-router",
        allowed_ips="10.44.0.2/32",
        endpoint="192.0.2.55:3074",
        age=8,
        received=300 * _MIB,
        sent=4100 * _MIB,
        keepalive=25,
        habit=Habit(rx=60_000, tx=900_000, period=33, duty=0.9),
    ),
    _Cast(
        name="spare-phone",
        allowed_ips="10.44.0.3/32, 172.30.0.0/24",
        endpoint="198.51.100.77:22044",
        age=720,
        received=44 * _MIB,
        sent=310 * _MIB,
    ),
)
