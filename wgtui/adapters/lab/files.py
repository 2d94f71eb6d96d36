"""A node's tunnel as a wg-quick file and as the change that makes a device of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wgtui.adapters.lab.topology import Topology, Tunnel, TunnelPeer
from wgtui.domain.addresses import Endpoint, Prefix
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey
from wgtui.ports.keypairs import Keypairs


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of one lab.

    Attributes:
        private: By node.
        public: By node.
        preshared: By the pair of nodes that share it.
    """

    private: Mapping[str, PrivateKey]
    public: Mapping[str, PublicKey]
    preshared: Mapping[frozenset[str], PresharedKey]


def make_keys(topology: Topology, keypairs: Keypairs) -> Keyring:
    """New keys for every tunnel of a topology."""
    private = {node.name: keypairs.generate_private_key() for node, _ in topology.tunnels}
    pairs = {
        frozenset((node.name, peer.node))
        for node, tunnel in topology.tunnels
        for peer in tunnel.peers
        if peer.preshared
    }
    return Keyring(
        private,
        {name: keypairs.public_key(key) for name, key in private.items()},
        {pair: keypairs.generate_preshared_key() for pair in pairs},
    )


def device_change(node: str, tunnel: Tunnel, keys: Keyring) -> DeviceChange:
    """What makes a fresh device that of the node."""
    return DeviceChange(
        private_key=keys.private[node],
        listen_port=tunnel.listen_port or None,
        replace_peers=True,
        peers=tuple(_peer_change(node, peer, keys) for peer in tunnel.peers),
    )


def wg_quick_file(
    node: str, tunnel: Tunnel, keys: Keyring, up: Sequence[str] = (), down: Sequence[str] = ()
) -> str:
    """The node's file, as an operator would have written it.

    Args:
        node: Name of the node.
        tunnel: Its interface.
        keys: The lab's keys.
        up: Commands for PostUp.
        down: Commands for PostDown.
    """
    lines = ["[Interface]", f"Address = {tunnel.address}"]
    if tunnel.listen_port:
        lines.append(f"ListenPort = {tunnel.listen_port}")
    lines.append(f"PrivateKey = {keys.private[node].reveal()}")
    lines += [f"PostUp = {command}" for command in up]
    lines += [f"PostDown = {command}" for command in down]
    for peer in tunnel.peers:
        lines += ["", "[Peer]", f"# Name = {peer.name}", f"PublicKey = {keys.public[peer.node]}"]
        preshared = _preshared(node, peer, keys)
        if preshared is not None:
            lines.append(f"PresharedKey = {preshared.reveal()}")
        if peer.endpoint is not None:
            lines.append(f"Endpoint = {Endpoint(*peer.endpoint)}")
        lines.append(f"AllowedIPs = {', '.join(map(str, peer.allowed_ips))}")
        if peer.persistent_keepalive:
            lines.append(f"PersistentKeepalive = {peer.persistent_keepalive}")
    return "\n".join([*lines, ""])


def routes(tunnel: Tunnel) -> tuple[Prefix, ...]:
    """What wg-quick would route into the tunnel: allowed IPs that its own subnet does not hold."""
    everything = dict.fromkeys(prefix for peer in tunnel.peers for prefix in peer.allowed_ips)
    return tuple(prefix for prefix in everything if not prefix.subnet_of(tunnel.address.network))


def _peer_change(node: str, peer: TunnelPeer, keys: Keyring) -> PeerChange:
    return PeerChange(
        public_key=keys.public[peer.node],
        preshared_key=_preshared(node, peer, keys),
        endpoint=None if peer.endpoint is None else Endpoint(*peer.endpoint),
        persistent_keepalive=peer.persistent_keepalive or None,
        replace_allowed_ips=True,
        allowed_ips=peer.allowed_ips,
    )


def _preshared(node: str, peer: TunnelPeer, keys: Keyring) -> PresharedKey | None:
    return keys.preshared[frozenset((node, peer.node))] if peer.preshared else None
