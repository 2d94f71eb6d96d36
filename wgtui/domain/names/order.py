"""The order of peers by their names."""

from __future__ import annotations

import re
from typing import Final

from wgtui.domain.keys import PublicKey

NameOrder = tuple[bool, list[tuple[int, int | str]], str]

_DIGITS: Final = re.compile(r"(\d+)")


def name_order(name: str, key: PublicKey) -> NameOrder:
    """Sort names as people do (`peer2` before `peer10`), the nameless last and by key."""
    parts = [
        (0, int(part)) if part.isdecimal() and len(part) < 20 else (1, part)
        for part in _DIGITS.split(name[:200].casefold())
        if part
    ]
    return (not name, parts, str(key))
