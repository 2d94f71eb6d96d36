"""What to change on a device so that it has what the file says."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wgtui.domain.addresses import Endpoint, Prefix
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.config import EndpointConfig, InterfaceConfig, PeerConfig
from wgtui.domain.device import Device, Peer
from wgtui.domain.keys import KEY_BYTES, PresharedKey, PrivateKey, PublicKey

Resolve = Callable[[EndpointConfig], Endpoint | None]
"""Finds the address of an endpoint; None when it cannot, and the device then keeps what it has."""

PublicKeyOf = Callable[[PrivateKey], PublicKey]
"""Derives the public key of a private one."""

_NO_PRESHARED_KEY = PresharedKey(bytes(KEY_BYTES))


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
    owners = {prefix: key for key, peer in wanted.items() for prefix in peer.allowed_ips}
    present = {peer.public_key: peer for peer in device.peers}
    removals = [PeerChange(key, remove=True) for key in present if key not in wanted]
    changes = (_peer_change(peer, present.get(key), owners, resolve) for key, peer in wanted.items())
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


def _peer_change(
    wanted: PeerConfig, present: Peer | None, owners: Mapping[Prefix, PublicKey], resolve: Resolve
) -> PeerChange | None:
    endpoint = resolve(wanted.endpoint) if wanted.endpoint else None
    if present is None:
        return PeerChange(
            wanted.public_key,
            preshared_key=wanted.preshared_key,
            endpoint=endpoint,
            persistent_keepalive=wanted.persistent_keepalive or None,
            allowed_ips=wanted.allowed_ips,
        )
    has = frozenset(present.allowed_ips)
    change = PeerChange(
        wanted.public_key,
        update_only=True,
        preshared_key=_preshared_key(wanted, present),
        endpoint=None if endpoint == present.endpoint else endpoint,
        persistent_keepalive=_keepalive(wanted, present),
        allowed_ips=tuple(prefix for prefix in wanted.allowed_ips if prefix not in has),
        removed_allowed_ips=tuple(prefix for prefix in present.allowed_ips if prefix not in owners),
    )
    return None if change == PeerChange(wanted.public_key, update_only=True) else change


def _preshared_key(wanted: PeerConfig, present: Peer) -> PresharedKey | None:
    if wanted.preshared_key == present.preshared_key:
        return None
    return wanted.preshared_key or _NO_PRESHARED_KEY


def _keepalive(wanted: PeerConfig, present: Peer) -> int | None:
    same = wanted.persistent_keepalive == present.persistent_keepalive
    return None if same else wanted.persistent_keepalive
