"""WireGuard devices of one host (or network namespace)."""

from __future__ import annotations

from typing import Protocol

from wgtui.domain.change import DeviceChange
from wgtui.domain.device import Device, Implementation


class WireGuard(Protocol):
    """Reads and sets WireGuard devices.

    One instance belongs to one thread: it owns sockets. `read` may share the `Peer` objects and allowed
    IPs of the previous read where their bytes did not change, so `is` is a cheap "unchanged" test.
    """

    def names(self) -> tuple[str, ...]:
        """Names of all WireGuard devices, sorted, whoever may read them.

        Raises:
            DeviceError: The devices cannot be listed.
        """
        ...

    def read(self, name: str) -> Device:
        """Read one device.

        Raises:
            DeviceGone: No such device, or it vanished.
            PermissionRefused: CAP_NET_ADMIN is missing, or the socket is not ours to open.
            DeviceTimeout: The device did not answer within the adapter's limit.
            DeviceError: Anything else; the text says what.
        """
        ...

    def configure(self, name: str, change: DeviceChange) -> None:
        """Apply a change, in as many messages as the transport needs.

        Not atomic: WireGuard has no transaction. An error leaves what was sent before it applied.

        Raises:
            DeviceGone: As in `read`.
            PermissionRefused: As in `read`.
            DeviceBusy: The listen port is taken.
            DeviceError: Anything else; the text says what.
        """
        ...

    def close(self) -> None:
        """Release sockets. The instance is of no use afterwards."""
        ...


class DeviceFactory(Protocol):
    """Makes and removes WireGuard devices."""

    def create(self, name: str) -> Implementation:
        """Create a device with this name, in the kernel where it can, else in userspace.

        Raises:
            DeviceBusy: The name is in use.
            DeviceUnavailable: Neither implementation is to be had; the hint names the remedy.
            PermissionRefused: CAP_NET_ADMIN is missing.
        """
        ...

    def delete(self, name: str) -> None:
        """Delete a WireGuard device; a userspace one ends its process too.

        Raises:
            DeviceGone: No such device.
            DeviceError: The link is there but is not WireGuard.
            PermissionRefused: CAP_NET_ADMIN is missing.
        """
        ...
