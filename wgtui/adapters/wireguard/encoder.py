"""A `DeviceChange` into the messages that apply it. No input or output happens here.

Rules, from Linux `drivers/net/wireguard/netlink.c` and `src/ipc-linux.h` of wireguard-tools: an attribute
is shorter than 64 KiB, so a large change takes several messages. Only the first one carries the device's
own settings. A peer that does not fit is continued in the next message with its key alone: to say "replace
the allowed IPs" again would throw away those just added.
"""

from __future__ import annotations

import os
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from wgtui.adapters.netlink_socket import ATTRIBUTE, HEADER, NLA_F_NESTED, attribute
from wgtui.adapters.wireguard import protocol as wire
from wgtui.domain.addresses import Endpoint, Prefix
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.errors import DeviceError

MESSAGE_BYTES: Final = 32768
"""The most a message may have, with its netlink header."""


def encode_change(name: str, change: DeviceChange, limit: int = MESSAGE_BYTES) -> list[bytes]:
    """Encode a change.

    Args:
        name: Interface name.
        change: What to set. A private key is sent clamped, as the kernel keeps it.
        limit: The most bytes of a message, with its netlink header.

    Returns:
        The payloads to send, in order and each acknowledged before the next: at least one. Each begins
        with its generic netlink header.

    Raises:
        DeviceError: A number does not fit its field.
    """
    chunks = _Chunks(name, _device_attributes(change), limit)
    for peer in change.peers:
        chunks.add(peer)
    return chunks.finish()


class _Chunks:
    """Fills messages with peers."""

    def __init__(self, name: str, settings: bytes, limit: int) -> None:
        header = wire.GENL_HEADER.pack(wire.CMD_SET_DEVICE, wire.VERSION, 0)
        self._start = header + attribute(wire.DEVICE_IFNAME, os.fsencode(name) + b"\0")
        self._head = self._start + settings
        self._limit = limit - HEADER.size
        self._peers = bytearray()
        self._done: list[bytes] = []

    def add(self, peer: PeerChange) -> None:
        """Add a peer to the current message, and to as many more as it needs."""
        base = _peer_attributes(peer)
        elements = [] if peer.remove else _allowed_ip_elements(peer)
        at = 0
        while True:
            room = self._room() - len(base)
            fitting = _how_many_fit(elements, at, room)
            if room < 0 or (fitting == at and at < len(elements)):
                if not self._peers and self._head == self._start:
                    raise DeviceError("One peer's settings do not fit into a message.")
                self._flush()
                continue
            nest = attribute(wire.PEER_ALLOWED_IPS | NLA_F_NESTED, b"".join(elements[at:fitting]))
            self._peers += attribute(NLA_F_NESTED, base + (nest if fitting > at else b""))
            at = fitting
            if at == len(elements):
                return
            self._flush()
            base = _continuation_attributes(peer)

    def finish(self) -> list[bytes]:
        """The messages, the last one closed."""
        if self._peers or not self._done:
            self._flush()
        return self._done

    def _room(self) -> int:
        """Bytes left for a peer's attributes: without the headers of PEERS and of its own nest."""
        return self._limit - len(self._head) - len(self._peers) - 2 * ATTRIBUTE.size

    def _flush(self) -> None:
        peers = attribute(wire.DEVICE_PEERS | NLA_F_NESTED, bytes(self._peers)) if self._peers else b""
        self._done.append(self._head + peers)
        self._head = self._start
        self._peers.clear()


def _how_many_fit(elements: list[bytes], at: int, room: int) -> int:
    """The index past the last element that fits into `room` bytes with the nest's header."""
    room -= ATTRIBUTE.size
    while at < len(elements) and len(elements[at]) <= room:
        room -= len(elements[at])
        at += 1
    return at


