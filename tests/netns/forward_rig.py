"""A relay with two peers and an uplink, on whatever packet filter; what is not asked for is dropped there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.netns.support import UserspaceHost, skip_unless_userspace_devices_work, userspace_host
from tests.support.netns import ip, temporary_netns
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.domain.keys import PrivateKey

KEYPAIRS: Final = NaclKeypairs()
TUNNEL: Final = {"relay": "5.5.5.1", "home": "5.5.5.2", "phone": "5.5.5.3"}
INTERNET: Final = "198.51.100.7"
"""Knows no way back into the tunnel."""

PORT: Final = 43155
_COUNTERS: Final = re.compile(r"packets \d+ bytes \d+|\[\d+:\d+\]")

_MANGLE: Final = """\
*mangle
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
COMMIT
"""
"""A table comes with the first command about it, and stays when it is empty: no program removes it."""

_DOCKER_LIKE: Final = """\
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 -j ACCEPT
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
COMMIT
"""
_IPV6: Final = """\
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
"""
_ADMINISTRATORS: Final = """\
table inet filter {
  chain input { type filter hook input priority 0; policy accept; }
  chain forward { type filter hook forward priority 0; policy drop; ct state established,related accept; }
}
"""
BACKENDS: Final = ("legacy", "iptables-nft", "nft")


@dataclass
class ForwardRig:
    """The relay, where wgtui is typed, and its peers.

    Attributes:
        relay: Its namespace.
        peers: Theirs, by name.
        folder: Files of the relay.
        variables: Of the environment in which wgtui is typed.
        inside: Whether wgtui is typed in the namespace itself, with a folder for settings of its own.
    """

    relay: UserspaceHost
    peers: dict[str, UserspaceHost]
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    inside: bool = False

    @property
    def file(self) -> Path:
        """The relay's own file."""
        return self.folder / "conf/wg7.conf"

    def wgtui(self, *words: str, code: int = 0) -> str:
        """What a command prints; its standard error where it has to fail."""
        done = subprocess.run(
            self.command(*words),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env=_environment() | self.variables,
        )
        assert done.returncode == code, f"{words}: {done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout if code == 0 else done.stderr

    def run(self, *command: str) -> str:
        """What a command on the relay prints; it has to succeed."""
        return self.relay.run(*command)

    def command(self, *words: str) -> list[str]:
        """The command line of a command."""
        options = ["--config-dir", str(self.folder / "conf")]
        options += ["--socket-dir", str(self.relay.socket_dir), "--state-dir", str(self.folder / "state")]
        program = [sys.executable, "-m", "wgtui", *words, *options]
        if not self.inside:
            return [*program, "--netns", self.relay.netns]
        self.settings.mkdir(exist_ok=True)
        script = f'mount --bind {self.settings} /etc/sysctl.d && exec "$@"'
        return self.relay.command("sh", "-c", script, "wgtui", *program)

    @property
    def settings(self) -> Path:
        """Stands in for /etc/sysctl.d where wgtui is typed inside."""
        return self.folder / "sysctl.d"

    def view(self, interface: str = "wg7") -> dict[str, Any]:
        """What `wgtui forward --json` says."""
        said: dict[str, Any] = json.loads(self.wgtui("forward", interface, "--json"))
        return said

    def row(self, switch: str, target: str | None = None, interface: str = "wg7") -> dict[str, Any]:
        """One switch of it."""
        rows: list[dict[str, Any]] = self.view(interface)["switches"]
        return next(row for row in rows if (row["switch"], row["interface"]) == (switch, target))

    def filter(self) -> str:
        """The whole packet filter without its counters."""
        programs = (
            *(("iptables-legacy-save",), ("ip6tables-legacy-save",), ("nft", "list", "ruleset")),
            *(("iptables-nft-save",), ("ip6tables-nft-save",)),
        )
        listed = "\n".join(self.relay.run(*program) for program in programs)
        lines = (line for line in listed.splitlines() if not line.startswith("#"))
        return _COUNTERS.sub("", "\n".join(lines))

    def reaches(self, peer: str, address: str) -> bool:
        """Whether one echo request of a peer is answered."""
        command = self.peers[peer].command("ping", "-n", "-c", "1", "-W", "1", address)
        return subprocess.run(command, capture_output=True, check=False, timeout=30).returncode == 0

    def call_again(self) -> None:
        """Let the peers shake hands anew: one that only keeps its mapping open would wait for long."""
        for name, host in self.peers.items():
            for verb in ("down", "up"):
                host.run("wg-quick", verb, str(self.folder / f"{name}/wg7.conf"))

    def guard(self, backend: str) -> None:
        """Let the relay drop what it is not told to pass on, by one of `BACKENDS`."""
        if backend == "nft":
            self.feed(_ADMINISTRATORS, "nft", "-f", "-")
            return
        variant = "legacy" if backend == "legacy" else "nft"
        self.feed(_DOCKER_LIKE + _MANGLE, f"iptables-{variant}-restore")
        self.feed(_IPV6 + _MANGLE, f"ip6tables-{variant}-restore")

    def feed(self, text: str, *command: str) -> None:
        """Run a command on the relay that reads a text."""
        subprocess.run(self.relay.command(*command), input=text, text=True, check=True, timeout=30)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "SSH_CONNECTION"}


