"""The one place that picks adapters and puts services together.

Imports stand inside the functions: a command pays only for the adapters it uses.
"""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wgtui.domain.errors import PermissionRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from wgtui.demo import DemoHost
    from wgtui.domain.config import InterfaceConfig
    from wgtui.ports.qr import QrCodes
    from wgtui.ports.resolver import EndpointResolver
    from wgtui.ports.text_editor import TextEditor
    from wgtui.services.adopting.gathering import ForeignHost
    from wgtui.services.apply import HostPorts
    from wgtui.services.changes import Changes
    from wgtui.services.check import CheckReport
    from wgtui.services.doctor import Doctor
    from wgtui.services.doctor.diagnosis import Diagnosis
    from wgtui.services.first_contact import FirstContact
    from wgtui.services.journal import Journal
    from wgtui.services.judging.peer_files import PeerFiles
    from wgtui.services.judging.peer_judge import PeerJudge
    from wgtui.services.monitor import Monitor
    from wgtui.services.ownership_map import OwnershipMap
    from wgtui.services.path import PathProbe, PathWalks
    from wgtui.services.setup import SetupTools


@dataclass(frozen=True, slots=True)
class Host:
    """Which host, or namespace of it, wgtui looks at.

    Attributes:
        config_dir: Folder of wg-quick files.
        netns: Name of a network namespace, None for the process's own.
        socket_dir: Folder of the sockets of userspace devices.
        state_dir: Folder of wgtui's own files.
    """

    config_dir: Path
    netns: str | None
    socket_dir: Path
    state_dir: Path = Path("/var/lib/wgtui")

    def options(self) -> list[str]:
        """The command line's options that name this host, from whatever folder they are read."""
        words = ["--config-dir", str(self.config_dir.absolute())]
        words += ["--socket-dir", str(self.socket_dir.absolute())]
        words += ["--state-dir", str(self.state_dir.absolute())]
        return [*words, *(["--netns", self.netns] if self.netns else [])]


def require_net_admin() -> None:
    """Raise `PermissionRefused` unless this process may read WireGuard devices."""
    from wgtui.adapters.privilege import has_net_admin

    if not has_net_admin():
        raise PermissionRefused(
            "Reading WireGuard interfaces needs root (CAP_NET_ADMIN).",
            hint="Run: sudo wgtui. To look around without: wgtui --demo.",
        )


def host_of(args: Namespace) -> Host:
    """The host that the common options name."""
    return Host(Path(args.config_dir), args.netns, Path(args.socket_dir), Path(args.state_dir))


def monitor(host: Host, *, hurried: bool = False) -> Monitor:
    """A monitor of real devices. Call it in the thread that will use it: it opens sockets.

    Args:
        host: Where to look.
        hurried: Leave what large files say to the second look.
    """
    from wgtui.adapters.clock import SystemClock
    from wgtui.adapters.config_files import ConfigFiles
    from wgtui.adapters.links import RtnlLinks
    from wgtui.adapters.wireguard.netlink import KernelWireGuard
    from wgtui.adapters.wireguard.select import AutoWireGuard
    from wgtui.adapters.wireguard.uapi import UapiWireGuard
    from wgtui.domain.names import parse_names_file, read_claims, read_disabled, read_names
    from wgtui.services.monitor import Monitor
    from wgtui.services.peer_names import PeerNames

    return Monitor(
        AutoWireGuard(KernelWireGuard(host.netns), UapiWireGuard(host.socket_dir)),
        SystemClock(),
        links=RtnlLinks(host.netns),
        names=PeerNames(
            ConfigFiles(host.config_dir), read_names, parse_names_file, read_disabled, read_claims
        ),
        hurried=hurried,
    )


def ownership_map(host: Host) -> OwnershipMap:
    """What the map of allowed IPs is read with. Call it in the thread that will use it: it opens sockets."""
    from wgtui.adapters.clock import SystemClock
    from wgtui.adapters.config_files import ConfigFiles
    from wgtui.adapters.network import RtnlNetwork
    from wgtui.services.ownership_map import OwnershipMap

    return OwnershipMap(
        RtnlNetwork(host.netns), ConfigFiles(host.config_dir), SystemClock(), _config_reader()
    )


def first_contact(host: Host) -> FirstContact:
    """What waits for first handshakes. Call it in the thread that will use it: it opens sockets."""
    from wgtui import peer_wiring

    return peer_wiring.first_contact(host.netns)


