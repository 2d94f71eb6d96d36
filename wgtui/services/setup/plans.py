"""Setting a host up as one plan: its own file, its peers' files, forwarding, and bringing it up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wgtui.domain.editing import InterfaceEdit
from wgtui.domain.errors import AnswersRefused, EditRefused
from wgtui.domain.forms import Level
from wgtui.domain.forwarding import HookLines, Placement, Switches, facts_for, lines_for
from wgtui.domain.grammar.quick import parse_dns
from wgtui.domain.host import FileImage, UnitState
from wgtui.domain.keys import PrivateKey, PublicKey
from wgtui.domain.peer_file import PeerSide, gateway_hooks, listener_hooks, peer_file
from wgtui.domain.plan import Plan, SetFile, SetUnit, Step
from wgtui.domain.setup import Answers, Derived, DerivedPeer, PeerKeys, derive, own_document
from wgtui.domain.setup.derive import subnets
from wgtui.domain.setup.examine import examine
from wgtui.ports.keypairs import Keypairs
from wgtui.services.apply import HostPorts
from wgtui.services.editing.config_editor import ConfigEditor
from wgtui.services.editing.own_files import OwnFiles
from wgtui.services.forwarding.file_facts import on_host
from wgtui.services.forwarding.sysctls import missing_settings, setting_steps, wanted_settings
from wgtui.services.interfaces import Source, accepted_config, plan_up
from wgtui.services.interfaces.units import unit_of
from wgtui.services.setup.next_steps import next_steps


@dataclass(frozen=True, slots=True)
class PreparedPeer:
    """What was made of one peer.

    Attributes:
        derived: Both its ends.
        public_key: Its.
        path: Its own file; empty where it keeps its private key.
    """

    derived: DerivedPeer
    public_key: PublicKey
    path: str

    @property
    def name(self) -> str:
        """What it is called."""
        return self.derived.name


@dataclass(frozen=True, slots=True)
class PreparedSetup:
    """A plan with what it makes.

    Attributes:
        plan: To be reviewed and applied.
        interface: Name of the interface.
        path: Its file.
        public_key: Of this host.
        peers: In order.
        next_steps: What the operator has to do once it is applied, whole sentences with commands.
    """

    plan: Plan
    interface: str
    path: str
    public_key: PublicKey
    peers: tuple[PreparedPeer, ...]
    next_steps: tuple[str, ...]


class SetupPlans:
    """Plans for answers.

    Args:
        editor: Knows the folder of files.
        keypairs: Generates keys.
        placement: Finds where rules of the packet filter go on this host.
        sysctl_file: Keeps settings of the kernel over a reboot; empty where nothing does.
    """

    def __init__(
        self,
        editor: ConfigEditor,
        keypairs: Keypairs,
        placement: Callable[[], Placement],
        sysctl_file: str,
    ) -> None:
        self._editor = editor
        self._context = editor.context
        self._keypairs = keypairs
        self._placement = placement
        self._sysctl_file = sysctl_file
        self._own = OwnFiles(self._context.host.files, keypairs, editor.folder)

    def plan(self, answers: Answers) -> Plan:
        """One plan for all of it; see `prepare`."""
        return self.prepare(answers).plan

    def prepare(self, answers: Answers) -> PreparedSetup:
        """Generate keys, and plan all files and all that brings the interface up. Nothing is touched.

        Raises:
            AnswersRefused: Answers do not go together; the text names the first.
            EditRefused: There is such a file or interface already.
            WgtuiError: The interface could not come up so; the text says why.
        """
        problems = examine(answers)
        error = next((problem for problem in problems if problem.severity is Level.ERROR), None)
        if error is not None:
            raise AnswersRefused(error.text, hint=error.hint)
        name = answers.interface.name
        self._refuse_existing(name)
        derived = derive(answers)
        private_key = self._keypairs.generate_private_key()
        public_key = self._keypairs.public_key(private_key)
        keys = {peer.name: self._keys(peer) for peer in derived.peers}
        source = self._source(derived, private_key, keys)
        accepted_config(self._context, source)
        peers, files = self._peers(derived, public_key, keys)
        settings, notes = self._settings(answers)
        started, more = self._start(source, boot=answers.boot, start=answers.start)
        own = SetFile(source.path, None, FileImage(source.data))
        warnings = (problem.text for problem in problems if problem.severity is Level.WARNING)
        plan = Plan(f"Set {name} up", (own, *files, *settings, *started), (*warnings, *notes, *more))
        told = next_steps(derived, public_key, keys, {peer.name: peer.path for peer in peers})
        return PreparedSetup(plan, name, source.path, public_key, peers, told)

    def take(self, interface: str, data: bytes, *, boot: bool, start: bool) -> Plan:
        """Plan to use the file that the other side made for this host, byte for byte.

        Args:
            interface: What to call it here.
            data: The file.
            boot: Whether it comes up at boot.
            start: Whether it comes up now.

        Raises:
            EditRefused: There is such a file or interface already.
            WgtuiError: The interface could not come up so; the text says why.
        """
        self._refuse_existing(interface)
        source = Source(interface, self._editor.path(interface), data)
        accepted_config(self._context, source)
        steps, notes = self._start(source, boot=boot, start=start)
        own = SetFile(source.path, None, FileImage(data))
        return Plan(f"Set {interface} up", (own, *steps), notes)

    def _refuse_existing(self, name: str) -> None:
        host, path = self._context.host, self._editor.path(name)
        if host.files.read(path) is not None:
            raise EditRefused(f"{path} exists already.", hint="Choose another name for the new interface.")
        if host.network.link(name) is not None:
            raise EditRefused(
                f"There is an interface {name} already.", hint="Choose another name for the new one."
            )

    def _keys(self, peer: DerivedPeer) -> PeerKeys:
        given = peer.answers
        preshared_key = given.preshared_key
        if preshared_key is None and given.preshared:
            preshared_key = self._keypairs.generate_preshared_key()
        if given.public_key is not None:
            return PeerKeys(given.public_key, None, preshared_key)
        private_key = self._keypairs.generate_private_key()
        return PeerKeys(self._keypairs.public_key(private_key), private_key, preshared_key)

    def _source(self, derived: Derived, private_key: PrivateKey, keys: dict[str, PeerKeys]) -> Source:
        name = derived.answers.interface.name
        hooks = own_hooks(derived, self._placement, self._context.host)
        edit = InterfaceEdit(post_up=hooks.post_up, post_down=hooks.post_down)
        document = own_document(derived, private_key, keys, edit)
        return Source(name, self._editor.path(name), bytes(document))

    def _peers(
        self, derived: Derived, own_key: PublicKey, keys: dict[str, PeerKeys]
    ) -> tuple[tuple[PreparedPeer, ...], tuple[SetFile, ...]]:
        interface = derived.answers.interface.name
        peers, files = [], []
        for peer in derived.peers:
            its = keys[peer.name]
            path = ""
            if its.private_key is not None:
                content = far_file(derived, peer, its.private_key, own_key, its)
                step = self._own.made(interface, peer.name, its.public_key, content)
                files.append(step)
                path = step.path
            peers.append(PreparedPeer(peer, its.public_key, path))
        return tuple(peers), tuple(files)

    def _settings(self, answers: Answers) -> tuple[tuple[Step, ...], tuple[str, ...]]:
        host, forwarding = self._context.host, answers.forwarding
        wanted = wanted_settings(host, ipv4=forwarding.ipv4, ipv6=forwarding.ipv6)
        missing = missing_settings(host, wanted)
        notes = tuple(f"This kernel has no setting {name}, so it forwards nothing there." for name in missing)
        present = {name: value for name, value in wanted.items() if name not in missing}
        if present and not self._sysctl_file:
            notes += ("Forwarding is on until the network namespace ends: nothing keeps it longer.",)
        return setting_steps(host, present, self._sysctl_file), notes

    def _start(self, source: Source, *, boot: bool, start: bool) -> tuple[tuple[Step, ...], tuple[str, ...]]:
        """The steps that bring the interface up now and at boot, and what to say about it."""
        name = source.interface
        state, why_not = self._unit(source) if boot else (None, "")
        if state is not None:
            wanted = UnitState(enabled=True, active=start or state.active)
            note = f"{name} comes up by its unit {unit_of(name)}, now and at boot."
            if not start:
                note = f"{name} comes up at boot, by its unit {unit_of(name)}. It is not up yet."
            return (SetUnit(unit_of(name), state, wanted),) if state != wanted else (), (note,)
        notes = (why_not,) if why_not else ()
        if start:
            up = plan_up(self._context, source)
            return up.steps, (*notes, *up.notes)
        return (), (*notes, f"It is not up yet: bring it up with: wgtui up {name}.")

    def _unit(self, source: Source) -> tuple[UnitState | None, str]:
        """The state of the interface's unit; None with the reason where it cannot start at boot."""
        units, name = self._context.host.units, source.interface
        if not units.is_available():
            return None, (
                f"Nothing brings {name} up at boot: systemd does not run this host. "
                f"Let its own init run: wgtui up {name}"
            )
        folder = self._context.unit_config_dir
        if source.path != f"{folder}/{name}.conf":
            return None, f"Nothing brings {name} up at boot: {unit_of(name)} reads {folder} only."
        state = units.state(unit_of(name))
        if state is None:
            return None, (
                f"Nothing brings {name} up at boot: there is no {unit_of(name)}. "
                "It comes with the package wireguard-tools."
            )
        return state, ""


