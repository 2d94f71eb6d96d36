"""The part of a change that another one does not hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wgtui.domain.addresses import Prefix
from wgtui.domain.change import DeviceChange, PeerChange


def only_new(change: DeviceChange, known: DeviceChange) -> DeviceChange:
    """What a change sets and another does not, field by field.

    Both are differences from the same device, so that a peer which both name is there in both or in neither.
    """
    others = {peer.public_key: peer for peer in known.peers}
    peers = (_new_of_peer(peer, others.get(peer.public_key)) for peer in change.peers)
    return replace(
        change,
        private_key=None if change.private_key == known.private_key else change.private_key,
        listen_port=None if change.listen_port == known.listen_port else change.listen_port,
        fwmark=None if change.fwmark == known.fwmark else change.fwmark,
        peers=tuple(peer for peer in peers if peer is not None),
    )


def _new_of_peer(change: PeerChange, known: PeerChange | None) -> PeerChange | None:
    if known is None:
        return change
    if change == known:
        return None
    if change.remove or known.remove or not change.update_only:
        return change
    reduced = replace(
        change,
        preshared_key=None if change.preshared_key == known.preshared_key else change.preshared_key,
        endpoint=None if change.endpoint == known.endpoint else change.endpoint,
        persistent_keepalive=(
            None if change.persistent_keepalive == known.persistent_keepalive else change.persistent_keepalive
        ),
        allowed_ips=_without(change.allowed_ips, known.allowed_ips),
        removed_allowed_ips=_without(change.removed_allowed_ips, known.removed_allowed_ips),
    )
    return None if reduced == PeerChange(change.public_key, update_only=True) else reduced


def _without(prefixes: Iterable[Prefix], known: Iterable[Prefix]) -> tuple[Prefix, ...]:
    gone = frozenset(known)
    return tuple(prefix for prefix in prefixes if prefix not in gone)
