"""DNS servers of tunnels, handed to resolvconf(8) as `wg-quick` does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from wgtui.adapters.programs import find_program, run
from wgtui.domain.host import DnsSettings

_ORDER_FILE: Final = Path("/etc/resolvconf/interface-order")
_RUN_FOLDER: Final = Path("/run/resolvconf/interface")
_ORDER_LINE: Final = re.compile(r"([A-Za-z0-9-]+)\*", re.ASCII)


class ResolvconfProgram:
    """Implements `wgtui.ports.resolver.Resolvconf` over openresolv, Debian's resolvconf and systemd's.

    It knows no network namespaces: what it sets is the DNS of the file system that it runs in. So one that
    works in a named namespace has none, rather than changing the host's.

    Args:
        netns: Network namespace that wgtui works in, None for this process's own.
        order_file: Debian's order of interfaces, from which `wg-quick` takes a prefix for names.
        run_folder: Where Debian's resolvconf keeps what it was told.
    """

    def __init__(
        self, netns: str | None = None, order_file: Path = _ORDER_FILE, run_folder: Path = _RUN_FOLDER
    ) -> None:
        self._netns = netns
        self._order_file = order_file
        self._run_folder = run_folder

    def is_available(self) -> bool:
        """Whether the host has the program."""
        return self._netns is None and find_program("resolvconf") is not None

    def read(self, interface: str) -> DnsSettings | None:
        """What is set for an interface; None for nothing, or where the program cannot tell."""
        program = find_program("resolvconf")
        if program is None or not self.is_available():
            return None
        if Path(program).resolve().name == "resolvectl":
            return _read_resolvectl(interface)
        name = self._name(interface)
        listed = run(["resolvconf", "-l", name])
        if listed.status == 0 and listed.output.strip():
            return _settings(listed.text())
        try:
            return _settings((self._run_folder / name).read_text("utf-8", "replace"))
        except OSError:
            return None

    def set(self, interface: str, settings: DnsSettings) -> None:
        """Set servers and search domains; raises `HostCommandFailed`."""
        lines = [f"nameserver {server}\n" for server in settings.servers]
        if settings.search:
            lines.append(f"search {' '.join(settings.search)}\n")
        command = ["resolvconf", "-a", self._name(interface), "-m", "0", "-x"]
        run(command, stdin="".join(lines).encode()).require_success(f"set the DNS servers of {interface}")

    def unset(self, interface: str) -> None:
        """Remove what was set; nothing there is no error."""
        command = ["resolvconf", "-d", self._name(interface), "-f"]
        run(command).require_success(f"remove the DNS servers of {interface}")

    def _name(self, interface: str) -> str:
        """The interface with the prefix of `wg-quick`: the first `NAME*` in Debian's order of interfaces."""
        program = find_program("resolvconf")
        if program is not None and not Path(program).is_symlink():
            try:
                lines = self._order_file.read_text("utf-8", "replace").splitlines()
            except OSError:
                return interface
            matches = (_ORDER_LINE.fullmatch(line.strip()) for line in lines)
            prefix = next((match[1] for match in matches if match), "")
            return f"{prefix}.{interface}" if prefix else interface
        return interface


def _settings(text: str) -> DnsSettings | None:
    """Out of the format of resolv.conf(5)."""
    servers: list[str] = []
    search: list[str] = []
    for words in map(str.split, text.splitlines()):
        if words[:1] == ["nameserver"]:
            servers += words[1:2]
        elif words[:1] == ["search"]:
            search = words[1:]
    return DnsSettings(tuple(servers), tuple(search)) if servers else None


def _read_resolvectl(interface: str) -> DnsSettings | None:
    """Out of lines like `Link 5 (wg0): 192.0.2.53`; the routing domain `~.` is what `-x` stands for."""
    servers, search = (
        run(["resolvectl", what, interface]).text().partition(": ")[2].split() for what in ("dns", "domain")
    )
    if not servers:
        return None
    return DnsSettings(tuple(servers), tuple(name for name in search if not name.startswith("~")))
