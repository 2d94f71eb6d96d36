"""Where programs keep what they know of peers, and how each of these files is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from typing import Final


class Kind(Enum):
    """How a file is read."""

    CLIENT = "a peer's own file"
    KEY = "a private key"
    JSON = "JSON"
    COMMANDER = "TOML of WG Commander"
    DATABASE = "SQLite"
    SETTINGS = "shell assignments"
    INDEX = "PiVPN's list"


@dataclass(frozen=True, slots=True)
class Rule:
    """Which files of a folder are read how.

    Attributes:
        pattern: Folders and name with `*` and `?`, none of which matches a `/`.
        tool: Whose files these are; empty for nobody's in particular.
        kind: How they are read.
    """

    pattern: str
    tool: str
    kind: Kind


PIVPN: Final = "PiVPN"
ANGRISTAN: Final = "wireguard-install by angristan"
EASY_QUICK: Final = "easy-wg-quick"
LINUXSERVER: Final = "linuxserver/wireguard"

_KEYS: Final = tuple(
    Rule(pattern, "", Kind.KEY)
    for pattern in ("*.key", "*.priv", "*_priv", "*privatekey*", "*private_key*", "*private.key*")
)

_BESIDE: Final = (
    Rule("wgclient_*.conf", EASY_QUICK, Kind.CLIENT),
    Rule("wgclient_*.key", EASY_QUICK, Kind.KEY),
    Rule("*-client-*.conf", ANGRISTAN, Kind.CLIENT),
    Rule("wg-easy.db", "wg-easy", Kind.DATABASE),
    Rule("wgdashboard.db", "WGDashboard", Kind.DATABASE),
    Rule("*.conf", "", Kind.CLIENT),
    *_KEYS,
)

_CONFIG_DIR: Final = (
    Rule("configs/clients.txt", PIVPN, Kind.INDEX),
    Rule("configs/*.conf", PIVPN, Kind.CLIENT),
    Rule("keys/*_priv", PIVPN, Kind.KEY),
    Rule("params", ANGRISTAN, Kind.SETTINGS),
    Rule("wgc-*/*.toml", "WG Commander", Kind.COMMANDER),
    Rule("clients/*/*.conf", "wireme", Kind.CLIENT),
    Rule("peers/*/*.conf", "wgtui", Kind.CLIENT),
    Rule("peers.d/*/*.conf", "wgtui", Kind.CLIENT),
    Rule("peers/*.conf", "", Kind.CLIENT),
    Rule("*.json", "wg-gen-web", Kind.JSON),
    Rule("db/clients/*.json", "wireguard-ui", Kind.JSON),
    Rule("db/server/*.json", "wireguard-ui", Kind.JSON),
    Rule("*/*.conf", "", Kind.CLIENT),
    *(Rule(f"*/{rule.pattern}", rule.tool, rule.kind) for rule in _KEYS),
    Rule("keys/*", "", Kind.KEY),
    *_BESIDE,
)

_PANEL: Final = (
    Rule("clients/*.json", "wireguard-ui", Kind.JSON),
    Rule("server/*.json", "wireguard-ui", Kind.JSON),
    Rule("wgdashboard.db", "WGDashboard", Kind.DATABASE),
)

_LINUXSERVER: Final = (
    Rule("peer*/privatekey-*", LINUXSERVER, Kind.KEY),
    Rule("peer*/*.conf", LINUXSERVER, Kind.CLIENT),
)

_HOME: Final = (
    Rule("configs/*.conf", PIVPN, Kind.CLIENT),
    Rule(".wg-easy/*.json", "wg-easy", Kind.JSON),
    Rule(".wg-easy/wg-easy.db", "wg-easy", Kind.DATABASE),
    Rule("easy-wg-quick/wgclient_*.conf", EASY_QUICK, Kind.CLIENT),
    Rule("easy-wg-quick/wgclient_*.key", EASY_QUICK, Kind.KEY),
    Rule("WGDashboard/src/db/wgdashboard.db", "WGDashboard", Kind.DATABASE),
    Rule("wireguard-ui/db/clients/*.json", "wireguard-ui", Kind.JSON),
    Rule("wireguard-ui/db/server/*.json", "wireguard-ui", Kind.JSON),
    *_BESIDE,
)

_PANEL_FOLDERS: Final = (
    "/opt/wireguard-ui/db",
    "/etc/wireguard-ui/db",
    "/app/db",
    "/opt/WGDashboard/src/db",
    "/opt/wgdashboard/src/db",
    "/etc/WGDashboard/src/db",
    "/WGDashboard/src/db",
    "/data/db",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A folder, and what is looked for in it.

    Attributes:
        folder: Absolute.
        rules: Of several that match a file the first counts.
    """

    folder: str
    rules: tuple[Rule, ...]


def places_of(config_dir: str, homes: Iterable[str], more: Iterable[str] = ()) -> Iterator[Place]:
    """All places, those of the interfaces' own folder first.

    Args:
        config_dir: Folder of wg-quick files.
        homes: Folders of people.
        more: Folders in which the operator says that there are files, of whatever program.
    """
    yield Place(config_dir, _CONFIG_DIR)
    for folder in more:
        yield Place(folder, (*_PANEL, *_LINUXSERVER, *_CONFIG_DIR))
    yield Place("/etc/pivpn/wireguard", (Rule("setupVars.conf", PIVPN, Kind.SETTINGS),))
    # Its image has /config, with the interfaces' files in /config/wg_confs.
    for folder in dict.fromkeys(("/config", config_dir.rstrip("/").rpartition("/")[0])):
        if folder:
            yield Place(folder, _LINUXSERVER)
    for folder in _PANEL_FOLDERS:
        yield Place(folder, _PANEL)
    for folder in homes:
        yield Place(folder, _HOME)


def matches(pattern: str, name: str) -> bool:
    """Whether one name, without any `/`, matches one part of a pattern; a `*` takes no leading dot."""
    return fnmatchcase(name, pattern) and (not name.startswith(".") or pattern.startswith("."))
