"""The kernel's bytes into a `Device`. No input or output happens here.

A relay is read once a second, and most of what a read brings was in the one before. So a decoder keeps
each peer's bytes: a peer whose bytes are the same is the same `Peer` object, and of a peer whose counters
moved only the counters are decoded. What the kernel writes in a fixed order with fixed sizes is unpacked
in one go after its headers were compared; anything else goes through a general walk over the attributes.

Layout: Linux `drivers/net/wireguard/netlink.c`, `get_peer` and `wg_get_device_dump`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from operator import is_
from typing import Final

from wgtui.adapters.netlink_socket import ATTRIBUTE, MalformedMessage, walk_attributes
from wgtui.adapters.wireguard import protocol as wire
from wgtui.adapters.wireguard.codec_values import (
    decode_allowed_ips,
    decode_endpoint,
    decode_handshake,
    sized,
)
from wgtui.domain.addresses import Endpoint, Prefix
from wgtui.domain.device import Device, Implementation, Peer
from wgtui.domain.errors import DeviceError
from wgtui.domain.keys import KEY_BYTES, PresharedKey, PrivateKey, PublicKey

_NO_KEY: Final = bytes(KEY_BYTES)

_FIXED: Final = struct.Struct("=H2x I32s I32s Iqq IHxx IQ IQ II")
"""A nest's length, then the seven attributes that every peer has, each as header and value."""

_FIXED_SIZES: Final = {
    wire.PEER_PUBLIC_KEY: KEY_BYTES,
    wire.PEER_PRESHARED_KEY: KEY_BYTES,
    wire.PEER_HANDSHAKE: wire.TIMESPEC.size,
    wire.PEER_KEEPALIVE: wire.U16.size,
    wire.PEER_TX_BYTES: wire.U64.size,
    wire.PEER_RX_BYTES: wire.U64.size,
    wire.PEER_PROTOCOL_VERSION: wire.U32.size,
}

_FIXED_HEADERS: Final = tuple(
    wire.U32.unpack(ATTRIBUTE.pack(ATTRIBUTE.size + size, kind))[0] for kind, size in _FIXED_SIZES.items()
)

_FIXED_END: Final = _FIXED.size

_MOVING: Final = struct.Struct("=Iqq IHxx IQ IQ II")
"""The last five of them, which change while a peer is in use."""

_MOVING_AT: Final = _FIXED.size - _MOVING.size

_MOVING_HEADERS: Final = _FIXED_HEADERS[2:]

_KEY_AT: Final = 8
"""Where the public key stands in a nest that begins with it: after the two headers."""

_KEYS: Final = slice(_KEY_AT, _KEY_AT + 2 * KEY_BYTES + ATTRIBUTE.size)
"""Public and preshared key in a nest of the fixed layout."""


class _Piece:
    """One peer nest of a dump: a whole peer, or the continuation of one that overflowed its message."""

    __slots__ = ("allowed_at", "fixed", "key", "peer", "raw")

    def __init__(self, raw: bytes, key: bytes, peer: Peer, fixed: bool, allowed_at: int) -> None:
        self.raw = raw
        self.key = key
        self.peer = peer
        self.fixed = fixed
        self.allowed_at = allowed_at


