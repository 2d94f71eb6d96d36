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

from dataclasses import replace
from typing import Final

from wgtui.domain.activity import REJECT_AFTER, REKEY_TIMEOUT
from wgtui.domain.device import Device, Peer
from wgtui.domain.first_contact.after import after_handshake
from wgtui.domain.first_contact.finding import Cause, Contact, Finding, Reason, Stage
from wgtui.domain.first_contact.scene import Baseline, Scene
from wgtui.domain.port_traffic import Call, PortTraffic, Remote
from wgtui.domain.setup.reach import Reach

PATIENCE: Final = 3.0
"""Seconds that an answer may take before its absence means something; a caller repeats after 5 s."""


def contact_of(peer: Peer, device: Device, scene: Scene, before: Baseline) -> Contact:
    """Judge a peer.

    Args:
        peer: As reported.
        device: Its device.
        scene: What is known of device and port.
        before: The peer when watching began.
    """
    if not scene.up:
        return Contact(peer.public_key, Stage.OFF, before.since, None, Finding(Reason.DOWN))
    if peer.latest_handshake is not None:
        return after_handshake(peer, scene, before)
    stage, finding = _before_handshake(peer, device, scene, before)
    since = before.since
    calls = scene.traffic.calls_of(peer.public_key) if scene.traffic else ()
    if stage is Stage.CALLING and calls:
        since = min(call.first for call in calls)
    endpoint = peer.endpoint or (calls[0].endpoint if calls else None)
    return Contact(peer.public_key, stage, since, endpoint, finding)


def _before_handshake(peer: Peer, device: Device, scene: Scene, before: Baseline) -> tuple[Stage, Finding]:
    if device.private_key is None:
        return Stage.OFF, Finding(Reason.NO_PRIVATE_KEY)
    if not device.listen_port:
        return Stage.OFF, Finding(Reason.NO_PORT)
    traffic = scene.traffic
    if traffic is None:
        return _unseen(peer, scene, before)
    calls = traffic.calls_of(peer.public_key)
    if calls:
        return Stage.CALLING, _called(peer, calls[0], traffic, scene)
    if peer.endpoint is not None:
        found = _calling(peer, traffic.remote(peer.endpoint), scene, before)
        if found is not None:
            return Stage.CALLING, found
    strange = _strangers(device, traffic)
    if strange is not None:
        return Stage.WAITING, strange
    if peer.endpoint is not None:
        return Stage.WAITING, Finding(Reason.NOT_CALLED, (Cause.NO_TRAFFIC,), endpoint=peer.endpoint)
    return Stage.WAITING, _nothing_of_it(device, traffic, scene)


def _called(peer: Peer, call: Call, traffic: PortTraffic, scene: Scene) -> Finding:
    """It calls, and no handshake comes of it."""
    remote = traffic.remote(call.endpoint)
    sent = remote.sent if remote is not None else None
    seen = Finding(Reason.IN_PROGRESS, endpoint=call.endpoint, count=call.count, at=call.last)
    answered = sent is not None and sent.response > 0
    if call.count == 1 and scene.now - call.first < PATIENCE:
        return seen
    if answered:
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
    return _dropped(found, scene) if scene.drops else found


def _dropped(finding: Finding, scene: Scene) -> Finding:
    """It is known that the packet filter drops it, and by what."""
    return replace(finding, certain=True, detail=scene.admission.by if scene.admission else "")


def _calling(peer: Peer, remote: Remote | None, scene: Scene, before: Baseline) -> Finding | None:
    """This host calls it: what comes of that; None where it does not call."""
    if remote is None or not remote.sent.initiation:
        return None
    seen = Finding(Reason.IN_PROGRESS, endpoint=peer.endpoint, count=remote.sent.initiation, at=remote.last)
    if remote.arrived.response:
        causes = (Cause.PRESHARED_KEY,) if scene.lets_in else (Cause.PRESHARED_KEY, Cause.PACKET_FILTER)
        refused = replace(seen, reason=Reason.ANSWER_REFUSED, causes=causes)
        return _dropped(replace(refused, causes=causes[::-1]), scene) if scene.drops else refused
    if remote.sent.initiation == 1 and scene.now - remote.last < PATIENCE:
        return seen
    return replace(seen, reason=Reason.CALL_UNANSWERED, causes=_UNANSWERED)


