"""What the files on this host say of a peer: the interface's, and the peer's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from wgtui.domain.addresses import Prefix
from wgtui.domain.config import PeerBlock, read_config
from wgtui.domain.device import Peer
from wgtui.domain.errors import WgtuiError
from wgtui.domain.keys import PublicKey
from wgtui.domain.snapshot import DeviceState, PeerState
from wgtui.domain.text import printable
from wgtui.domain.verdict.evidence import FileFacts, InFile, Loss
from wgtui.domain.wgquick import parse
from wgtui.ports.config_store import ConfigStore, FileVersion

if TYPE_CHECKING:
    from wgtui.services.judging.own_sides import OwnSides

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
    keys: frozenset[PublicKey] = frozenset()


class PeerFiles:
    """Reads files when they changed. Belongs to one thread.

    Args:
        store: The interfaces' files.
        own: Reads peers' own files; None where they are not read.
    """

    def __init__(self, store: ConfigStore, own: OwnSides | None = None) -> None:
        self._store = store
        self._own = own
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
        """What the files say of a peer of a device; never raises."""
        read = self._file(state.name)
        if read is None:
            return NOTHING
        key = peer.peer.public_key
        blocks = read.blocks.get(key, [])
        in_file = _in_file(blocks) if blocks else None
        losses = _losses(in_file, peer.peer, state, read) if in_file and state.device else ()
        own = self._own.read(state.name, peer, state.device) if self._own else None
        return FileFacts(read.listen_port, in_file, read.keys, losses, own)

    def own_keepalives(self, state: DeviceState, most: int) -> int:
        """How many of the first `most` peers have a file of their own here that makes them call."""
        if self._own is None:
            return 0
        found = (self._own.read(state.name, peer, state.device) for peer in state.peers[:most])
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
        keys = frozenset(block.public_key for block in config.blocks)
        read = _Read(version, config.listen_port or 0, keys=keys)
        for block in config.blocks:
            read.blocks.setdefault(block.public_key, []).append(block)
            for allowed in block.allowed_ips:
                read.last[allowed.prefix] = block.public_key
        return read


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
