"""Keys by libsodium (PyNaCl)."""

from __future__ import annotations

import os
from collections.abc import Callable

from wgtui.domain.keys import KEY_BYTES, PresharedKey, PrivateKey, PublicKey


class NaclKeypairs:
    """The `Keypairs` port over PyNaCl.

    PyNaCl is imported at the first derivation: it takes longer to load than a one-shot command that needs
    no public key takes to run.

    Args:
        entropy: Gives that many random bytes, fit for keys.
    """

    def __init__(self, entropy: Callable[[int], bytes] = os.urandom) -> None:
        self._entropy = entropy

    def generate_private_key(self) -> PrivateKey:
        """A new private key, clamped as `wg genkey` clamps it."""
        return PrivateKey(self._entropy(KEY_BYTES)).clamped()

    def public_key(self, private_key: PrivateKey) -> PublicKey:
        """The public key that belongs to a private key."""
        from nacl.bindings import crypto_scalarmult_base

        return PublicKey(crypto_scalarmult_base(private_key.reveal_bytes()))

    def generate_preshared_key(self) -> PresharedKey:
        """A new preshared key: 32 random bytes, not clamped."""
        return PresharedKey(self._entropy(KEY_BYTES))
