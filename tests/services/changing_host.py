"""A simulated host that is changed, and random plans for it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Interface, IPv6Interface
from random import Random

from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.simulated.call_faults import CallFaults
from wgtui.adapters.simulated.clock import FakeClock
from wgtui.adapters.simulated.forward_rules import SimulatedForwardRules
from wgtui.adapters.simulated.host import (
    SimulatedFiles,
    SimulatedFirewall,
    SimulatedHooks,
    SimulatedResolvconf,
    SimulatedSysctls,
    SimulatedUnits,
)
from wgtui.adapters.simulated.journal import SimulatedHostLock, SimulatedJournal
from wgtui.adapters.simulated.network import SimulatedNetwork
from wgtui.adapters.simulated.world import SimulatedWireGuard, World
from wgtui.domain.addresses import prefix_of
from wgtui.domain.applying import undoing
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.device import Device, Implementation
from wgtui.domain.host import DnsSettings, FileImage, GuardRules, UnitState
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey
from wgtui.domain.network import LinkAddress, LinkSettings, Rule, link_route
from wgtui.domain.plan import (
    ConfigureDevice,
    DeviceImage,
    Plan,
    RunHooks,
    SetAddress,
    SetDevice,
    SetDns,
    SetFile,
    SetGuard,
    SetLink,
    SetRoute,
    SetRule,
    SetSysctl,
    SetUnit,
    Step,
)
from wgtui.services.apply import HostPorts
from wgtui.services.journal import Journal
from wgtui.services.transaction import Transaction

FILE = "/etc/wireguard/wg1.conf"
UNIT = "wg-quick@wg1.service"
MARK = "net.ipv4.conf.all.src_valid_mark"
PLAIN = LinkSettings(up=True, mtu=1420)


def public_key(number: int) -> PublicKey:
    """A public key that is the same in every run."""
    return PublicKey(hashlib.sha256(b"peer %d" % number).digest())


class Killed(BaseException):
    """The process is gone: nothing that it would have done happens any more."""


class Reverters:
    """A `Reverter` that only takes notes.

    Attributes:
        armed: Seconds by number of the entry.
        count: How often it was armed.
    """

    def __init__(self) -> None:
        self.armed: dict[int, float] = {}
        self.count = 0

    def arm(self, number: int, seconds: float) -> Callable[[], None]:
        """Note it."""
        self.armed[number] = seconds
        self.count += 1
        return lambda: None


@dataclass
class ChangingHost:
    """A host with the device wg1, its file and its unit.

    Attributes:
        faults: Make any call of any port fail.
    """

    world: World = field(default_factory=lambda: World(NaclKeypairs().public_key))
    files: SimulatedFiles = field(default_factory=SimulatedFiles)
    sysctls: SimulatedSysctls = field(default_factory=SimulatedSysctls)
    firewall: SimulatedFirewall = field(default_factory=SimulatedFirewall)
    forward_rules: SimulatedForwardRules = field(default_factory=SimulatedForwardRules)
    resolvconf: SimulatedResolvconf = field(default_factory=SimulatedResolvconf)
    hooks: SimulatedHooks = field(default_factory=SimulatedHooks)
    units: SimulatedUnits = field(default_factory=SimulatedUnits)
    store: SimulatedJournal = field(default_factory=SimulatedJournal)
    lock: SimulatedHostLock = field(default_factory=SimulatedHostLock)
    clock: FakeClock = field(default_factory=FakeClock)
    faults: CallFaults = field(default_factory=CallFaults)
    reverters: Reverters = field(default_factory=Reverters)

    def __post_init__(self) -> None:
        self.network = SimulatedNetwork(self.world)
        self.network.add_link("eth0", IPv4Interface("192.0.2.2/24"))
        device = self.world.create("wg1")
        device.up = True
        device.addresses = (IPv4Interface("10.1.0.1/24"), IPv6Interface("fd01::1/64"))
        change = DeviceChange(
            private_key=PrivateKey(b"k" * 32),
            listen_port=51821,
            peers=tuple(
                PeerChange(
                    public_key(number),
                    preshared_key=PresharedKey(bytes([number]) * 32),
                    allowed_ips=(prefix_of(f"10.1.0.{number}/32"), prefix_of(f"192.168.{number}.0/24")),
                )
                for number in (2, 3, 4)
            ),
        )
        self.world.configure("wg1", change)
        self.network.add_route(link_route(prefix_of("192.168.2.0/24"), "wg1"))
        self.files.write(FILE, FileImage(b"[Interface]\n", 0o640, 0, 7))
        self.units.units[UNIT] = UnitState(False, False)

    def ports(self) -> HostPorts:
        """The ports, each of which can be made to fail."""
        wireguard = SimulatedWireGuard(self.world)
        watch = self.faults.watch
        return HostPorts(
            files=watch("files", self.files),
            wireguard=watch("wireguard", wireguard),
            devices=watch("devices", wireguard),
            network=watch("network", self.network),
            sysctls=watch("sysctls", self.sysctls),
            firewall=watch("firewall", self.firewall),
            forward_rules=watch("forward_rules", self.forward_rules),
            resolvconf=watch("resolvconf", self.resolvconf),
            hooks=watch("hooks", self.hooks),
            units=watch("units", self.units),
        )

    def journal(self) -> Journal:
        """The journal, whose disk can be made to fail."""
        return Journal(self.faults.watch("journal", self.store), self.clock, "root in a test")

    def transaction(self) -> Transaction:
        """A transaction as a new process makes it; a lock of a process that is gone is free."""
        self.lock.held_for = None
        return Transaction(self.ports(), self.journal(), self.lock, self.reverters)

    def state(self) -> object:
        """All of the host that plans can change, comparable."""
        return {
            "devices": {
                name: _essence(SimulatedWireGuard(self.world).read(name)) for name in self.world.devices
            },
            "links": {name: (device.up, device.mtu) for name, device in self.world.devices.items()},
            "addresses": {name: frozenset(device.addresses) for name, device in self.world.devices.items()},
            "routes": frozenset(self.network.routes()),
            "rules": self.network.rules(),
            "files": dict(self.files.files),
            "sysctls": dict(self.sysctls.values),
            "guards": dict(self.firewall.guards),
            "forward rules": {name: set(rules) for name, rules in self.forward_rules.rules.items()},
            "dns": dict(self.resolvconf.settings),
            "units": dict(self.units.units),
        }


def _essence(device: Device) -> object:
    peers = {
        peer.public_key: (
            peer.preshared_key,
            peer.endpoint,
            peer.persistent_keepalive,
            frozenset(peer.allowed_ips),
        )
        for peer in device.peers
    }
    return device.private_key, device.listen_port, device.fwmark, peers


def random_plan(host: ChangingHost, random: Random) -> Plan:
    """A plan that fits the host: a new tunnel, edits of the old one, and what goes with them."""
    groups = [_new_tunnel, _edit_peers, _edit_file, _settings, _delete_tunnel]
    chosen = random.sample(groups, random.randint(1, len(groups)))
    # Deleting comes last: what it deletes would not fit the edits before otherwise.
    chosen.sort(key=lambda group: group is _delete_tunnel)
    steps: list[Step] = []
    for group in chosen:
        steps += group(host, random)
    if _delete_tunnel in chosen and _edit_peers in chosen:
        steps = [step for step in steps if not isinstance(step, ConfigureDevice) or step.interface != "wg1"]
    return Plan("Try it", tuple(steps))


def _new_tunnel(_host: ChangingHost, random: Random) -> list[Step]:
    bare = Device("wg0", Implementation.KERNEL)
    addresses = [LinkAddress(IPv4Interface("10.0.0.1/24")), LinkAddress(IPv6Interface("fd00::1/64"))]
    change = DeviceChange(
        private_key=PrivateKey(b"n" * 32),
        listen_port=51820,
        fwmark=51820,
        peers=(PeerChange(public_key(9), allowed_ips=(prefix_of("0.0.0.0/0"), prefix_of("10.9.0.0/16"))),),
    )
    guard = GuardRules("wg0", 51820, tuple(addresses))
    steps: list[Step] = [
        SetDevice("wg0", None, DeviceImage(bare, replace(PLAIN, up=False))),
        RunHooks("wg0", "/etc/wireguard/wg0.conf", "PreUp", ("pre",), "PostDown", ("post down",)),
        ConfigureDevice("wg0", change, undoing(change, bare)),
        *(SetAddress("wg0", address, present=True) for address in addresses),
        SetLink("wg0", replace(PLAIN, up=False), LinkSettings(up=True, mtu=1380)),
        SetDns("wg0", None, DnsSettings(("9.9.9.9",))),
        SetRoute(link_route(prefix_of("10.9.0.0/16"), "wg0"), present=True),
        SetRule(Rule(4, 51820, fwmark=51820, invert=True), present=True),
        SetRule(Rule(4, suppress_prefix_length=0), present=True),
        SetRoute(link_route(prefix_of("0.0.0.0/0"), "wg0", 51820), present=True),
        SetGuard("wg0", None, guard),
        RunHooks("wg0", "/etc/wireguard/wg0.conf", "PostUp", ("up 1", "up 2"), "PreDown", ("down",)),
    ]
    return steps[: random.randint(1, len(steps))]


def _edit_peers(host: ChangingHost, random: Random) -> list[Step]:
    device = SimulatedWireGuard(host.world).read("wg1")
    moved = prefix_of(f"192.168.{random.randint(2, 4)}.0/24")
    edits = [
        PeerChange(public_key(2), remove=True),
        PeerChange(public_key(3), update_only=True, persistent_keepalive=25, allowed_ips=(moved,)),
        PeerChange(public_key(7), preshared_key=PresharedKey(b"7" * 32), allowed_ips=(moved,)),
        PeerChange(public_key(4), update_only=True, preshared_key=PresharedKey(bytes(32))),
    ]
    change = DeviceChange(peers=tuple(random.sample(edits, random.randint(1, 4))))
    return [ConfigureDevice("wg1", change, undoing(change, device))]


def _edit_file(host: ChangingHost, random: Random) -> list[Step]:
    before = host.files.read(FILE)
    assert before is not None
    after = random.choice([None, replace(before, content=b"[Peer]\n"), replace(before, mode=0o600)])
    new = SetFile("/etc/wireguard/peers/wg1/new.conf", None, FileImage(b"new", 0o600, 0, 0))
    return random.sample([SetFile(FILE, before, after), new], 2)


def _settings(_host: ChangingHost, random: Random) -> list[Step]:
    steps: list[Step] = [
        SetSysctl(MARK, "0", "1"),
        SetSysctl("net.ipv4.ip_forward", "0", "1"),
        SetUnit(UNIT, UnitState(False, False), UnitState(True, True)),
    ]
    return random.sample(steps, random.randint(1, 3))


def _delete_tunnel(host: ChangingHost, _random: Random) -> list[Step]:
    device = host.world.device("wg1")
    image = DeviceImage(
        SimulatedWireGuard(host.world).read("wg1"),
        LinkSettings(up=device.up, mtu=device.mtu),
        tuple(LinkAddress(address) for address in device.addresses),
        (link_route(prefix_of("192.168.2.0/24"), "wg1"),),
    )
    return [SetDevice("wg1", image, None)]
