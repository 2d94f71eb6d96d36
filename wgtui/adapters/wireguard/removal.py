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
    paper = _Paper(device)
    if change.replace_peers:
        paper.forget_all()
    return replace(change, peers=tuple(paper.play(peer) for peer in change.peers))


class _Paper:
    """Who owns which prefix, kept by the kernel's rules while a change is played through."""

    def __init__(self, device: Device) -> None:
        # Dicts without values are ordered sets: the kernel keeps the order of insertion.
        self._lists: dict[PublicKey, dict[Prefix, None]] = {
            peer.public_key: dict.fromkeys(peer.allowed_ips) for peer in device.peers
        }
        self._owners = {prefix: key for key, prefixes in self._lists.items() for prefix in prefixes}

    def forget_all(self) -> None:
        """Drop every peer."""
        self._lists.clear()
        self._owners.clear()

    def play(self, change: PeerChange) -> PeerChange:
        """Apply one peer's change on paper and return it without single removals."""
        key = change.public_key
        if change.remove:
            self._drop_all(key)
            self._lists.pop(key, None)
            return change
        if key not in self._lists:
            if change.update_only:
                return replace(change, removed_allowed_ips=())
            self._lists[key] = {}
        if change.replace_allowed_ips:
            self._drop_all(key)
        lost = [prefix for prefix in change.removed_allowed_ips if self._owners.get(prefix) == key]
        for prefix in lost:
            self._drop(prefix)
        for prefix in change.added_allowed_ips:
            self._drop(prefix)
            self._owners[prefix] = key
            self._lists[key][prefix] = None
        if not lost:
            return replace(change, removed_allowed_ips=(), allowed_ips=change.added_allowed_ips)
        return replace(
            change, removed_allowed_ips=(), replace_allowed_ips=True, allowed_ips=tuple(self._lists[key])
        )

    def _drop(self, prefix: Prefix) -> None:
        owner = self._owners.pop(prefix, None)
        if owner is not None:
            del self._lists[owner][prefix]

    def _drop_all(self, key: PublicKey) -> None:
        for prefix in list(self._lists.get(key, ())):
            self._drop(prefix)
