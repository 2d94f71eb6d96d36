"""The rules: from what the device reports and what was seen at its port to one finding a peer.

What a device does with a handshake is that of `drivers/net/wireguard/receive.c`, `noise.c`, `cookie.c` and of
wireguard-go's `device/receive.go`, `noise-protocol.go`; both do the same here:

- An initiation whose first MAC was not made with our public key is dropped.
- One of a public key that is no peer of ours is dropped.
- One whose stamp is not younger than the last accepted one of the peer is dropped: a clock was set back.
- Every other one makes the peer's received bytes grow, teaches the device its endpoint, and is answered.
- The preshared key only counts in the answer: who called drops one made with another.
- Who was called counts the handshake as done with the first packet of the session.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Final

from wgtui.domain.activity import REJECT_AFTER, REKEY_TIMEOUT
from wgtui.domain.addresses import Endpoint
from wgtui.domain.device import Device, Peer
from wgtui.domain.first_contact.after import after_handshake
from wgtui.domain.first_contact.finding import Cause, Contact, Finding, Reason, Stage
from wgtui.domain.first_contact.scene import Baseline, Scene
from wgtui.domain.keys import PublicKey
from wgtui.domain.port_traffic import Call, PortTraffic, Remote
from wgtui.domain.reach import Reach

PATIENCE: Final = 3.0
"""Seconds that an answer may take before its absence means something; a caller repeats after 5 s."""

_UNANSWERED: Final = (
    Cause.FAR_SIDE_CLOSED,
    Cause.WRONG_ENDPOINT_HERE,
    Cause.UNKNOWN_THERE,
    Cause.WRONG_PUBLIC_KEY_HERE,
    Cause.CLOCK_HERE,
)

_REFUSED: Final = (Cause.WRONG_PUBLIC_KEY_THERE, Cause.OTHER_KEY_OF_IT, Cause.SCANNER)


class Judge:
    """Judges the peers of one device at one moment. What holds for all of them is found out once."""

    def __init__(self, device: Device, scene: Scene) -> None:
        """Take what is known of a device and its port."""
        self._device = device
        self._scene = scene
        traffic = scene.traffic
        self._remotes: dict[Endpoint, Remote] = {}
        self._calls: dict[PublicKey, list[Call]] = {}
        if traffic is not None:
            self._remotes = {one.endpoint: one for one in traffic.remotes}
            for call in traffic.calls:
                if call.opened.caller is not None:
                    self._calls.setdefault(call.opened.caller, []).append(call)

    def contact(self, peer: Peer, before: Baseline) -> Contact:
        """Judge a peer of the device.

        Args:
            peer: As reported.
            before: The peer when watching began.
        """
        if not self._scene.up:
            return Contact(peer.public_key, Stage.OFF, before.since, None, Finding(Reason.DOWN))
        if peer.latest_handshake is not None:
            remote = self._remotes.get(peer.endpoint) if peer.endpoint else None
            return after_handshake(peer, remote, self._scene.now, before)
        calls = self._calls.get(peer.public_key, [])
        stage, finding = self._without_handshake(peer, calls, before)
        since = min((call.first for call in calls), default=before.since)
        endpoint = peer.endpoint or (calls[0].endpoint if calls else None)
        return Contact(peer.public_key, stage, since, endpoint, finding)

    def _without_handshake(self, peer: Peer, calls: list[Call], before: Baseline) -> tuple[Stage, Finding]:
        if self._device.private_key is None:
            return Stage.OFF, Finding(Reason.NO_PRIVATE_KEY)
        if not self._device.listen_port:
            return Stage.OFF, Finding(Reason.NO_PORT)
        if self._scene.traffic is None:
            return self._unseen(peer, before)
        if calls:
            return Stage.CALLING, self._called(peer, calls[0])
        if peer.endpoint is not None:
            found = self._calling(self._remotes.get(peer.endpoint))
            if found is not None:
                return Stage.CALLING, found
        if self._strangers is not None:
            return Stage.WAITING, self._strangers
        if peer.endpoint is not None:
            return Stage.WAITING, Finding(Reason.NOT_CALLED, (Cause.NO_TRAFFIC,), endpoint=peer.endpoint)
        return Stage.WAITING, self._nothing

    def _called(self, peer: Peer, call: Call) -> Finding:
        """It calls, and no handshake comes of it."""
        scene, remote = self._scene, self._remotes.get(call.endpoint)
        sent = remote.sent if remote is not None else None
        seen = Finding(Reason.IN_PROGRESS, endpoint=call.endpoint, count=call.count, at=call.last)
        if call.count == 1 and scene.now - call.first < PATIENCE:
            return seen
        if sent is not None and sent.response:
            causes: tuple[Cause, ...] = (Cause.PRESHARED_KEY, Cause.ANSWER_LOST)
            if peer.preshared_key is None and call.count < 3:
                causes = causes[::-1]
            return replace(seen, reason=Reason.ANSWER_NOT_TAKEN, causes=causes)
        if sent is not None and sent.cookie:
            return replace(seen, reason=Reason.UNDER_LOAD)
        if peer.rx_bytes > 0 or call.went_back:
            return replace(seen, reason=Reason.OLD_STAMP, causes=(Cause.CLOCK_THERE,))
        # Nothing of it was ever accepted, so its stamp cannot be too old: the device never got it.
        causes = (Cause.REVERSE_PATH,) if scene.lets_in else (Cause.PACKET_FILTER, Cause.REVERSE_PATH)
        found = replace(seen, reason=Reason.NOT_LET_IN, causes=causes)
        return self._dropped(found) if scene.drops else found

    def _calling(self, remote: Remote | None) -> Finding | None:
        """This host calls it: what comes of that; None where it does not call."""
        if remote is None or not remote.sent.initiation:
            return None
        scene, count = self._scene, remote.sent.initiation
        seen = Finding(Reason.IN_PROGRESS, endpoint=remote.endpoint, count=count, at=remote.last)
        if remote.arrived.response:
            causes = (Cause.PRESHARED_KEY,) if scene.lets_in else (Cause.PRESHARED_KEY, Cause.PACKET_FILTER)
            refused = replace(seen, reason=Reason.ANSWER_REFUSED, causes=causes)
            return self._dropped(replace(refused, causes=causes[::-1])) if scene.drops else refused
        if count == 1 and scene.now - remote.last < PATIENCE:
            return seen
        return replace(seen, reason=Reason.CALL_UNANSWERED, causes=_UNANSWERED)

    def _dropped(self, finding: Finding) -> Finding:
        """It is known that the packet filter drops it, and by what."""
        admission = self._scene.admission
        return replace(finding, certain=True, detail=admission.by if admission else "")

    @cached_property
    def _strangers(self) -> Finding | None:
        """Calls that belong to no peer of the device: any waiting one may be behind them."""
        traffic = self._scene.traffic
        for call in traffic.calls if traffic is not None else ():
            if self._came_since(call):
                continue
            seen = Finding(Reason.OTHER_KEY, endpoint=call.endpoint, count=call.count, at=call.last)
            if not call.opened.for_us:
                return replace(seen, causes=(Cause.WRONG_PUBLIC_KEY_THERE, Cause.NOT_STARTED))
            caller = call.opened.caller
            if caller is not None and self._device.peer(caller) is None:
                causes = (Cause.OTHER_KEY_OF_IT, Cause.NOT_STARTED)
                return replace(seen, reason=Reason.UNKNOWN_CALLER, causes=causes, key=caller)
        return None

    def _came_since(self, call: Call) -> bool:
        """Whether there was a handshake with a call's place after it: what was wrong was mended."""
        return any(
            one.endpoint == call.endpoint and (one.latest_handshake or 0.0) >= call.last
            for one in self._device.peers
        )

    @cached_property
    def _nothing(self) -> Finding:
        """Nobody who has to call did, as far as can be told."""
        traffic, reach = self._scene.traffic, self._scene.reach
        assert traffic is not None
        homes = {one.endpoint for one in self._device.peers}
        for remote in _with(traffic, "sessions"):
            if not remote.arrived.initiation and remote.endpoint not in homes:
                return _from(remote, Reason.OLD_SESSION, remote.arrived.sessions, Cause.INTERFACE_REMADE)
        if traffic.arrived.wireguard > 0 or self._others_came():
            return Finding(Reason.NOTHING_HEARD, (Cause.NOT_STARTED, Cause.WRONG_ENDPOINT))
        for remote in _with(traffic, "other"):
            return _from(remote, Reason.NOT_WIREGUARD, remote.arrived.other, Cause.SCANNER, Cause.DISGUISED)
        for remote in _with(traffic, "tcp"):
            return _from(remote, Reason.ONLY_TCP, remote.arrived.tcp, *_only_tcp(reach))
        return Finding(Reason.NOTHING_ARRIVES, _where_it_is_held_up(reach))

    def _others_came(self) -> bool:
        """Whether another peer has a session now, so that packets find their way to this port."""
        return any(
            one.latest_handshake is not None and self._scene.now - one.latest_handshake <= REJECT_AFTER
            for one in self._device.peers
        )

    def _unseen(self, peer: Peer, before: Baseline) -> tuple[Stage, Finding]:
        """What the device's counters alone tell, where the port cannot be watched."""
        if peer.rx_bytes > 0:
            causes = (Cause.PRESHARED_KEY, Cause.ANSWER_LOST)
            return Stage.CALLING, Finding(Reason.ANSWER_NOT_TAKEN, causes, endpoint=peer.endpoint)
        if peer.endpoint is None and self._scene.counted and not self._others_came():
            return Stage.WAITING, Finding(Reason.SOMETHING_ARRIVES, _REFUSED, count=self._scene.counted)
        if peer.endpoint is None:
            held_up = _where_it_is_held_up(self._scene.reach)
            return Stage.WAITING, Finding(Reason.NOTHING_HEARD, held_up)
        if peer.tx_bytes == 0:
            return Stage.WAITING, Finding(Reason.NOT_CALLED, (Cause.NO_TRAFFIC,), endpoint=peer.endpoint)
        if self._scene.now - before.since < REKEY_TIMEOUT:
            return Stage.CALLING, Finding(Reason.IN_PROGRESS, endpoint=peer.endpoint)
        return Stage.CALLING, Finding(Reason.CALL_UNANSWERED, _UNANSWERED, endpoint=peer.endpoint)


