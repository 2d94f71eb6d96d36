"""One machine of a rig."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.netns.broken.layout import INTERFACE
from wgtui import wiring
from wgtui.adapters.netns import netns_path
from wgtui.adapters.wireguard.uapi import UapiWireGuard
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.device import Device
from wgtui.services.interfaces import find_source, plan_sync, plan_up


@dataclass
class Node:
    """One machine.

    Attributes:
        name: Which.
        netns: Its namespace.
        folder: Its files; empty of any for machines that run no wgtui.
    """

    name: str
    netns: str
    folder: Path

    def __post_init__(self) -> None:
        self.sockets.mkdir(parents=True)
        (self.folder / "conf").mkdir()
        self.wireguard = UapiWireGuard(self.sockets)

    @property
    def sockets(self) -> Path:
        """Where its userspace devices' sockets are."""
        return self.folder / "run/wireguard"

    @property
    def host(self) -> wiring.Host:
        """As the services name it."""
        return wiring.Host(self.folder / "conf", self.netns, self.sockets, self.folder / "state")

    def conf(self, interface: str = INTERFACE) -> Path:
        """The file of an interface."""
        return self.folder / f"conf/{interface}.conf"

    def command(self, *words: str) -> list[str]:
        """The command line that runs a program there."""
        return ["nsenter", f"--net={netns_path(self.netns)}", "--", *words]

    def run(self, *words: str, check: bool = True) -> str:
        """What a program there prints."""
        done = subprocess.run(self.command(*words), capture_output=True, text=True, timeout=30, check=False)
        assert not check or done.returncode == 0, f"{self.name}: {words}: {done.stdout}{done.stderr}"
        return done.stdout

    def sh(self, script: str) -> None:
        """Run lines of a shell there; each has to succeed."""
        self.run("sh", "-e", "-c", script)

    def ip(self, *lines: str) -> None:
        """Lines of `ip -batch`."""
        done = subprocess.run(
            ["ip", "-n", self.netns, "-batch", "-"],
            input="\n".join(lines) + "\n",
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 0, f"{self.name}: {lines}: {done.stderr}"

    def sysctl(self, **values: object) -> None:
        """Settings, with `__` for the dots."""
        for name, value in values.items():
            path = "/proc/sys/" + name.replace("__", "/")
            self.sh(f"echo {value} > {path}")

    def edit(self, *replacements: tuple[str, str], interface: str = INTERFACE) -> None:
        """Replace texts in an interface's file, each of which has to be there."""
        edit_file(self.conf(interface), *replacements)

    def reaches(self, address: str, *options: str) -> bool:
        """Whether one echo request is answered."""
        done = subprocess.run(
            self.command("ping", "-n", "-c", "1", "-W", "1", *options, address),
            capture_output=True,
            check=False,
            timeout=30,
        )
        return done.returncode == 0

    def shout(self, address: str, *options: str) -> subprocess.Popen[bytes]:
        """Echo requests until the process is ended, five a second."""
        return subprocess.Popen(
            self.command("ping", "-n", "-i", "0.2", *options, address),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def device(self, interface: str = INTERFACE) -> Device:
        """As the device reports."""
        return self.wireguard.read(interface)

    def set(self, *peers: PeerChange, interface: str = INTERFACE, **values: object) -> None:
        """Change the running device behind everybody's back."""
        self.wireguard.configure(interface, DeviceChange(peers=tuple(peers), **values))  # type: ignore[arg-type]

    def up(self, interface: str = INTERFACE) -> None:
        """Bring an interface up from its file, by wgtui."""
        with wiring.changes(self.host) as changes:
            source = find_source(changes.host.files, interface, changes.config_dir)
            changes.transaction.apply(plan_up(changes.context, source))

    def sync(self, interface: str = INTERFACE) -> None:
        """Bring an interface in line with its file, by wgtui."""
        with wiring.changes(self.host) as changes:
            source = find_source(changes.host.files, interface, changes.config_dir)
            changes.transaction.apply(plan_sync(changes.context, source, changes.made(interface)))

    def close_interface(self, interface: str = INTERFACE) -> None:
        """End an interface without a word, as a machine that is switched off."""
        self.ip(f"link delete {interface}")

    def close(self) -> None:
        """Remove what runs in it, and the namespace."""
        self.wireguard.close()
        for socket in self.sockets.glob("*.sock"):
            subprocess.run(
                ["ip", "-n", self.netns, "link", "delete", socket.stem], capture_output=True, check=False
            )
            # The daemon ends with its link or its socket, whichever goes first.
            with suppress(OSError):
                socket.unlink()
        subprocess.run(["ip", "netns", "delete", self.netns], capture_output=True, check=False)


def edit_file(path: Path, *replacements: tuple[str, str]) -> None:
    """Replace texts in a file, each of which has to be there."""
    text = path.read_text()
    for before, after in replacements:
        assert before in text, f"{path}: no {before!r} in\n{text}"
        text = text.replace(before, after)
    path.write_text(text)
