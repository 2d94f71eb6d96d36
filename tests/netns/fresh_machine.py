"""A machine on which `wgtui` is typed in a shell, with the folders of a fresh one: no option, no file."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.netns.setup_rig import Machine
from tests.support.terminal import ROOT
from tests.support.tmux import Tmux

_FOLDERS = ("/etc/wireguard", "/etc/sysctl.d", "/var/lib/wgtui", "/root", "/usr/local/bin")
_ENTER = f"""
root=$1; shift
for folder in {" ".join(_FOLDERS)}; do
    mkdir -p "$folder"
    mount --bind "$root$folder" "$folder"
done
cd /root
exec "$@"
"""
PROMPT = re.compile(r"^#$", re.MULTILINE)
"""What the shell shows while it waits, as tmux tells it."""


@dataclass(frozen=True)
class FreshMachine:
    """A machine whose own folders are empty.

    Attributes:
        machine: Its namespace.
        root: Where its folders really are.
    """

    machine: Machine
    root: Path

    def command(self, *words: str) -> list[str]:
        """The command line that runs a command there."""
        return [*self.machine.host.command("sh", "-euc", _ENTER, "enter", str(self.root)), *words]

    def run(self, *words: str) -> str:
        """What a command there prints; it has to succeed."""
        done = subprocess.run(self.command(*words), capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    @contextmanager
    def shell(self, size: tuple[int, int] = (80, 24)) -> Iterator[Tmux]:
        """A shell there, as after logging in, with nothing typed yet."""
        env = {"HOME": "/root", "ENV": None, "PYTHONPATH": str(ROOT)}
        with Tmux("exec sh", size=size, start=self.command(), env=env) as tmux:
            tmux.wait_for(PROMPT)
            yield tmux

    def file(self, path: str) -> Path:
        """A file of its own folders, seen from outside."""
        return self.root / path.lstrip("/")

    def take(self, content: bytes) -> None:
        """Put a file where wg-quick looks for that of wg0."""
        path = self.file("/etc/wireguard/wg0.conf")
        path.write_bytes(content)
        path.chmod(0o600)

    def files(self) -> list[str]:
        """All files of WireGuard and of kernel settings."""
        folders = [self.file(folder) for folder in ("/etc/wireguard", "/etc/sysctl.d")]
        found = (path for folder in folders for path in folder.rglob("*") if path.is_file())
        return sorted(f"/{path.relative_to(self.root)}" for path in found)

    def state(self) -> tuple[str, ...]:
        """Files, links, routes, rules of the packet filter and forwarding, without what counts."""
        commands = ("ip -o link", "ip route", "ip -6 route", "iptables-save", "ip6tables-save")
        shown = [self.machine.host.run(*command.split()) for command in commands]
        settings = ("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding")
        lines = [re.sub(r"\[\d+:\d+\]|^#.*|expires \d+sec", "", text, flags=re.MULTILINE) for text in shown]
        return (*self.files(), *lines, *map(self.machine.setting, settings))


def fresh(machine: Machine) -> FreshMachine:
    """Give a machine folders of its own, and the command."""
    made = FreshMachine(machine, machine.folder / "root")
    for folder in _FOLDERS:
        made.file(folder).mkdir(parents=True)
    command = made.file("/usr/local/bin/wgtui")
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m wgtui "$@"\n')
    command.chmod(0o755)
    return made
