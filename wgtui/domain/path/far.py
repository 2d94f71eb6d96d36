"""The stations of a path at the peers: what their own files, where they are here, make them do."""

from __future__ import annotations

from collections.abc import Iterator

from wgtui.domain.addresses import Address
from wgtui.domain.fixes import ByHand, FarAllowFix
from wgtui.domain.path.facts import PathPeer
from wgtui.domain.path.here import single
from wgtui.domain.path.hops import Direction, Hop, HopKind, HopState, Spot, SpotKind
from wgtui.domain.path.leg import Leg


def sends(leg: Leg) -> Iterator[Hop]:
    """Whether the sender's own file sends the packet into the tunnel."""
    peer = leg.peer_of(leg.origin)
    if peer is None:
        return
    if leg.origin.kind is SpotKind.BEHIND_PEER:
        yield from _out_of_lan(leg, peer)
    yield _reaches(leg, peer, leg.target, f"sends packets for {leg.target.address} into the tunnel")


def accepts(leg: Leg) -> Iterator[Hop]:
    """Whether the receiver's own file accepts the packet, and leads it on into its LAN."""
    peer = leg.peer_of(leg.target)
    if peer is None:
        return
    yield _reaches(leg, peer, leg.origin, f"accepts packets from {leg.origin.address} out of the tunnel")
    if leg.target.kind is SpotKind.BEHIND_PEER:
        yield from _into_lan(leg, peer)


def _reaches(leg: Leg, peer: PathPeer, other: Spot, what: str) -> Hop:
    """The far end's cryptokey routing; where the source is hidden, it sees this host instead."""
    if peer.far is None:
        text = f"Whether {peer.name} {what} is not known: its own file is not on this host."
        return Hop(HopKind.FAR_FILE, leg.direction, HopState.DOUBT, text)
    if _holds(peer, other.address):
        return Hop(HopKind.FAR_FILE, leg.direction, HopState.OK, f"{peer.name}'s own file {what}.")
    lost = "gets there" if leg.direction is Direction.THERE else "comes back"
    text = f"{peer.name}'s own file lacks {other.address} in its allowed IPs, so nothing {lost}."
    fix = FarAllowFix(_device_name(leg, peer), peer.key, single(other))
    return Hop(HopKind.FAR_FILE, leg.direction, HopState.BROKEN, text, fix)


def _holds(peer: PathPeer, address: Address) -> bool:
    prefixes = peer.far.reaches if peer.far else ()
    return any(prefix.version == address.version and address in prefix for prefix in prefixes)


def _device_name(leg: Leg, peer: PathPeer) -> str:
    return next(
        device.name for device in leg.view.devices if any(one.key == peer.key for one in device.peers)
    )


def _out_of_lan(leg: Leg, peer: PathPeer) -> Iterator[Hop]:
    if leg.direction is Direction.BACK and _hides(leg, peer):
        text = f"{leg.origin.address} answers {peer.name}, behind whose address the packet came."
        yield Hop(HopKind.FAR_LAN, leg.direction, HopState.OK, text)
        return
    text = (
        f"Whether {leg.origin.address} sends packets for {leg.target.address} to {peer.name} is up to its "
        f"LAN: its router needs a route to there by {peer.name}."
    )
    yield Hop(HopKind.FAR_LAN, leg.direction, HopState.DOUBT, text)


def _hides(leg: Leg, peer: PathPeer) -> bool:
    return peer.far is not None and leg.origin.address.version in peer.far.masquerades


def _into_lan(leg: Leg, peer: PathPeer) -> Iterator[Hop]:
    if peer.far is None:
        text = f"Whether {peer.name} forwards into its LAN is not known: its own file is not on this host."
        yield Hop(HopKind.FAR_LAN, leg.direction, HopState.DOUBT, text)
        return
    version, far = leg.target.address.version, peer.far
    if version in far.forwards and far.lets_through:
        text = f"{peer.name}'s own file forwards IPv{version} between the tunnel and its LAN."
        yield Hop(HopKind.FAR_LAN, leg.direction, HopState.OK, text)
    elif far.runs_own_rules:
        text = f"{peer.name}'s own file has commands that wgtui did not write; they may forward into its LAN."
        yield Hop(HopKind.FAR_LAN, leg.direction, HopState.DOUBT, text)
    else:
        text = f"{peer.name}'s own file does not make it forward IPv{version} into its LAN."
        fix = ByHand(f"Make the file of {peer.name} again as that of a LAN gateway, and take it there.")
        yield Hop(HopKind.FAR_LAN, leg.direction, HopState.BROKEN, text, fix)
        return
    if leg.direction is Direction.THERE and version not in far.masquerades and not far.runs_own_rules:
        text = (
            f"{peer.name} does not hide the tunnel's addresses: its LAN needs a route to them by {peer.name}."
        )
        yield Hop(HopKind.TRANSLATION, leg.direction, HopState.DOUBT, text)
