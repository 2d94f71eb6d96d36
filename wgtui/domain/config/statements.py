"""A file's lines as `wg` and `wg-quick` see them: headers, settings, and lines they do not know.

`wg-quick` reads each line first, by its own rules, and hands what it does not own to `wg`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from wgtui.domain.wgquick.document import Document
from wgtui.domain.wgquick.lines import BOM, HOOKS, SPACE


class Dialect(Enum):
    """Who reads the file."""

    WG = "wg"
    """`wg setconf`, `addconf` and `syncconf`."""

    WG_QUICK = "wg-quick"
    """`wg-quick up`."""


class Kind(Enum):
    """What a statement is."""

    HEADER = "header"
    """`[Interface]` or `[Peer]` for `wg`; `key` is which."""

    WG = "wg"
    """A key of `wg`'s in its right section."""

    QUICK = "quick"
    """A key that `wg-quick` keeps for itself."""

    UNKNOWN = "unknown"
    """A line that `wg` refuses as unrecognised."""


INTERFACE_KEYS: Final = frozenset(("privatekey", "listenport", "fwmark"))
"""Keys of `wg` in `[Interface]`."""

PEER_KEYS: Final = frozenset(("publickey", "presharedkey", "endpoint", "allowedips", "persistentkeepalive"))
"""Keys of `wg` in `[Peer]`."""

QUICK_KEYS: Final = frozenset(("address", "dns", "mtu", "table", "saveconfig", *HOOKS))
"""Keys of `wg-quick` in `[Interface]`."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One line that is not blank and not a comment.

    Attributes:
        index: The line, from 0.
        kind: What it is.
        key: Lower case without whitespace: of a header its name, of an entry its key. Empty for none.
        value: Latin-1. Of `wg`'s keys without any whitespace, of `wg-quick`'s trimmed.
        section: The section it stands in for `wg`: `interface`, `peer` or empty.
        quick_section: Whether `wg-quick` sees it in `[Interface]`.
    """

    index: int
    kind: Kind
    key: str
    value: str
    section: str
    quick_section: bool


def statements(document: Document, dialect: Dialect) -> Iterator[Statement]:
    """The statements of a document, for one of its readers. Never raises."""
    section = ""
    quick_section = False
    for index, raw in enumerate(document.lines):
        line = _visible(raw, index, dialect)
        content = line.partition(b"#")[0]
        if dialect is Dialect.WG_QUICK:
            key = _trimmed(content.partition(b"=")[0]).lower()
            if key.startswith("["):
                quick_section = key == "[interface]"
            elif quick_section and key in QUICK_KEYS:
                value = _quick_value(line if key in HOOKS else content)
                yield Statement(index, Kind.QUICK, key, value, section, True)
                continue
        text = content.translate(None, SPACE).decode("latin-1")
        if not text:
            continue
        if text.lower() in ("[interface]", "[peer]"):
            section = text[1:-1].lower()
            yield Statement(index, Kind.HEADER, section, "", section, quick_section)
        else:
            yield _entry(index, text, section, quick_section)


def _entry(index: int, text: str, section: str, quick_section: bool) -> Statement:
    key, _, value = text.partition("=")
    key = key.lower()
    known = INTERFACE_KEYS if section == "interface" else PEER_KEYS if section == "peer" else ()
    kind = Kind.WG if value and key in known else Kind.UNKNOWN
    return Statement(index, kind, key, value, section, quick_section)


def _visible(raw: bytes, index: int, dialect: Dialect) -> bytes:
    """The part of a line that its reader sees. A byte order mark is looked through, and reported apart."""
    if index == 0 and raw.startswith(BOM):
        raw = raw[len(BOM) :]
    if b"\0" in raw:
        return raw.replace(b"\0", b"") if dialect is Dialect.WG_QUICK else raw.partition(b"\0")[0]
    return raw


def _trimmed(text: bytes) -> str:
    return text.strip(SPACE).decode("latin-1")


def _quick_value(content: bytes) -> str:
    """What stands behind the first `=`; without one bash's expansion yields the whole line."""
    before, equals, after = content.partition(b"=")
    return _trimmed(after if equals else before)


def place_of(document: Document, statement: Statement, at: int = 0) -> tuple[int, int]:
    """Line and column, from 1 and in bytes, of a character of a statement's value.

    For statements without a value, and for those `wg` does not know, of the line's first character.
    """
    raw = document.lines[statement.index]
    equals = raw.find(b"=")
    if statement.kind in (Kind.HEADER, Kind.UNKNOWN) or equals < 0:
        return statement.index + 1, _skip_space(raw, 0) + 1
    column = _skip_space(raw, equals + 1)
    if statement.kind is Kind.QUICK:
        return statement.index + 1, column + at + 1
    return statement.index + 1, _skip_space(raw, _behind(raw, column, at)) + 1


def _behind(raw: bytes, start: int, count: int) -> int:
    """Where `count` bytes other than whitespace have passed since `start`, without looping over each."""
    end = start
    missing = count
    while missing and end < len(raw):
        passed = raw[end : end + missing]
        end += len(passed)
        missing -= len(passed.translate(None, SPACE))
    return end


def _skip_space(raw: bytes, start: int) -> int:
    while start < len(raw) and raw[start : start + 1] in _SPACES:
        start += 1
    return start if start < len(raw) else len(raw.rstrip(SPACE))


_SPACES: Final = frozenset(bytes((byte,)) for byte in SPACE)
