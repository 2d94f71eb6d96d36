"""Which implementation answers for a device, chosen exactly as `wg` does."""

from __future__ import annotations

from wgtui.domain.change import DeviceChange
from wgtui.domain.device import Device
from wgtui.domain.errors import DeviceGone
from wgtui.ports.wireguard import WireGuard


class AutoWireGuard:
    """All WireGuard devices of a host: a live userspace socket first, else the kernel.

    That a socket is live is found out by using it: the userspace adapter says `DeviceGone` for a name
    without one, and nothing was sent then.

    Args:
        kernel: Devices of the kernel.
        userspace: Devices with a UAPI socket.
    """

    def __init__(self, kernel: WireGuard, userspace: WireGuard) -> None:
        self._kernel = kernel
        self._userspace = userspace

    def names(self) -> tuple[str, ...]:
        """The names both know, sorted, each once."""
        return tuple(sorted({*self._userspace.names(), *self._kernel.names()}))

    def read(self, name: str) -> Device:
        """Read one device; see the port for the errors."""
        try:
            return self._userspace.read(name)
        except DeviceGone:
            return self._kernel.read(name)

    def configure(self, name: str, change: DeviceChange) -> None:
        """Apply a change; see the port for the errors."""
        try:
            self._userspace.configure(name, change)
        except DeviceGone:
            self._kernel.configure(name, change)

    def close(self) -> None:
        """Close both."""
        self._userspace.close()
        self._kernel.close()
