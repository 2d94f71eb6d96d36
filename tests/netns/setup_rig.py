"""A bare server, a box at home with a LAN behind it, and a phone: what a new user has."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.netns.support import UserspaceHost, skip_unless_userspace_devices_work, userspace_host

SERVER, BOX, PHONE = "server", "box", "phone"
ADDRESSES = {SERVER: ("203.0.113.10", "2001:db8::10"), BOX: ("203.0.113.20", "2001:db8::20")}
ADDRESSES[PHONE] = ("203.0.113.30", "2001:db8::30")
LAN_HOST = ("192.168.2.5", "fd02::5")
INTERNET_HOST = ("198.51.100.7", "2001:db8:7::7")
"""Knows the way to public addresses only."""

_GUARDED = (SERVER, BOX)


@dataclass(frozen=True)
class Machine:
    """One machine with wgtui on it.

    Attributes:
        name: Which.
        host: Its namespace.
        folder: Its files.
    """

    name: str
    host: UserspaceHost
    folder: Path

    @property
    def config_dir(self) -> Path:
        """Its files of interfaces."""
        return self.folder / "conf"

    def wgtui(self, *words: str, stdin: str = "", code: int = 0) -> str:
        """What a command of wgtui prints on standard output."""
        options = ["--netns", self.host.netns, "--config-dir", str(self.config_dir)]
        options += ["--socket-dir", str(self.host.socket_dir), "--state-dir", str(self.folder / "state")]
        done = subprocess.run(
            [sys.executable, "-m", "wgtui", *words, *options],
            capture_output=True,
            text=True,
            input=stdin,
            timeout=60,
            check=False,
            env={name: value for name, value in os.environ.items() if name != "SSH_CONNECTION"},
        )
        assert done.returncode == code, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout if code == 0 else done.stderr

    def set_up(self, answers: str) -> dict[str, Any]:
        """What `wgtui setup` made of answers."""
        made: dict[str, Any] = json.loads(self.wgtui("setup", "--answers", "-", "--json", stdin=answers))
        return made

    def take(self, file: str, name: str = "wg0") -> Path:
        """Bring a file from another machine here, as the file of an interface."""
        self.config_dir.mkdir(exist_ok=True)
        path = self.config_dir / f"{name}.conf"
        path.write_bytes(Path(file).read_bytes())
        path.chmod(0o600)
        return path

    def reaches(self, address: str) -> bool:
        """Whether one echo request is answered."""
        command = self.host.command("ping", "-n", "-c", "1", "-W", "1", address)
        return subprocess.run(command, capture_output=True, check=False, timeout=30).returncode == 0

    def setting(self, name: str) -> str:
        """A setting of the kernel."""
        return self.host.run("sysctl", "-n", name).strip()


@dataclass(frozen=True)
class NewUser:
    """The machines of somebody who starts.

    Attributes:
        machines: By name.
        lan: Namespace of the host in the LAN behind the box, which knows no way to the tunnel.
    """

    machines: dict[str, Machine]
    lan: str

    def __getitem__(self, name: str) -> Machine:
        return self.machines[name]


@contextmanager
def new_user(folder: Path) -> Iterator[NewUser]:
    """Make the machines and the cables between them; what is not let through is dropped."""
    skip_unless_userspace_devices_work()
    with ExitStack() as stack:
        machines = {}
        for name in ADDRESSES:
            (folder / name).mkdir()
            machines[name] = Machine(name, stack.enter_context(userspace_host()), folder / name)
        wire, lan = (stack.enter_context(_namespace()) for _ in range(2))
        _ip("-n", wire, "link", "add", "br0", "type", "bridge")
        _ip("-n", wire, "link", "set", "br0", "up")
        _internet(wire)
        for name, machine in machines.items():
            _plug(wire, name, machine.host.netns, ADDRESSES[name])
        box = machines[BOX].host.netns
        _ip("link", "add", "eth0", "netns", lan, "type", "veth", "peer", "name", "eth1", "netns", box)
        _address(box, "eth1", ("192.168.2.2", "fd02::2"))
        _address(lan, "eth0", LAN_HOST)
        for name in _GUARDED:
            _guard(machines[name].host)
        try:
            yield NewUser(machines, lan)
        finally:
            for machine in machines.values():
                for link in ("wg0", "wg7"):
                    command = machine.host.command("ip", "link", "delete", link)
                    subprocess.run(command, capture_output=True, check=False)


def _internet(netns: str) -> None:
    """The way to everywhere, which is one host here."""
    _address(netns, "br0", ("203.0.113.1", "2001:db8::1"))
    for address in INTERNET_HOST:
        _ip("-n", netns, "address", "add", address, "dev", "lo")


def _plug(wire: str, name: str, netns: str, addresses: tuple[str, str]) -> None:
    _ip("link", "add", "eth0", "netns", netns, "type", "veth", "peer", "name", name, "netns", wire)
    _ip("-n", wire, "link", "set", name, "master", "br0", "up")
    _address(netns, "eth0", addresses)
    for family, gateway in (("-4", "203.0.113.1"), ("-6", "2001:db8::1")):
        _ip("-n", netns, family, "route", "add", "default", "via", gateway)


def _address(netns: str, link: str, addresses: tuple[str, str]) -> None:
    ipv4, ipv6 = addresses
    _ip("-n", netns, "link", "set", "lo", "up")
    _ip("-n", netns, "link", "set", link, "up")
    _ip("-n", netns, "address", "add", f"{ipv4}/24", "dev", link)
    _ip("-n", netns, "address", "add", f"{ipv6}/64", "dev", link, "nodad")


def _guard(host: UserspaceHost) -> None:
    """A packet filter that lets in and through only what was asked for, as on many servers."""
    for program in ("iptables", "ip6tables"):
        known = ("-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", "-j", "ACCEPT")
        for chain in ("INPUT", "FORWARD"):
            host.run(program, "-A", chain, *known)
            host.run(program, "-P", chain, "DROP")
        host.run(program, "-A", "INPUT", "-i", "lo", "-j", "ACCEPT")
        for link in ("wg0", "wg7"):
            host.run(program, "-A", "INPUT", "-i", link, "-j", "ACCEPT")
    host.run("ip6tables", "-I", "INPUT", "-p", "ipv6-icmp", "-j", "ACCEPT")


@contextmanager
def _namespace() -> Iterator[str]:
    name = f"wgtui-test-{secrets.token_hex(4)}"
    _ip("netns", "add", name)
    try:
        yield name
    finally:
        _ip("netns", "delete", name)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=30)
