"""A relay with sshd, and an operator who logs in through its tunnel: two namespaces joined by a wire.

The operator's namespace reaches the relay at 198.51.100.1 over the wire, and at 10.77.0.1 through the tunnel
`wg0`, whose encrypted packets take the wire. sshd listens at both.
"""

from __future__ import annotations

import json
import os
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import pytest

from tests.netns.support import skip_unless_userspace_devices_work
from tests.support.waiting import eventually
from wgtui.adapters.lab.commands import on_node
from wgtui.adapters.wireguard.userspace import UserspaceDevices

SOURCES: Final = Path(__file__).parents[2]
INSIDE, OUTSIDE = "10.77.0.1", "198.51.100.1"
"""The relay's addresses in the tunnel and on the wire."""

OPERATOR_INSIDE: Final = "10.77.0.2"
PORT: Final = 2222
DEVICE: Final = "wg0"

_SSHD = """\
Port {port}
ListenAddress {inside}
ListenAddress {outside}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
AuthenticationMethods publickey
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
UseDNS no
PrintMotd no
PrintLastLog no
PidFile none
"""

_RELAY = """\
[Interface]
PrivateKey = {private}
Address = 10.77.0.1/24
ListenPort = 51820

[Peer]
# Name = operator
PublicKey = {operator}
AllowedIPs = 10.77.0.2/32
PersistentKeepalive = 1

[Peer]
# Name = phone
PublicKey = {phone}
AllowedIPs = 10.77.0.3/32
"""

_OPERATOR = """\
[Interface]
PrivateKey = {private}

[Peer]
PublicKey = {relay}
Endpoint = 198.51.100.1:51820
AllowedIPs = 10.77.0.1/32
PersistentKeepalive = 1
"""


class Session:
    """A shell on the relay, in a terminal of its own, over ssh.

    Args:
        command: The whole ssh command line; it reads commands and prints what the shell says.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self._said = b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def run(self, command: str, seconds: float = 30.0) -> str:
        """What a command prints; it has to end within that time, with success.

        Args:
            command: For the shell.
            seconds: To wait.
        """
        ending = eventually(f"the end of {command}", self.started(command), seconds)
        assert ending is not None
        said, status = ending
        assert status == 0, f"{command}: status {status}\n{said}"
        return said

    def started(self, command: str) -> _Ending:
        """Type a command; calling what is returned gives its output and status once it has ended."""
        mark, start = secrets.token_hex(6), len(self.said)
        # In one line, so that a question of the command finds no answer that was typed ahead; and the mark
        # in pieces, for a terminal that echoes the line.
        self.type(f"{command}; printf '\\n%s:%d:\\n' {mark[:6]}'{mark[6:]}' $?\n")
        return _Ending(self, mark, start)

    def type(self, text: str) -> None:
        """Send what a keyboard would."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(text.encode())
            self._process.stdin.flush()

    def is_alive(self, seconds: float = 1.5) -> bool:
        """Whether the shell answers within that time."""
        answer = self.started(":")
        with suppress(pytest.fail.Exception):
            return bool(eventually("an answer", answer, seconds))
        return False

    @property
    def said(self) -> str:
        """All that came so far."""
        return self._said.decode("utf-8", "replace").replace("\r", "")

    def close(self) -> None:
        """End ssh."""
        self._process.kill()
        self._process.wait()
        self._reader.join(5)

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while piece := os.read(stream.fileno(), 65536):
            self._said += piece


@dataclass(frozen=True)
class _Ending:
    """Whether a command has ended, and with what."""

    session: Session
    mark: str
    start: int

    def __call__(self) -> tuple[str, int] | None:
        before, found, after = self.session.said[self.start :].rpartition(f"\n{self.mark}:")
        status, colon, _ = after.partition(":")
        return (before, int(status)) if found and colon else None


