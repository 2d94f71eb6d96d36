"""Handshake initiations made by hand, to say what no real peer would."""

from __future__ import annotations

import hmac
import os
from hashlib import blake2s

from nacl.bindings import (
    crypto_aead_chacha20poly1305_ietf_encrypt,
    crypto_scalarmult,
    crypto_scalarmult_base,
)

from wgtui.domain.keys import PrivateKey, PublicKey


def initiation(caller: PrivateKey, receiver: PublicKey, stamp: float) -> bytes:
    """The first message of a handshake, as `noise.c` and whitepaper 5.4.2 make it.

    Args:
        caller: Who calls.
        receiver: Who is called.
        stamp: The caller's clock, in Unix seconds.
    """
    ephemeral = os.urandom(32)
    public = crypto_scalarmult_base(ephemeral)
    chain = _hash(b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s")
    digest = _hash(_hash(_hash(chain, b"WireGuard v1 zx2c4 Jason@zx2c4.com"), bytes(receiver)), public)
    chain, _ = _kdf2(chain, public)
    chain, key = _kdf2(chain, crypto_scalarmult(ephemeral, bytes(receiver)))
    own = crypto_scalarmult_base(caller.reveal_bytes())
    sealed_key = crypto_aead_chacha20poly1305_ietf_encrypt(own, digest, bytes(12), key)
    digest = _hash(digest, sealed_key)
    _, key = _kdf2(chain, crypto_scalarmult(caller.reveal_bytes(), bytes(receiver)))
    tai = (2**62 + 10 + int(stamp)).to_bytes(8, "big") + int(stamp % 1 * 1e9).to_bytes(4, "big")
    sealed_stamp = crypto_aead_chacha20poly1305_ietf_encrypt(tai, digest, bytes(12), key)
    message = b"\1\0\0\0" + os.urandom(4) + public + sealed_key + sealed_stamp
    mac_key = blake2s(b"mac1----" + bytes(receiver)).digest()
    return message + blake2s(message, digest_size=16, key=mac_key).digest() + bytes(16)


def _hash(*parts: bytes) -> bytes:
    return blake2s(b"".join(parts)).digest()


def _kdf2(chain: bytes, material: bytes) -> tuple[bytes, bytes]:
    secret = hmac.digest(chain, material, blake2s)
    first = hmac.digest(secret, b"\1", blake2s)
    return first, hmac.digest(secret, first + b"\2", blake2s)