def own_hooks(derived: Derived, placement: Callable[[], Placement], host: HostPorts) -> HookLines:
    """The commands that this host's forwarding answers ask for."""
    answers = derived.answers
    wanted, here = answers.forwarding, answers.interface
    switches = Switches(
        forward=wanted.forward,
        relay=wanted.relay,
        isolate=wanted.isolate,
        masquerade=(wanted.masquerade,) if wanted.masquerade else (),
        port=wanted.open_port,
        mss=wanted.mss_clamp,
    )
    allowed = tuple(prefix for peer in derived.peers for prefix in peer.allowed_ips)
    facts = on_host(facts_for(here.name, here.listen_port, (*subnets(here.addresses), *allowed)), host)
    return lines_for(switches, placement(), facts) if switches != Switches() else HookLines()


def far_file(
    derived: Derived, peer: DerivedPeer, private_key: PrivateKey, own_key: PublicKey, keys: PeerKeys
) -> bytes:
    """The peer's own file."""
    here = derived.answers.interface
    servers, domains = parse_dns(", ".join(peer.dns))
    return peer_file(
        private_key=private_key,
        addresses=peer.addresses,
        relay_key=own_key,
        relay_name=here.name,
        preshared_key=keys.preshared_key,
        reaches=peer.reaches,
        endpoint=peer.calls,
        side=PeerSide(
            keepalive=peer.own_keepalive,
            listen_port=peer.own_listen_port,
            dns_servers=servers,
            dns_search=domains,
            mtu=peer.mtu,
            hooks=_far_hooks(derived, peer),
        ),
    )


def _far_hooks(derived: Derived, peer: DerivedPeer) -> HookLines:
    hooks = HookLines()
    if peer.forwards:
        versions = {address.version for address in peer.addresses}
        leads_to = {lan.version for lan in peer.answers.lans}
        hooks += gateway_hooks(peer.answers.lan_interface, versions & (leads_to or versions), peer.reaches)
    if peer.own_listen_port:
        hooks += listener_hooks(peer.own_listen_port)
    return hooks