@contextmanager
def forward_rig(folder: Path, hooks: str = "") -> Iterator[ForwardRig]:
    """Make the machines; the peers are up and call the relay, which is not.

    Args:
        folder: For the files.
        hooks: Lines of the relay's file.
    """
    skip_unless_userspace_devices_work()
    with ExitStack() as stack:
        relay, home, phone = (stack.enter_context(userspace_host()) for _ in range(3))
        internet = stack.enter_context(temporary_netns())
        peers = {"home": home, "phone": phone}
        keys = {name: KEYPAIRS.generate_private_key() for name in TUNNEL}
        for number, (name, host) in enumerate(peers.items(), 1):
            _cable(relay.netns, f"line{number}", host.netns, "eth0", f"10.99.{number}")
            host.run("ip", "route", "add", "default", "via", f"10.99.{number}.1")
            path = folder / f"{name}/wg7.conf"
            path.parent.mkdir()
            path.write_text(_peer_file(name, number, keys))
            path.chmod(0o600)
        _cable(relay.netns, "eth0", internet, "eth0", "203.0.113")
        relay.run("ip", "route", "add", "default", "via", "203.0.113.2")
        ip("-n", internet, "address", "add", f"{INTERNET}/32", "dev", "lo")
        rig = ForwardRig(relay, peers, folder)
        rig.file.parent.mkdir()
        rig.file.write_text(_relay_file(keys, hooks))
        rig.file.chmod(0o600)
        for name, host in peers.items():
            host.run("wg-quick", "up", str(folder / f"{name}/wg7.conf"))
        try:
            yield rig
        finally:
            for host in (relay, *peers.values()):
                for link in ("wg7", "wg8"):
                    command = host.command("ip", "link", "delete", link)
                    subprocess.run(command, capture_output=True, check=False, timeout=30)


def _cable(one: str, one_link: str, other: str, other_link: str, start: str) -> None:
    ip("link", "add", one_link, "netns", one, "type", "veth", "peer", "name", other_link, "netns", other)
    for netns, link, number in ((one, one_link, 1), (other, other_link, 2)):
        ip("-n", netns, "link", "set", "lo", "up")
        ip("-n", netns, "address", "add", f"{start}.{number}/24", "dev", link)
        ip("-n", netns, "link", "set", link, "up")


def _relay_file(keys: dict[str, PrivateKey], hooks: str) -> str:
    peers = "".join(
        f"\n[Peer]\n# Name = {name}\nPublicKey = {KEYPAIRS.public_key(keys[name])}\n"
        f"AllowedIPs = {TUNNEL[name]}/32\n"
        for name in ("home", "phone")
    )
    return (
        f"[Interface]\nPrivateKey = {keys['relay'].reveal()}\nAddress = {TUNNEL['relay']}/24\n"
        f"ListenPort = {PORT}\n{hooks}{peers}"
    )


def _peer_file(name: str, number: int, keys: dict[str, PrivateKey]) -> str:
    return (
        f"[Interface]\nPrivateKey = {keys[name].reveal()}\nAddress = {TUNNEL[name]}/24\n\n[Peer]\n"
        f"PublicKey = {KEYPAIRS.public_key(keys['relay'])}\nAllowedIPs = 5.5.5.0/24, {INTERNET}/32\n"
        f"Endpoint = 10.99.{number}.1:{PORT}\nPersistentKeepalive = 1\n"
    )
