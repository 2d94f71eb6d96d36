"""Making and removing WireGuard devices: in the kernel where it can, else by a userspace program."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable

from wgtui.adapters.netlink_socket import NetlinkError, NetlinkSocket
from wgtui.adapters.netns import call_in_netns
from wgtui.adapters.rtnetlink import link_exists, names_of_kind
from wgtui.adapters.wireguard.diagnosis import why_no_kernel_device
from wgtui.adapters.wireguard.kernel_errors import no_such_device
from wgtui.adapters.wireguard.protocol import FAMILY_NAME
from wgtui.domain.device import Implementation
from wgtui.domain.errors import DeviceBusy, DeviceError, DeviceUnavailable, PermissionRefused, WgtuiError
from wgtui.domain.text import printable
from wgtui.ports.wireguard import DeviceFactory

_NETLINK_ROUTE = 0


class KernelDevices:
    """The `DeviceFactory` port for devices of the kernel, over pyroute2's rtnetlink.

    pyroute2 is imported at the first creation or removal: that takes a quarter of a second, which these
    may and a start of the program may not.

    Args:
        netns: Network namespace to work in, None for this process's own.
    """

    def __init__(self, netns: str | None = None) -> None:
        self._netns = netns

    def create(self, name: str) -> Implementation:
        """Create a device; see the port. Never tries userspace."""
        self._change("add", name, kind=FAMILY_NAME)
        return Implementation.KERNEL

    def delete(self, name: str) -> None:
        """Delete a device; see the port."""
        if not self.has(name):
            raise _not_ours(self._netns, name)
        self._change("del", name)

    def has(self, name: str) -> bool:
        """Whether there is a WireGuard device of the kernel with this name.

        Raises:
            DeviceError: The links cannot be listed.
        """
        sock = NetlinkSocket(_NETLINK_ROUTE, self._netns)
        try:
            return name in names_of_kind(sock, FAMILY_NAME)
        except NetlinkError as error:
            raise DeviceError(f"The network links cannot be listed: {error}.") from None
        finally:
            sock.close()

    def _change(self, command: str, name: str, **attributes: str) -> None:
        from pyroute2 import IPRoute
        from pyroute2.netlink.exceptions import NetlinkError as PyrouteError

        def change() -> None:
            with IPRoute() as route:
                route.link(command, ifname=name, **attributes)

        try:
            # Its synchronous classes refuse to work in a thread that has a running event loop.
            _in_thread(lambda: call_in_netns(self._netns, change))
        except PyrouteError as error:
            raise _explained(error.code, name) from None


class AutoDevices:
    """The `DeviceFactory` port: the kernel's device if it can be had, else a userspace one.

    Args:
        kernel: Makes devices of the kernel.
        userspace: Makes devices of a userspace program.
    """

    def __init__(self, kernel: KernelDevices, userspace: DeviceFactory) -> None:
        self._kernel = kernel
        self._userspace = userspace

    def create(self, name: str) -> Implementation:
        """Create a device; see the port."""
        try:
            return self._kernel.create(name)
        except DeviceUnavailable as kernel:
            try:
                return self._userspace.create(name)
            except DeviceUnavailable as userspace:
                raise DeviceUnavailable(
                    f"{kernel.text} {userspace.text}", hint=f"{kernel.hint} {userspace.hint}".strip()
                ) from None

    def delete(self, name: str) -> None:
        """Delete a device; see the port."""
        (self._kernel if self._kernel.has(name) else self._userspace).delete(name)


def _not_ours(netns: str | None, name: str) -> DeviceError:
    sock = NetlinkSocket(_NETLINK_ROUTE, netns)
    try:
        exists = link_exists(sock, name)
    except NetlinkError:
        exists = False
    finally:
        sock.close()
    if exists:
        return DeviceError(f"The interface {printable(name)} is not a WireGuard device of the kernel.")
    return no_such_device(name)


def _explained(code: int, name: str) -> WgtuiError:
    shown = printable(name)
    if code == errno.EEXIST:
        return DeviceBusy(
            f"The interface name {shown} is in use.", hint="Choose another name, or delete that one first."
        )
    if code in (errno.EPERM, errno.EACCES):
        return PermissionRefused(
            f"Making or removing {shown} needs the capability CAP_NET_ADMIN.", hint="Run wgtui as root."
        )
    if code == errno.EOPNOTSUPP:
        return why_no_kernel_device(os.uname().release)
    if code == errno.ENODEV:
        return no_such_device(name)
    if code in (errno.EINVAL, errno.ERANGE):
        return DeviceError(f"{shown} cannot be the name of an interface.")
    return DeviceError(f"{shown} could not be made or removed: {os.strerror(code)}.")


def _in_thread(function: Callable[[], None]) -> None:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            function()
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
