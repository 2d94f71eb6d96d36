"""What the kernel reports. What to set is in `change`, what a file says in `config`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from wgtui.domain.addresses import Endpoint, Prefix
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey


class Implementation(Enum):
    """Who runs the protocol for a device."""

    KERNEL = "kernel"
    USERSPACE = "userspace"


@dataclass(frozen=True, slots=True)
class Peer:
    """One remote party of a device, as reported.

    Attributes:
        public_key: Its identity.
        preshared_key: None when there is none (all zero on the wire).
        endpoint: None while the device does not know where to send.
        allowed_ips: In the order the device reports; a prefix belongs to one peer of a device.
        persistent_keepalive: Seconds, 0 for off.
        latest_handshake: Unix time in seconds of the last completed handshake, None for never.
        rx_bytes: Received since the peer was created, tunnel payload with protocol overhead.
        tx_bytes: Sent, likewise.
        protocol_version: 1 in every known implementation.
    """

    public_key: PublicKey
    preshared_key: PresharedKey | None = None
    endpoint: Endpoint | None = None
    allowed_ips: tuple[Prefix, ...] = ()
    persistent_keepalive: int = 0
    latest_handshake: float | None = None
    rx_bytes: int = 0
    tx_bytes: int = 0
    protocol_version: int = 1


@dataclass(frozen=True, slots=True)
class Device:
    """A WireGuard device and its peers, as reported.

    Attributes:
        name: Interface name.
        implementation: Kernel or userspace.
        private_key: Clamped, None when the device has none.
        public_key: Derived by the implementation, None without a private key.
        listen_port: 0 while no socket is bound.
        fwmark: 0 for off.
        peers: Kernel order is order of insertion; wireguard-go's order is random at every read.
        ifindex: None where the implementation does not report it.
    """

    name: str
    implementation: Implementation
    private_key: PrivateKey | None = None
    public_key: PublicKey | None = None
    listen_port: int = 0
    fwmark: int = 0
    peers: tuple[Peer, ...] = ()
    ifindex: int | None = None

    def peer(self, key: PublicKey) -> Peer | None:
        """The peer with this public key, by a linear search."""
        return next((peer for peer in self.peers if peer.public_key == key), None)
