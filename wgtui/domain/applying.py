"""What a change makes of a device, whether a device has it already, and what takes it back.

The order and the meaning of each part are those of the kernel (`drivers/net/wireguard/netlink.c`,
`wg_set_device`, `set_peer`), which wireguard-go shares.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from wgtui.domain.addresses import Prefix
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.device import Device, Peer
from wgtui.domain.keys import KEY_BYTES, PresharedKey, PrivateKey, PublicKey

_NO_PRIVATE_KEY = PrivateKey(bytes(KEY_BYTES))
_NO_PRESHARED_KEY = PresharedKey(bytes(KEY_BYTES))


def applied(device: Device, change: DeviceChange) -> Device:
    """The device after a change.

    A listen port of 0 leaves the port as it is, for the system's pick cannot be foreseen. A new private key
    leaves the public key as it was, for deriving one is not the domain's business.
    """
    peers = {} if change.replace_peers else {peer.public_key: peer for peer in device.peers}
    owners = {prefix: key for key, peer in peers.items() for prefix in peer.allowed_ips}
    private_key = device.private_key
    if change.private_key is not None:
        private_key = None if change.private_key.is_zero else change.private_key.clamped()
    for peer_change in change.peers:
        _apply_peer(peers, owners, peer_change, device.public_key)
    return replace(
        device,
        private_key=private_key,
        fwmark=device.fwmark if change.fwmark is None else change.fwmark,
        listen_port=change.listen_port or device.listen_port,
        peers=tuple(peers.values()),
    )


def holds(change: DeviceChange, device: Device, *, roamed: bool = False) -> bool:
    """Whether a device is as a change leaves it, so that applying it would do nothing.

    Args:
        change: What was or will be set.
        device: What the device reports.
        roamed: Take any endpoint for the one that was set: a peer that speaks from elsewhere moves it.
    """
    after = applied(device, change)
    return _essence(after, endpoints=not roamed) == _essence(device, endpoints=not roamed)


def difference(present: Device, wanted: Device) -> DeviceChange:
    """The change that brings a device to another state of it, with nothing in it that agrees already.

    What no change can express is left out: an endpoint cannot be forgotten, a bound port not unbound.
    """
    before = {peer.public_key: peer for peer in present.peers}
    after = {peer.public_key: peer for peer in wanted.peers}
    owners = {prefix for peer in wanted.peers for prefix in peer.allowed_ips}
    removals = [PeerChange(key, remove=True) for key in before if key not in after]
    changes = (peer_difference(before.get(key), peer, owners) for key, peer in after.items())
    wanted_key = wanted.private_key or _NO_PRIVATE_KEY
    return DeviceChange(
        private_key=None if (present.private_key or _NO_PRIVATE_KEY) == wanted_key else wanted_key,
        listen_port=wanted.listen_port if wanted.listen_port not in (0, present.listen_port) else None,
        fwmark=wanted.fwmark if wanted.fwmark != present.fwmark else None,
        peers=(*removals, *(change for change in changes if change is not None)),
    )


def undoing(change: DeviceChange, device: Device) -> DeviceChange:
    """The change that takes back another one from the device as it was before that."""
    return difference(applied(device, change), device)


def _apply_peer(
    peers: dict[PublicKey, Peer],
    owners: dict[Prefix, PublicKey],
    change: PeerChange,
    own_key: PublicKey | None,
) -> None:
    key = change.public_key
    peer = peers.get(key)
    if change.remove:
        if peer is not None:
            del peers[key]
            _disown(owners, peer)
        return
    if peer is None and (change.update_only or key == own_key):
        return
    peer = peer or Peer(key)
    if change.preshared_key is not None:
        peer = replace(peer, preshared_key=None if change.preshared_key.is_zero else change.preshared_key)
    if change.endpoint is not None:
        peer = replace(peer, endpoint=change.endpoint)
    if change.persistent_keepalive is not None:
        peer = replace(peer, persistent_keepalive=change.persistent_keepalive)
    if change.replace_allowed_ips:
        _disown(owners, peer)
        peer = replace(peer, allowed_ips=())
    peers[key] = peer
    for prefix in change.added_allowed_ips:
        _give(peers, owners, prefix, key)
    for prefix in change.removed_allowed_ips:
        if owners.get(prefix) == key:
            _take(peers, prefix, key)
            del owners[prefix]


def _give(
    peers: dict[PublicKey, Peer], owners: dict[Prefix, PublicKey], prefix: Prefix, key: PublicKey
) -> None:
    """A prefix has one owner on a device: whoever names it last."""
    owner = owners.get(prefix)
    if owner == key:
        return
    if owner is not None:
        _take(peers, prefix, owner)
    owners[prefix] = key
    peers[key] = replace(peers[key], allowed_ips=(*peers[key].allowed_ips, prefix))


def _take(peers: dict[PublicKey, Peer], prefix: Prefix, key: PublicKey) -> None:
    peer = peers[key]
    kept = tuple(owned for owned in peer.allowed_ips if owned != prefix)
    peers[key] = replace(peer, allowed_ips=kept)


def _disown(owners: dict[Prefix, PublicKey], peer: Peer) -> None:
    for prefix in peer.allowed_ips:
        owners.pop(prefix, None)


def _essence(device: Device, *, endpoints: bool) -> object:
    """All that a change can set, comparable whatever the order in which a device reports it."""
    peers = {
        peer.public_key: (
            peer.preshared_key,
            peer.endpoint if endpoints else None,
            peer.persistent_keepalive,
            frozenset(peer.allowed_ips),
        )
        for peer in device.peers
    }
    return device.private_key, device.listen_port, device.fwmark, peers


def peer_difference(present: Peer | None, wanted: Peer, owners: Container[Prefix]) -> PeerChange | None:
    """The change that brings one peer to another state of it; None where there is nothing to change.

    Args:
        present: As the device reports it, None where it has no such peer.
        wanted: As it is to be; without an endpoint it keeps the one it has.
        owners: All prefixes that some peer is to have: those that move are only added at their new owner.
    """
    key = wanted.public_key
    if present is None:
        return PeerChange(
            key,
            preshared_key=wanted.preshared_key,
            endpoint=wanted.endpoint,
            persistent_keepalive=wanted.persistent_keepalive or None,
            allowed_ips=wanted.allowed_ips,
        )
    if present is wanted:
        return None
    has = frozenset(present.allowed_ips)
    same_secret = present.preshared_key == wanted.preshared_key
    same_interval = present.persistent_keepalive == wanted.persistent_keepalive
    change = PeerChange(
        key,
        update_only=True,
        preshared_key=None if same_secret else wanted.preshared_key or _NO_PRESHARED_KEY,
        endpoint=wanted.endpoint if wanted.endpoint != present.endpoint else None,
        persistent_keepalive=None if same_interval else wanted.persistent_keepalive,
        allowed_ips=tuple(prefix for prefix in wanted.allowed_ips if prefix not in has),
        removed_allowed_ips=tuple(prefix for prefix in present.allowed_ips if prefix not in owners),
    )
    return None if change == PeerChange(key, update_only=True) else change
