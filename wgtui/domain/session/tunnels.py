"""How a change of a WireGuard device can cut a session that comes through it."""

from __future__ import annotations

from collections.abc import Iterator

from wgtui.domain.applying import applied
from wgtui.domain.change import DeviceChange
from wgtui.domain.device import Device, Peer
from wgtui.domain.plan import ConfigureDevice, Plan
from wgtui.domain.session.facts import Leg, Risk, SessionFacts, Severity, owner_of


def tunnel_risks(plan: Plan, facts: SessionFacts) -> Iterator[Risk]:
    """Reasons from keys, port, mark and peers of the devices that the session comes through.

    A persistent keepalive is none: as long as there is a session, its own packets hold the way open.
    """
    for leg in facts.legs:
        if leg.device is not None:
            yield from _leg_risks(plan, leg, leg.device)


def device_after(plan: Plan, device: Device) -> Device:
    """A device once the plan has configured it."""
    for change in _changes(plan, device):
        device = applied(device, change)
    return device


def _changes(plan: Plan, device: Device) -> Iterator[DeviceChange]:
    for step in plan.steps:
        if isinstance(step, ConfigureDevice) and step.interface == device.name:
            yield step.change


def _leg_risks(plan: Plan, leg: Leg, device: Device) -> Iterator[Risk]:
    after = device_after(plan, device)
    yield from _device_risks(plan, device, after)
    if leg.peer is None:
        return
    peer = after.peer(leg.peer.public_key)
    if peer is None:
        text = f"The peer of {device.name} that your session comes through is removed."
        yield Risk(Severity.WILL, text)
        return
    yield from _ownership_risks(leg, peer, after)
    yield from _peer_risks(leg.peer, peer, device.name)
    if any(_sets_anew(change, leg.peer) for change in _changes(plan, device)):
        text = (
            f"The peer of {device.name} that your session comes through is set anew, so that the session "
            "stands still until that peer makes a new handshake."
        )
        yield Risk(Severity.MAY, text)


def _device_risks(plan: Plan, device: Device, after: Device) -> Iterator[Risk]:
    name = device.name
    if after.private_key != device.private_key:
        text = (
            f"The private key of {name} changes: its peers, the one that your session comes through too, "
            "reach it again only when they have the new public key."
        )
        yield Risk(Severity.WILL, text)
    asked = [change.listen_port for change in _changes(plan, device) if change.listen_port is not None]
    if asked and asked[-1] != device.listen_port:
        text = (
            f"The listen port of {name} changes, and the peer that your session comes through may still "
            f"call {device.listen_port}."
        )
        yield Risk(Severity.MAY, text)
    if after.fwmark != device.fwmark:
        text = f"The fwmark of {name} changes, by which the way of its encrypted packets may be chosen."
        yield Risk(Severity.MAY, text)


def _ownership_risks(leg: Leg, peer: Peer, after: Device) -> Iterator[Risk]:
    address = leg.packet.destination
    owner = owner_of(after, address)
    if owner is None:
        text = f"No peer of {after.name} owns {address} any more, which your session comes from."
        yield Risk(Severity.WILL, text)
    elif owner.public_key != peer.public_key:
        text = (
            f"{address}, which your session comes from, moves to another peer of {after.name}: "
            "packets of the peer that it comes through are then dropped."
        )
        yield Risk(Severity.WILL, text)


def _peer_risks(before: Peer, after: Peer, name: str) -> Iterator[Risk]:
    if after.preshared_key != before.preshared_key:
        text = (
            f"The preshared key of the peer of {name} that your session comes through changes: unless that "
            "peer has the new one too, the session ends at the next handshake, within three minutes."
        )
        yield Risk(Severity.MAY, text)
    if after.endpoint != before.endpoint:
        text = (
            f"The endpoint of the peer of {name} that your session comes through changes: replies go to the "
            "new one until that peer is heard again."
        )
        yield Risk(Severity.MAY, text)


def _sets_anew(change: DeviceChange, peer: Peer) -> bool:
    """Whether a change removes a peer, with its session, even if it adds the same one again."""
    key = peer.public_key
    return change.replace_peers or any(one.remove and one.public_key == key for one in change.peers)
