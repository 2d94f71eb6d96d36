"""A host in memory on which interfaces are brought up and taken down by whole transactions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from ipaddress import ip_interface
from typing import Any

from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.simulated.clock import FakeClock
from wgtui.adapters.simulated.forward_rules import SimulatedForwardRules
from wgtui.adapters.simulated.host import (
    SimulatedEndpointResolver,
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
from wgtui.domain.host import FileImage
from wgtui.domain.network import PROTOCOL_BOOT, Route
from wgtui.domain.plan import Plan
from wgtui.services.apply import HostPorts
from wgtui.services.interfaces import PlannerContext, Source, find_source, plan_down, plan_sync, plan_up
from wgtui.services.journal import Journal
from wgtui.services.transaction import Transaction

PRIVATE_KEY = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk="
PEER_KEY = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
OTHER_KEY = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0="
FOLDER = "/etc/wireguard"


def conf(interface: str = "", allowed: str | None = None, peer: str = "", key: str = PEER_KEY) -> str:
    """A file: lines of the interface, and one peer where allowed IPs are given."""
    text = f"[Interface]\nPrivateKey = {PRIVATE_KEY}\n{interface}\n"
    if allowed is not None:
        text += f"[Peer]\nPublicKey = {key}\nAllowedIPs = {allowed}\n{peer}\n"
    return text


@dataclass
class InterfaceHost:
    """The host, and `wgtui up`, `down` and `sync` on it."""

    world: World = field(default_factory=lambda: World(NaclKeypairs().public_key))
    files: SimulatedFiles = field(default_factory=SimulatedFiles)
    sysctls: SimulatedSysctls = field(default_factory=SimulatedSysctls)
    firewall: SimulatedFirewall = field(default_factory=SimulatedFirewall)
    forward_rules: SimulatedForwardRules = field(default_factory=SimulatedForwardRules)
    resolvconf: SimulatedResolvconf = field(default_factory=SimulatedResolvconf)
    resolver: SimulatedEndpointResolver = field(default_factory=SimulatedEndpointResolver)
    hooks: SimulatedHooks = field(default_factory=SimulatedHooks)
    units: SimulatedUnits = field(default_factory=SimulatedUnits)

    def __post_init__(self) -> None:
        """Give the host an uplink with a default route of either family."""
        self.network = SimulatedNetwork(self.world)
        self.network.add_link("eth0", ip_interface("192.0.2.2/24"), ip_interface("2001:db8::2/64"))
        for default, gateway in (("0.0.0.0/0", "192.0.2.1/32"), ("::/0", "2001:db8::1/128")):
            address = prefix_of(gateway).network_address
            self.network.add_route(Route(prefix_of(default), "eth0", gateway=address, protocol=PROTOCOL_BOOT))
        wireguard = SimulatedWireGuard(self.world)
        ports = HostPorts(
            files=self.files,
            wireguard=wireguard,
            devices=wireguard,
            network=self.network,
            sysctls=self.sysctls,
            firewall=self.firewall,
            forward_rules=self.forward_rules,
            resolvconf=self.resolvconf,
            hooks=self.hooks,
            units=self.units,
        )
        self.context = PlannerContext(ports, self.resolver, NaclKeypairs().public_key)
        self.journal = Journal(SimulatedJournal(), FakeClock(), "the test")
        self.transaction = Transaction(ports, self.journal, SimulatedHostLock())

    def write(self, text: str, name: str = "wg0") -> Source:
        """Write an interface's file."""
        path = f"{FOLDER}/{name}.conf"
        self.files.write(path, FileImage(text.encode()))
        return self.source(name)

    def source(self, name: str = "wg0") -> Source:
        """An interface's file."""
        return find_source(self.files, name, FOLDER)

    def up(self, text: str, name: str = "wg0") -> Plan:
        """Write a file and bring its interface up."""
        plan = plan_up(self.context, self.write(text, name))
        self.transaction.apply(plan)
        return plan

    def made(self, name: str = "wg0") -> Plan | None:
        """What the journal tells of an interface."""
        link = self.network.link(name)
        return self.journal.made_by(name, link.index) if link else None

    def down(self, name: str = "wg0", *, recorded: bool = True) -> Plan:
        """Take an interface down."""
        plan = plan_down(self.context, name, self.source(name), self.made(name) if recorded else None)
        self.transaction.apply(plan)
        return plan

    def sync(self, text: str, name: str = "wg0", *, recorded: bool = True) -> Plan:
        """Write a file and bring its interface in line with it."""
        plan = plan_sync(self.context, self.write(text, name), self.made(name) if recorded else None)
        self.transaction.apply(plan)
        return plan

    def destinations(self, name: str = "wg0") -> set[str]:
        """Where its routes lead that the kernel did not make itself, with the table unless it is main."""
        return {
            f"{route.destination}" + ("" if route.table == 254 else f" in {route.table}")
            for route in self.network.routes(link=name)
            if route.protocol == PROTOCOL_BOOT
        }

    def addresses(self, name: str = "wg0") -> set[str]:
        """Its addresses."""
        return {str(address.interface) for address in self.network.addresses(name)}

    def rules(self, family: int = 4) -> list[str]:
        """The rules of a family that are not the kernel's own, in order."""
        return [
            f"{rule.priority}: {f'not {rule.fwmark} to {rule.table}' if rule.invert else 'main suppressed'}"
            for rule in self.network.rules()
            if rule.family == family and (rule.invert or rule.suppress_prefix_length is not None)
        ]

    def state(self) -> tuple[Any, ...]:
        """Everything of the host that an interface could change."""
        devices = [
            replace(self.context.host.wireguard.read(name), ifindex=None, listen_port=0)
            for name in self.context.host.wireguard.names()
        ]
        links = [(device.name, self.network.link(device.name)) for device in devices]
        return (
            devices,
            [(name, link.up, link.mtu, link.addresses) for name, link in links if link],
            self.network.routes(),
            self.network.rules(),
            dict(self.files.files),
            dict(self.sysctls.values),
            dict(self.firewall.guards),
            dict(self.resolvconf.settings),
            dict(self.units.units),
        )
