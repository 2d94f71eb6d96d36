"""The own file of a peer that another program, or a person, made: found, or put together from its key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final

from wgtui.domain.adopting.composing import RelaySide, called, composed, in_line
from wgtui.domain.adopting.own_files import read_header, side_of
from wgtui.domain.adopting.records import NOTHING_SAID, ClientRecord, OwnSide, ServerRecord
from wgtui.domain.config import InterfaceConfig, read_config
from wgtui.domain.editing import FilePeer
from wgtui.domain.ipam import own_addresses
from wgtui.domain.keys import PrivateKey, PublicKey
from wgtui.domain.wgquick import Document, parse
from wgtui.ports.keypairs import Keypairs
from wgtui.services.adopting.gathering import ForeignHost, Gathering

NO_ENDPOINT: Final = "Nobody says where it calls the relay: put that in."
"""Remark about a file that was put together without knowing that."""


@dataclass(frozen=True, slots=True)
class FoundClientFile:
    """A peer's own file.

    Attributes:
        path: Where its private key was found.
        tool: Whose file that is; empty for nobody's in particular.
        is_whole: Whether it is the tool's own file, and not put together from the key.
        content: Its bytes, to hand over; left out of the `repr`, for they hold keys.
        remarks: What was changed in it or is missing, in whole sentences.
        side: What it says of DNS, addresses, endpoint and what it reaches.
    """

    path: str
    tool: str
    is_whole: bool
    content: bytes = field(repr=False)
    remarks: tuple[str, ...] = ()
    side: OwnSide = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class Relay:
    """An interface whose peers' files are looked for.

    Attributes:
        name: Of the interface.
        config: What its file says.
        public_key: Its own; None where its file has no private key.
        is_from: The program that wrote its file; empty for none.
    """

    name: str
    config: InterfaceConfig = field(repr=False)
    public_key: PublicKey | None
    is_from: str = ""

    @property
    def listen_port(self) -> int:
        """0 where it is not fixed."""
        return self.config.listen_port or 0


class ClientFiles:
    """Finds peers' own files.

    A file belongs to a peer only when the public key derived from its private key is the peer's.

    Args:
        foreign: Where other programs' files are.
        keypairs: Derives public keys.
        config_dir: Folder of wg-quick files.
    """

    def __init__(self, foreign: ForeignHost, keypairs: Keypairs, config_dir: str) -> None:
        self._foreign = foreign
        self._keypairs = keypairs
        self._config_dir = config_dir
        self._derived: dict[PrivateKey, PublicKey] = {}

    def of(self, interface: str, document: Document, peer: FilePeer) -> FoundClientFile | None:
        """The file of one peer; None where its private key is nowhere to be found.

        Args:
            interface: The relay's.
            document: Its file.
            peer: Of that file.
        """
        relay = self.relay(interface, document)
        servers: list[ServerRecord] = []
        records: list[ClientRecord] = []
        gathering = Gathering(self._foreign, self._config_dir)
        header = read_header(interface, f"{self._config_dir}/{interface}.conf", bytes(document))
        for told in chain([header], gathering.told(peer.name)):
            servers += told.servers
            records += (one for one in told.clients if self.key_of(one) == peer.public_key)
            if any(record.content is not None for record in records):
                break  # A whole file is the best there is, and thousands of others may follow.
        return self.file(relay, peer, records, servers)

    def relay(self, interface: str, document: Document, is_from: str = "") -> Relay:
        """What has to be known of an interface."""
        config = read_config(document).config
        return Relay(interface, config, self.public_key(config.private_key), is_from)

    def public_key(self, private_key: PrivateKey | None) -> PublicKey | None:
        """The public key of a private key; None for none."""
        if private_key is None or private_key.is_zero:
            return None
        known = self._derived.get(private_key)
        if known is None:
            known = self._derived[private_key] = self._keypairs.public_key(private_key)
        return known

    def key_of(self, record: ClientRecord) -> PublicKey | None:
        """The public key of the private key in a record; None where there is none."""
        return self.public_key(record.private_key)

    def file(
        self, relay: Relay, peer: FilePeer, records: Iterable[ClientRecord], servers: Sequence[ServerRecord]
    ) -> FoundClientFile | None:
        """The best file that the records of a peer give; None for none.

        Args:
            relay: The interface.
            peer: Of it.
            records: Of this peer, each with its private key.
            servers: What all files tell of relays.
        """
        ranked = sorted(records, key=lambda record: (record.content is None, record.side == NOTHING_SAID))
        if not ranked or relay.public_key is None:
            return None
        secret = peer.settings.preshared_key
        other_side = RelaySide(relay.name, relay.public_key, secret, relay.listen_port)
        best = ranked[0]
        if best.content is not None:
            content, remarks = in_line(best.content, other_side)
            side = side_of(read_config(parse(content)).config, relay.public_key)
            return FoundClientFile(best.path, best.tool, True, content, remarks, side)
        assert best.private_key is not None
        side = self._side(relay, peer, ranked, servers)
        content = composed(best.private_key, side, other_side)
        missing = () if side.endpoint else (NO_ENDPOINT,)
        return FoundClientFile(best.path, best.tool, False, content, missing, side)

    def _side(
        self, relay: Relay, peer: FilePeer, records: Sequence[ClientRecord], servers: Sequence[ServerRecord]
    ) -> OwnSide:
        """What is known of a peer's own side: from the relay, its records, its program's settings."""
        addresses = relay.config.quick.addresses
        side = OwnSide(addresses=own_addresses(peer.settings.allowed_ips, addresses))
        for record in records:
            side = side.filled(record.side)
        tools = {record.tool for record in records}
        for server in servers:
            if self.is_of(server, relay) and (server.tool in tools or tools == {""}):
                side = side.filled(server.side)
        networks = (one.network for one in addresses if not one.is_link_local)
        subnets = tuple(dict.fromkeys(one for one in networks if one.prefixlen < one.max_prefixlen))
        side = side.filled(OwnSide(reaches=subnets))
        return replace(side, endpoint=called(side.endpoint, relay.listen_port))

    def is_surely_of(self, server: ServerRecord, relay: Relay) -> bool:
        """As `is_of`, and the record says of itself which relay it is of."""
        return (server.private_key is not None or server.interface != "") and self.is_of(server, relay)

    def is_of(self, server: ServerRecord, relay: Relay) -> bool:
        """Whether a record is of this relay: by its key, else by the interface's name."""
        if server.private_key is not None:
            return self.public_key(server.private_key) == relay.public_key
        return server.interface in ("", relay.name)
