"""How blocks add up: what a device has after `wg setconf`.

Blocks are applied in order. A scalar stays until a later block of the same peer sets it again; a block
that replaces drops the peer's allowed IPs first; a prefix belongs to the peer that named it last.
"""

from __future__ import annotations

from collections.abc import Iterable

from wgtui.domain.addresses import Prefix
from wgtui.domain.config.peers import PeerBlock, PeerConfig
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.keys import PresharedKey, PublicKey


class _Peer:
    """A peer while blocks are applied."""

    __slots__ = ("allowed_ips", "endpoint", "keepalive", "preshared_key")

    def __init__(self) -> None:
        self.preshared_key: PresharedKey | None = None
        self.endpoint: EndpointConfig | None = None
        self.keepalive = 0
        self.allowed_ips: dict[Prefix, None] = {}


def merge_peers(blocks: Iterable[PeerBlock], own_key: PublicKey | None = None) -> tuple[PeerConfig, ...]:
    """The peers that result from blocks, in the order of their first blocks.

    Args:
        blocks: In the file's order.
        own_key: The interface's own public key: such a peer is ignored.
    """
    peers: dict[PublicKey, _Peer] = {}
    owners: dict[Prefix, _Peer] = {}
    for block in blocks:
        if block.public_key != own_key:
            _apply(block, peers.setdefault(block.public_key, _Peer()), owners)
    return tuple(
        PeerConfig(key, peer.preshared_key, peer.endpoint, peer.keepalive, tuple(peer.allowed_ips))
        for key, peer in peers.items()
    )


def _apply(block: PeerBlock, peer: _Peer, owners: dict[Prefix, _Peer]) -> None:
    if block.preshared_key is not None:
        peer.preshared_key = None if block.preshared_key.is_zero else block.preshared_key
    if block.endpoint is not None:
        peer.endpoint = block.endpoint
    if block.persistent_keepalive is not None:
        peer.keepalive = block.persistent_keepalive
    if block.replaces:
        for prefix in peer.allowed_ips:
            del owners[prefix]
        peer.allowed_ips.clear()
    for element in block.allowed_ips:
        owner = owners.get(element.prefix)
        if element.sign == "-" and owner is not peer:
            continue
        if owner is not None:
            del owner.allowed_ips[element.prefix], owners[element.prefix]
        if element.sign != "-":
            owners[element.prefix] = peer
            peer.allowed_ips[element.prefix] = None
