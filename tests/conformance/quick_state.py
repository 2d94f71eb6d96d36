"""What `ip`, `wg`, `nft` and others tell of a host, comparable."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Final

_LINK_LOCAL: Final = re.compile(r"\bfe80::[0-9a-f:]+")
_BASE_LINKS: Final = ("lo", "wan", "wanpeer", "jumbo", "jumbopeer")
_SYSCTL: Final = "/proc/sys/net/ipv4/conf/all/src_valid_mark"

State = dict[str, list[str]]
"""Lines by what they are about. Without the link-local addresses that the kernel gives userspace devices."""


def state() -> State:
    """The state of the host that this process is in."""
    links = [
        link
        for link in json.loads(_out("ip", "-j", "-d", "link", "show"))
        if link["ifname"] not in _BASE_LINKS
    ]
    names = sorted(link["ifname"] for link in links)
    return {
        "links": sorted(f"{link['ifname']} mtu {link['mtu']} {'UP' in link['flags']}" for link in links),
        "addresses": [line for name in names for line in addresses(name)],
        "routes": sorted(route for family in ("-4", "-6") for route in _routes(family)),
        "rules": [f"{family} {line}" for family in ("-4", "-6") for line in rules(family)],
        "filter": sorted(line for line in _lines("nft", "list", "ruleset") if "fe80::" not in line),
        "wireguard": sorted(line for name in names for line in _wireguard(name)),
        "resolvconf": sorted(
            f"{path.name}: {path.read_text()}" for path in Path("/run/resolvconf").glob("*")
        ),
        "src_valid_mark": [Path(_SYSCTL).read_text().strip()],
        "sockets": sorted(path.name for path in Path("/run/wireguard").iterdir()),
    }


def addresses(name: str) -> list[str]:
    """The addresses of a link in `ip`'s order, link-local ones of the kernel left out."""
    (link,) = json.loads(_out("ip", "-j", "address", "show", "dev", name))
    return [
        f"{name} {info['local']}/{info['prefixlen']} {info['scope']}"
        for info in link["addr_info"]
        if info.get("local") and not _LINK_LOCAL.match(info["local"])
    ]


def _routes(family: str) -> list[str]:
    found = _lines("ip", "-d", "-N", family, "route", "show", "table", "all")
    return [line for line in found if "table 255" not in line and "fe80::/64" not in line]


def rules(family: str) -> list[str]:
    """The rules of a family in order."""
    return _lines("ip", family, "rule", "show")


def _wireguard(name: str) -> list[str]:
    found = []
    for line in _lines("wg", "show", name, "dump"):
        fields = line.split("\t")
        if len(fields) == 4:
            found.append(f"{name} {' '.join(fields)}")
        else:
            key, preshared, endpoint, allowed, _, _, _, keepalive = fields
            owned = ",".join(sorted(allowed.split(",")))
            found.append(f"{name} {key} {preshared} {endpoint} {owned} {keepalive}")
    return found


def _lines(*command: str) -> list[str]:
    return [line.strip() for line in _out(*command).splitlines() if line.strip()]


def _out(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