@dataclass(frozen=True)
class SshRig:
    """The two namespaces and what is in them.

    Attributes:
        relay: Name of the relay's namespace.
        operator: Name of the operator's.
        folder: Of keys, of the relay's wg-quick files (`etc`) and of wgtui's state (`state`).
        relay_run: What is `/run` on the relay.
        sessions: All that were opened.
    """

    relay: str
    operator: str
    folder: Path
    relay_run: Path
    sessions: list[Session]

    @property
    def config(self) -> Path:
        """The relay's wg-quick file."""
        return self.folder / "etc" / f"{DEVICE}.conf"

    def login(self, address: str = INSIDE, seconds: float = 20.0) -> Session:
        """Open a session that answers.

        Args:
            address: One of the relay's.
            seconds: For all attempts together.
        """
        session = eventually(f"a login at {address}", lambda: self._try_login(address), seconds)
        assert session is not None
        return session

    def wgtui(self, *arguments: str) -> str:
        """The command line, for a shell on the relay, that runs this checkout's wgtui."""
        options = ["--config-dir", str(self.folder / "etc"), "--state-dir", str(self.folder / "state")]
        words = [f"PYTHONPATH={SOURCES}", sys.executable, "-m", "wgtui", *options, *arguments]
        return shlex.join(words)

    def on_relay(self, *command: str) -> str:
        """What a command prints that runs on the relay, without ssh; it has to succeed."""
        words = [*on_node(self.relay, self.relay_run), *command]
        done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    def state(self) -> dict[str, object]:
        """All of the relay's state that a change may touch, comparable."""
        files = sorted(path for path in (self.folder / "etc").rglob("*") if path.is_file())
        return {
            "device": _sections(self.on_relay("sh", "-c", f"wg showconf {DEVICE} || true")),
            "addresses": _addresses(self.on_relay("ip", "-j", "address")),
            "routes": _routes(self.on_relay("ip", "-j", "route", "show", "table", "all")),
            "routes6": _routes(self.on_relay("ip", "-6", "-j", "route", "show", "table", "all")),
            "rules": json.loads(self.on_relay("ip", "-j", "rule")),
            "rules6": json.loads(self.on_relay("ip", "-6", "-j", "rule")),
            "files": [(path.name, path.stat().st_mode, path.read_bytes()) for path in files],
        }

    def pids(self) -> list[int]:
        """All processes on the relay."""
        return [int(pid) for pid in _run("ip", "netns", "pids", self.relay).split()]

    def _try_login(self, address: str) -> Session | None:
        session = Session(
            [
                *("ip", "netns", "exec", self.operator, "ssh", "-tt", "-F", "/dev/null"),
                *("-i", str(self.folder / "operator_key"), "-p", str(PORT)),
                *("-o", f"UserKnownHostsFile={self.folder}/known_hosts", "-o", "HostKeyAlias=relay"),
                *("-o", "BatchMode=yes", "-o", "ConnectTimeout=3", "-o", "IdentitiesOnly=yes"),
                f"root@{address}",
                "stty -echo; HISTFILE= PS1= exec bash --norc --noprofile --noediting",
            ]
        )
        self.sessions.append(session)
        if session.is_alive(5):
            return session
        session.close()
        return None


@contextmanager
def ssh_rig() -> Iterator[SshRig]:
    """Build it, and remove all of it afterwards."""
    skip_unless_userspace_devices_work()
    if shutil.which("sshd") is None or shutil.which("ssh") is None:
        pytest.skip("needs openssh-server and openssh-client")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wgtui-ssh-")))
        relay, operator = stack.enter_context(_joined_namespaces())
        _make_keys(folder)
        for name, netns in (("relay", relay), ("operator", operator)):
            run = folder / f"{name}-run"
            (run / "wireguard").mkdir(parents=True)
            launcher = on_node(netns, run)
            devices = UserspaceDevices(run / "wireguard", supervised=True, launcher=launcher)
            stack.callback(devices.close)
            devices.create(DEVICE)
        rig = SshRig(relay, operator, folder, folder / "relay-run", [])
        _configure(rig)
        log = stack.enter_context((folder / "sshd.log").open("wb"))
        stack.enter_context(_sshd(rig, log))
        try:
            yield rig
        finally:
            for session in rig.sessions:
                session.close()


