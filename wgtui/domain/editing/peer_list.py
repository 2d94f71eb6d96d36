"""All peers of a file, live and disabled, with everything that an editor shows of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wgtui.domain.config import PeerBlock, PeerConfig, merge_peers, read_config
from wgtui.domain.editing.intents import NO_ENDPOINT, NO_PRESHARED_KEY, PeerEdit
from wgtui.domain.errors import EditRefused
from wgtui.domain.grammar.scalars import ServicePort, no_services
from wgtui.domain.keys import PublicKey
from wgtui.domain.names.reader import find_name
from wgtui.domain.wgquick import Block, Document, peer_blocks
from wgtui.domain.wgquick.lines import enabled_line


@dataclass(frozen=True, slots=True)
class FilePeer:
    """A peer as a file has it.

    A key that both a live and a disabled block name gives two of these.

    Attributes:
        public_key: Its identity.
        name: Not made printable; empty when the file does not name it.
        enabled: Whether `wg` sees it.
        blocks: Its blocks, in the file's order; line numbers of the document that was read.
        settings: What its blocks add up to. Unlike in `InterfaceConfig.peers`, a prefix that another peer
            takes is still in its list.
    """

    public_key: PublicKey
    name: str
    enabled: bool
    blocks: tuple[Block, ...]
    settings: PeerConfig

    def as_edit(self) -> PeerEdit:
        """All fields with their present values: what a form starts with."""
        return PeerEdit(
            self.name,
            self.public_key,
            self.settings.preshared_key or NO_PRESHARED_KEY,
            self.settings.allowed_ips,
            self.settings.endpoint or NO_ENDPOINT,
            self.settings.persistent_keepalive,
        )


def peers_of(document: Document, service_port: ServicePort = no_services) -> tuple[FilePeer, ...]:
    """The peers with a readable public key, in the order of their first blocks. Never raises.

    Args:
        document: The file.
        service_port: Looks up UDP service names, which endpoints may have as ports.
    """
    said = {block.line - 1: block for block in read_config(document, service_port=service_port).config.blocks}
    found: dict[tuple[PublicKey, bool], list[tuple[Block, PeerBlock]]] = {}
    for block in peer_blocks(document):
        disabled = block.section.disabled
        peer = _read_disabled(document, block, service_port) if disabled else said.get(block.header)
        if peer is not None:
            found.setdefault((peer.public_key, not disabled), []).append((block, peer))
    return tuple(
        FilePeer(
            key,
            _name(document, (block for block, _ in pairs)),
            enabled,
            tuple(block for block, _ in pairs),
            merge_peers(peer for _, peer in pairs)[0],
        )
        for (key, enabled), pairs in found.items()
    )


def find_peer(document: Document, key: PublicKey) -> FilePeer | None:
    """The peer with this key: the live one, else the disabled one."""
    found = [peer for peer in peers_of(document) if peer.public_key == key]
    return next((peer for peer in found if peer.enabled), found[0] if found else None)


def require_peer(document: Document, key: PublicKey) -> FilePeer:
    """As `find_peer`; raises `EditRefused` when there is none."""
    peer = find_peer(document, key)
    if peer is None:
        raise EditRefused(
            f"The file has no peer with the public key {key}.", hint="Look it up in the list of its peers."
        )
    return peer


def _read_disabled(document: Document, block: Block, service_port: ServicePort) -> PeerBlock | None:
    lines = (enabled_line(raw) for raw in document.lines[block.header : block.section.end])
    return next(iter(read_config(Document(lines), service_port=service_port).config.blocks), None)


def _name(document: Document, blocks: Iterable[Block]) -> str:
    names = [found.name for block in blocks if (found := find_name(document, block)) is not None]
    return names[-1] if names else ""
