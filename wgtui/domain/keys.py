"""Curve25519 keys as WireGuard writes them.

The text form is canonical base64 of 32 bytes: 44 characters of the standard alphabet, the last one `=`,
the one before it with its two low bits zero. `wg` refuses everything else (wireguard-tools
`src/encoding.c`), and so do we.
"""

from __future__ import annotations

import base64
import hmac
import re
from typing import Final, Self

from wgtui.domain.errors import InvalidValue

KEY_BYTES: Final = 32
"""Length of every WireGuard key, in bytes."""

_CANONICAL: Final = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=", re.ASCII)


def decode_key(text: str) -> bytes:
    """Decode a key's text form.

    Args:
        text: Exactly 44 characters of canonical base64.

    Returns:
        The 32 bytes.

    Raises:
        InvalidValue: The text is not a canonical key. The message never quotes the text, which may be
            a mistyped secret.
    """
    if not _CANONICAL.fullmatch(text):
        raise InvalidValue(_why_not_a_key(text))
    return base64.b64decode(text)


def _why_not_a_key(text: str) -> str:
    if len(text) != 44:
        return f"a key has 44 characters, this has {len(text)}"
    if not text.endswith("="):
        return "a key ends with ="
    try:
        base64.b64decode(text, validate=True)
    except ValueError:
        return "a key has only the characters A-Z a-z 0-9 + / and one = at its end"
    return "this key is not in its one canonical spelling: its next-to-last character is wrong"


def clamp(raw: bytes) -> bytes:
    """Clamp a Curve25519 scalar as the kernel does when it stores a private key.

    Args:
        raw: 32 bytes.

    Returns:
        32 bytes, with byte 0 masked by 248 and byte 31 by 127 and then or-ed with 64. All-zero bytes,
        WireGuard's word for "no key", are returned as they are.
    """
    if not any(raw):
        return raw
    return bytes((raw[0] & 248,)) + raw[1:31] + bytes((raw[31] & 127 | 64,))


class _Key:
    """32 bytes with value equality. Subclasses decide whether they may be shown."""

    __slots__ = ("_raw",)

    _raw: bytes

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_BYTES:
            raise InvalidValue(f"a key is {KEY_BYTES} bytes, this is {len(raw)}")
        object.__setattr__(self, "_raw", bytes(raw))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the canonical base64 form; raises `InvalidValue` without quoting the text."""
        return cls(decode_key(text))

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        assert isinstance(other, _Key)
        return hmac.compare_digest(self._raw, other._raw)

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._raw))

    @property
    def is_zero(self) -> bool:
        """Whether all 32 bytes are zero, which WireGuard reads as "none" or "remove"."""
        return not any(self._raw)


class PublicKey(_Key):
    """A public key: identifies a peer, may be shown and logged."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is PublicKey and self._raw == other._raw

    def __hash__(self) -> int:
        return hash(self._raw)

    def __bytes__(self) -> bytes:
        return self._raw

    def __str__(self) -> str:
        return base64.b64encode(self._raw).decode("ascii")

    def __repr__(self) -> str:
        return f"PublicKey({self})"

    def short(self, length: int = 8) -> str:
        """The first `length` characters of the base64 form, for display only."""
        return str(self)[:length]


class _SecretKey(_Key):
    """A key that never leaves its type unless asked aloud."""

    __slots__ = ()

    def reveal(self) -> str:
        """The key in base64. Every call of this is a place where a secret leaves: look at it twice."""
        return base64.b64encode(self._raw).decode("ascii")

    def reveal_bytes(self) -> bytes:
        """The key's 32 raw bytes, for the kernel or the key derivation."""
        return self._raw

    def __repr__(self) -> str:
        return f"{type(self).__name__}(hidden)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __reduce__(self) -> str:
        raise TypeError(f"a {type(self).__name__} is not serialised")


class PrivateKey(_SecretKey):
    """A private key. All zero means "no key"."""

    __slots__ = ()

    def clamped(self) -> PrivateKey:
        """The key as the kernel stores and reports it; compare and send only this form.

        Sending an unclamped key makes the kernel expire every peer's session each time (kernel
        `drivers/net/wireguard/netlink.c`, `set_device`).
        """
        return PrivateKey(clamp(self._raw))


class PresharedKey(_SecretKey):
    """A preshared key. All zero means "no preshared key"."""

    __slots__ = ()
