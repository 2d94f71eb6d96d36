"""What to set on a device. `None` leaves a thing as it is; an empty or zero value clears it."""

from __future__ import annotations

from dataclasses import dataclass

from wgtui.domain.addresses import Endpoint, Prefix
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey


@dataclass(frozen=True, slots=True)
class PeerChange:
    """A change to one peer, created when it does not exist unless `update_only`.

    Attributes:
        public_key: Which peer.
        remove: Remove it; everything else is then ignored.
        update_only: Do nothing when the peer does not exist.
        preshared_key: All zero removes it.
        endpoint: Cannot be cleared: no protocol element for that exists.
        persistent_keepalive: Seconds, 0 for off.
        replace_allowed_ips: Drop the peer's allowed IPs before adding `allowed_ips`.
        allowed_ips: Added; a prefix owned by another peer moves to this one.
        removed_allowed_ips: Taken from this peer, also those that `allowed_ips` names; needs Linux 6.16 or
            wireguard-go of 2025-05. Adapters fall back to resending the peer's remaining list where the
            device cannot.
    """

    public_key: PublicKey
    remove: bool = False
    update_only: bool = False
    preshared_key: PresharedKey | None = None
    endpoint: Endpoint | None = None
    persistent_keepalive: int | None = None
    replace_allowed_ips: bool = False
    allowed_ips: tuple[Prefix, ...] = ()
    removed_allowed_ips: tuple[Prefix, ...] = ()

    @property
    def added_allowed_ips(self) -> tuple[Prefix, ...]:
        """Those of `allowed_ips` that are not taken away again."""
        if not self.removed_allowed_ips:
            return self.allowed_ips
        gone = frozenset(self.removed_allowed_ips)
        return tuple(prefix for prefix in self.allowed_ips if prefix not in gone)


@dataclass(frozen=True, slots=True)
class DeviceChange:
    """A change to one device, applied in the order: fwmark, port, replace, private key, peers.

    Attributes:
        private_key: All zero removes it. Adapters send the clamped form.
        listen_port: 0 lets the system pick.
        fwmark: 0 for off.
        replace_peers: Drop all peers before adding `peers`.
        peers: In order; the last peer to name a prefix owns it.
    """

    private_key: PrivateKey | None = None
    listen_port: int | None = None
    fwmark: int | None = None
    replace_peers: bool = False
    peers: tuple[PeerChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether applying it would do nothing."""
        return self == DeviceChange()
