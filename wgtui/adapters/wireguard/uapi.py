"""Userspace WireGuard devices over their UAPI sockets.

A device `wg0` listens on `<socket-dir>/wg0.sock`; a socket that refuses connections is a dead program's.
Source: wireguard-tools `src/ipc-uapi-unix.h`, wireguard-go `device/uapi.go`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.wireguard.uapi_codec import (
    MalformedReply,
    ReplyDecoder,
    encode_set,
    peer_lines,
    private_key_line,
    split_reply,
)
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.device import Device, Implementation
from wgtui.domain.errors import (
    DeviceBusy,
    DeviceError,
    DeviceGone,
    DeviceTimeout,
    PermissionRefused,
    WgtuiError,
)
from wgtui.domain.keys import PrivateKey, PublicKey
from wgtui.ports.keypairs import Keypairs

DEFAULT_SOCKET_DIR: Final = Path("/var/run/wireguard")
"""Where wireguard-go and `wg` look, fixed when they were built."""

_SUFFIX: Final = ".sock"
_MAX_NAME: Final = 15
_MAX_REPLY: Final = 256 * 1024 * 1024
_PEERS_A_REQUEST: Final = 1000
_READ_AT_ONCE: Final = 256 * 1024
_NEED_ROOT: Final = "Run wgtui as root."


class UapiWireGuard:
    """The `WireGuard` port for userspace devices.

    Args:
        socket_dir: Where the sockets are.
        timeout: Seconds that one request may take from connecting to the last byte of its reply.
        keypairs: Derives the public key, which the protocol does not carry.
        monotonic: Seconds that never step.
    """

    def __init__(
        self,
        socket_dir: Path = DEFAULT_SOCKET_DIR,
        *,
        timeout: float = 5.0,
        keypairs: Keypairs | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._socket_dir = socket_dir
        self._timeout = timeout
        self._keypairs = keypairs or NaclKeypairs()
        self._monotonic = monotonic
        self._decoders: dict[str, ReplyDecoder] = {}
        self._last: dict[str, Device] = {}

    def names(self) -> tuple[str, ...]:
        """Names of the devices whose socket answers, sorted; a socket closed to us counts as a device.

        Raises:
            PermissionRefused: The folder of the sockets is closed to us.
            DeviceError: It cannot be read for another reason.
        """
        try:
            entries = [path.name for path in self._socket_dir.iterdir()]
        except FileNotFoundError:
            return ()
        except PermissionError:
            text = f"The folder {self._socket_dir} of the userspace devices is closed to this user."
            raise PermissionRefused(text, hint=_NEED_ROOT) from None
        except OSError as error:
            raise DeviceError(f"The folder {self._socket_dir} cannot be read: {error.strerror}.") from None
        candidates = [entry.removesuffix(_SUFFIX) for entry in entries if entry.endswith(_SUFFIX)]
        return tuple(sorted(name for name in candidates if _is_name(name) and self.is_alive(name)))

    def is_alive(self, name: str) -> bool:
        """Whether a program listens on the device's socket.

        A socket that refuses is left by a program that was killed. `wg` unlinks such a socket while it
        lists devices; a monitor must not: it only looks, and a program that is just binding the name
        would lose its socket to us.
        """
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(self._timeout)
                connection.connect(str(self._path(name)))
        except (PermissionError, BlockingIOError, TimeoutError):
            return True
        except OSError:
            return False
        return True

    def read(self, name: str) -> Device:
        """Read one device; see `wgtui.ports.wireguard.WireGuard.read`.

        The very same object is returned as long as nothing about the device changed.
        """
        decoder = self._decoders.setdefault(name, ReplyDecoder(_scope_index))
        try:
            code, pairs = split_reply(self._exchange(name, b"get=1\n\n"))
            if code:
                raise _refusal(name, "could not be read", code)
            header, peers = decoder.decode(pairs)
        except MalformedReply as error:
            raise _not_the_protocol(name, str(error)) from None
        except DeviceGone:
            self._decoders.pop(name, None)
            self._last.pop(name, None)
            raise
        device = Device(
            name=name,
            implementation=Implementation.USERSPACE,
            private_key=header.private_key,
            public_key=self._public_key(name, header.private_key),
            listen_port=header.listen_port,
            fwmark=header.fwmark,
            peers=peers,
        )
        before = self._last.get(name)
        if before is not None and _same(before, device):
            return before
        self._last[name] = device
        return device

    def configure(self, name: str, change: DeviceChange) -> None:
        """Apply a change; see `wgtui.ports.wireguard.WireGuard.configure`.

        The mark and the port go first, in a request of their own: wireguard-go closes its socket before
        it tries a new port and stays without one when that is taken, so the old port is sent again.
        """
        if change.fwmark is not None:
            self._set(name, [f"fwmark={change.fwmark}"])
        if change.listen_port is not None:
            self._set_listen_port(name, change.listen_port)
        rest = ["replace_peers=true"] if change.replace_peers else []
        if change.private_key is not None:
            rest.append(private_key_line(change.private_key))
        for peers in _batches(change.peers):
            self._set_peers(name, rest, peers)
            rest = []
        if rest:
            self._set(name, rest)

    def close(self) -> None:
        """Forget what was read. No socket outlives a request."""
        self._decoders.clear()
        self._last.clear()

    def _path(self, name: str) -> Path:
        return self._socket_dir / f"{name}{_SUFFIX}"

    def _public_key(self, name: str, private_key: PrivateKey | None) -> PublicKey | None:
        if private_key is None:
            return None
        before = self._last.get(name)
        if before is not None and before.private_key == private_key:
            return before.public_key
        return self._keypairs.public_key(private_key)

    def _set_listen_port(self, name: str, port: int) -> None:
        before = self.read(name).listen_port
        if port and port == before:
            return
        try:
            self._set(name, [f"listen_port={port}"])
        except DeviceBusy:
            if before:
                self._set(name, [f"listen_port={before}"])
            text = f"UDP port {port} is in use on this host, so {name} cannot listen on it."
            raise DeviceBusy(
                text, hint=f"Choose another port, or find its owner with: ss -lunp sport = :{port}"
            ) from None

    def _set_peers(self, name: str, first: list[str], peers: list[PeerChange]) -> None:
        lines = first + [line for peer in peers for line in peer_lines(peer)]
        try:
            self._set(name, lines)
        except _Invalid:
            if not peers[0].removed_allowed_ips:
                raise
            # Before May 2025 wireguard-go cannot take away one allowed IP: name those that remain.
            remaining = self._without_removals(name, peers[0])
            self._set(name, [*first, *peer_lines(remaining, removals=False)])

    def _without_removals(self, name: str, change: PeerChange) -> PeerChange:
        peer = self.read(name).peer(change.public_key)
        present = peer.allowed_ips if peer is not None else ()
        gone = set(change.removed_allowed_ips)
        wanted = dict.fromkeys((*present, *change.allowed_ips))
        remaining = tuple(prefix for prefix in wanted if prefix not in gone)
        return replace(change, replace_allowed_ips=True, allowed_ips=remaining, removed_allowed_ips=())

    def _set(self, name: str, lines: Iterable[str]) -> None:
        try:
            code, _ = split_reply(self._exchange(name, encode_set(lines)))
        except MalformedReply as error:
            raise _not_the_protocol(name, str(error)) from None
        if code:
            raise _refusal(name, "refused the change", code)

    def _exchange(self, name: str, request: bytes) -> bytes:
        """Send one request on a connection of its own and read the whole reply.

        After an error an implementation may leave unread bytes of the request on the connection, so
        none is used twice; `wg` does the same.
        """
        if not _is_name(name):
            raise DeviceGone(f"{name!r} is not an interface name.")
        deadline = self._monotonic() + self._timeout
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                self._wait_at_most(connection, deadline)
                connection.connect(str(self._path(name)))
                # It may answer with an error, and close, before it has read everything.
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    connection.sendall(request)
                return self._receive(name, connection, deadline)
        except (TimeoutError, BlockingIOError):
            text = f"The userspace device {name} did not answer within {self._timeout:g} seconds."
            raise DeviceTimeout(
                text, hint="Its program is stopped or overloaded; look at it with: ps aux"
            ) from None
        except (FileNotFoundError, ConnectionRefusedError):
            raise _gone(name) from None
        except PermissionError:
            text = f"The socket {self._path(name)} is closed to this user."
            raise PermissionRefused(text, hint=_NEED_ROOT) from None
        except OSError as error:
            if not self.is_alive(name):
                raise _gone(name) from None
            raise DeviceError(
                f"The userspace device {name} broke the connection: {error.strerror}."
            ) from None

    def _receive(self, name: str, connection: socket.socket, deadline: float) -> bytes:
        pieces: list[bytes] = []
        size = 0
        tail = b""
        while not tail.endswith(b"\n\n"):
            self._wait_at_most(connection, deadline)
            piece = connection.recv(_READ_AT_ONCE)
            size += len(piece)
            if not piece:
                raise ConnectionResetError(errno.ECONNRESET, "it closed before its answer was complete")
            if size > _MAX_REPLY:
                raise DeviceError(f"The userspace device {name} sent an answer without an end.")
            pieces.append(piece)
            tail = (tail + piece)[-2:]
        return b"".join(pieces)

    def _wait_at_most(self, connection: socket.socket, deadline: float) -> None:
        left = deadline - self._monotonic()
        if left <= 0:
            raise TimeoutError
        connection.settimeout(left)


class _Invalid(DeviceError):
    """EINVAL: the device knows a key or a value of the request not."""


def _refusal(name: str, what: str, code: int) -> WgtuiError:
    if code in (errno.EPERM, errno.EACCES):
        return PermissionRefused(
            f"The userspace device {name} {what} for lack of privilege.", hint=_NEED_ROOT
        )
    if code == errno.EADDRINUSE:
        return DeviceBusy(f"The userspace device {name} {what}: its address is in use.")
    if code in (errno.ENODEV, errno.ENOENT):
        return _gone(name)
    text = f"The userspace device {name} {what}: {os.strerror(code)}."
    return _Invalid(text) if code == errno.EINVAL else DeviceError(text)


def _not_the_protocol(name: str, what: str) -> DeviceError:
    text = f"The userspace device {name} answered with something that is not WireGuard's protocol: {what}."
    return DeviceError(text, hint="See whether its program is a WireGuard implementation.")


def _gone(name: str) -> DeviceGone:
    return DeviceGone(f"There is no userspace device {name}, or its program has ended.")


def _is_name(name: str) -> bool:
    """Whether the kernel would take it as an interface's name (`dev_valid_name`)."""
    if not 0 < len(name) <= _MAX_NAME or name in (".", ".."):
        return False
    return name.isprintable() and not any(letter in "/: " for letter in name)


def _same(before: Device, after: Device) -> bool:
    """Whether nothing differs; the decoder gives the very same peers as long as none changed."""
    return before.peers is after.peers and replace(before, peers=()) == replace(after, peers=())


def _batches(peers: tuple[PeerChange, ...]) -> Iterator[list[PeerChange]]:
    """Peers in requests of bounded size; one that takes allowed IPs away has a request of its own."""
    batch: list[PeerChange] = []
    for peer in peers:
        alone = bool(peer.removed_allowed_ips) and not peer.remove and not peer.replace_allowed_ips
        if batch and (alone or len(batch) == _PEERS_A_REQUEST):
            yield batch
            batch = []
        batch.append(peer)
        if alone:
            yield batch
            batch = []
    if batch:
        yield batch


def _scope_index(name: str) -> int:
    try:
        return socket.if_nametoindex(name)
    except OSError:
        return 0
