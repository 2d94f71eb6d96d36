"""Which lines belong to which section in the eyes of a person, comments included.

`wg` sees sections from header to header. People and tools write a peer's name above its `[Peer]`, so the
comment lines directly above a header belong to it, not to the section they stand in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wgtui.domain.wgquick.document import Document, Section
from wgtui.domain.wgquick.lines import LineKind, disabled_prefix, parse_line

_CLOSING: Final = re.compile(rb"\s*#+\s*(?:END_PEER\b|end\s.*###)", re.IGNORECASE)
"""The line with which Nyr's and PiVPN's scripts close a peer; what follows belongs to the next one."""

_INSIDE_ONLY: Final = re.compile(rb"\s*#+\s*(?:friendly_(?:name|json)\s*=|Name#\s*=|-WGP-)", re.IGNORECASE)
"""Comments whose tools write them inside a block only: never above the next header."""


@dataclass(frozen=True, slots=True)
class Block:
    """A section with its leading comments. Numbers are line indices, from 0.

    Attributes:
        section: The section itself.
        lead: First of the comment lines directly above the header; the header itself when there are none.
        end: Behind its last entry or marker and the comments directly below; what else stands behind an
            empty line is nobody's, such as a peer that was commented out.
    """

    section: Section
    lead: int
    end: int

    @property
    def header(self) -> int:
        """The header's line."""
        return self.section.header


def blocks_of(document: Document) -> Iterator[Block]:
    """The blocks of all sections, in the order of their headers."""
    sections = document.sections
    leads = [_lead(document, section) for section in sections]
    for number, section in enumerate(sections):
        end = section.end
        if number + 1 < len(sections):
            end = min(end, leads[number + 1])
        yield Block(section, leads[number], _end(document, section, end))


def peer_blocks(document: Document) -> Iterator[Block]:
    """The blocks of `[Peer]` sections, disabled ones among them."""
    return (block for block in blocks_of(document) if block.section.name == "peer")


def _lead(document: Document, section: Section) -> int:
    top = section.header
    while top > 0 and _is_comment(document.lines[top - 1], section.disabled):
        top -= 1
    continues_entries = top > 0 and bool(document.lines[top - 1].strip())
    for index in range(section.header - 1, top - 1, -1):
        raw = document.lines[index]
        prefix = disabled_prefix(raw)
        if _CLOSING.match(raw, prefix) or (continues_entries and _INSIDE_ONLY.match(raw, prefix)):
            return index + 1
    return top


def _end(document: Document, section: Section, most: int) -> int:
    last = most - 1
    while last > section.header and not _is_own(document.lines[last], section.disabled):
        last -= 1
    while last + 1 < most and document.lines[last + 1].strip():
        last += 1
    return last + 1


def _is_own(raw: bytes, disabled: bool) -> bool:
    line = parse_line(raw)
    if line.kind is not LineKind.COMMENT:
        return line.kind is not LineKind.BLANK and line.disabled == disabled
    prefix = disabled_prefix(raw)
    return _CLOSING.match(raw, prefix) is not None or _INSIDE_ONLY.match(raw, prefix) is not None


def _is_comment(raw: bytes, disabled: bool) -> bool:
    line = parse_line(raw)
    return line.kind is LineKind.COMMENT and line.disabled == disabled
