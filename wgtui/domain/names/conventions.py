"""How programs and people write a peer's name into a comment, and which comments are no names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final


class Trust(IntEnum):
    """How sure it is that a comment is a name; the lowest wins."""

    EXPLICIT = 1
    """A key with a value, such as `# friendly_name = NAME`."""

    MARKER = 2
    """A tool's own line, such as `### Client NAME`."""

    BARE = 3
    """Just a comment."""


class Place(Enum):
    """Where a convention's line stands."""

    BEFORE = "before"
    """Above `[Peer]`."""

    INSIDE = "inside"
    """Below `[Peer]`."""


Cut = Callable[[bytes], int]
"""Given what follows a convention's opening, how many bytes of it are the name; -1 when it is none."""


@dataclass(frozen=True, slots=True)
class Convention:
    """One way of writing a name.

    Attributes:
        tool: Who writes it so; empty where many do.
        trust: Its rank.
        opening: Matches a comment from its `#` up to the name. All matching is linear in the line's length.
        cut: Finds the end of the name in the rest of the line.
        place: Where a new line of this convention goes.
        template: The line to write, with `%s` for the name; empty where it cannot be written anew, for it
            holds more than a name.
        closing: The line that ends the block, likewise; empty for none.
    """

    tool: str
    trust: Trust
    opening: re.Pattern[bytes]
    cut: Cut = len
    place: Place = Place.BEFORE
    template: bytes = b""
    closing: bytes = b""

    def find(self, comment: bytes) -> tuple[int, int] | None:
        """Start and end of the name in a comment without whitespace at its end; None when it has none."""
        match = self.opening.match(comment)
        if match is None:
            return None
        length = self.cut(comment[match.end() :])
        return (match.end(), match.end() + length) if length > 0 else None


def _before_hashes(rest: bytes) -> int:
    return len(rest[:-3].rstrip()) if rest.endswith(b"###") else -1


def _before_identifier(rest: bytes) -> int:
    name, parenthesis, identifier = rest.rpartition(b" (")
    is_one = parenthesis and re.fullmatch(rb"[0-9A-Za-z-]+\)", identifier)
    return len(name.rstrip()) if is_one else len(rest)


def _before_role(rest: bytes) -> int:
    name, parenthesis, role = rest.rpartition(b" (")
    return len(name.rstrip()) if parenthesis and role in (b"router)", b"host)", b"site)") else len(rest)


def _before_file(rest: bytes) -> int:
    name, arrow, file = rest.rpartition(b" > ")
    return len(name.rstrip()) if arrow and file.endswith(b".conf") and b" " not in file else -1


def _first_of_four(rest: bytes) -> int:
    parts = rest.split(b" / ")
    is_one = len(parts) >= 4 and parts[-2].startswith(b"Updated:") and parts[-1].startswith(b"Created:")
    return len(b" / ".join(parts[:-3])) if is_one else -1


def _one_word(rest: bytes) -> int:
    return -1 if b" " in rest else len(rest)


def _without_ornament(rest: bytes) -> int:
    return len(rest.rstrip(b"#-=*_ \t"))


def _explicit(tool: str, opening: bytes, place: Place, template: bytes = b"") -> Convention:
    pattern = re.compile(opening, re.IGNORECASE)
    return Convention(tool, Trust.EXPLICIT, pattern, len, place, template)


def _marker(
    tool: str, opening: bytes, cut: Cut = len, template: bytes = b"", closing: bytes = b""
) -> Convention:
    return Convention(tool, Trust.MARKER, re.compile(opening), cut, Place.BEFORE, template, closing)


NAME: Final = _explicit("", rb"#+\s*Name\s*[=:]\s*", Place.INSIDE, b"# Name = %s")
"""`# Name = NAME` (wg-info, and ours), `# Name: NAME` (wireguard-ui, and by hand)."""

EXPORTER: Final = "prometheus_wireguard_exporter"

FRIENDLY_JSON: Final = _explicit(EXPORTER, rb"#+\s*friendly_json\s*=\s*(?=\{)", Place.INSIDE)
"""`# friendly_json={"...": "..."}`: `name_of` picks the name from the object."""

BARE: Final = Convention("", Trust.BARE, re.compile(rb"[#\s*=_-]+"), _without_ornament, template=b"# %s")
"""A comment that no other convention knows."""

