"""The text of WireGuard's cross-platform userspace protocol, without I/O.

Source: the protocol's description at wireguard.com/xplatform and wireguard-go `device/uapi.go`. Keys are
hexadecimal, the mark is decimal, a `public_key` line starts a peer, unknown keys are to be ignored, and a
value may contain `=`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from socket import AF_INET, AF_INET6, inet_pton
from typing import Final

from wgtui.domain.addresses import Address, Endpoint, Prefix
from wgtui.domain.change import PeerChange
from wgtui.domain.device import Peer
from wgtui.domain.keys import KEY_BYTES, PresharedKey, PrivateKey, PublicKey

_PEER_START: Final = b"\npublic_key="
_ERRNO: Final = re.compile(rb"(?:\A|\n)(errno=([+-]?[0-9]{1,9})\n\n)\Z")
_LONGEST_END: Final = 32
_NO_KEY: Final = b"0" * (2 * KEY_BYTES)
# As wireguard-go writes them, always together. Longer numbers take the long way.
_COUNTERS: Final = re.compile(
    rb"\nlast_handshake_time_sec=([0-9]{1,19})\nlast_handshake_time_nsec=([0-9]{1,9})"
    rb"\ntx_bytes=([0-9]{1,19})\nrx_bytes=([0-9]{1,19})(?=\n|\Z)"
)
_MAX_SCOPE_NAME: Final = 15
_LONG: Final = 0xFFFFFFFFFFFFFFFF

_Number = tuple[bytes, bytes, int]
"""A key, what stands for it when it is missing, and the largest value."""

_DEVICE_NUMBERS: Final[tuple[_Number, ...]] = (
    (b"listen_port", b"0", 0xFFFF),
    (b"fwmark", b"0", 0xFFFFFFFF),
)
_PEER_NUMBERS: Final[tuple[_Number, ...]] = (
    (b"persistent_keepalive_interval", b"0", 0xFFFF),
    (b"last_handshake_time_sec", b"0", _LONG),
    (b"last_handshake_time_nsec", b"0", 999_999_999),
    (b"rx_bytes", b"0", _LONG),
    (b"tx_bytes", b"0", _LONG),
    (b"protocol_version", b"1", 0xFFFFFFFF),
)
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

    place: int
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
    end = _ERRNO.search(reply[-_LONGEST_END:])
    if end is None:
        raise MalformedReply("the reply does not end with errno")
    return abs(int(end.group(2))), reply[: -len(end.group(1))]


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
        self._blocks: set[bytes] = set()
        self._peers: tuple[Peer, ...] = ()
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
        head, *blocks = (b"\n" + pairs.rstrip(b"\n")).split(_PEER_START)
        if head != self._header_block:
            self._header = _header(head)
            self._header_block = head
        self._update(blocks)
        return self._header, self._peers

    def _update(self, blocks: list[bytes]) -> None:
        """Take over what changed. With nothing changed this is set arithmetic on bytes, no Python loop."""
        now = set(blocks)
        changed = now - self._blocks
        if not changed and len(now) == len(self._blocks):
            return
        known = self._known
        entries = [self._entry(block, known.get(block[: 2 * KEY_BYTES])) for block in changed]
        fresh = {entry.block[: 2 * KEY_BYTES]: entry for entry in entries}
        if len(blocks) == len(known) and fresh.keys() <= known.keys():
            peers = list(self._peers)
            for key, entry in fresh.items():
                known[key] = entry
                peers[entry.place] = entry.peer
            self._peers = tuple(peers)
        else:
            self._arrange(blocks, fresh)
        self._blocks = now
        self._forget_prefixes()

    def _arrange(self, blocks: list[bytes], fresh: dict[bytes, _Known]) -> None:
        """Put peers into their places after some came or went."""
        present = {block[: 2 * KEY_BYTES] for block in blocks}
        entries = {key: fresh.get(key, entry) for key, entry in self._known.items() if key in present}
        for key in sorted(present - entries.keys()):
            entries[key] = fresh[key]
        for place, entry in enumerate(entries.values()):
            entry.place = place
        self._known = entries
        self._peers = tuple(entry.peer for entry in entries.values())

    def _entry(self, block: bytes, before: _Known | None) -> _Known:
        """Decode one peer's block, which starts with the hexadecimal public key."""
        if before is not None and (moved := _only_counters_moved(block, before)) is not None:
            return moved
        head, *allowed = block.split(b"\nallowed_ip=")
        lines = head.split(b"\n")
        for place, text in enumerate(allowed):
            if b"\n" in text:
                allowed[place], *more = text.split(b"\n")
                lines += more
        if len(lines[0]) != 2 * KEY_BYTES:
            raise MalformedReply("public_key")
        values = _pairs(lines[1:])
        keepalive, seconds, nanoseconds, rx_bytes, tx_bytes, version = _numbers(values, _PEER_NUMBERS)
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
            persistent_keepalive=keepalive,
            latest_handshake=seconds + nanoseconds / 1e9 if seconds or nanoseconds else None,
            rx_bytes=rx_bytes,
            tx_bytes=tx_bytes,
            protocol_version=version,
        )
        return _Known(before.place if before else 0, block, allowed, endpoint, preshared, peer)

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
            address: Address = (
                IPv6Address(inet_pton(AF_INET6, host))
                if ":" in host
                else IPv4Address(inet_pton(AF_INET, host))
            )
        except (OSError, ValueError):
            raise MalformedReply("endpoint") from None
        return Endpoint(address, int(port), self._scope(scope) if percent else 0)

    def _scope(self, text: str) -> int:
        if text.isascii() and text.isdigit():
            return int(text) if len(text) <= 10 else 0
        return self._scope_index(text) if len(text) <= _MAX_SCOPE_NAME else 0


