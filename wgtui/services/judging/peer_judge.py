"""The peer that is looked at, judged at every snapshot for as long as it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import IPv4Address
from typing import Final

from wgtui.domain.activity import activity_of
from wgtui.domain.addresses import Address, Endpoint
from wgtui.domain.device import Device, Peer
from wgtui.domain.errors import WgtuiError
from wgtui.domain.explain import FilePlaces, Whence, explain, places_of
from wgtui.domain.first_contact import Admission, Baseline, Scene
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.keys import PublicKey
from wgtui.domain.port_traffic import PortTraffic
from wgtui.domain.reach import Reach, best_first, reach_of
from wgtui.domain.snapshot import DeviceState, PeerState, Snapshot
from wgtui.domain.verdict.after import UNANSWERED
from wgtui.domain.verdict.evidence import Evidence, FileFacts
from wgtui.domain.verdict.judge import judge
from wgtui.domain.verdict.judgement import Judgement
from wgtui.domain.wgquick import parse
from wgtui.ports.clock import Clock
from wgtui.ports.resolver import EndpointResolver
from wgtui.services.first_contact import PortObserver, Surroundings
from wgtui.services.judging.peer_files import PeerFiles
from wgtui.services.judging.plain import lately

ADMISSION_KEPT: Final = 10.0
"""Seconds for which an answer about the packet filter counts: reading it runs programs."""

RESOLVED_KEPT: Final = 60.0
"""Seconds for which the answer about a name counts."""

RESOLVING: Final = 2.0
"""Seconds that looking a name up may take."""

ALL_SILENT: Final = 15.0
"""Seconds of silence after which several peers that call every few seconds are not all asleep."""

_LOOKED_AT: Final = 8
"""Peers whose own files are read to know whether they call by themselves."""

_ANYWHERE: Final[Address] = IPv4Address("192.0.2.1")
"""Stands for a caller of whom no address is known."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgement of a peer, and by what it was judged.

    Attributes:
        interface: The device.
        key: The peer.
        judgement: Of it.
        evidence: All that was known.
    """

    interface: str
    key: PublicKey
    judgement: Judgement
    evidence: Evidence


class PeerJudge:
    """Looks at one peer at a time. Made, used and closed in one thread.

    A port is watched only while the peer that is looked at has no session: what passes within a session
    tells nothing more, and may be a lot.
    """

    def __init__(
        self,
        observer: PortObserver,
        clock: Clock,
        *,
        surroundings: Surroundings | None = None,
        files: PeerFiles | None = None,
        resolver: EndpointResolver | None = None,
    ) -> None:
        """Prepare.

        Args:
            observer: Watches the port.
            clock: Time.
            surroundings: The host around the interface; closed with this.
            files: What the files say; None where they are not read.
            resolver: Looks up the names of endpoints of peers that do not answer; None for never.
        """
        self._observer = observer
        self._clock = clock
        self._surroundings = surroundings
        self.files = files
        self._resolver = resolver
        self._interface = ""
        self._since = 0.0
        self._reach: Reach | None = None
        self._uplinks: tuple[Address, ...] = ()
        self._baselines: dict[PublicKey, Baseline] = {}
        self._admission: tuple[float, Admission | None] | None = None
        self._resolved: dict[EndpointConfig, tuple[float, Endpoint | None]] = {}

    def look(self, snapshot: Snapshot, interface: str, key: PublicKey) -> Judged | None:
        """Judge a peer by the newest snapshot; None where there is no such peer."""
        device = snapshot.device(interface)
        if device is None:
            return None
        state = next((one for one in (*device.peers, *device.disabled) if one.peer.public_key == key), None)
        if state is None:
            return None
        now = self._clock.now()
        if interface != self._interface:
            self._begin(interface, now)
        evidence = self._evidence(snapshot, device, state, now)
        return Judged(interface, key, judge(evidence), evidence)

    def explain(
        self, snapshot: Snapshot, interface: str, key: PublicKey
    ) -> tuple[Judged, tuple[Whence, ...]] | None:
        """Judge a peer, and say where each of its values came from; None where there is no such peer."""
        judged, device = self.look(snapshot, interface, key), snapshot.device(interface)
        if judged is None or device is None:
            return None
        state = next(one for one in (*device.peers, *device.disabled) if one.peer.public_key == key)
        places = FilePlaces()
        content = self.files.content(interface) if self.files is not None else b""
        if content and self.files is not None:
            places = places_of(self.files.path(interface), parse(content), key)
        return judged, explain(judged.judgement, judged.evidence, device, state, places)

    def rest(self) -> None:
        """Stop watching until the next look, which begins anew."""
        self._observer.close()
        self._interface = ""

    def close(self) -> None:
        """Release sockets."""
        self._observer.close()
        if self._surroundings is not None:
            self._surroundings.close()

    def _begin(self, interface: str, now: float) -> None:
        self._observer.close()
        self._interface, self._since = interface, now
        self._baselines.clear()
        self._admission = None
        self._uplinks = self._surroundings.uplinks() if self._surroundings is not None else ()
        self._reach = reach_of(best_first(self._uplinks)[0]) if self._uplinks else None

    def _evidence(self, snapshot: Snapshot, device: DeviceState, state: PeerState, now: float) -> Evidence:
        up = device.link_up is not False and device.problem is None
        scene = Scene(now, up, reach=self._reach)
        facts = self.files.facts(device, state) if self.files is not None else None
        evidence = Evidence(
            device.name,
            state.peer,
            scene,
            device.device,
            enabled=state.enabled,
            before=self._baseline(state.peer, now),
            endpoints=state.endpoints,
            movement=lately(snapshot.histories, device.name, state, snapshot.interval),
            file=facts,
            uplinks=self._uplinks,
            since=datetime.fromtimestamp(self._since).strftime("%H:%M:%S"),
        )
        if device.device is None or not up or not state.enabled:
            self._observer.close()
            return evidence
        if activity_of(state.peer.latest_handshake, now).is_active:
            self._observer.close()
            moved = evidence.movement
            lost = moved is not None and moved.unanswered_for >= UNANSWERED
            return replace(evidence, resolved=self._name(facts, now) if lost else self._known_name(facts))
        return self._watched(evidence, device, device.device)

    def _watched(self, evidence: Evidence, state: DeviceState, device: Device) -> Evidence:
        """The same with what is seen at the port, and what the host does with it."""
        now, traffic = evidence.scene.now, self._observer.look(device)
        caller = _caller(evidence.peer, traffic)
        scene = replace(
            evidence.scene, traffic=traffic, admission=self._admit(caller, device.listen_port, now)
        )
        return replace(
            evidence,
            scene=scene,
            resolved=self._name(evidence.file, now),
            all_silent=self._all_silent(state, traffic, now),
        )

    def _all_silent(self, state: DeviceState, traffic: PortTraffic | None, now: float) -> bool:
        """Whether several peers that call by themselves are silent, which is no chance."""
        if traffic is None or traffic.arrived.udp or now - traffic.since < ALL_SILENT or self.files is None:
            return False
        if any(activity_of(one.peer.latest_handshake, now).is_active for one in state.peers):
            return False
        return self.files.own_keepalives(state, _LOOKED_AT) >= 2

    def _admit(self, source: Address, port: int, now: float) -> Admission | None:
        if self._surroundings is None or not port:
            return None
        if self._admission is None or not 0 <= now - self._admission[0] < ADMISSION_KEPT:
            self._admission = (now, self._surroundings.admit(source, port))
        return self._admission[1]

    def _name(self, facts: FileFacts | None, now: float) -> Endpoint | None:
        """Where the name in the file leads; looked up rarely, for a look-up may hang."""
        dialled = facts.peer.endpoint if facts and facts.peer else None
        if dialled is None or self._resolver is None or dialled.numeric() is not None:
            return None
        known = self._resolved.get(dialled)
        if known is None or not 0 <= now - known[0] < RESOLVED_KEPT:
            try:
                found = self._resolver.resolve([dialled], RESOLVING).get(dialled)
            except WgtuiError:
                found = None
            known = self._resolved[dialled] = (now, found)
        return known[1]

    def _known_name(self, facts: FileFacts | None) -> Endpoint | None:
        """Where the name led when it was last looked up."""
        dialled = facts.peer.endpoint if facts and facts.peer else None
        known = self._resolved.get(dialled) if dialled is not None else None
        return known[1] if known is not None else None

    def _baseline(self, peer: Peer, now: float) -> Baseline:
        known = self._baselines.get(peer.public_key)
        if known is None:
            shaken = peer.latest_handshake is not None
            known = self._baselines[peer.public_key] = Baseline(now, now if shaken else None)
        return known


def _caller(peer: Peer, traffic: PortTraffic | None) -> Address:
    """Whose packets the packet filter is asked about."""
    calls = traffic.calls_of(peer.public_key) if traffic is not None else ()
    if calls:
        return calls[0].endpoint.address
    return peer.endpoint.address if peer.endpoint is not None else _ANYWHERE