CONVENTIONS: Final[tuple[Convention, ...]] = (
    _explicit(EXPORTER, rb"#+\s*friendly_name\s*=\s*", Place.INSIDE, b"# friendly_name = %s"),
    FRIENDLY_JSON,
    NAME,
    _explicit("WGDashboard", rb"#\s*Name#\s*=\s*", Place.INSIDE, b"#Name# = %s"),
    _explicit("wireme", rb"#+\s*wireme-name:\s*", Place.BEFORE, b"# wireme-name: %s"),
    _explicit("WireGuard Portal", rb"#+\s*-WGP- Display name:\s*", Place.INSIDE),
    _marker("PiVPN", rb"###\s*begin\s+", _before_hashes, b"### begin %s ###", b"### end %s ###"),
    _marker("wireguard-install by Nyr", rb"#\s*BEGIN_PEER\s+", len, b"# BEGIN_PEER %s", b"# END_PEER %s"),
    _marker("wireguard-install by angristan", rb"###\s*Client\s+", len, b"### Client %s"),
    _marker("wg-easy", rb"#\s*Client:\s*", _before_identifier),
    _marker("wg-gen-web", rb"#\s*", _first_of_four),
    _marker("easy-wg-quick", rb"#\s*[^\s:]+:\s+", _before_file),
    _marker("WG Commander", rb"#\s*peer\s+", len, b"# peer %s"),
    _marker("", rb"#\s*Peer:\s*", _before_role, b"# Peer: %s"),
    _marker("linuxserver/wireguard", rb"#\s*peer_", _one_word),
)
"""Every convention but the bare comment, in order of trust."""

_SETTING: Final = re.compile(
    rb"#+!?\s*(?:\[disabled\]\s*)?(?:\[|(?:private\s*key|public\s*key|preshared\s*key|allowed\s*ips|endpoint"
    rb"|persistent\s*keepalive|listen\s*port|fw\s*mark|address|dns|mtu|table|(?:pre|post)\s*(?:up|down)"
    rb"|save\s*config|jc|jmin|jmax|[shi][1-5]|(?:in|ex)cludedapplications)\s*=)",
    re.IGNORECASE,
)
"""A header or a setting that somebody commented out: it ends what stands above it."""

_METADATA: Final = re.compile(
    rb"#+\s*(?:-WGP-|wireme-|friendly_|END_PEER\b|end\s.*###|ENDPOINT\s|(?:id|e-?mail|telegram|created(?:\s+at)?"
    rb"|updated?(?:\s+at)?|notes?|added|routes?|device|date|profile|ip|private\s*key|preshared\s*key)\s*[:=])",
    re.IGNORECASE,
)
"""What tools write beside a name."""

_HEADLINE: Final = re.compile(
    rb"do not (?:edit|alter|modify|remove|change)|overwritten|generated (?:by|using|with|from)|managed by"
    rb"|used by wireguard-install|auto-?generated|configuration file",
    re.IGNORECASE,
)
"""Sentences that tools put on top of their files."""

_SECRET: Final = re.compile(rb"[A-Za-z0-9+/]{43}=|(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{42,44}(?![A-Za-z0-9+/])")
"""A key, or one that lost its last character."""


def is_setting(comment: bytes) -> bool:
    """Whether the comment is a commented-out header or setting."""
    return _SETTING.match(comment) is not None


def is_name_like(comment: bytes) -> bool:
    """Whether a comment may be taken for a bare name: no metadata, headline, setting, key or ornament."""
    return not (_METADATA.match(comment) or _HEADLINE.search(comment) or holds_key(comment))


def holds_key(text: bytes) -> bool:
    """Whether the text holds what looks like a key: it is then never taken for a name."""
    return _SECRET.search(text) is not None


def name_of(convention: Convention, written: bytes) -> str:
    """The name from what a convention's group 1 matched; empty when there is none in it.

    Bytes that are not UTF-8 become U+FFFD, so that a name can always be encoded and compared again; the
    document keeps the bytes themselves.
    """
    text = written.decode("utf-8", "replace").strip()
    return _from_json(text) if convention is FRIENDLY_JSON else text


def _from_json(text: str) -> str:
    try:
        tags = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(tags, dict):
        return ""
    lowered = {str(key).lower(): value for key, value in tags.items() if isinstance(value, str)}
    known = (lowered[key] for key in ("friendly_name", "name", "username", "user", "id") if lowered.get(key))
    found = next(known, "") or next(iter(lowered.values()), "")
    return found.encode("utf-8", "replace").decode().strip()