class DeviceDecoder:
    """Turns the dumps of one device into `Device` values and remembers the last one.

    Memory is that of one dump and its peers; what is not in the newest dump is forgotten.

    Args:
        name: Interface name, for the result and for messages.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._pieces: list[_Piece] = []
        self._places: dict[bytes, int] = {}
        self._joined: dict[bytes, tuple[list[_Piece], Peer]] = {}
        self._peers: tuple[Peer, ...] = ()

    def decode(self, payloads: Iterable[bytes]) -> Device:
        """Decode one complete dump.

        Args:
            payloads: Of each message in order, beginning with its generic netlink header.

        Returns:
            The device. Peers and allowed IPs whose bytes did not change are the objects of last time.

        Raises:
            DeviceError: The bytes are not a device dump. The next dump is decoded as if this one had
                not been.
        """
        try:
            return self._decode(payloads)
        except MalformedMessage as error:
            raise DeviceError(f"The kernel's answer about {self._name} makes no sense: {error}.") from None

    def _decode(self, payloads: Iterable[bytes]) -> Device:
        values: dict[int, bytes] = {}
        pieces: list[_Piece] = []
        cursor = 0
        for payload in payloads:
            if len(payload) < wire.GENL_HEADER.size:
                raise MalformedMessage("a generic netlink header is cut short")
            for kind, start, end in walk_attributes(payload, wire.GENL_HEADER.size, len(payload)):
                if kind == wire.DEVICE_PEERS:
                    cursor = self._read_pieces(payload, start, end, pieces, cursor)
                else:
                    values[kind] = payload[start:end]
        # The device's own values first: what they raise leaves the last dump remembered.
        device = _device(self._name, values)
        return replace(device, peers=self._assemble(pieces))

    def _read_pieces(self, data: bytes, start: int, end: int, pieces: list[_Piece], cursor: int) -> int:
        """Append the nests of one PEERS attribute; returns where in the last dump the next one stood."""
        known = self._pieces
        count = len(known)
        while start < end:
            if cursor < count:
                piece = known[cursor]
                # One memcmp: the common case of a peer that says what it said a second ago.
                if data.startswith(piece.raw, start, end):
                    pieces.append(piece)
                    start += len(piece.raw)
                    cursor += 1
                    continue
                moved = _moved(data[start : start + len(piece.raw)], piece)
                if moved is not None:
                    pieces.append(moved)
                    start += len(piece.raw)
                    cursor += 1
                    continue
            _, _, stop = next(walk_attributes(data, start, end))
            stop = min((stop + 3) & ~3, end)
            piece, cursor = self._read_piece(data[start:stop], cursor)
            pieces.append(piece)
            start = stop
        return cursor

    def _read_piece(self, raw: bytes, cursor: int) -> tuple[_Piece, int]:
        """Decode a nest that is not the expected one, with what is known of the same peer."""
        place = self._place(raw[_KEY_AT : _KEY_AT + KEY_BYTES], cursor)
        if place is None:
            return _decode_piece(raw, None), cursor
        previous = self._pieces[place]
        return (previous if previous.raw == raw else _decode_piece(raw, previous)), place + 1

    def _place(self, key: bytes, cursor: int) -> int | None:
        """Where this peer stood in the last dump; the same place unless peers came or went."""
        if cursor < len(self._pieces) and self._pieces[cursor].key == key:
            return cursor
        if not self._places:
            self._places = {piece.key: place for place, piece in reversed(list(enumerate(self._pieces)))}
        return self._places.get(key)

    def _assemble(self, pieces: list[_Piece]) -> tuple[Peer, ...]:
        """Join adjacent pieces of one peer, and remember everything for the next dump."""
        if len(pieces) == len(self._pieces) and all(map(is_, pieces, self._pieces)):
            return self._peers
        peers: list[Peer] = []
        runs: dict[int, list[_Piece]] = {}
        last: _Piece | None = None
        for piece in pieces:
            if last is None or piece.key != last.key:
                peers.append(piece.peer)
            else:
                runs.setdefault(len(peers) - 1, [last]).append(piece)
            last = piece
        joined: dict[bytes, tuple[list[_Piece], Peer]] = {}
        for position, run in runs.items():
            peers[position] = self._join(run)
            joined[run[0].key] = run, peers[position]
        self._pieces, self._places, self._joined = pieces, {}, joined
        self._peers = tuple(peers)
        return self._peers

    def _join(self, run: list[_Piece]) -> Peer:
        """One peer out of the pieces of several messages: the first says everything but more allowed IPs."""
        allowed_ips = tuple(chain.from_iterable(piece.peer.allowed_ips for piece in run))
        pieces, peer = self._joined.get(run[0].key, ([], None))
        if peer is not None:
            if pieces == run:
                return peer
            if peer.allowed_ips == allowed_ips:
                allowed_ips = peer.allowed_ips
        return replace(run[0].peer, allowed_ips=allowed_ips)


def _moved(raw: bytes, previous: _Piece) -> _Piece | None:
    """The peer of `previous` after its counters moved; None when anything else changed."""
    known = previous.raw
    if not previous.fixed or raw[:_MOVING_AT] != known[:_MOVING_AT] or raw[_FIXED_END:] != known[_FIXED_END:]:
        return None
    # fmt: off
    (handshake_head, seconds, nanoseconds, keepalive_head, keepalive, tx_head, tx_bytes, rx_head, rx_bytes,
     version_head, version) = _MOVING.unpack_from(raw, _MOVING_AT)
    # fmt: on
    if (handshake_head, keepalive_head, tx_head, rx_head, version_head) != _MOVING_HEADERS:
        return None
    old = previous.peer
    peer = Peer(
        old.public_key,
        old.preshared_key,
        old.endpoint,
        old.allowed_ips,
        keepalive,
        decode_handshake(seconds, nanoseconds),
        rx_bytes,
        tx_bytes,
        version,
    )
    return _Piece(raw, previous.key, peer, True, previous.allowed_at)


def _decode_piece(raw: bytes, previous: _Piece | None) -> _Piece:
    """Decode a peer nest, reusing from `previous` (the same peer) what did not change."""
    if len(raw) < _FIXED.size:
        return _walk_piece(raw)
    # fmt: off
    (length, key_head, key, preshared_head, preshared, handshake_head, seconds, nanoseconds,
     keepalive_head, keepalive, tx_head, tx_bytes, rx_head, rx_bytes,
     version_head, version) = _FIXED.unpack_from(raw)
    # fmt: on
    heads = key_head, preshared_head, handshake_head, keepalive_head, tx_head, rx_head, version_head
    if heads != _FIXED_HEADERS or length != len(raw):
        return _walk_piece(raw)
    known = previous if previous is not None and previous.fixed else None
    if known is not None and raw[_FIXED.size :] == known.raw[_FIXED.size :]:
        endpoint, allowed_ips, allowed_at = known.peer.endpoint, known.peer.allowed_ips, known.allowed_at
    else:
        tail = _decode_tail(raw, known)
        if tail is None:
            return _walk_piece(raw)
        endpoint, allowed_ips, allowed_at = tail
    if known is not None and raw[_KEYS] == known.raw[_KEYS]:
        public_key, preshared_key = known.peer.public_key, known.peer.preshared_key
    else:
        public_key, preshared_key = PublicKey(key), _preshared(preshared)
    handshake = decode_handshake(seconds, nanoseconds)
    peer = Peer(
        public_key, preshared_key, endpoint, allowed_ips, keepalive, handshake, rx_bytes, tx_bytes, version
    )
    return _Piece(raw, key, peer, True, allowed_at)


def _decode_tail(raw: bytes, known: _Piece | None) -> tuple[Endpoint | None, tuple[Prefix, ...], int] | None:
    """What follows the fixed part: endpoint, allowed IPs, and where their nest begins (0 for none).

    None when an attribute of the fixed part comes again, which the general walk sorts out.
    """
    endpoint: Endpoint | None = None
    allowed_ips: tuple[Prefix, ...] = ()
    allowed_at = 0
    for kind, start, end in walk_attributes(raw, _FIXED.size, len(raw)):
        if kind == wire.PEER_ENDPOINT:
            endpoint = decode_endpoint(raw[start:end])
        elif kind == wire.PEER_ALLOWED_IPS and not allowed_at:
            allowed_at = start - ATTRIBUTE.size
            if known is not None and known.allowed_at and raw[allowed_at:] == known.raw[known.allowed_at :]:
                allowed_ips = known.peer.allowed_ips
            else:
                allowed_ips = tuple(decode_allowed_ips(raw, start, end))
        elif kind in _FIXED_SIZES or kind == wire.PEER_ALLOWED_IPS:
            return None
    return endpoint, allowed_ips, allowed_at


def _walk_piece(raw: bytes) -> _Piece:
    """Decode a peer nest in any layout; of repeated values the last one counts, allowed IPs add up."""
    fields: dict[int, bytes] = {}
    allowed_ips: list[Prefix] = []
    length = wire.U16.unpack_from(raw)[0]
    for kind, start, end in walk_attributes(raw, ATTRIBUTE.size, length):
        if kind == wire.PEER_ALLOWED_IPS:
            allowed_ips += decode_allowed_ips(raw, start, end)
        else:
            size = _FIXED_SIZES.get(kind)
            if size is not None and end - start != size:
                raise MalformedMessage(f"attribute {kind} of a peer has {end - start} bytes, not {size}")
            fields[kind] = raw[start:end]
    key = fields.get(wire.PEER_PUBLIC_KEY)
    if key is None:
        raise MalformedMessage("a peer has no public key")
    peer = Peer(
        PublicKey(key),
        _preshared(fields.get(wire.PEER_PRESHARED_KEY, _NO_KEY)),
        decode_endpoint(fields.get(wire.PEER_ENDPOINT, b"")),
        tuple(allowed_ips),
        _number(fields, wire.PEER_KEEPALIVE, wire.U16, 0),
        decode_handshake(*wire.TIMESPEC.unpack(fields.get(wire.PEER_HANDSHAKE, bytes(wire.TIMESPEC.size)))),
        _number(fields, wire.PEER_RX_BYTES, wire.U64, 0),
        _number(fields, wire.PEER_TX_BYTES, wire.U64, 0),
        _number(fields, wire.PEER_PROTOCOL_VERSION, wire.U32, 1),
    )
    return _Piece(raw, key, peer, False, 0)


def _device(name: str, fields: dict[int, bytes]) -> Device:
    private = _key(fields, wire.DEVICE_PRIVATE_KEY)
    public = _key(fields, wire.DEVICE_PUBLIC_KEY)
    return Device(
        name=name,
        implementation=Implementation.KERNEL,
        private_key=None if private is None else PrivateKey(private),
        public_key=None if public is None else PublicKey(public),
        listen_port=_number(fields, wire.DEVICE_LISTEN_PORT, wire.U16, 0),
        fwmark=_number(fields, wire.DEVICE_FWMARK, wire.U32, 0),
        ifindex=_number(fields, wire.DEVICE_IFINDEX, wire.U32, 0) or None,
    )


def _key(fields: dict[int, bytes], kind: int) -> bytes | None:
    """A key attribute of the device; None when it is absent or all zero."""
    value = fields.get(kind, _NO_KEY)
    if len(value) != KEY_BYTES:
        raise MalformedMessage(f"a key of the device has {len(value)} bytes instead of {KEY_BYTES}")
    return None if value == _NO_KEY else value


def _number(fields: dict[int, bytes], kind: int, layout: struct.Struct, default: int) -> int:
    value = fields.get(kind)
    return default if value is None else sized(value, layout, f"attribute {kind}")


def _preshared(value: bytes) -> PresharedKey | None:
    return None if value == _NO_KEY else PresharedKey(value)
