"""The demo's host: a simulated relay that can be changed, with everything that a real one has."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from ipaddress import ip_address
from threading import RLock

from wgtui.adapters.clock import SystemClock
from wgtui.adapters.simulated.echo import SimulatedEcho
from wgtui.adapters.simulated.file_tree import SimulatedFileTree
from wgtui.adapters.simulated.forward_rules import SimulatedForwardRules
from wgtui.adapters.simulated.host import (
    SimulatedEndpointResolver,
    SimulatedFirewall,
    SimulatedHooks,
    SimulatedResolvconf,
    SimulatedSysctls,
    SimulatedUnits,
)
from wgtui.adapters.simulated.host_facts import SimulatedInspector, foreseeable
from wgtui.adapters.simulated.host_links import SimulatedHostLinks
from wgtui.adapters.simulated.journal import SimulatedHostLock, SimulatedJournal
from wgtui.adapters.simulated.keypairs import SimulatedKeypairs
from wgtui.adapters.simulated.locked import locked
from wgtui.adapters.simulated.packet_filter import DOCKER, SimulatedPacketFilter
from wgtui.adapters.simulated.port_watch import SimulatedInitiations, SimulatedPortWatch
from wgtui.adapters.simulated.reverter import SimulatedReverter
from wgtui.adapters.simulated.scenarios import Scenario, demo_world
from wgtui.adapters.simulated.world import SimulatedLinks, SimulatedWireGuard
from wgtui.domain.addresses import prefix_of
from wgtui.domain.config import InterfaceConfig
from wgtui.domain.forwarding import SwitchName
from wgtui.domain.forwarding.sysctl_files import OWN_FILE
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.host import FileImage, UnitState
from wgtui.domain.ipam import own_addresses
from wgtui.domain.names import parse_names_file, read_disabled, read_names
from wgtui.domain.peer_file import peer_file
from wgtui.domain.session import SshSession
from wgtui.ports.clock import Clock
from wgtui.ports.port_watch import PortWatch
from wgtui.services.apply import HostPorts
from wgtui.services.changes import Changes
from wgtui.services.doctor import Doctor
from wgtui.services.doctor.diagnosis import Diagnosis
from wgtui.services.first_contact import FirstContact, PortObserver, Surroundings
from wgtui.services.interfaces import PlannerContext
from wgtui.services.journal import Journal
from wgtui.services.judging.own_sides import OwnSides
from wgtui.services.judging.peer_files import PeerFiles
from wgtui.services.judging.peer_judge import PeerJudge
from wgtui.services.monitor import Monitor
from wgtui.services.ownership_map import OwnershipMap
from wgtui.services.path import PathProbe, PathWalks
from wgtui.services.peer_names import PeerNames
from wgtui.services.session_guard import SessionGuard
from wgtui.services.setup import SetupTools
from wgtui.services.transaction import Transaction

SESSION = SshSession(ip_address("5.5.5.3"), 50022, ip_address("5.5.5.1"), 22)
"""The demo's operator comes as the peer laptop, through wg0: what touches that is a risk."""

_COMMANDS = b"""PostUp = iptables -A FORWARD -i %i -j ACCEPT; iptables -A FORWARD -o %i -j ACCEPT
PostUp = iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE
PostDown = iptables -D FORWARD -i %i -j ACCEPT; iptables -D FORWARD -o %i -j ACCEPT
PostDown = iptables -t nat -D POSTROUTING -o eth0 -j MASQUERADE
"""

_FORWARD = """\
[50211:31130820] -A FORWARD -i wg1 -j ACCEPT
[61877:38363740] -A FORWARD -o wg1 -j ACCEPT
"""
_NAT = ":POSTROUTING ACCEPT [0:0]\n"
_FILTER = DOCKER.replace("[0:0] -A DOCKER !", f"{_FORWARD}[0:0] -A DOCKER !").replace(
    _NAT, f"{_NAT}[1904:118048] -A POSTROUTING -o eth0 -j MASQUERADE\n"
)
"""Docker, and what the commands of wg1 have put in force."""


