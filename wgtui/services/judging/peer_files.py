"""What the files on this host say of a peer: the interface's, and the peer's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from wgtui.domain.addresses import Prefix
from wgtui.domain.config import PeerBlock, PeerConfig, read_config
from wgtui.domain.device import Device, Peer
from wgtui.domain.editing import FilePeer
from wgtui.domain.errors import WgtuiError
from wgtui.domain.keys import PublicKey
from wgtui.domain.snapshot import DeviceState, PeerState
from wgtui.domain.text import printable
from wgtui.domain.verdict.evidence import FileFacts, InFile, Loss, OwnFile
from wgtui.domain.wgquick import parse
from wgtui.ports.config_store import ConfigStore, FileVersion
from wgtui.ports.files import Files
from wgtui.ports.keypairs import Keypairs
from wgtui.services.editing.own_files import OwnFiles

NOTHING: Final = FileFacts()
"""Of an interface without a file."""


@dataclass(frozen=True, slots=True)
class _Read:
    """An interface's file as it was read."""

    version: FileVersion
    listen_port: int = 0
    blocks: dict[PublicKey, list[PeerBlock]] = field(default_factory=dict)
    last: dict[Prefix, PublicKey] = field(default_factory=dict)
    """Who names a prefix last in the file: whom the file gives it to."""


class PeerFiles:
    """Reads files when they changed. Belongs to one thread.

    Args:
        store: The interfaces' files.
        files: Reads peers' own files.
        keypairs: Tells whose a private key is.
        config_dir: Folder of the interfaces' files.
    """

    def __init__(self, store: ConfigStore, files: Files, keypairs: Keypairs, config_dir: str) -> None:
        self._store = store
        self._own = OwnFiles(files, keypairs, config_dir)
        self._read: dict[str, _Read] = {}

    def path(self, interface: str) -> str:
        """Where the interface's file is."""
        return self._store.path(interface)

    def content(self, interface: str) -> bytes:
        """The interface's file; empty where there is none to read."""
        try:
            return self._store.read(interface)
        except WgtuiError:
            return b""

    def facts(self, state: DeviceState, peer: PeerState) -> FileFacts:
        """What the files say of a peer; never raises."""
        read = self._file(state.name)
        if read is None:
            return NOTHING
        key = peer.peer.public_key
        blocks = read.blocks.get(key, [])
        in_file = _in_file(blocks) if blocks else None
        losses = _losses(in_file, peer.peer, state, read) if in_file and state.device else ()
        own = self._own_file(state.name, peer, state.device)
        return FileFacts(read.listen_port, in_file, frozenset(read.blocks), losses, own)

    def own_keepalives(self, state: DeviceState, most: int) -> int:
        """How many of the first `most` peers have a file of their own here that makes them call."""
        found = (self._own_file(state.name, peer, state.device) for peer in state.peers[:most])
        return sum(own is not None and own.keepalive > 0 and own.endpoint is not None for own in found)

    def _file(self, interface: str) -> _Read | None:
        version = self._store.version(interface)
        if version is None:
            return None
        known = self._read.get(interface)
        if known is None or known.version != version:
            known = self._read[interface] = self._parsed(interface, version)
        return known

    def _parsed(self, interface: str, version: FileVersion) -> _Read:
        config = read_config(parse(self.content(interface))).config
        read = _Read(version, config.listen_port or 0)
        for block in config.blocks:
            read.blocks.setdefault(block.public_key, []).append(block)
            for allowed in block.allowed_ips:
                read.last[allowed.prefix] = block.public_key
        return read

    def _own_file(self, interface: str, peer: PeerState, device: Device | None) -> OwnFile | None:
        key = peer.peer.public_key
        wanted = FilePeer(key, peer.name, True, (), PeerConfig(key))
        try:
            found = self._own.find(interface, wanted)
        except WgtuiError:
            return None
        if found is None:
            return None
        config = read_config(parse(found[1].content)).config
        relays = config.peers()
        ours = device.public_key if device else None
        meant = next((one for one in relays if one.public_key == ours), None)
        other = meant or (relays[0] if len(relays) == 1 else None)
        if other is None:
            return None
        same = None if meant is None else meant.preshared_key == peer.peer.preshared_key
        return OwnFile(
            other.endpoint,
            other.persistent_keepalive,
            meant is not None or ours is None,
            same,
            config.listen_port or 0,
            tuple(address.ip for address in config.quick.addresses),
        )


def _in_file(blocks: list[PeerBlock]) -> InFile:
    """What the blocks of one peer add up to; later values win."""
    endpoint, keepalive = None, 0
    for block in blocks:
        endpoint = block.endpoint or endpoint
        keepalive = keepalive if block.persistent_keepalive is None else block.persistent_keepalive
    allowed = dict.fromkeys(one.prefix for block in blocks for one in block.allowed_ips if one.sign != "-")
    return InFile(blocks[0].line, endpoint, keepalive, tuple(allowed))


def _losses(in_file: InFile, peer: Peer, state: DeviceState, read: _Read) -> tuple[Loss, ...]:
    has = set(peer.allowed_ips)
    lost = [prefix for prefix in in_file.allowed_ips if prefix not in has]
    if not lost:
        return ()
    winners = {prefix: one for one in state.peers for prefix in one.peer.allowed_ips if prefix in lost}
    return tuple(
        Loss(
            prefix,
            _label(winners[prefix]) if prefix in winners else "",
            read.last.get(prefix, peer.public_key) != peer.public_key,
        )
        for prefix in lost
    )


def _label(state: PeerState) -> str:
    return printable(state.name, 60) or state.peer.public_key.short()