def _only_counters_moved(block: bytes, before: _Known) -> _Known | None:
    """The peer with its new counters if nothing else changed, which is what nearly every change is."""
    old, new = before.block, _COUNTERS.search(block)
    if new is None:
        return None
    start = new.start()
    was = _COUNTERS.match(old, start)
    if was is None or block[:start] != old[:start] or block[new.end() :] != old[was.end() :]:
        return None
    seconds, nanoseconds, tx_bytes, rx_bytes = map(int, new.groups())
    peer = before.peer
    peer = Peer(
        peer.public_key,
        peer.preshared_key,
        peer.endpoint,
        peer.allowed_ips,
        peer.persistent_keepalive,
        seconds + nanoseconds / 1e9 if seconds or nanoseconds else None,
        rx_bytes,
        tx_bytes,
        peer.protocol_version,
    )
    return _Known(
        before.place, block, before.allowed_lines, before.endpoint_text, before.preshared_text, peer
    )


def _header(head: bytes) -> DeviceHeader:
    values = _pairs(line for line in head.split(b"\n") if line)
    private = values.get(b"private_key")
    key = PrivateKey(_key(private, "private_key")) if private and private != _NO_KEY else None
    listen_port, fwmark = _numbers(values, _DEVICE_NUMBERS)
    return DeviceHeader(key, listen_port, fwmark)


def _pairs(lines: Iterable[bytes]) -> dict[bytes, bytes]:
    try:
        return dict([line.split(b"=", 1) for line in lines])
    except ValueError:
        raise MalformedReply("a line without =") from None


def _key(text: bytes, name: str) -> bytes:
    try:
        raw = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        raise MalformedReply(name) from None
    if len(raw) != KEY_BYTES or len(text) != 2 * KEY_BYTES:
        raise MalformedReply(name)
    return raw


def _preshared(text: bytes) -> PresharedKey | None:
    if not text or text == _NO_KEY:
        return None
    return PresharedKey(_key(text, "preshared_key"))


def _numbers(values: dict[bytes, bytes], wanted: tuple[_Number, ...]) -> list[int]:
    """The numbers under these keys, or what stands for a missing one."""
    texts = [values.get(key, missing) for key, missing, _ in wanted]
    try:
        # One test for all of them; int() alone would take signs, spaces and underscores.
        if not b"".join(texts).isdigit():
            raise ValueError
        numbers = [int(text) for text in texts]
    except ValueError:
        raise MalformedReply(f"one of {_names(wanted)} is not a number") from None
    for number, (_, _, limit) in zip(numbers, wanted, strict=True):
        if number > limit:
            raise MalformedReply(f"one of {_names(wanted)} is out of range")
    return numbers


def _names(wanted: tuple[_Number, ...]) -> str:
    return ", ".join(key.decode() for key, _, _ in wanted)


def _prefix(text: bytes) -> Prefix:
    address, slash, length = text.decode("ascii", "replace").partition("/")
    if not (slash and length.isascii() and length.isdigit()) or len(length) > 3:
        raise MalformedReply("allowed_ip")
    try:
        # Three times as fast as letting ipaddress read the text; so with endpoints.
        if ":" in address:
            return IPv6Network((inet_pton(AF_INET6, address), int(length)), strict=False)
        return IPv4Network((inet_pton(AF_INET, address), int(length)), strict=False)
    except (OSError, ValueError):
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
    if change.replace_allowed_ips:
        yield "replace_allowed_ips=true"
    yield from (f"allowed_ip={prefix}" for prefix in change.added_allowed_ips)
    if removals and not change.replace_allowed_ips:
        yield from (f"allowed_ip=-{prefix}" for prefix in change.removed_allowed_ips)
