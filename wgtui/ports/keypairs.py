"""Making and deriving WireGuard keys."""

from __future__ import annotations

from typing import Protocol

from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey


class Keypairs(Protocol):
    """Curve25519 as WireGuard uses it."""

    def generate_private_key(self) -> PrivateKey:
        """A new private key, clamped as `wg genkey` clamps it."""
        ...

    def public_key(self, private_key: PrivateKey) -> PublicKey:
        """The public key that belongs to a private key."""
        ...

    def generate_preshared_key(self) -> PresharedKey:
        """A new preshared key, as `wg genpsk` makes it."""
        ...
