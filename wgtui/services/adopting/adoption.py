"""Looks at what is on a host before anything is changed there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from wgtui.domain.adopting.own_files import read_header
from wgtui.domain.adopting.records import NOTHING_SAID, ClientRecord, ServerRecord, Told
from wgtui.domain.editing import FilePeer, peers_of
from wgtui.domain.errors import WgtuiError
from wgtui.domain.keys import PublicKey
from wgtui.domain.names import detect_origin, parse_names_file
from wgtui.domain.names.origin import Origin
from wgtui.domain.wgquick import Document
from wgtui.ports.config_store import ConfigStore
from wgtui.services.adopting.client_files import ClientFiles, FoundClientFile, Relay
from wgtui.services.adopting.gathering import ForeignHost, Gathering
from wgtui.services.adopting.report import (
    AdoptedInterface,
    AdoptedPeer,
    AdoptionReport,
    PeerState,
    Tool,
)
from wgtui.services.adopting.warnings import warnings_of
from wgtui.services.editing.config_editor import ConfigEditor


@dataclass(slots=True)
class _Known:
    """What all files together tell.

    Attributes:
        clients: Records by the peer's key.
        servers: Records of relays.
        names: From lists, with the list's path.
        problems: Files that could not be read.
    """

    clients: dict[PublicKey, list[ClientRecord]] = field(default_factory=dict)
    servers: list[ServerRecord] = field(default_factory=list)
    names: dict[PublicKey, tuple[str, str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Opened:
    """An interface whose file could be read."""

    relay: Relay
    path: str
    document: Document
    origin: Origin | None
    peers: tuple[FilePeer, ...]


class Adoption:
    """Finds out who set servers up, and what is known of their peers. It only reads.

    Args:
        editor: Opens the files of interfaces.
        configs: Lists them.
        foreign: Where other programs' files are.
        clients: Tells whose a private key is.
    """

    def __init__(
        self, editor: ConfigEditor, configs: ConfigStore, foreign: ForeignHost, clients: ClientFiles
    ) -> None:
        self._editor = editor
        self._configs = configs
        self._foreign = foreign
        self._clients = clients

    def look(self, more: Sequence[str] = ()) -> AdoptionReport:
        """Look at everything.

        Args:
            more: Further folders with files of other programs.
        """
        opened, broken = self._opened()
        known = self._known(opened, more)
        interfaces = [self._interface(one, opened, known) for one in opened]
        used = {evidence for one in interfaces for tool in one.tools for evidence in tool.evidence}
        strays: dict[str, dict[str, None]] = {}
        for server in known.servers:
            if server.path not in used:
                strays.setdefault(server.tool, {})[server.path] = None
        return AdoptionReport(
            tuple(sorted((*interfaces, *broken), key=lambda one: one.name)),
            tuple(Tool(name, tuple(paths)) for name, paths in strays.items() if name),
            tuple(dict.fromkeys(known.problems)),
        )

    def files(self, interface: str, more: Sequence[str] = ()) -> tuple[tuple[FilePeer, FoundClientFile], ...]:
        """The own files of an interface's peers, of those for whom there is one.

        Raises:
            WgtuiError: The interface's file cannot be read.
        """
        opened = self._open(interface)
        known = self._known([opened], more)
        found = ((peer, self._file(opened, peer, known)) for peer in opened.peers)
        return tuple((peer, file) for peer, file in found if file is not None)

    def names(self, interface: str, more: Sequence[str] = ()) -> dict[PublicKey, str]:
        """Names of peers that the interface's own file does not name.

        Raises:
            WgtuiError: The interface's file cannot be read.
        """
        opened = self._open(interface)
        known = self._known([opened], more)
        nameless = [peer for peer in opened.peers if not peer.name]
        found = {peer.public_key: self._name(opened, peer, known)[0] for peer in nameless}
        return {key: name for key, name in found.items() if name}

    def left_out(
        self, interface: str, more: Sequence[str] = ()
    ) -> tuple[tuple[PublicKey, ClientRecord], ...]:
        """Peers that a program knows and keeps out of an interface's file.

        Raises:
            WgtuiError: The interface's file cannot be read.
        """
        opened, _ = self._opened()
        one = self._open(interface)
        return tuple(self._left_out(one, opened, self._known(opened, more)))

    def _opened(self) -> tuple[list[_Opened], list[AdoptedInterface]]:
        opened: list[_Opened] = []
        broken: list[AdoptedInterface] = []
        for name in self._configs.names():
            try:
                opened.append(self._open(name))
            except WgtuiError as error:
                broken.append(AdoptedInterface(name, self._editor.path(name), problem=str(error)))
        return opened, broken

    def _open(self, interface: str) -> _Opened:
        file = self._editor.open(interface)
        origin = detect_origin(file.document)
        relay = self._clients.relay(interface, file.document)
        return _Opened(relay, file.source.path, file.document, origin, peers_of(file.document))

    def _known(self, opened: Iterable[_Opened], more: Sequence[str]) -> _Known:
        known = _Known()
        gathering = Gathering(self._foreign, self._editor.folder, more)
        headers = (read_header(one.relay.name, one.path, bytes(one.document)) for one in opened)
        for told in (*headers, *gathering.told()):
            self._add(known, told)
        listed = self._configs.read_names_file()
        path = f"{self._editor.folder}/peers"
        known.names |= {key: (name, path) for key, name in parse_names_file(listed or b"").items()}
        return known

    def _add(self, known: _Known, told: Told) -> None:
        known.servers += told.servers
        if told.problem:
            known.problems.append(told.problem)
        for record in told.clients:
            key = self._clients.key_of(record) or record.public_key
            if key is not None:
                known.clients.setdefault(key, []).append(record)
        for key, name in told.names:
            known.names.setdefault(key, (name, told.path))

    def _interface(self, one: _Opened, all_opened: Sequence[_Opened], known: _Known) -> AdoptedInterface:
        tools = tuple(self._tools(one, known))
        peers = [self._peer(one, peer, known) for peer in one.peers]
        peers += (_left_out_peer(*found) for found in self._left_out(one, all_opened, known))
        servers = [server for server in known.servers if self._clients.is_surely_of(server, one.relay)]
        hub = (
            other.relay.name
            for other in all_opened
            if any(peer.public_key == one.relay.public_key for peer in other.peers) and other is not one
        )
        return AdoptedInterface(
            one.relay.name,
            one.path,
            tools,
            tuple(peers),
            tuple(warnings_of(one.relay, one.document, one.origin, servers, peers)),
            client_of=next(hub, "") if len(one.peers) == 1 else "",
        )

    def _tools(self, one: _Opened, known: _Known) -> Iterator[Tool]:
        evidence: dict[str, dict[str, None]] = {}
        if one.origin is not None:
            evidence[one.origin.tool] = {f"{one.path}:{one.origin.line + 1}": None}
        keys = dict.fromkeys(peer.public_key for peer in one.peers)
        records = [record for key in keys for record in known.clients.get(key, ())]
        servers = [server for server in known.servers if self._clients.is_surely_of(server, one.relay)]
        told = [(server.tool, server.path) for server in servers]
        for tool, path in (*told, *((record.tool, record.path) for record in records)):
            if tool not in ("", "wgtui"):
                evidence.setdefault(tool, {})[path] = None
        return (Tool(name, tuple(paths)) for name, paths in evidence.items())

    def _peer(self, one: _Opened, peer: FilePeer, known: _Known) -> AdoptedPeer:
        file = self._file(one, peer, known)
        name, source = self._name(one, peer, known)
        keys = (record for record in known.clients.get(peer.public_key, ()) if record.private_key)
        where = file or next(keys, None)
        return AdoptedPeer(
            peer.public_key,
            name,
            source,
            PeerState.ENABLED if peer.enabled else PeerState.DISABLED,
            peer.settings.allowed_ips,
            where.path if where else "",
            where.tool if where else "",
            file is not None and file.is_whole,
            file is not None,
            file.side if file else NOTHING_SAID,
            file.remarks if file else (),
        )

    def _file(self, one: _Opened, peer: FilePeer, known: _Known) -> FoundClientFile | None:
        records = (record for record in known.clients.get(peer.public_key, ()) if record.private_key)
        return self._clients.file(one.relay, peer, records, known.servers)

    def _name(self, one: _Opened, peer: FilePeer, known: _Known) -> tuple[str, str]:
        """A peer's name and where it stands: its interface's file, lists, other programs, names of files."""
        if peer.name:
            return peer.name, one.path
        if peer.public_key in known.names:
            return known.names[peer.public_key]
        records = known.clients.get(peer.public_key, [])
        records = sorted(records, key=lambda record: record.content is not None)
        return next(((record.name, record.path) for record in records if record.name), ("", ""))

    def _left_out(
        self, one: _Opened, all_opened: Sequence[_Opened], known: _Known
    ) -> Iterator[tuple[PublicKey, ClientRecord]]:
        """Peers that a program knows and keeps out of this interface's file."""
        present = {peer.public_key for other in all_opened for peer in other.peers}
        for key, records in known.clients.items():
            record = next((each for each in records if each.enabled is not None), None)
            if record is not None and key not in present and self._belongs(record, one, all_opened, known):
                yield key, record

    def _belongs(
        self, record: ClientRecord, one: _Opened, all_opened: Sequence[_Opened], known: _Known
    ) -> bool:
        """Whether a record of a peer that is in no file is of this interface."""
        if record.interface:
            return record.interface == one.relay.name
        homes = {
            other.relay.name
            for other in all_opened
            for server in known.servers
            if server.tool == record.tool and self._clients.is_surely_of(server, other.relay)
        }
        return homes == {one.relay.name}


def _left_out_peer(key: PublicKey, record: ClientRecord) -> AdoptedPeer:
    return AdoptedPeer(
        key,
        record.name,
        record.path,
        PeerState.LEFT_OUT,
        record.owns,
        key_path=record.path if record.private_key is not None else "",
        tool=record.tool,
        side=record.side,
    )
