"""A file's lines as they may be shown: without private and preshared keys."""

from __future__ import annotations

import re
from typing import Final

from wgtui.domain.wgquick.lines import LineKind, line_ending, parse_line

HIDDEN: Final = "(hidden)"
"""Stands where a secret was."""

_SECRET_KEYS: Final = ("privatekey", "presharedkey")

_NAMED: Final = re.compile(rb"((?:private|pre-?shared)[\s_-]*key\s*[=:]\s*)[^\s#][^#]*", re.IGNORECASE)
"""A secret with its name, in a comment such as wg-portal's `# -WGP- PrivateKey: KEY`."""

_KEY: Final = re.compile(rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,48}={0,2}(?![A-Za-z0-9+/=])")
"""What looks like a key, or like one with a character too many or too few."""


def shown_line(raw: bytes) -> str:
    """One line without its ending and without secrets; bytes that are not UTF-8 become U+FFFD.

    Shown are the keys that stand where public keys stand; every other text that could be a key is hidden.
    The result is not made printable.
    """
    text = raw.removesuffix(line_ending(raw))
    if b"\0" in text:
        return HIDDEN
    line = parse_line(text)
    if line.kind is LineKind.ENTRY and line.name == "publickey":
        before, value, after = text[: line.value_start], line.value, text[line.value_end :]
        # On a damaged line something else may have run into the value.
        shown = value if _KEY.fullmatch(value) else _masked(value)
        return _decoded(_masked(before) + shown + _masked(after))
    if line.kind is LineKind.ENTRY and line.name in _SECRET_KEYS and line.value:
        before, after = text[: line.value_start], text[line.value_end :]
        return _decoded(before + HIDDEN.encode() + _masked(after))
    return _decoded(_masked(text))


def _masked(text: bytes) -> bytes:
    return _KEY.sub(_without_key, _NAMED.sub(rb"\1" + HIDDEN.encode(), text))


def _without_key(match: re.Match[bytes]) -> bytes:
    """Paths and words of that length are in one case; a key hardly ever is."""
    found = match[0]
    return found if found in (found.lower(), found.upper()) else HIDDEN.encode()


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "replace")
