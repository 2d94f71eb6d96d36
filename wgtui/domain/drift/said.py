"""What a file says, as far as it is compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wgtui.domain.config import PeerConfig, Reading, read_config
from wgtui.domain.grammar import ServicePort, no_services
from wgtui.domain.keys import PublicKey
from wgtui.domain.names.reader import find_name
from wgtui.domain.text import printable
from wgtui.domain.wgquick import Block, Document, peer_blocks
from wgtui.domain.wgquick.lines import enabled_line


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says.

    Attributes:
        reading: The file.
        peers: Its live peers, as a device would have them.
        disabled: The blocks of peers that are disabled only.
        blocks: Those of live peers.
    """

    reading: Reading
    peers: Mapping[PublicKey, PeerConfig]
    disabled: Mapping[PublicKey, Block]
    blocks: Mapping[PublicKey, Block]

    def line(self, key: str) -> int:
        """The line of a key of the interface that counts, from 1; 0 for none."""
        found = self.reading.interface.get(key)
        return found[-1].index + 1 if found else 0

    def peer_line(self, key: PublicKey) -> int:
        """The line of a peer's header, from 1; 0 for a peer that the file does not have."""
        block = self._block(key)
        return block.header + 1 if block is not None else 0

    def label(self, key: PublicKey) -> str:
        """A peer's name, else the start of its key; printable.

        It is looked for only when it is asked for: in a file of ten thousand peers few differ.
        """
        block = self._block(key)
        found = find_name(self.reading.document, block) if block is not None else None
        return printable(found.name) if found is not None and found.name.strip() else key.short()

    def _block(self, key: PublicKey) -> Block | None:
        return self.blocks.get(key) or self.disabled.get(key)


def said_of(
    document: Document, own_key: PublicKey | None = None, service_port: ServicePort = no_services
) -> Said:
    """Read a file.

    Args:
        document: The file.
        own_key: The interface's own public key: such a peer is ignored.
        service_port: Looks up UDP service names.
    """
    reading = read_config(document, service_port=service_port)
    return with_own_key(reading, own_key)


def with_own_key(reading: Reading, own_key: PublicKey | None) -> Said:
    """What a file says that was read already."""
    keys = {block.line - 1: block.public_key for block in reading.config.blocks}
    blocks: dict[PublicKey, Block] = {}
    disabled: dict[PublicKey, Block] = {}
    for block in peer_blocks(reading.document):
        if block.section.disabled:
            key = _disabled_key(reading.document, block)
            if key is not None:
                disabled[key] = block
        elif block.header in keys:
            blocks.setdefault(keys[block.header], block)
    return Said(
        reading,
        {peer.public_key: peer for peer in reading.config.peers(own_key)},
        {key: block for key, block in disabled.items() if key not in blocks},
        blocks,
    )


def _disabled_key(document: Document, block: Block) -> PublicKey | None:
    lines = (enabled_line(raw) for raw in document.lines[block.header : block.section.end])
    found = read_config(Document(lines)).config.blocks
    return found[0].public_key if found else None
