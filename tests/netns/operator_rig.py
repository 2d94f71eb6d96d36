"""An operator who types `wgtui` commands on a host of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.netns.support import UserspaceHost, userspace_host
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.domain.keys import PublicKey

KEYPAIRS = NaclKeypairs()
PRIVATE = KEYPAIRS.generate_private_key()


def new_key() -> PublicKey:
    """A public key of nobody."""
    return KEYPAIRS.public_key(KEYPAIRS.generate_private_key())


ALICE, BOB = new_key(), new_key()
FILE = f"""\
# the relay of the house
[Interface]
PrivateKey = {PRIVATE.reveal()}
Address = 10.7.0.1/24, fd07::1/64
ListenPort = 51877
PostUp = echo up >> {{notes}}
PreDown = echo down >> {{notes}}

[Peer]
# Name = alice
PublicKey = {ALICE}
AllowedIPs = 10.7.0.2/32, 192.168.2.0/24

[Peer]
# Name = bob
PublicKey = {BOB}
AllowedIPs = 10.7.0.3/32
"""


@dataclass
class Operator:
    """Types `wgtui` commands on a host of its own."""

    host: UserspaceHost
    folder: Path
    stdin: str = field(default="", init=False)

    def __post_init__(self) -> None:
        (self.folder / "conf").mkdir(exist_ok=True)
        self.file.write_text(FILE.format(notes=self.folder / "notes"))
        self.file.chmod(0o640)

    @property
    def file(self) -> Path:
        """The interface's file."""
        return self.folder / "conf/wg7.conf"

    def type(self, *words: str, code: int = 0) -> str:
        """A command, which ends with a code; returns standard output."""
        done = self.run(*words)
        assert done.returncode == code, f"{words}: {done.stderr}"
        assert "Traceback" not in done.stderr
        assert PRIVATE.reveal() not in done.stdout + done.stderr
        return done.stdout

    def refused(self, *words: str, code: int = 1) -> str:
        """A command that is refused in one line; returns that line."""
        done = self.run(*words)
        assert done.returncode == code, done.stdout
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command, whatever comes of it."""
        return subprocess.run(
            self.command(*words),
            capture_output=True,
            text=True,
            input=self.stdin,
            timeout=60,
            check=False,
            env=environment(),
        )

    def command(self, *words: str) -> list[str]:
        """The command line of a command."""
        options = ["--netns", self.host.netns, "--config-dir", str(self.folder / "conf")]
        options += ["--socket-dir", str(self.host.socket_dir), "--state-dir", str(self.folder / "state")]
        return [sys.executable, "-m", "wgtui", *words, *options]

    def state(self) -> tuple[str, ...]:
        """What the kernel and WireGuard say, without what changes by itself."""
        commands = (["ip", "-o", "address"], ["ip", "route", "show", "table", "all"], ["ip", "-6", "route"])
        words = ("fe80", "table local", "multicast")
        shown = [self.host.run(*command).splitlines() for command in (*commands, ["ip", "rule"])]
        lines = [line.partition(" valid_lft")[0] for text in shown for line in text]
        lines = [line.partition(":")[2] or line for line in lines if not any(word in line for word in words)]
        return (
            *lines,
            *sorted(self.host.run("wg", "show", "all", "dump").splitlines()),
            self.file.read_text(),
        )

    def routes(self) -> set[str]:
        """Destinations that wgtui routed through the tunnel."""
        shown = self.host.run("ip", "-4", "route", "show", "dev", "wg7", "proto", "boot")
        return {line.split()[0] for line in shown.splitlines()}

    def allowed(self, key: PublicKey) -> set[str]:
        """What `wg` says that a peer is allowed."""
        lines = self.host.run("wg", "show", "wg7", "allowed-ips").splitlines()
        found = {line.split("\t")[0]: line.split("\t")[1] for line in lines}
        return set(found[str(key)].split())


def environment() -> dict[str, str]:
    """Of a console: nobody's session is at risk."""
    return {name: value for name, value in os.environ.items() if name != "SSH_CONNECTION"}


@contextmanager
def operator_in(folder: Path) -> Iterator[Operator]:
    """Make an operator whose files are in a folder, and remove the host at the end."""
    with userspace_host() as host:
        host.run("ip", "link", "set", "lo", "up")
        made = Operator(host, folder)
        yield made
        if "wg7" in host.run("ip", "-o", "link"):
            made.run("down", "wg7", "--yes")
