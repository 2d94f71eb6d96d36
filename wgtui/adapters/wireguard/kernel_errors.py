"""The kernel's error numbers as sentences."""

from __future__ import annotations

import errno

from wgtui.adapters.netlink_socket import NetlinkError, NetlinkTimeout
from wgtui.domain.change import DeviceChange
from wgtui.domain.errors import (
    DeviceBusy,
    DeviceError,
    DeviceGone,
    DeviceTimeout,
    DeviceUnavailable,
    PermissionRefused,
    WgtuiError,
)
from wgtui.domain.text import printable


def no_such_device(name: str) -> DeviceGone:
    """There is no link of this name."""
    return DeviceGone(f"There is no interface {printable(name)}.", hint="List the interfaces with: wg show")


def no_family(name: str) -> DeviceUnavailable:
    """The link is there, but the kernel has no WireGuard to ask about it."""
    return DeviceUnavailable(
        f"{printable(name)} cannot be read: neither this kernel nor a userspace program has it as WireGuard.",
        hint="Load the kernel's module with: modprobe wireguard",
    )


def device_error(error: NetlinkError, name: str, change: DeviceChange | None = None) -> WgtuiError:
    """The error of the port for an error of the kernel.

    Args:
        error: What the kernel answered to a request of the WireGuard family.
        name: Interface name.
        change: What was to be set, None for a read.
    """
    shown = printable(name)
    doing = "read" if change is None else "changed"
    if isinstance(error, NetlinkTimeout):
        return DeviceTimeout(f"The kernel did not answer about {shown} in time.")
    if error.code == errno.ENODEV:
        return no_such_device(name)
    if error.code in (errno.EPERM, errno.EACCES):
        return PermissionRefused(
            f"{shown} may only be {doing} with the capability CAP_NET_ADMIN.", hint="Run wgtui as root."
        )
    if error.code == errno.EADDRINUSE:
        port = f" {change.listen_port}" if change is not None and change.listen_port else ""
        return DeviceBusy(
            f"The listen port{port} of {shown} is in use by another program or device.",
            hint="Choose another port, or find who has it with: ss -lunp",
        )
    if error.code == errno.EOPNOTSUPP:
        return DeviceError(f"{shown} is not a WireGuard interface.")
    if error.code == errno.EINTR:
        return DeviceError(f"{shown} changed again and again while it was read.", hint="Try again.")
    return DeviceError(f"{shown} could not be {doing}: {error}.")
