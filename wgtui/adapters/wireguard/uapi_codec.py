"""The text of WireGuard's cross-platform userspace protocol, without I/O.

Source: the protocol's description at wireguard.com/xplatform and wireguard-go `device/uapi.go`. Keys are
hexadecimal, the mark is decimal, a `public_key` line starts a peer, unknown keys are to be ignored, and a
value may contain `=`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from wgtui.domain.addresses import Address, Endpoint, Prefix
from wgtui.domain.change import PeerChange
from wgtui.domain.device import Peer
from wgtui.domain.keys import KEY_BYTES, PresharedKey, PrivateKey, PublicKey

_PEER_START: Final = b"\npublic_key="
_ERRNO: Final = re.compile(rb"(?:\A|\n)errno=([+-]?[0-9]{1,9})\n\n\Z")
_MAX_SCOPE_NAME: Final = 15
_FEW_PREFIXES: Final = 1024


class MalformedReply(ValueError):
    """The reply is not the protocol's. The message names the line's key, never its value."""


@dataclass(frozen=True, slots=True)
class DeviceHeader:
    """What a reply says about the device itself.

    Attributes:
        private_key: None when the device has none.
        listen_port: 0 while no socket is bound.
        fwmark: 0 for off.
    """

    private_key: PrivateKey | None = None
    listen_port: int = 0
    fwmark: int = 0


@dataclass(slots=True)
class _Known:
    """A peer as it was last seen, with the bytes it was made of."""

    block: bytes
    allowed_lines: list[bytes]
    endpoint_text: bytes
    preshared_text: bytes
    peer: Peer


def split_reply(reply: bytes) -> tuple[int, bytes]:
    """Part a complete reply into its error number and its pairs.

    Args:
        reply: Everything up to and including the blank line.

    Returns:
        The absolute error number (implementations disagree about the sign) and the lines before it.

    Raises:
        MalformedReply: The reply does not end in `errno=N` and a blank line.
    """
    end = _ERRNO.search(reply[-32:])
    if end is None:
        raise MalformedReply("the reply does not end with errno")
    start = len(reply) - min(len(reply), 32) + end.start()
    return abs(int(end.group(1))), reply[: start + 1]


class ReplyDecoder:
    """Turns replies of one device into headers and peers, reusing what has not changed.

    A `Peer` whose block of lines is byte for byte the one of the previous reply is returned again as the
    same object; of a changed one, the allowed IPs, the endpoint and the preshared key are reused where
    their own bytes are the same. wireguard-go lists peers in random order at every read: here they keep
    the order in which they were first seen, those of one reply by public key.

    Args:
        scope_index: Gives the interface index of a scope name in an IPv6 endpoint, 0 when there is none.
    """

    def __init__(self, scope_index: Callable[[str], int] = lambda name: 0) -> None:
        self._scope_index = scope_index
        self._known: dict[bytes, _Known] = {}
        self._prefixes: dict[bytes, Prefix] = {}
        self._prefix_limit = _FEW_PREFIXES
        self._header_block = b""
        self._header = DeviceHeader()

    def decode(self, pairs: bytes) -> tuple[DeviceHeader, tuple[Peer, ...]]:
        """Decode the pairs of one reply to `get=1`.

        Args:
            pairs: Lines, as `split_reply` gives them.

        Raises:
            MalformedReply: A line is not `key=value`, or a value is not what its key promises.
        """
        head, *blocks = (b"\n" + pairs).split(_PEER_START)
        if head != self._header_block:
            self._header = _header(head)
            self._header_block = head
        return self._header, self._peers(blocks)

    def _peers(self, blocks: list[bytes]) -> tuple[Peer, ...]:
        known = self._known
        seen: dict[bytes, _Known] = {}
        new: list[bytes] = []
        for block in blocks:
            key = block[: 2 * KEY_BYTES]
            before = known.get(key)
            if before is None:
                new.append(key)
            seen[key] = before if before is not None and before.block == block else self._peer(block, before)
        if new or len(seen) != len(known):
            order = [key for key in known if key in seen] + sorted(set(new))
        else:
            order = list(known)
        self._known = {key: seen[key] for key in order}
        self._forget_prefixes()
        return tuple(entry.peer for entry in self._known.values())

    def _peer(self, block: bytes, before: _Known | None) -> _Known:
        """Decode one peer's block, which starts with the hexadecimal public key."""
        lines = block.split(b"\n")
        if len(lines[0]) != 2 * KEY_BYTES:
            raise MalformedReply("public_key")
        values: dict[bytes, bytes] = {}
        allowed: list[bytes] = []
        for line in lines[1:]:
            if line.startswith(b"allowed_ip="):
                allowed.append(line[11:])
            elif line:
                key, value = _pair(line)
                values[key] = value
        preshared = values.get(b"preshared_key", b"")
        endpoint = values.get(b"endpoint", b"")
        peer = Peer(
            public_key=before.peer.public_key if before else PublicKey(_key(lines[0], "public_key")),
            preshared_key=before.peer.preshared_key
            if before and before.preshared_text == preshared
            else _preshared(preshared),
            endpoint=before.peer.endpoint
            if before and before.endpoint_text == endpoint
            else self._endpoint(endpoint),
            allowed_ips=before.peer.allowed_ips
            if before and before.allowed_lines == allowed
            else tuple([self._prefix(text) for text in allowed]),
            persistent_keepalive=_number(values, b"persistent_keepalive_interval", 0xFFFF),
            latest_handshake=_handshake(values),
            rx_bytes=_number(values, b"rx_bytes"),
            tx_bytes=_number(values, b"tx_bytes"),
            protocol_version=_number(values, b"protocol_version", default=1),
        )
        return _Known(block, allowed, endpoint, preshared, peer)

    def _prefix(self, text: bytes) -> Prefix:
        prefix = self._prefixes.get(text)
        if prefix is None:
            prefix = self._prefixes[text] = _prefix(text)
        return prefix

    def _forget_prefixes(self) -> None:
        """Keep the memory of prefixes in proportion to what the device has."""
        if len(self._prefixes) > self._prefix_limit:
            in_use = {text for entry in self._known.values() for text in entry.allowed_lines}
            self._prefixes = {text: self._prefixes[text] for text in in_use if text in self._prefixes}
            self._prefix_limit = 2 * len(self._prefixes) + _FEW_PREFIXES

    def _endpoint(self, text: bytes) -> Endpoint | None:
        if not text:
            return None
        host, colon, port = text.decode("ascii", "replace").rpartition(":")
        if not colon or not (port.isascii() and port.isdigit()) or len(port) > 5 or int(port) > 0xFFFF:
            raise MalformedReply("endpoint")
        host, percent, scope = host.removeprefix("[").removesuffix("]").partition("%")
        try:
            address: Address = ip_address(host)
        except ValueError:
            raise MalformedReply("endpoint") from None
        return Endpoint(address, int(port), self._scope(scope) if percent else 0)

    def _scope(self, text: str) -> int:
        if text.isascii() and text.isdigit():
            return int(text) if len(text) <= 10 else 0
        return self._scope_index(text) if len(text) <= _MAX_SCOPE_NAME else 0


