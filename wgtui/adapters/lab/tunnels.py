"""A lab's WireGuard interfaces: the kernel's where it has WireGuard, else wireguard-go's."""

from __future__ import annotations

import subprocess
from contextlib import closing

from wgtui.adapters.lab.commands import on_node
from wgtui.adapters.lab.folder import LabFolder
from wgtui.adapters.lab.topology import DEVICE
from wgtui.adapters.wireguard.uapi import UapiWireGuard
from wgtui.adapters.wireguard.userspace import UserspaceDevices
from wgtui.domain.change import DeviceChange
from wgtui.domain.device import Device, Implementation
from wgtui.ports.keypairs import Keypairs
from wgtui.ports.wireguard import WireGuard


class Tunnels:
    """Makes and reads the interface `wg0` of each node of one lab.

    Args:
        folder: Names the namespaces and holds the sockets.
        keypairs: Derives public keys.
        userspace: Do not even try the kernel.
    """

    def __init__(self, folder: LabFolder, keypairs: Keypairs, *, userspace: bool) -> None:
        self._folder = folder
        self._keypairs = keypairs
        self._userspace = userspace
        self._programs: list[UserspaceDevices] = []

    def create(self, node: str) -> Implementation:
        """Make the node's interface; all nodes get the same implementation.

        Raises:
            DeviceUnavailable: Neither is to be had.
        """
        if not self._userspace:
            command = ["ip", "-n", self._folder.netns(node), "link", "add", DEVICE, "type", "wireguard"]
            if subprocess.run(command, capture_output=True, check=False).returncode == 0:
                return Implementation.KERNEL
            self._userspace = True
        launcher = on_node(self._folder.netns(node), self._folder.run(node))
        program = UserspaceDevices(self._folder.sockets(node), supervised=True, launcher=launcher)
        self._programs.append(program)
        return program.create(DEVICE)

    def configure(self, node: str, change: DeviceChange) -> None:
        """Set a node's interface."""
        with closing(self._adapter(node)) as adapter:
            adapter.configure(DEVICE, change)

    def read(self, node: str) -> Device:
        """Read a node's interface."""
        with closing(self._adapter(node)) as adapter:
            return adapter.read(DEVICE)

    def close(self) -> None:
        """End the userspace programs; the kernel's interfaces go with their namespaces."""
        for program in self._programs:
            program.close()
        self._programs.clear()

    def _adapter(self, node: str) -> WireGuard:
        if self._userspace:
            return UapiWireGuard(self._folder.sockets(node), keypairs=self._keypairs)
        from wgtui.adapters.wireguard.netlink import KernelWireGuard

        return KernelWireGuard(self._folder.netns(node))
