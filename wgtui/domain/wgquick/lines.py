"""One physical line of a wg-quick file, and what stands where in it.

Structure follows `wg` (wireguard-tools `src/config.c`, `ctype.h`): everything from the first `#` on is a
comment, and tab, line feed, vertical tab, form feed, carriage return and space do not count anywhere, not
even inside a key.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

SPACE: Final = b"\t\n\v\f\r "
"""The bytes that `wg` deletes from every line."""

BOM: Final = b"\xef\xbb\xbf"
"""The UTF-8 byte order mark: kept, looked through for structure, reported as an error by `check`."""

HOOKS: Final = ("preup", "postup", "predown", "postdown")
"""Keys whose value is a shell command: a `#` in it is not cut off."""

DISABLED: Final = b"#[disabled] "
"""What wgtui puts in front of every line of a disabled peer: PiVPN's prefix."""

_DISABLED_PREFIXES: Final = (b"#[disabled]", b"#! ")
"""How PiVPN and python-wgconfig switch a line off without deleting it."""


class LineKind(Enum):
    """What a line is."""

    BLANK = "blank"
    """Only whitespace."""

    COMMENT = "comment"
    """Nothing in front of a `#`."""

    HEADER = "header"
    """`[Interface]`, `[Peer]` or anything else in brackets."""

    ENTRY = "entry"
    """A key, `=` and a value."""

    OTHER = "other"
    """Anything else; `wg` refuses such a line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line with the places of its parts. All places are byte positions in `raw`.

    Attributes:
        raw: The bytes, with their line ending.
        kind: What it is; of a disabled line, what it would be.
        name: Of a header, the text in brackets; of an entry, its key; whitespace removed, lower case.
        start: Where the content begins, behind indentation and any disabling prefix.
        value_start: First byte of an entry's value.
        value_end: Behind the last byte of an entry's value, before a comment.
        comment: Where the comment's `#` stands, -1 for none.
        disabled: Whether a tool switched the line off by a prefix; for `wg` it is a comment.
    """

    raw: bytes
    kind: LineKind
    name: str = ""
    start: int = 0
    value_start: int = -1
    value_end: int = -1
    comment: int = -1
    disabled: bool = False

    @property
    def value(self) -> bytes:
        """An entry's value without the whitespace around it, a comment cut off; empty for other lines."""
        return self.raw[self.value_start : self.value_end] if self.kind is LineKind.ENTRY else b""

    @property
    def ending(self) -> bytes:
        r"""`\r\n`, `\n` or nothing."""
        return line_ending(self.raw)

    @property
    def is_live(self) -> bool:
        """Whether it is a header or an entry that counts."""
        return not self.disabled and self.kind in (LineKind.HEADER, LineKind.ENTRY)


def line_ending(raw: bytes) -> bytes:
    r"""A line's own ending: `\r\n`, `\n` or nothing."""
    if raw.endswith(b"\r\n"):
        return b"\r\n"
    return b"\n" if raw.endswith(b"\n") else b""


def disabled_prefix(raw: bytes) -> int:
    """Length of the prefix by which a tool switched this line off, with indentation; 0 for none."""
    content = raw.removeprefix(BOM).lstrip(SPACE)
    for prefix in _DISABLED_PREFIXES:
        if content.startswith(prefix):
            return len(raw) - len(content) + len(prefix)
    return 0


def disabled_line(raw: bytes) -> bytes:
    """Switch a line off as PiVPN does; for `wg` and `wg-quick` it is then a comment."""
    mark = BOM if raw.startswith(BOM) else b""
    return mark + DISABLED + raw.removeprefix(mark)


def enabled_line(raw: bytes) -> bytes:
    """Undo one disabling of a line, whoever did it; other lines come back as they are."""
    end = disabled_prefix(raw)
    if not end:
        return raw
    start = raw.index(b"#")
    if raw[start:].startswith(DISABLED):
        end = start + len(DISABLED)
    return raw[:start] + raw[end:]


def parse_line(raw: bytes) -> Line:
    """Find the parts of one line. Never raises; linear in the line's length."""
    prefix = disabled_prefix(raw)
    disabled = prefix > 0
    if not disabled and raw.startswith(BOM):
        prefix = len(BOM)
    comment = raw.find(b"#", prefix)
    end = len(raw) if comment < 0 else comment
    content = raw[prefix:end]
    start = prefix + len(content) - len(content.lstrip(SPACE))
    stripped = content.strip(SPACE)
    if not stripped:
        kind = LineKind.BLANK if comment < 0 and not disabled else LineKind.COMMENT
        return Line(raw, kind, start=start, comment=comment, disabled=disabled)
    if stripped.startswith(b"[") and stripped.endswith(b"]"):
        name = compact(stripped[1:-1])
        return Line(raw, LineKind.HEADER, name, start=start, comment=comment, disabled=disabled)
    equals = raw.find(b"=", start, end)
    if equals < 0:
        return Line(raw, LineKind.OTHER, start=start, comment=comment, disabled=disabled)
    value = raw[equals + 1 : end]
    value_start = equals + 1 + len(value) - len(value.lstrip(SPACE))
    return Line(
        raw,
        LineKind.ENTRY,
        compact(raw[start:equals]),
        start=start,
        value_start=min(value_start, end) if value.strip(SPACE) else equals + 1,
        value_end=equals + 1 + len(value.rstrip(SPACE)),
        comment=comment,
        disabled=disabled,
    )


def compact(text: bytes) -> str:
    """A name as `wg` compares it: whitespace deleted, case ignored. Other bytes map to Latin-1."""
    return text.translate(None, SPACE).decode("latin-1").lower()