class DemoHost:
    """One simulated host; its services may be made in any thread, and share everything.

    Args:
        read_config: Reads a wg-quick file.
        make_world: Makes the host's world.
        sessions: Of the operator.
    """

    def __init__(
        self,
        read_config: Callable[[bytes], InterfaceConfig],
        make_world: Callable[[Clock], Scenario] = demo_world,
        sessions: tuple[SshSession, ...] = (SESSION,),
    ) -> None:
        self._sessions = sessions
        self.inspector = SimulatedInspector()
        self._make_world = make_world
        self._read_config = read_config
        self._clock = SystemClock()
        self._guard = RLock()
        self._lock = SimulatedHostLock()
        self._is_arranged = make_world is not demo_world
        self._forward_rules = SimulatedForwardRules(now=self._clock.monotonic)
        self._journal = Journal(SimulatedJournal(), self._clock, "you, in the demo")

    @cached_property
    def scenario(self) -> Scenario:
        """The world, made when it is first needed."""
        with self._guard:
            return self._make_world(self._clock)

    def monitor(self) -> Monitor:
        """A monitor of the host."""
        return Monitor(
            locked(SimulatedWireGuard(self.scenario.world), self._guard),
            self._clock,
            links=locked(SimulatedLinks(self.scenario.world), self._guard),
            names=PeerNames(
                locked(self.scenario.files, self._guard), read_names, parse_names_file, read_disabled
            ),
        )

    def ownership_map(self) -> OwnershipMap:
        """What the map of allowed IPs is read with."""
        scenario, guard = self.scenario, self._guard
        files = locked(scenario.files, guard)
        return OwnershipMap(locked(scenario.network, guard), files, self._clock, self._read_config)

    def first_contact(self) -> FirstContact:
        """What waits for first handshakes."""
        return FirstContact(self._observer(), self._clock, self._surroundings())

    def peer_judge(self) -> PeerJudge:
        """What judges the peer that is looked at."""
        own = OwnSides(self._ports.files, SimulatedKeypairs(), "/etc/wireguard")
        return PeerJudge(
            self._observer(),
            self._clock,
            surroundings=self._surroundings(),
            files=PeerFiles(locked(self.scenario.files, self._guard), own),
            resolver=SimulatedEndpointResolver(),
        )

    def _observer(self) -> PortObserver:
        scenario = self.scenario

        def watch(port: int) -> PortWatch:
            return locked(
                SimulatedPortWatch(scenario.world, port, self._clock, scenario.failing), self._guard
            )

        return PortObserver(watch, SimulatedInitiations(), self._clock)

    def _surroundings(self) -> Surroundings:
        network = locked(self.scenario.network, self._guard)
        return Surroundings(network, self._packet_filter, locked(self._forward_rules, self._guard))

    def changes(self) -> Changes:
        """What changes the host, and takes back what nobody confirms."""
        with self._guard:
            if not self._is_arranged:
                self._is_arranged = True
                self._arrange_forwarding()
        return self._changes(self._journal)

    def _changes(self, journal: Journal) -> Changes:
        ports, keypairs = self._ports, SimulatedKeypairs()
        links = locked(SimulatedHostLinks(self.scenario.network), self._guard)
        guard = SessionGuard(self._sessions, links, ports.network, ports.wireguard)
        return Changes(
            host=ports,
            context=PlannerContext(ports, SimulatedEndpointResolver(), keypairs.public_key),
            config_dir="/etc/wireguard",
            configs=locked(self.scenario.files, self._guard),
            links=links,
            keypairs=keypairs,
            journal=journal,
            transaction=self._transaction(ports, journal),
            risks=guard.risks,
            tools=SetupTools(self.inspector, foreseeable, "/var/lib/wgtui", OWN_FILE),
            packet_filter=self._packet_filter,
        )

    def diagnosis(self) -> Diagnosis:
        """All that says why; every address answers."""
        changes = self.changes()
        return Diagnosis(
            changes,
            Doctor(changes, self._clock, lambda _path: 0o700),
            PathWalks(changes, self._clock),
            PathProbe(changes.host, SimulatedEcho()),
        )

    @cached_property
    def _packet_filter(self) -> SimulatedPacketFilter:
        return locked(SimulatedPacketFilter(self._forward_rules, _FILTER), self._guard)

    @cached_property
    def _ports(self) -> HostPorts:
        scenario, guard = self.scenario, self._guard
        wireguard = locked(SimulatedWireGuard(scenario.world), guard)
        units = {
            f"wg-quick@{name}.service": UnitState(enabled=True, active=False)
            for name in scenario.files.names()
        }
        return HostPorts(
            files=locked(self._files(), guard),
            wireguard=wireguard,
            devices=wireguard,
            network=locked(scenario.network, guard),
            sysctls=SimulatedSysctls(),
            firewall=SimulatedFirewall(),
            forward_rules=locked(self._forward_rules, guard),
            resolvconf=SimulatedResolvconf(),
            hooks=SimulatedHooks(),
            units=SimulatedUnits(units=units),
        )

    def _files(self) -> SimulatedFileTree:
        """The tree of files, with those of peers whose keys were generated here."""
        tree = SimulatedFileTree(self.scenario.files)
        for name, private_key in self.scenario.private_keys.items():
            relay = self.scenario.world.devices["wg0"]
            peer = relay.peers[SimulatedKeypairs().public_key(private_key)]
            assert relay.public_key is not None
            content = peer_file(
                private_key=private_key,
                addresses=own_addresses(peer.allowed_ips, relay.addresses),
                relay_key=relay.public_key,
                relay_name="wg0",
                preshared_key=peer.preshared_key,
                reaches=(prefix_of("5.5.5.0/24"), prefix_of("192.168.2.0/24")),
                endpoint=EndpointConfig("198.51.100.2", relay.listen_port),
            )
            tree.write(f"/etc/wireguard/peers/wg0/{name}.conf", FileImage(content, 0o600, 0, 0))
        return tree

    def _arrange_forwarding(self) -> None:
        """Let the relay pass packets on since an hour ago; wg1's operator wrote the commands by hand."""
        self.scenario.files.write("wg1", with_commands(self.scenario.files.read("wg1")))
        changes = self._changes(Journal(SimulatedJournal(), self._clock, "the demo"))
        for switch in (SwitchName.RELAY, SwitchName.FORWARD, SwitchName.PORT):
            changes.transaction.apply(changes.forwarding.switch("wg0", switch, on=True))
        changes.transaction.apply(changes.forwarding.switch("wg0", SwitchName.IPV6, on=False))
        self._forward_rules.age(3600.0)

    def _transaction(self, ports: HostPorts, journal: Journal) -> Transaction:
        def take_back(number: int) -> None:
            Transaction(ports, journal, self._lock).revert_at_deadline(number)

        return Transaction(ports, journal, self._lock, SimulatedReverter(take_back))


def with_commands(content: bytes) -> bytes:
    """The file of a full tunnel whose operator wrote the usual commands into it."""
    head, peers = content.split(b"\n[Peer]", 1)
    return head + _COMMANDS + b"\n[Peer]" + peers
