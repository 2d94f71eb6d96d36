"""WireGuard devices in memory, with the kernel's own rules for changing them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Interface, IPv6Interface

from wgtui.adapters.simulated.faults import Faults
from wgtui.domain.applying import applied
from wgtui.domain.change import DeviceChange
from wgtui.domain.device import Device, Implementation, Peer
from wgtui.domain.errors import DeviceBusy, DeviceGone
from wgtui.domain.keys import PrivateKey, PublicKey
from wgtui.ports.links import Link


@dataclass
class SimulatedDevice:
    """One device of the world; `peers` keeps the kernel's order, that of insertion."""

    name: str
    ifindex: int
    private_key: PrivateKey | None = None
    public_key: PublicKey | None = None
    listen_port: int = 0
    fwmark: int = 0
    up: bool = True
    mtu: int = 1420
    addresses: tuple[IPv4Interface | IPv6Interface, ...] = ()
    peers: dict[PublicKey, Peer] = field(default_factory=dict)


class World:
    """A host's WireGuard devices. Time passes through `on_read`, called before each look."""

    def __init__(self, derive: Callable[[PrivateKey], PublicKey]) -> None:
        """Make a host without devices; `derive` computes public keys."""
        self.devices: dict[str, SimulatedDevice] = {}
        self.faults = Faults()
        self.on_read: Callable[[], None] = lambda: None
        self._derive = derive
        self._next_index = 2
        self._next_port = 40000

    def create(self, name: str) -> SimulatedDevice:
        """Add a device; raises `DeviceBusy` when the name is taken."""
        if name in self.devices:
            raise DeviceBusy(f"The interface name {name} is in use.", hint="Choose another name.")
        device = SimulatedDevice(name=name, ifindex=self._next_index)
        self._next_index += 1
        self.devices[name] = device
        return device

    def delete(self, name: str) -> None:
        """Remove a device; raises `DeviceGone`."""
        self.device(name)
        del self.devices[name]

    def device(self, name: str) -> SimulatedDevice:
        """The device with this name; raises `DeviceGone`."""
        try:
            return self.devices[name]
        except KeyError:
            raise DeviceGone(f"There is no WireGuard interface {name}.") from None

    def configure(self, name: str, change: DeviceChange) -> None:
        """Apply a change in the kernel's order (wireguard.md 3.3)."""
        device = self.device(name)
        if change.fwmark is not None:
            device.fwmark = change.fwmark
        if change.listen_port is not None:
            self._bind(device, change.listen_port)
        if change.replace_peers:
            device.peers.clear()
        if change.private_key is not None:
            self._set_private_key(device, change.private_key)
        after = applied(reported(device), DeviceChange(peers=change.peers))
        device.peers = {peer.public_key: peer for peer in after.peers}

    def _bind(self, device: SimulatedDevice, port: int) -> None:
        if port == 0:
            port, self._next_port = self._next_port, self._next_port + 1
        if any(other.listen_port == port for other in self.devices.values() if other is not device):
            raise DeviceBusy(f"UDP port {port} is in use.", hint="Choose another listen port.")
        device.listen_port = port

    def _set_private_key(self, device: SimulatedDevice, key: PrivateKey) -> None:
        if key.is_zero:
            device.private_key = device.public_key = None
            return
        device.private_key = key.clamped()
        device.public_key = self._derive(device.private_key)
        device.peers.pop(device.public_key, None)


def reported(device: SimulatedDevice) -> Device:
    """A device as the kernel would report it."""
    return Device(
        name=device.name,
        implementation=Implementation.KERNEL,
        private_key=device.private_key,
        public_key=device.public_key,
        listen_port=device.listen_port,
        fwmark=device.fwmark,
        peers=tuple(device.peers.values()),
        ifindex=device.ifindex,
    )


class SimulatedWireGuard:
    """`WireGuard` and `DeviceFactory` over a `World`."""

    def __init__(self, world: World) -> None:
        """Read and change the devices of `world`."""
        self._world = world

    def names(self) -> tuple[str, ...]:
        """Names of the world's devices, sorted."""
        self._world.on_read()
        self._world.faults.on_listing()
        return tuple(sorted(self._world.devices))

    def read(self, name: str) -> Device:
        """A device as the kernel would report it."""
        self._world.faults.on_reading(name)
        return reported(self._world.device(name))

    def configure(self, name: str, change: DeviceChange) -> None:
        """Apply a change."""
        self._world.faults.on_configuring(name)
        self._world.configure(name, change)

    def create(self, name: str) -> Implementation:
        """Create a device, which is down at first."""
        self._world.create(name).up = False
        return Implementation.KERNEL

    def delete(self, name: str) -> None:
        """Delete a device."""
        self._world.delete(name)

    def close(self) -> None:
        """Nothing is held."""


class SimulatedLinks:
    """`Links` over a `World`: its devices; counters are the sums over their peers."""

    def __init__(self, world: World) -> None:
        """Read the links of `world`."""
        self._world = world

    def all(self) -> tuple[Link, ...]:
        """One link a device."""
        return tuple(_link(device) for device in self._world.devices.values())

    def close(self) -> None:
        """Nothing is held."""


def _link(device: SimulatedDevice) -> Link:
    peers = device.peers.values()
    return Link(
        name=device.name,
        index=device.ifindex,
        kind="wireguard",
        up=device.up,
        mtu=device.mtu,
        rx_bytes=sum(peer.rx_bytes for peer in peers),
        tx_bytes=sum(peer.tx_bytes for peer in peers),
        addresses=device.addresses,
    )