def _device_attributes(change: DeviceChange) -> bytes:
    parts: list[bytes] = []
    if change.private_key is not None:
        parts.append(attribute(wire.DEVICE_PRIVATE_KEY, change.private_key.clamped().reveal_bytes()))
    if change.listen_port is not None:
        port = _checked(change.listen_port, 0xFFFF, "listen port")
        parts.append(attribute(wire.DEVICE_LISTEN_PORT, wire.U16.pack(port)))
    if change.fwmark is not None:
        mark = _checked(change.fwmark, 0xFFFFFFFF, "fwmark")
        parts.append(attribute(wire.DEVICE_FWMARK, wire.U32.pack(mark)))
    if change.replace_peers:
        parts.append(attribute(wire.DEVICE_FLAGS, wire.U32.pack(wire.DEVICE_REPLACE_PEERS)))
    return b"".join(parts)


def _peer_attributes(peer: PeerChange) -> bytes:
    flags = wire.PEER_REMOVE if peer.remove else 0
    flags |= wire.PEER_UPDATE_ONLY if peer.update_only else 0
    flags |= wire.PEER_REPLACE_ALLOWED_IPS if peer.replace_allowed_ips and not peer.remove else 0
    parts = [attribute(wire.PEER_PUBLIC_KEY, bytes(peer.public_key))]
    if flags:
        parts.append(attribute(wire.PEER_FLAGS, wire.U32.pack(flags)))
    if peer.remove:
        return b"".join(parts)
    if peer.preshared_key is not None:
        parts.append(attribute(wire.PEER_PRESHARED_KEY, peer.preshared_key.reveal_bytes()))
    if peer.endpoint is not None:
        parts.append(attribute(wire.PEER_ENDPOINT, _socket_address(peer.endpoint)))
    if peer.persistent_keepalive is not None:
        seconds = _checked(peer.persistent_keepalive, 0xFFFF, "persistent keepalive")
        parts.append(attribute(wire.PEER_KEEPALIVE, wire.U16.pack(seconds)))
    return b"".join(parts)


def _continuation_attributes(peer: PeerChange) -> bytes:
    """The key, and "update only": without it the continuation would create a peer that the rule forbids."""
    flags = attribute(wire.PEER_FLAGS, wire.U32.pack(wire.PEER_UPDATE_ONLY)) if peer.update_only else b""
    return attribute(wire.PEER_PUBLIC_KEY, bytes(peer.public_key)) + flags


def _allowed_ip_elements(peer: PeerChange) -> list[bytes]:
    """Removals, then additions. A peer whose list is replaced needs no removals."""
    removed = () if peer.replace_allowed_ips else peer.removed_allowed_ips
    return [_allowed_ip(prefix, True) for prefix in removed] + [
        _allowed_ip(prefix, False) for prefix in peer.added_allowed_ips
    ]


def _allowed_ip(prefix: Prefix, remove: bool) -> bytes:
    family = wire.AF_INET if isinstance(prefix, IPv4Network) else wire.AF_INET6
    parts = (
        attribute(wire.ALLOWED_IP_FAMILY, wire.U16.pack(family))
        + attribute(wire.ALLOWED_IP_ADDRESS, prefix.network_address.packed)
        + attribute(wire.ALLOWED_IP_MASK, wire.U8.pack(prefix.prefixlen))
    )
    if remove:
        parts += attribute(wire.ALLOWED_IP_FLAGS, wire.U32.pack(wire.ALLOWED_IP_REMOVE))
    return attribute(NLA_F_NESTED, parts)


def _socket_address(endpoint: Endpoint) -> bytes:
    port = _checked(endpoint.port, 0xFFFF, "endpoint's port").to_bytes(2, "big")
    if isinstance(endpoint.address, IPv4Address):
        return wire.SOCKADDR_IN.pack(wire.AF_INET, port, endpoint.address.packed)
    return wire.SOCKADDR_IN6.pack(wire.AF_INET6, port, bytes(4), endpoint.address.packed, endpoint.scope_id)


def _checked(value: int, most: int, what: str) -> int:
    if not 0 <= value <= most:
        raise DeviceError(f"A {what} is 0 to {most}, not {value}.")
    return value