def _with(traffic: PortTraffic, kind: str) -> Iterator[Remote]:
    """Those from which packets of a kind came, the latest first."""
    return (remote for remote in traffic.remotes if getattr(remote.arrived, kind))


def _from(remote: Remote, reason: Reason, count: int, *causes: Cause) -> Finding:
    return Finding(reason, causes, endpoint=remote.endpoint, count=count, at=remote.last)


def _only_tcp(reach: Reach | None) -> tuple[Cause, ...]:
    """To a public address, anybody's scanner sends TCP; behind a router, its rule let it in."""
    waiting = (Cause.NOT_STARTED, Cause.WRONG_ENDPOINT)
    if reach is Reach.PUBLIC:
        return (*waiting, Cause.TCP_FOR_UDP, Cause.PROVIDER)
    return (Cause.TCP_FOR_UDP, *waiting)


def _where_it_is_held_up(reach: Reach | None) -> tuple[Cause, ...]:
    waiting = (Cause.NOT_STARTED, Cause.WRONG_ENDPOINT)
    if reach is Reach.CGNAT:
        return (Cause.NOT_STARTED, Cause.CARRIER_NAT, Cause.WRONG_ENDPOINT)
    if reach is Reach.PRIVATE:
        return (*waiting, Cause.ROUTER, Cause.PROVIDER, Cause.TCP_FOR_UDP)
    return (*waiting, Cause.PROVIDER, Cause.ROUTER, Cause.TCP_FOR_UDP)
