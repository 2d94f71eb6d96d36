"""Which files can be edited without guessing."""

from __future__ import annotations

from wgtui.domain.errors import EditRefused
from wgtui.domain.wgquick import Block, Document, LineKind
from wgtui.domain.wgquick.lines import BOM


def require_editable(document: Document) -> None:
    """Raise `EditRefused` for a file in which `wg` sees other sections than a reader does."""
    if document.lines and document.lines[0][:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise EditRefused(
            "This file is in UTF-16, which wg does not read.",
            hint="Save it as UTF-8 without a byte order mark.",
        )
    for number, raw in enumerate(document.lines, 1):
        if b"\0" in raw or (number > 1 and raw.startswith(BOM)):
            raise EditRefused(
                f"Line {number} of this file holds a NUL byte or a byte order mark.", hint="Remove it first."
            )
    for section in document.sections:
        if not section.disabled and section.name not in ("interface", "peer"):
            raise EditRefused(
                f"Line {section.header + 1} of this file starts a section that wg does not know.",
                hint="Correct its name first: [Interface] or [Peer].",
            )
    first = next((section.header for section in document.sections if not section.disabled), None)
    for index, line in document.parsed(0, first):
        if line.kind in (LineKind.ENTRY, LineKind.OTHER) and not line.disabled:
            raise EditRefused(
                f"Line {index + 1} of this file stands above the first section.",
                hint="Move it below [Interface], or remove it.",
            )


def stray_lines(document: Document, block: Block) -> list[int]:
    """Lines that `wg` counts to a block although a disabled block stands in front of them."""
    return [
        index
        for index, line in document.parsed(block.end, block.section.end)
        if not block.section.disabled and not line.disabled and line.kind in (LineKind.ENTRY, LineKind.OTHER)
    ]
