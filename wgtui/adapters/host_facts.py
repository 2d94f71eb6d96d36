"""What a host is like, read from its files; implements `wgtui.ports.host_facts.HostInspector`.

Nothing is started and nothing is waited for, so that a look takes a few milliseconds.
"""

from __future__ import annotations

import configparser
import ctypes
import os
import re
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from wgtui.adapters.netns import call_in_netns
from wgtui.adapters.privilege import has_net_admin
from wgtui.adapters.programs import find_program
from wgtui.adapters.wireguard.diagnosis import has_module, in_container, other_kernels
from wgtui.domain.setup.facts import PROGRAMS, ClockFacts, HostFacts, KernelSupport

_STA_UNSYNC: Final = 0x40
"""`linux/timex.h`: the clock is not synchronised."""

_TIMEX_HEAD: Final = struct.Struct("@I4li")
"""`struct timex` up to `status`; all of it is far shorter than the buffer below."""

_TIMEX_SPACE: Final = 512
_LARGEST: Final = 65536
_KEEPERS: Final = {
    "run/systemd/timesync": "systemd-timesyncd",
    "run/chrony": "chrony",
    "run/chronyd.pid": "chrony",
    "run/ntpd.pid": "ntpd",
    "run/openntpd.pid": "openntpd",
}
"""What each keeper of the clock leaves below /run while it runs."""

_NETDEV_FOLDERS: Final = ("etc/systemd/network", "run/systemd/network", "usr/lib/systemd/network")
_NM_FOLDERS: Final = ("etc/NetworkManager/system-connections", "run/NetworkManager/system-connections")
_NETPLAN: Final = "etc/netplan"
_LOCAL_PORT: Final = re.compile(rb"^ *\d+: [0-9A-F]+:([0-9A-F]{4}) ", re.MULTILINE)


class ProcInspector:
    """Looks at this host.

    Args:
        netns: Network namespace whose sockets and settings count, None for this process's own.
        root: Where the host's files are.
    """

    def __init__(self, netns: str | None = None, root: Path = Path("/")) -> None:
        self._netns = netns
        self._root = root

    def look(self) -> HostFacts:
        """All facts at this moment."""
        root = self._root
        return HostFacts(
            net_admin=has_net_admin(),
            support=self._support(),
            tun=(root / "dev/net/tun").exists(),
            programs=frozenset(name for name in PROGRAMS if find_program(name)),
            systemd=(root / "run/systemd/system").is_dir(),
            network_manager=(root / "run/NetworkManager").is_dir(),
            others=tuple(self._others()),
            container=self._container(),
            sysctls_writable=os.access(root / "proc/sys/net/ipv4/ip_forward", os.W_OK)
            and not self._is_read_only("proc/sys"),
            clock=ClockFacts(time.time(), _synchronised(), self._keeper()),
            udp_ports=self._udp_ports(),
            resolvers=tuple(self._resolvers()),
        )

    def _support(self) -> KernelSupport:
        if (self._root / "sys/module/wireguard").is_dir():
            return KernelSupport.LOADED
        modules = self._root / "lib/modules" / os.uname().release
        if in_container(self._root):
            return KernelSupport.HIDDEN
        if has_module(modules):
            return KernelSupport.LOADABLE
        if not modules.is_dir() and other_kernels(modules):
            return KernelSupport.REMOVED
        return KernelSupport.MISSING

    def _container(self) -> str:
        by_systemd = self._text("run/systemd/container").strip()
        if by_systemd:
            return by_systemd
        if (self._root / ".dockerenv").exists():
            return "docker"
        if (self._root / "run/.containerenv").exists():
            return "podman"
        if (self._root / "proc/vz").exists() and not (self._root / "proc/bc").exists():
            return "openvz"
        variables = self._text("proc/1/environ").split("\0")
        return next(
            (text.removeprefix("container=") for text in variables if text.startswith("container=")), ""
        )

    def _is_read_only(self, folder: str) -> bool:
        try:
            return bool(os.statvfs(self._root / folder).f_flag & os.ST_RDONLY)
        except OSError:
            return False

    def _keeper(self) -> str:
        return next((name for path, name in _KEEPERS.items() if (self._root / path).exists()), "")

    def _others(self) -> Iterator[tuple[str, str]]:
        for folder in _NETDEV_FOLDERS:
            for path in self._files(folder, ".netdev"):
                section = _ini(self._text(path)).get("NetDev", {})
                if section.get("kind", "").lower() == "wireguard":
                    yield "systemd-networkd", section.get("name", "")
        for folder in _NM_FOLDERS:
            for path in self._files(folder, ".nmconnection"):
                section = _ini(self._text(path)).get("connection", {})
                if section.get("type", "").lower() == "wireguard":
                    yield "NetworkManager", section.get("interface-name", "")
        for path in self._files(_NETPLAN, ".yaml"):
            if re.search(r"^\s*mode:\s*['\"]?wireguard\b", self._text(path), re.MULTILINE):
                yield "netplan", ""

    def _files(self, folder: str, suffix: str) -> list[str]:
        try:
            names = sorted(entry.name for entry in (self._root / folder).iterdir())
        except OSError:
            return []
        return [f"{folder}/{name}" for name in names if name.endswith(suffix)]

    def _udp_ports(self) -> frozenset[int]:
        def read() -> bytes:
            found = b""
            for name in ("udp", "udp6"):
                try:
                    found += (self._root / "proc/thread-self/net" / name).read_bytes()
                except OSError:
                    continue
            return found

        return frozenset(int(port, 16) for port in _LOCAL_PORT.findall(call_in_netns(self._netns, read)))

    def _resolvers(self) -> Iterator[str]:
        for words in map(str.split, self._text("etc/resolv.conf").splitlines()):
            if words[:1] == ["nameserver"]:
                yield from words[1:2]

    def _text(self, path: str) -> str:
        try:
            with (self._root / path).open("rb") as file:
                return file.read(_LARGEST).decode("utf-8", "replace")
        except OSError:
            return ""


def _ini(text: str) -> dict[str, dict[str, str]]:
    """Sections of a file of systemd or NetworkManager; of one that cannot be read, none."""
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True, delimiters=("=",))
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    return {name: {key: value or "" for key, value in parser.items(name)} for name in parser.sections()}


def _synchronised() -> bool | None:
    """What the kernel says of its clock, asked without setting anything (adjtimex(2), modes 0)."""
    space = ctypes.create_string_buffer(_TIMEX_SPACE)
    try:
        if ctypes.CDLL(None).adjtimex(space) < 0:
            return None
    except (OSError, AttributeError):
        return None
    *_, status = _TIMEX_HEAD.unpack_from(space.raw)
    return not status & _STA_UNSYNC
