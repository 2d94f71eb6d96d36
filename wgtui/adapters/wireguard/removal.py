"""Taking single allowed IPs from a peer where the kernel has no word for it (before Linux 6.16).

The peer's remaining list is sent instead, with "replace allowed IPs". What remains depends on the changes
before it, for a prefix belongs to one peer of a device: so the change is played through on paper first.
"""

from __future__ import annotations

from dataclasses import replace

from wgtui.domain.addresses import Prefix
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.device import Device
from wgtui.domain.keys import PublicKey

Lists = dict[PublicKey, dict[Prefix, None]]
"""Allowed IPs by peer, each in order: a dict without values is an ordered set."""


def needs_removal(change: DeviceChange) -> bool:
    """Whether the change takes single allowed IPs away."""
    return any(
        peer.removed_allowed_ips and not peer.remove and not peer.replace_allowed_ips for peer in change.peers
    )


def without_removals(change: DeviceChange, device: Device) -> DeviceChange:
    """Say the same without single removals.

    Args:
        change: What is wanted.
        device: As it is now.

    Returns:
        A change after which every peer has the same allowed IPs as after `change`. Peers that lose
        single allowed IPs carry their whole remaining list.
    """
    lists: Lists = {}
    if not change.replace_peers:
        lists = {peer.public_key: dict.fromkeys(peer.allowed_ips) for peer in device.peers}
    return replace(change, peers=tuple(_rewrite(peer, lists) for peer in change.peers))


def _rewrite(peer: PeerChange, lists: Lists) -> PeerChange:
    """The peer's change without removals; `lists` becomes what it is after the change."""
    key = peer.public_key
    if peer.remove:
        lists.pop(key, None)
        return peer
    if key not in lists:
        if peer.update_only:
            return peer if not peer.removed_allowed_ips else replace(peer, removed_allowed_ips=())
        lists[key] = {}
    mine = lists[key]
    if peer.replace_allowed_ips:
        mine.clear()
    lost = [prefix for prefix in peer.removed_allowed_ips if mine.pop(prefix, peer) is None]
    for prefix in peer.allowed_ips:
        for other in lists.values():
            other.pop(prefix, None)
        mine[prefix] = None
    if not lost or peer.replace_allowed_ips:
        return replace(peer, removed_allowed_ips=()) if peer.removed_allowed_ips else peer
    return replace(peer, removed_allowed_ips=(), replace_allowed_ips=True, allowed_ips=tuple(mine))
