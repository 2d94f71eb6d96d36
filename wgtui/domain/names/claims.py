"""What a file says of itself that costs edits: that a program, or `wg-quick down`, writes it anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class FileClaims:
    """Who else writes an interface's file.

    Attributes:
        rewritten_by: The program that writes it anew; empty for none.
        save_config: Whether `wg-quick down` does, for `SaveConfig = true`.
    """

    rewritten_by: str = ""
    save_config: bool = False


NO_CLAIMS: Final = FileClaims()
"""Of a file that is ours to edit."""

_SAVES: Final = re.compile(
    rb"^[ \t]*saveconfig[ \t]*=[ \t]*true[ \t\r]*(?:#|$)", re.IGNORECASE | re.MULTILINE
)
_MARKS: Final = re.compile(rb"edit|overwritten|generated|-WGP-|Updated: |#\s*peer", re.IGNORECASE)
_TOP: Final = 4096


def read_claims(data: bytes) -> FileClaims:
    """Read a file's bytes without any validation: the lean path. Never raises."""
    saves = _SAVES.search(data) is not None
    if not _MARKS.search(data, 0, _TOP):
        return FileClaims("", True) if saves else NO_CLAIMS
    from wgtui.domain.names.origin import detect_origin
    from wgtui.domain.wgquick.document import parse

    origin = detect_origin(parse(data))
    tool = origin.tool if origin is not None and origin.rewrites else ""
    return FileClaims(tool, saves)
