"""Switches peers of a file off and on.

A disabled peer stays in the file with `#[disabled] ` in front of every line, empty ones included: a comment
for `wg-quick`, a disabled client for PiVPN. Enabling takes the prefix away again, whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Callable

from wgtui.domain.editing.editable import require_editable, stray_lines
from wgtui.domain.editing.peer_list import peers_of, require_peer
from wgtui.domain.errors import EditRefused
from wgtui.domain.keys import PublicKey
from wgtui.domain.wgquick import Block, Document, LineKind, blocks_of
from wgtui.domain.wgquick.lines import disabled_line, enabled_line


def disable_peer(document: Document, key: PublicKey) -> Document:
    """Switch a peer off.

    Raises:
        EditRefused: There is none with this key, it is disabled, its lines are not in one place, or a comment
            beside them would become theirs.
    """
    require_editable(document)
    peer = require_peer(document, key)
    if not peer.enabled:
        raise EditRefused("This peer is disabled already.", hint="Enable it to use it again.")
    for block in peer.blocks:
        if stray_lines(document, block):
            raise _mixed_up(block)
        switched = _switch(document, block, disabled_line)
        if not _leads_back(switched, block, document):
            raise EditRefused(
                f"A disabled comment stands right beside the peer at line {block.header + 1}, and would be "
                "taken for a part of it.",
                hint="Put an empty line between them.",
            )
        document = switched
    return document


def enable_peer(document: Document, key: PublicKey) -> Document:
    """Switch a disabled peer on.

    Raises:
        EditRefused: There is no disabled one with this key, a live one has it as well, or its lines stand
            in the middle of another section, the rest of which it would take over.
    """
    require_editable(document)
    if require_peer(document, key).enabled:
        raise EditRefused(
            "A peer with this public key is enabled already.",
            hint="Remove the disabled one if it is not needed.",
        )
    peer = next(peer for peer in peers_of(document) if peer.public_key == key)
    for block in peer.blocks:
        if _takes_over(document, block):
            raise _mixed_up(block)
        document = _switch(document, block, enabled_line)
    return document


def _mixed_up(block: Block) -> EditRefused:
    return EditRefused(
        f"The lines of the peer at line {block.header + 1} are mixed with those of another section.",
        hint="Move them together in an editor.",
    )


def _takes_over(document: Document, block: Block) -> bool:
    """Whether lines that count stand between a disabled block and the next section that counts."""
    live = (section.header for section in document.sections if not section.disabled)
    end = next((header for header in live if header > block.header), len(document.lines))
    return any(
        not line.disabled and line.kind in (LineKind.ENTRY, LineKind.OTHER)
        for _, line in document.parsed(block.end, end)
    )


def _switch(document: Document, block: Block, change: Callable[[bytes], bytes]) -> Document:
    """Change a block's lines, but no comment at its end that the next block would then take for its own."""
    lines = [change(raw) for raw in document.lines[block.lead : block.end]]
    changed = document.replaced(block.lead, block.end, lines)
    if _next_lead(changed, block) < block.end:
        return changed.replaced(block.end - 1, block.end, document.lines[block.end - 1 : block.end])
    return changed


def _leads_back(switched: Document, block: Block, original: Document) -> bool:
    """Whether enabling a block that was just disabled would give back the same file."""
    now = next((other for other in blocks_of(switched) if other.header == block.header), None)
    return now is not None and _switch(switched, now, enabled_line) == original


def _next_lead(document: Document, block: Block) -> int:
    following = (other.lead for other in blocks_of(document) if other.header >= block.end)
    return next(following, len(document.lines))