_UNANSWERED: Final = (
    Cause.FAR_SIDE_CLOSED,
    Cause.WRONG_ENDPOINT_HERE,
    Cause.UNKNOWN_THERE,
    Cause.WRONG_PUBLIC_KEY_HERE,
    Cause.CLOCK_HERE,
)


def _strangers(device: Device, traffic: PortTraffic) -> Finding | None:
    """Calls that belong to no peer of the device: any waiting one may be behind them."""
    for call in traffic.calls:
        seen = Finding(Reason.IN_PROGRESS, endpoint=call.endpoint, count=call.count, at=call.last)
        if not call.opened.for_us:
            cause = (Cause.WRONG_PUBLIC_KEY_THERE,)
            return replace(seen, reason=Reason.OTHER_KEY, causes=cause, certain=True)
        caller = call.opened.caller
        if caller is not None and device.peer(caller) is None:
            causes = (Cause.OTHER_KEY_OF_IT,)
            return replace(seen, reason=Reason.UNKNOWN_CALLER, causes=causes, key=caller)
    return None


def _nothing_of_it(device: Device, traffic: PortTraffic, scene: Scene) -> Finding:
    """It has to call, and no handshake message that may be its own has come."""
    homes = {one.endpoint for one in device.peers}
    for remote in traffic.remotes:
        arrived = remote.arrived
        if arrived.sessions and not arrived.initiation and remote.endpoint not in homes:
            return _from(remote, Reason.OLD_SESSION, arrived.sessions, Cause.INTERFACE_REMADE)
    if traffic.arrived.wireguard > 0 or _others_came(device, scene):
        return Finding(Reason.NOTHING_HEARD, (Cause.NOT_STARTED, Cause.WRONG_ENDPOINT))
    for remote in traffic.remotes:
        if remote.arrived.other:
            causes = (Cause.SCANNER, Cause.DISGUISED)
            return _from(remote, Reason.NOT_WIREGUARD, remote.arrived.other, *causes)
    for remote in traffic.remotes:
        if remote.arrived.tcp:
            causes = (Cause.TCP_FOR_UDP, Cause.NOT_STARTED)
            return _from(remote, Reason.ONLY_TCP, remote.arrived.tcp, *causes)
    return Finding(Reason.NOTHING_ARRIVES, _where_it_is_held_up(scene.reach))


def _from(remote: Remote, reason: Reason, count: int, *causes: Cause) -> Finding:
    return Finding(reason, causes, endpoint=remote.endpoint, count=count, at=remote.last)


def _where_it_is_held_up(reach: Reach | None) -> tuple[Cause, ...]:
    first = (Cause.NOT_STARTED, Cause.WRONG_ENDPOINT)
    if reach is Reach.CGNAT:
        return (Cause.NOT_STARTED, Cause.CARRIER_NAT, Cause.WRONG_ENDPOINT)
    if reach is Reach.PRIVATE:
        return (*first, Cause.ROUTER, Cause.PROVIDER, Cause.TCP_FOR_UDP)
    return (*first, Cause.PROVIDER, Cause.ROUTER, Cause.TCP_FOR_UDP)


def _others_came(device: Device, scene: Scene) -> bool:
    """Whether another peer has a session now, so that packets find their way to this port."""
    return any(
        one.latest_handshake is not None and scene.now - one.latest_handshake <= REJECT_AFTER
        for one in device.peers
    )


def _unseen(peer: Peer, scene: Scene, before: Baseline) -> tuple[Stage, Finding]:
    """What the device's counters alone tell, where the port cannot be watched."""
    if peer.rx_bytes > 0:
        causes = (Cause.PRESHARED_KEY, Cause.ANSWER_LOST)
        return Stage.CALLING, Finding(Reason.ANSWER_NOT_TAKEN, causes, endpoint=peer.endpoint)
    if peer.endpoint is None:
        return Stage.WAITING, Finding(Reason.NOTHING_HEARD, _where_it_is_held_up(scene.reach))
    if peer.tx_bytes == 0:
        return Stage.WAITING, Finding(Reason.NOT_CALLED, (Cause.NO_TRAFFIC,), endpoint=peer.endpoint)
    if scene.now - before.since < REKEY_TIMEOUT:
        return Stage.CALLING, Finding(Reason.IN_PROGRESS, endpoint=peer.endpoint)
    return Stage.CALLING, Finding(Reason.CALL_UNANSWERED, _UNANSWERED, endpoint=peer.endpoint)
