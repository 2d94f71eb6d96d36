"""The files from which a host takes its kernel settings at boot (sysctl.d(5), `sysctl --system` of procps).

Names of settings are spelled as `wgtui.ports.sysctls` spells them: with dots, and slashes for the dots within
an interface's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

FOLDERS: Final = (
    "/etc/sysctl.d",
    "/run/sysctl.d",
    "/usr/local/lib/sysctl.d",
    "/usr/lib/sysctl.d",
    "/lib/sysctl.d",
)
"""Of files with one name, that in the folder that comes first here counts."""

MAIN_FILE: Final = "/etc/sysctl.conf"
"""Read last by `sysctl --system`, and by systemd only where a link in a folder leads to it."""

OWN_FILE: Final = "/etc/sysctl.d/99-wgtui.conf"
"""The file that holds wgtui's settings."""

IP_FORWARD: Final = "net.ipv4.ip_forward"
IPV6_FORWARDING: Final = "net.ipv6.conf.all.forwarding"

_HEADER: Final = "# Written by wgtui: what forwarding through tunnels needs. Other lines are left alone."
_ALIASES: Final = {"net.ipv4.conf.all.forwarding": IP_FORWARD}
_SWAP: Final = str.maketrans("./", "/.")


@dataclass(frozen=True, slots=True)
class SysctlEntry:
    """One line of a file.

    Attributes:
        name: Of the setting; may hold `*`, `?` and `[...]`.
        value: None for a line that keeps patterns away from the setting.
        path: The file.
        line: From 1.
    """

    name: str
    value: str | None
    path: str
    line: int

    @property
    def is_pattern(self) -> bool:
        """Whether it is for all settings that match, unless another line names them."""
        return any(character in self.name for character in "*?[")

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.path}:{self.line}"


def reading_order(names: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The paths of the files that count, as they are applied: by name, whatever the folder.

    Args:
        names: What is in each of `FOLDERS`.
    """
    found: dict[str, str] = {}
    for folder in FOLDERS:
        for name in names.get(folder, ()):
            if name.endswith(".conf"):
                found.setdefault(name, f"{folder}/{name}")
    return tuple(found[name] for name in sorted(found))


def read_entries(path: str, content: bytes) -> tuple[SysctlEntry, ...]:
    """The lines of a file that say something. Never raises."""
    entries = []
    for number, line in enumerate(_lines(content), 1):
        entry = _entry(path, number, line)
        if entry is not None:
            entries.append(entry)
    return tuple(entries)


def effective(entries: Iterable[SysctlEntry], name: str, *, by_systemd: bool = True) -> SysctlEntry | None:
    """The line that sets a setting in the end; None where none does.

    Of several lines that name a setting the last one counts. Patterns do not count for names that some line
    names. For systemd, a line that says the same again stands where the first did, which matters where a
    setting has two names (`src/sysctl/sysctl.c`: `parse_file`, `apply_all`).

    Args:
        entries: Of all files, in the order in which they are applied.
        name: Of the setting.
        by_systemd: Whether systemd applies them, and not `sysctl --system`.
    """
    spellings = {name, *(alias for alias, meant in _ALIASES.items() if meant == name)}
    kept: dict[str, SysctlEntry] = {}
    for entry in entries:
        before = kept.get(entry.name)
        if before is None or before.value != entry.value or not by_systemd:
            kept.pop(entry.name, None)
            kept[entry.name] = entry
    by_pattern = spellings - kept.keys()
    setting = [
        entry
        for entry in kept.values()
        if entry.value is not None
        and (
            any(_matches(entry.name, one) for one in by_pattern)
            if entry.is_pattern
            else entry.name in spellings
        )
    ]
    return setting[-1] if setting else None


def with_settings(
    content: bytes | None, wanted: Mapping[str, str], unwanted: Iterable[str] = ()
) -> bytes | None:
    """Wgtui's file with other settings; all that is not about them stays.

    Args:
        content: Of the file; None where there is none.
        wanted: Values by name.
        unwanted: Names that are to be in it no more.

    Returns:
        None where nothing is left that the file would be for.
    """
    lines = _lines(content or b"")
    going = {_canonical(name) for name in unwanted}
    missing = dict(wanted)
    kept: list[str] = []
    for number, line in enumerate(lines, 1):
        entry = _entry(OWN_FILE, number, line)
        name = _canonical(entry.name) if entry is not None and not entry.is_pattern else ""
        if entry is None or (name not in going and name not in wanted):
            kept.append(line)
        elif name in missing:
            value = missing.pop(name)
            kept.append(line if entry.value == value else f"{name} = {value}")
    kept += [f"{name} = {value}" for name, value in missing.items()]
    if all(line.strip() in ("", _HEADER) for line in kept):
        return None
    if content is None:
        kept.insert(0, _HEADER)
    return ("\n".join(kept) + "\n").encode("utf-8", "surrogateescape")


def _lines(content: bytes) -> list[str]:
    return content.decode("utf-8", "surrogateescape").removesuffix("\n").split("\n") if content else []


def _entry(path: str, number: int, line: str) -> SysctlEntry | None:
    text = line.strip()
    if not text or text[0] in "#;":
        return None
    key, sign, value = text.partition("=")
    key = key.strip()
    if sign:
        name = _spelled(key.removeprefix("-"))
        return SysctlEntry(name, value.strip(), path, number) if name else None
    if key.startswith("-"):
        return SysctlEntry(_spelled(key[1:]), None, path, number)
    return None


def _spelled(key: str) -> str:
    """A key with dots between its parts: where its first separator is a slash, the two change places."""
    first = min((key.find(one) for one in "./" if one in key), default=-1)
    return key.translate(_SWAP) if first >= 0 and key[first] == "/" else key


def _canonical(name: str) -> str:
    return _ALIASES.get(name, name)


def _matches(pattern: str, name: str) -> bool:
    """Whether a pattern is for a setting: part by part, for `*` stands for no separator (glob(3))."""
    parts, own = pattern.split("."), name.split(".")
    return len(parts) == len(own) and all(map(fnmatchcase, own, parts))
