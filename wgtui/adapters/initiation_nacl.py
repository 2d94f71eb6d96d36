"""Handshake initiations opened by libsodium (PyNaCl), as the one they were made for opens them.

The message and its key schedule are those of the whitepaper (5.4.1, 5.4.2, 5.4.4) and of
`drivers/net/wireguard/noise.c`, `cookie.c`: Noise_IKpsk2 with Curve25519, ChaCha20-Poly1305 and BLAKE2s.
"""

from __future__ import annotations

import hmac
from hashlib import blake2s
from typing import Final

from wgtui.domain.keys import PrivateKey, PublicKey
from wgtui.domain.port_traffic import INITIATION_BYTES, Opened

_CONSTRUCTION: Final = b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"
_IDENTIFIER: Final = b"WireGuard v1 zx2c4 Jason@zx2c4.com"
_LABEL_MAC1: Final = b"mac1----"
_TAI64_EPOCH: Final = 2**62
_TAI_AHEAD: Final = 10
"""Seconds that WireGuard's stamps are ahead of Unix time: it counts no later leap seconds (`noise.c`)."""


class NaclInitiations:
    """The `InitiationReader` port over PyNaCl, which is imported when the first one is opened."""

    def open(self, message: bytes, private_key: PrivateKey, public_key: PublicKey) -> Opened:
        """What an initiation says; see the port."""
        if len(message) != INITIATION_BYTES or not _is_for(message, bytes(public_key)):
            return Opened(for_us=False)
        from nacl.exceptions import CryptoError

        try:
            caller, stamp = _unseal(message, private_key.reveal_bytes(), bytes(public_key))
        except (CryptoError, RuntimeError):
            return Opened(for_us=True)
        return Opened(True, PublicKey(caller), stamp)


def _is_for(message: bytes, public_key: bytes) -> bool:
    """Whether its first MAC is the one that only fits the receiver's public key."""
    mac = blake2s(message[:116], digest_size=16, key=_hash(_LABEL_MAC1, public_key)).digest()
    return hmac.compare_digest(mac, message[116:132])


def _unseal(message: bytes, private_key: bytes, public_key: bytes) -> tuple[bytes, float]:
    """The caller's public key and clock; raises `CryptoError` where a seal is broken."""
    from nacl.bindings import crypto_scalarmult

    ephemeral, sealed_key, sealed_stamp = message[8:40], message[40:88], message[88:116]
    chain = _hash(_CONSTRUCTION)
    digest = _hash(_hash(_hash(chain, _IDENTIFIER), public_key), ephemeral)
    (chain,) = _derive(chain, ephemeral, 1)
    chain, key = _derive(chain, crypto_scalarmult(private_key, ephemeral), 2)
    caller = _unsealed(sealed_key, digest, key)
    digest = _hash(digest, sealed_key)
    chain, key = _derive(chain, crypto_scalarmult(private_key, caller), 2)
    stamp = _unsealed(sealed_stamp, digest, key)
    seconds = int.from_bytes(stamp[:8], "big") - _TAI64_EPOCH - _TAI_AHEAD
    return caller, seconds + int.from_bytes(stamp[8:], "big") / 1e9


def _unsealed(sealed: bytes, digest: bytes, key: bytes) -> bytes:
    from nacl.bindings import crypto_aead_chacha20poly1305_ietf_decrypt

    return crypto_aead_chacha20poly1305_ietf_decrypt(sealed, digest, bytes(12), key)


def _hash(*parts: bytes) -> bytes:
    return blake2s(b"".join(parts)).digest()


def _derive(chain: bytes, material: bytes, count: int) -> tuple[bytes, ...]:
    """The key derivation by HMAC (whitepaper 5.4, Kdf)."""
    secret = hmac.digest(chain, material, blake2s)
    outputs, last = [], b""
    for number in range(1, count + 1):
        last = hmac.digest(secret, last + bytes([number]), blake2s)
        outputs.append(last)
    return tuple(outputs)
