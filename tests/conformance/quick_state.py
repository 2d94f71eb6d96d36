"""What `ip`, `wg`, `nft` and others tell of a host, comparable."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_LINK_LOCAL: Final = re.compile(r"\bfe80::[0-9a-f:]+")
_BASE_LINKS: Final = ("lo", "wan", "wanpeer", "jumbo", "jumbopeer")
_SYSCTL: Final = "/proc/sys/net/ipv4/conf/all/src_valid_mark"

State = dict[str, list[str]]
"""Lines by what they are about. Without the link-local addresses that the kernel gives userspace devices."""


def state(prefix: Sequence[str] = ()) -> State:
    """The state of a host.

    Args:
        prefix: Of commands, such as one that enters a network namespace; empty for the process's own host.
    """
    return _Reader(prefix).state()


class _Reader:
    def __init__(self, prefix: Sequence[str]) -> None:
        self._prefix = tuple(prefix)

    def state(self) -> State:
        links = [
            link
            for link in json.loads(self._out("ip", "-j", "-d", "link", "show"))
            if link["ifname"] not in _BASE_LINKS
        ]
        names = sorted(link["ifname"] for link in links)
        return {
            "links": sorted(f"{link['ifname']} mtu {link['mtu']} {'UP' in link['flags']}" for link in links),
            "addresses": [line for name in names for line in self._addresses(name)],
            "routes": sorted(route for family in ("-4", "-6") for route in self._routes(family)),
            "rules": [f"{f} {line}" for f in ("-4", "-6") for line in self._lines("ip", f, "rule", "show")],
            "filter": sorted(line for line in self._lines("nft", "list", "ruleset") if "fe80::" not in line),
            "wireguard": sorted(line for name in names for line in self._wireguard(name)),
            "resolvconf": sorted(f"{path.name}: {path.read_text()}" for path in _in("/run/resolvconf")),
            "src_valid_mark": self._lines("cat", _SYSCTL),
            "sockets": sorted(path.name for path in _in("/run/wireguard")),
        }

    def _addresses(self, name: str) -> list[str]:
        (link,) = json.loads(self._out("ip", "-j", "address", "show", "dev", name))
        return [
            f"{name} {info['local']}/{info['prefixlen']} {info['scope']}"
            for info in link["addr_info"]
            if info.get("local") and not _LINK_LOCAL.match(info["local"])
        ]

    def _routes(self, family: str) -> list[str]:
        found = self._lines("ip", "-d", "-N", family, "route", "show", "table", "all")
        return [line for line in found if "table 255" not in line and "fe80::/64" not in line]

    def _wireguard(self, name: str) -> list[str]:
        found = []
        for line in self._lines("wg", "show", name, "dump"):
            fields = line.split("\t")
            if len(fields) == 4:
                found.append(f"{name} {' '.join(fields)}")
            else:
                key, preshared, endpoint, allowed, _, _, _, keepalive = fields
                owned = ",".join(sorted(allowed.split(",")))
                found.append(f"{name} {key} {preshared} {endpoint} {owned} {keepalive}")
        return found

    def _lines(self, *command: str) -> list[str]:
        return [line.strip() for line in self._out(*command).splitlines() if line.strip()]

    def _out(self, *command: str) -> str:
        whole = [*self._prefix, *command]
        return subprocess.run(whole, capture_output=True, text=True, check=True, timeout=60).stdout


def _in(folder: str) -> list[Path]:
    return list(Path(folder).iterdir()) if Path(folder).is_dir() else []


def without_random_port(state: State, config: str) -> State:
    """The state without a listen port that the system picked."""
    if "ListenPort" in config:
        return state
    lines = [re.sub(r"^(wg\w+ \S+ \S+) \d+ (\S+)$", r"\1 - \2", line) for line in state["wireguard"]]
    return {**state, "wireguard": sorted(lines)}
