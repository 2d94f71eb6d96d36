"""What to change on a device so that it has what the file says."""

from __future__ import annotations

from collections.abc import Callable

from wgtui.domain.addresses import Endpoint
from wgtui.domain.applying import peer_difference
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.config import EndpointConfig, InterfaceConfig, PeerConfig
from wgtui.domain.device import Device, Peer
from wgtui.domain.keys import KEY_BYTES, PrivateKey, PublicKey

Resolve = Callable[[EndpointConfig], Endpoint | None]
"""Finds the address of an endpoint; None when it cannot, and the device then keeps what it has."""

PublicKeyOf = Callable[[PrivateKey], PublicKey]
"""Derives the public key of a private one."""


def diff(
    config: InterfaceConfig,
    device: Device,
    resolve: Resolve = EndpointConfig.numeric,
    public_key_of: PublicKeyOf | None = None,
) -> DeviceChange:
    """The change that brings a device to a file's state.

    Only differences are sent, so peers that agree keep their sessions. A private key, listen port or fwmark
    that the file does not name stays as it is, and so does a listen port of 0, "the system picks", on a
    device that has one. An endpoint is compared only where the file names one, for it cannot be removed.
    Allowed IPs are compared by who owns them in the end: a prefix that moves to another peer is only added
    there. The result does not depend on the order in which its peers are applied.

    Args:
        config: What the file says.
        device: What the device reports.
        resolve: Looks up endpoints that are names; without it they are left alone.
        public_key_of: Derives a public key. Only needed for a file that brings a new private key and lists
            that key's own public key as a peer, which devices ignore.

    Returns:
        The change; applied and read back, the next difference is empty.
    """
    private_key = _private_key(config, device)
    own_key = device.public_key
    if private_key is not None:
        own_key = public_key_of(private_key) if public_key_of and not private_key.is_zero else None
    wanted = {peer.public_key: peer for peer in config.peers(own_key)}
    owners = {prefix for peer in wanted.values() for prefix in peer.allowed_ips}
    present = {peer.public_key: peer for peer in device.peers}
    removals = [PeerChange(key, remove=True) for key in present if key not in wanted]
    changes = (
        peer_difference(present.get(key), _as_peer(peer, resolve), owners) for key, peer in wanted.items()
    )
    return DeviceChange(
        private_key=private_key,
        listen_port=_listen_port(config, device),
        fwmark=None if config.fwmark in (None, device.fwmark) else config.fwmark,
        peers=(*removals, *(change for change in changes if change is not None)),
    )


def _private_key(config: InterfaceConfig, device: Device) -> PrivateKey | None:
    if config.private_key is None:
        return None
    wanted = config.private_key.clamped()
    present = device.private_key.clamped() if device.private_key else PrivateKey(bytes(KEY_BYTES))
    return None if wanted == present else wanted


def _listen_port(config: InterfaceConfig, device: Device) -> int | None:
    return config.listen_port if config.listen_port not in (None, 0, device.listen_port) else None


def _as_peer(wanted: PeerConfig, resolve: Resolve) -> Peer:
    return Peer(
        wanted.public_key,
        preshared_key=wanted.preshared_key,
        endpoint=resolve(wanted.endpoint) if wanted.endpoint else None,
        allowed_ips=wanted.allowed_ips,
        persistent_keepalive=wanted.persistent_keepalive,
    )