def peer_judge(host: Host, resolver: EndpointResolver | None = None) -> PeerJudge:
    """What judges the peer that is looked at. Call it in the thread that will use it: it opens sockets."""
    from wgtui import peer_wiring

    return peer_wiring.peer_judge(host.netns, host.config_dir, resolver)


def peer_files(host: Host) -> PeerFiles:
    """What the files of interfaces say of peers; for one thread."""
    from wgtui import peer_wiring

    return peer_wiring.peer_files(host.config_dir)


def _config_reader() -> Callable[[bytes], InterfaceConfig]:
    from wgtui.domain.config import read_config
    from wgtui.domain.wgquick import parse

    return lambda data: read_config(parse(data)).config


def demo() -> DemoHost:
    """The simulated relay."""
    from wgtui.demo import DemoHost

    return DemoHost(_config_reader())


def check_file(name: str, config_dir: Path) -> CheckReport:
    """Check a wg-quick file.

    Args:
        name: A path; the name of an interface with a file in `config_dir`; or `-` for standard input.
        config_dir: Folder of wg-quick files.

    Raises:
        WgtuiError: The file cannot be read.
    """
    from wgtui.adapters.config_files import read_config_file
    from wgtui.adapters.given_files import file_facts, read_standard_input
    from wgtui.adapters.keypairs_nacl import NaclKeypairs
    from wgtui.adapters.services_file import udp_service_port
    from wgtui.services.check import check

    public_key_of = NaclKeypairs().public_key
    if name == "-":
        data = read_standard_input()
        return check(data, name, service_port=udp_service_port, public_key_of=public_key_of)
    path = Path(name)
    of_interface = config_dir / f"{name}.conf"
    if not path.exists() and path.name == name and of_interface.exists():
        path = of_interface
    return check(
        read_config_file(path),
        str(path),
        facts=file_facts(path),
        service_port=udp_service_port,
        public_key_of=public_key_of,
    )


def journal(host: Host) -> Journal:
    """The journal of a host."""
    from wgtui.adapters.boot import boot_id
    from wgtui.adapters.clock import SystemClock
    from wgtui.adapters.journal_files import JournalFiles
    from wgtui.adapters.operator import current_operator
    from wgtui.services.journal import Journal

    store, operator = JournalFiles(host.state_dir), str(current_operator())
    return Journal(store, SystemClock(), operator, boot_id(), host.netns or "")


def host_ports(host: Host) -> HostPorts:
    """The ports of a host. Call it in the thread that will use them: they hold sockets."""
    from wgtui.adapters.files import HostFiles
    from wgtui.adapters.firewall import HostFirewall
    from wgtui.adapters.forward_rules import HostForwardRules
    from wgtui.adapters.hooks import BashHooks
    from wgtui.adapters.launching import device_launcher
    from wgtui.adapters.network import RtnlNetwork
    from wgtui.adapters.resolvconf import ResolvconfProgram
    from wgtui.adapters.sysctl import ProcSysctls
    from wgtui.adapters.systemd import SystemdUnits
    from wgtui.adapters.wireguard.factory import AutoDevices, KernelDevices
    from wgtui.adapters.wireguard.netlink import KernelWireGuard
    from wgtui.adapters.wireguard.select import AutoWireGuard
    from wgtui.adapters.wireguard.uapi import UapiWireGuard
    from wgtui.adapters.wireguard.userspace import UserspaceDevices
    from wgtui.services.apply import HostPorts

    network = RtnlNetwork(host.netns)
    userspace = UserspaceDevices(
        host.socket_dir,
        launcher=device_launcher(host.netns, host.socket_dir),
        link_exists=lambda name: network.link(name) is not None,
    )
    wireguard = AutoWireGuard(KernelWireGuard(host.netns), UapiWireGuard(host.socket_dir))

    def listen_port(name: str) -> int:
        return wireguard.read(name).listen_port if name in wireguard.names() else 0

    return HostPorts(
        files=HostFiles(),
        wireguard=wireguard,
        devices=AutoDevices(KernelDevices(host.netns), userspace),
        network=network,
        sysctls=ProcSysctls(host.netns),
        firewall=HostFirewall(host.netns),
        forward_rules=HostForwardRules(host.netns, listen_port=listen_port),
        resolvconf=ResolvconfProgram(host.netns),
        hooks=BashHooks(host.netns),
        units=SystemdUnits(host.netns),
    )


