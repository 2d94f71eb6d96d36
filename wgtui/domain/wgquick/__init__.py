"""The wg-quick file as a lossless document: bytes in, the same bytes out, and edits of single lines."""

from __future__ import annotations

from wgtui.domain.wgquick.blocks import Block, blocks_of, peer_blocks
from wgtui.domain.wgquick.document import Document, Section, parse
from wgtui.domain.wgquick.lines import Line, LineKind, parse_line
from wgtui.domain.wgquick.patch import Patch

__all__ = [
    "Block",
    "Document",
    "Line",
    "LineKind",
    "Patch",
    "Section",
    "blocks_of",
    "parse",
    "parse_line",
    "peer_blocks",
]
