"""What the tests with real devices share: waiting, and a namespace of one's own for userspace devices."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from wgtui.adapters.lab import LabHandle
from wgtui.adapters.lab.commands import on_node
from wgtui.adapters.wireguard.netlink import KernelWireGuard
from wgtui.adapters.wireguard.select import AutoWireGuard
from wgtui.adapters.wireguard.uapi import UapiWireGuard
from wgtui.adapters.wireguard.userspace import UserspaceDevices
from wgtui.domain.device import Device


def skip_unless_userspace_devices_work() -> None:
    """Skip where no userspace device can be made, with the reason."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
    if not Path("/dev/net/tun").exists():
        pytest.skip("needs /dev/net/tun")
    if shutil.which("wireguard-go") is None or shutil.which("ip") is None:
        pytest.skip("needs wireguard-go and iproute2")


@dataclass(frozen=True)
class UserspaceHost:
    """A network namespace with sockets of its own.

    Attributes:
        netns: Its name.
        socket_dir: Its sockets, seen from outside.
        devices: Makes devices in it.
        wireguard: Reads and sets them.
    """

    netns: str
    socket_dir: Path
    devices: UserspaceDevices
    wireguard: UapiWireGuard

    def command(self, *command: str) -> list[str]:
        """The command line that runs a command there."""
        return [*on_node(self.netns, self.socket_dir.parent), *command]

    def run(self, *command: str) -> str:
        """What a command there prints; it has to succeed."""
        return subprocess.run(
            self.command(*command), capture_output=True, text=True, timeout=30, check=True
        ).stdout

    def pids(self, program: str) -> list[int]:
        """Processes of that name in the namespace."""
        found = subprocess.run(
            ["ip", "netns", "pids", self.netns], capture_output=True, text=True, check=True
        )
        return [pid for pid in map(int, found.stdout.split()) if _command(pid) == program]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


@contextmanager
def userspace_host(program: Sequence[str] = ()) -> Iterator[UserspaceHost]:
    """Make a `UserspaceHost` and remove it with everything in it."""
    skip_unless_userspace_devices_work()
    netns = f"wgtui-test-{secrets.token_hex(4)}"
    subprocess.run(["ip", "netns", "add", netns], check=True)
    try:
        with tempfile.TemporaryDirectory(prefix="wgtui-") as folder:
            sockets = Path(folder, "wireguard")
            sockets.mkdir()
            devices = UserspaceDevices(
                sockets, supervised=True, launcher=[*on_node(netns, Path(folder)), *program]
            )
            wireguard = UapiWireGuard(sockets)
            try:
                yield UserspaceHost(netns, sockets, devices, wireguard)
            finally:
                devices.close()
    finally:
        subprocess.run(["ip", "netns", "delete", netns], check=True)


def read(lab: LabHandle, node: str) -> Device:
    """A node's device, by our own adapters."""
    place = lab.nodes[node]
    wireguard = AutoWireGuard(KernelWireGuard(place.netns), UapiWireGuard(place.socket_dir))
    try:
        return wireguard.read(lab.device)
    finally:
        wireguard.close()


def ping(lab: LabHandle, node: str, target: str) -> subprocess.CompletedProcess[str]:
    """One echo request."""
    return lab.run(node, ["ping", "-n", "-c", "1", "-W", "1", target])


def reaches(lab: LabHandle, node: str, target: str) -> Callable[[], bool]:
    """Whether one echo request is answered."""
    return lambda: ping(lab, node, target).returncode == 0