def text_editor() -> TextEditor:
    """The operator's own editor."""
    import os

    from wgtui.adapters.text_editor import ProgramEditor

    return ProgramEditor(os.environ)


def qr_codes() -> QrCodes:
    """Makes QR codes; the library is imported with the first one."""
    from wgtui.adapters.qr_segno import SegnoQrCodes

    return SegnoQrCodes()


def changes(host: Host) -> Changes:
    """All that is needed to change a host. Call it in the thread that will use it, as a context."""
    require_net_admin()
    from wgtui.adapters.config_files import ConfigFiles
    from wgtui.adapters.endpoint_resolver import HostEndpointResolver
    from wgtui.adapters.host_lock import FileHostLock
    from wgtui.adapters.keypairs_nacl import NaclKeypairs
    from wgtui.adapters.links import RtnlLinks
    from wgtui.adapters.operator import current_operator
    from wgtui.adapters.packet_filter import HostPacketFilter
    from wgtui.adapters.reverter import HostReverter
    from wgtui.adapters.services_file import udp_service_port
    from wgtui.adapters.ssh_session import current_sessions
    from wgtui.services.changes import Changes
    from wgtui.services.interfaces import PlannerContext
    from wgtui.services.session_guard import SessionGuard
    from wgtui.services.transaction import Transaction

    ports, keypairs, entries = host_ports(host), NaclKeypairs(), journal(host)
    links = RtnlLinks(host.netns)
    guard = SessionGuard(
        current_sessions(),
        links,
        ports.network,
        ports.wireguard,
        ends_here=host.netns is None,
    )
    lock = FileHostLock(host.state_dir, current_operator())
    return Changes(
        host=ports,
        context=PlannerContext(
            ports, HostEndpointResolver(host.netns), keypairs.public_key, udp_service_port
        ),
        config_dir=str(host.config_dir.absolute()),
        configs=ConfigFiles(host.config_dir),
        links=links,
        keypairs=keypairs,
        journal=entries,
        transaction=Transaction(ports, entries, lock, HostReverter(host.options())),
        risks=guard.risks,
        foreign=foreign_host(),
        tools=setup_tools(host),
        packet_filter=HostPacketFilter(host.netns),
        is_namespace=host.netns is not None,
    )


def path_walks(changes: Changes) -> PathWalks:
    """Walks paths through a host, in the thread of its changes."""
    from wgtui.adapters.clock import SystemClock
    from wgtui.services.path import PathWalks

    return PathWalks(changes, SystemClock())


def doctor(changes: Changes) -> Doctor:
    """Examines a host, in the thread of its changes."""
    from wgtui.adapters.clock import SystemClock
    from wgtui.adapters.given_files import folder_mode
    from wgtui.services.doctor import Doctor

    return Doctor(changes, SystemClock(), folder_mode)


def diagnosis(host: Host) -> Diagnosis:
    """All that says why. Call it in the thread that will use it: it opens sockets."""
    from wgtui.services.doctor.diagnosis import Diagnosis

    opened = changes(host)
    return Diagnosis(opened, doctor(opened), path_walks(opened), path_probe(host, opened))


def path_probe(host: Host, changes: Changes) -> PathProbe:
    """Pings the ends of paths from a host."""
    from wgtui.adapters.echo import RawEcho
    from wgtui.services.path import PathProbe

    return PathProbe(changes.host, RawEcho(host.netns))


def setup_tools(host: Host) -> SetupTools:
    """What setting a host up needs besides."""
    import os

    from wgtui.adapters.host_facts import ProcInspector
    from wgtui.domain.forwarding.sysctl_files import OWN_FILE
    from wgtui.services.setup import SetupTools

    return SetupTools(
        ProcInspector(host.netns),
        os.urandom,
        str(host.state_dir.absolute()),
        sysctl_file=OWN_FILE if host.netns is None else "",
    )


def foreign_host() -> ForeignHost:
    """Where other programs keep what they know of peers."""
    import os

    from wgtui.adapters.foreign_files import HostForeignFiles, home_folders
    from wgtui.adapters.sqlite_bytes import SqliteDatabases
    from wgtui.services.adopting.gathering import ForeignHost

    homes = home_folders(os.environ.get("SUDO_USER", ""))
    files = HostForeignFiles()
    return ForeignHost(files, SqliteDatabases(files), homes)


def wait_detached(seconds: float) -> None:
    """Go into the background and return there at the deadline; see `wgtui.adapters.countdown`."""
    from wgtui.adapters.countdown import wait_detached as wait

    wait(seconds)