def _header(head: bytes) -> DeviceHeader:
    values = dict(_pair(line) for line in head.split(b"\n") if line)
    private = values.get(b"private_key")
    key = PrivateKey(_key(private, "private_key")) if private else None
    return DeviceHeader(
        private_key=None if key is None or key.is_zero else key,
        listen_port=_number(values, b"listen_port", 0xFFFF),
        fwmark=_number(values, b"fwmark", 0xFFFFFFFF),
    )


def _pair(line: bytes) -> tuple[bytes, bytes]:
    key, equals, value = line.partition(b"=")
    if not equals:
        raise MalformedReply("a line without =")
    return key, value


def _key(text: bytes, name: str) -> bytes:
    try:
        raw = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        raise MalformedReply(name) from None
    if len(raw) != KEY_BYTES or len(text) != 2 * KEY_BYTES:
        raise MalformedReply(name)
    return raw


def _preshared(text: bytes) -> PresharedKey | None:
    if not text:
        return None
    key = PresharedKey(_key(text, "preshared_key"))
    return None if key.is_zero else key


def _number(values: dict[bytes, bytes], key: bytes, limit: int = 0xFFFFFFFFFFFFFFFF, default: int = 0) -> int:
    text = values.get(key)
    if text is None:
        return default
    if not text.isdigit() or len(text) > 20:
        raise MalformedReply(key.decode())
    number = int(text)
    if number > limit:
        raise MalformedReply(key.decode())
    return number


def _handshake(values: dict[bytes, bytes]) -> float | None:
    seconds = _number(values, b"last_handshake_time_sec")
    nanoseconds = _number(values, b"last_handshake_time_nsec")
    return seconds + nanoseconds / 1e9 if seconds or nanoseconds else None


def _prefix(text: bytes) -> Prefix:
    address, slash, length = text.decode("ascii", "replace").partition("/")
    if not (slash and length.isascii() and length.isdigit()) or len(length) > 3:
        raise MalformedReply("allowed_ip")
    try:
        if ":" in address:
            return IPv6Network((IPv6Address(address).packed, int(length)), strict=False)
        return IPv4Network((IPv4Address(address).packed, int(length)), strict=False)
    except ValueError:
        raise MalformedReply("allowed_ip") from None


def encode_set(lines: Iterable[str]) -> bytes:
    """A whole `set` request from its lines."""
    return "\n".join(("set=1", *lines, "", "")).encode("ascii")


def private_key_line(key: PrivateKey) -> str:
    """The line that sets a private key, clamped; all zero removes it."""
    return f"private_key={key.clamped().reveal_bytes().hex()}"


def peer_lines(change: PeerChange, *, removals: bool = True) -> Iterator[str]:
    """The lines of one peer's change.

    Args:
        change: What to set.
        removals: Whether single allowed IPs are taken away by the `-` form, which only wireguard-go of
            May 2025 and later knows. It is not needed where the whole list is replaced.
    """
    yield f"public_key={bytes(change.public_key).hex()}"
    if change.update_only:
        yield "update_only=true"
    if change.remove:
        yield "remove=true"
        return
    if change.preshared_key is not None:
        yield f"preshared_key={change.preshared_key.reveal_bytes().hex()}"
    if change.endpoint is not None:
        yield f"endpoint={change.endpoint}"
    if change.persistent_keepalive is not None:
        yield f"persistent_keepalive_interval={change.persistent_keepalive}"
    gone = set(change.removed_allowed_ips)
    if change.replace_allowed_ips:
        yield "replace_allowed_ips=true"
    yield from (f"allowed_ip={prefix}" for prefix in change.allowed_ips if prefix not in gone)
    if removals and not change.replace_allowed_ips:
        yield from (f"allowed_ip=-{prefix}" for prefix in change.removed_allowed_ips)