@contextmanager
def _joined_namespaces() -> Iterator[tuple[str, str]]:
    token = secrets.token_hex(4)
    relay, operator = f"wgtui-{token}-relay", f"wgtui-{token}-operator"
    try:
        for netns in (relay, operator):
            _run("ip", "netns", "add", netns)
            _run("ip", "-n", netns, "link", "set", "lo", "up")
        _run(*f"ip -n {relay} link add eth0 type veth peer name eth0 netns {operator}".split())
        for netns, address in ((relay, f"{OUTSIDE}/24"), (operator, "198.51.100.9/24")):
            _run("ip", "-n", netns, "address", "add", address, "dev", "eth0")
            _run("ip", "-n", netns, "link", "set", "eth0", "up")
        yield relay, operator
    finally:
        for netns in (relay, operator):
            # What was started on the relay by wgtui itself is nobody's child here.
            pids = subprocess.run(["ip", "netns", "pids", netns], capture_output=True, text=True, check=False)
            for pid in pids.stdout.split():
                with suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
            subprocess.run(["ip", "netns", "delete", netns], capture_output=True, check=False)


def _make_keys(folder: Path) -> None:
    for name in ("host_key", "operator_key"):
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / name))
    (folder / "authorized_keys").write_text((folder / "operator_key.pub").read_text())
    (folder / "known_hosts").write_text(f"relay {(folder / 'host_key.pub').read_text()}")


def _configure(rig: SshRig) -> None:
    """Set both ends of the tunnel, and give the relay the file that says the same."""
    private = {name: _run("wg", "genkey").strip() for name in ("relay", "operator", "phone")}
    public = {name: _run("wg", "pubkey", given=key).strip() for name, key in private.items()}
    rig.config.parent.mkdir(mode=0o700)
    rig.config.touch(mode=0o600)
    rig.config.write_text(
        _RELAY.format(private=private["relay"], operator=public["operator"], phone=public["phone"])
    )
    other = rig.folder / "operator.conf"
    other.touch(mode=0o600)
    other.write_text(_OPERATOR.format(private=private["operator"], relay=public["relay"]))
    stripped = rig.folder / "relay.conf"
    stripped.touch(mode=0o600)
    stripped.write_text("".join(line for line in rig.config.open() if not line.startswith("Address")))
    for name, netns, conf, address in (
        ("relay", rig.relay, stripped, f"{INSIDE}/24"),
        ("operator", rig.operator, other, f"{OPERATOR_INSIDE}/24"),
    ):
        _run(*on_node(netns, rig.folder / f"{name}-run"), "wg", "setconf", DEVICE, str(conf))
        _run("ip", "-n", netns, "address", "add", address, "dev", DEVICE)
        _run("ip", "-n", netns, "link", "set", DEVICE, "mtu", "1420", "up")


@contextmanager
def _sshd(rig: SshRig, log: IO[bytes]) -> Iterator[None]:
    """Run sshd on the relay, with folders of its own in place of those that it writes to."""
    (rig.relay_run / "sshd").mkdir(mode=0o755)
    config = rig.folder / "sshd_config"
    config.write_text(_SSHD.format(port=PORT, inside=INSIDE, outside=OUTSIDE, folder=rig.folder))
    program = shutil.which("sshd")
    start = f"mount -t tmpfs none /var/log && exec {program} -D -e -f {config}"
    process = subprocess.Popen(
        [*on_node(rig.relay, rig.relay_run), "sh", "-c", start], stdout=log, stderr=log
    )
    try:
        eventually("sshd listens", lambda: f":{PORT}" in rig.on_relay("ss", "-Hltn"))
        yield
    finally:
        process.kill()
        process.wait()


def _run(*command: str, given: str = "") -> str:
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout


def _sections(text: str) -> list[list[str]]:
    """A configuration as `wg` shows it, whatever the order of its peers and of their allowed IPs."""
    sections = [section.splitlines() for section in text.split("\n\n")]
    return sorted([", ".join(sorted(line.split(", "))) for line in lines if line] for lines in sections)


def _addresses(text: str) -> list[object]:
    """Links and addresses without what another link of the same name has differently."""
    return [
        {
            "link": link["ifname"],
            "mtu": link["mtu"],
            "up": "UP" in link["flags"],
            "addresses": [
                (one["local"], one["prefixlen"]) for one in link["addr_info"] if one["scope"] != "link"
            ],
        }
        for link in sorted(json.loads(text), key=lambda link: str(link["ifname"]))
    ]


def _routes(text: str) -> list[str]:
    """Routes in one order, without those of link-local and multicast addresses, which each new link gets."""
    routes = [route for route in json.loads(text) if not route["dst"].startswith(("fe80:", "ff00:"))]
    return sorted(json.dumps(route, sort_keys=True) for route in routes)
