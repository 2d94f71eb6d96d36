"""Making and ending userspace WireGuard devices: one `wireguard-go` process a device.

Source: wireguard-go `main.go`, `tun/tun_linux.go`, `ipc/uapi_linux.go`. The program binds its UDP port at
once, and it ends, link and socket with it, on SIGTERM, when its socket file is deleted, and when its link
is deleted.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from wgtui.adapters.wireguard.uapi import DEFAULT_SOCKET_DIR, UapiWireGuard
from wgtui.domain.device import Implementation
from wgtui.domain.errors import (
    DeviceBusy,
    DeviceError,
    DeviceGone,
    DeviceTimeout,
    DeviceUnavailable,
    PermissionRefused,
    WgtuiError,
)

_TUN: Final = Path("/dev/net/tun")
_NAME: Final = re.compile(r"[a-zA-Z0-9_=+.-]{1,15}", re.ASCII)
_LOOK_EVERY: Final = 0.005
_PREFIX: Final = re.compile(r"^ERROR: \([^)]*\) \S+ \S+ ")


class UserspaceDevices:
    """The `DeviceFactory` port for userspace devices.

    Args:
        socket_dir: Where the program puts its sockets, as seen from here.
        program: Name or path of the userspace implementation.
        supervised: Keep the program as our child, ended by `close`. Otherwise it detaches and outlives us.
        launcher: A command line that starts another one, such as one that enters a network namespace.
        link_exists: Whether there is a link of that name where the program runs; None for this process's own
            namespace, and with a launcher for not knowing.
        timeout: Seconds to wait for the device to answer, or to be gone.
        monotonic: Seconds that never step.
    """

    def __init__(
        self,
        socket_dir: Path = DEFAULT_SOCKET_DIR,
        *,
        program: str = "wireguard-go",
        supervised: bool = False,
        launcher: Sequence[str] = (),
        link_exists: Callable[[str], bool] | None = None,
        timeout: float = 5.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._devices = UapiWireGuard(socket_dir, timeout=timeout, monotonic=monotonic)
        self._socket_dir = socket_dir
        self._program = program
        self._supervised = supervised
        self._launcher = tuple(launcher)
        self._link_exists = link_exists or (_no_link if self._launcher else _link_exists)
        self._timeout = timeout
        self._monotonic = monotonic
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def create(self, name: str) -> Implementation:
        """Start a device and wait until it answers; see `wgtui.ports.wireguard.DeviceFactory.create`.

        Raises:
            DeviceTimeout: The program runs and does not answer.
            DeviceError: The program ended for a reason of its own, which the text quotes.
        """
        self._check(name)
        with tempfile.TemporaryFile() as complaints:
            child = self._start(name, complaints)
            try:
                self._wait_until_it_answers(name, child, complaints)
            except BaseException:
                _end(child)
                raise
        if self._supervised:
            self._children[name] = child
        return Implementation.USERSPACE

    def delete(self, name: str) -> None:
        """End a device; see `wgtui.ports.wireguard.DeviceFactory.delete`.

        Raises:
            DeviceTimeout: Its program does not end.
        """
        child = self._children.pop(name, None)
        if child is not None:
            _end(child)
            self._forget_socket(name)
            return
        alive = bool(_NAME.fullmatch(name)) and self._devices.is_alive(name)
        if not alive and self._link_exists(name):
            raise DeviceError(f"The interface {name} is not a userspace WireGuard device.")
        with self._line_to(name) as line:
            self._forget_socket(name)
            if not alive:
                raise DeviceGone(f"There is no userspace device {name}.")
            # Its link goes first, and its UDP port only with the program: the next one may want that.
            ended = self._until(lambda: not self._link_exists(name) and _hung_up(line))
        if not ended:
            text = (
                f"The program of the userspace device {name} has not ended within {self._timeout:g} seconds."
            )
            raise DeviceTimeout(text, hint="It may be stopped; look at it with: ps aux")

    def close(self) -> None:
        """End the devices that are supervised. Detached ones run on."""
        for name in tuple(self._children):
            self.delete(name)

    def _check(self, name: str) -> None:
        """Find out why it cannot work before anything is started, where the reason is plain."""
        if not _NAME.fullmatch(name) or name in (".", ".."):
            raise DeviceError(f"{name!r} cannot be the name of an interface.")
        if shutil.which(self._program) is None:
            text = f"The kernel has no WireGuard here, and the program {self._program} is not installed."
            raise DeviceUnavailable(
                text, hint="Install it, on Debian and Ubuntu with: apt install wireguard-go"
            )
        if self._devices.is_alive(name) or self._link_exists(name):
            raise _busy(name)
        _check_tun()

    def _start(self, name: str, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
        environment = {**os.environ}
        environment.pop("LOG_LEVEL", None)
        if self._supervised:
            # Also keeps it from printing that Linux has WireGuard in its kernel.
            environment["WG_PROCESS_FOREGROUND"] = "1"
        try:
            # A session of its own: a hang-up or Ctrl-C at our terminal must not end a tunnel.
            return subprocess.Popen(
                [*self._launcher, self._program, name],
                stdin=subprocess.DEVNULL,
                stdout=complaints,
                stderr=complaints,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            raise DeviceUnavailable(f"{self._program} cannot be started: {error.strerror}.") from None

    def _wait_until_it_answers(
        self, name: str, child: subprocess.Popen[bytes], complaints: IO[bytes]
    ) -> None:
        def settled() -> bool:
            # A program that detaches ends, with 0, once its device is there.
            ended = child.poll() is not None
            return ended or (self._supervised and self._devices.is_alive(name))

        answered = self._until(settled) and self._devices.is_alive(name)
        if answered:
            return
        complaints.seek(0)
        said = complaints.read().decode("utf-8", "replace")
        if child.poll():
            raise _why(name, self._program, said)
        text = f"{self._program} was started for {name} and did not answer within {self._timeout:g} seconds."
        raise DeviceTimeout(text)

    def _line_to(self, name: str) -> socket.socket:
        """A connection that ends when the device's program does; an unconnected one where there is none."""
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)
        with suppress(OSError):
            if _NAME.fullmatch(name):
                line.connect(str(self._socket_dir / f"{name}.sock"))
        return line

    def _forget_socket(self, name: str) -> None:
        """Delete the socket file: its program, if there is one, takes that as the order to end."""
        if not _NAME.fullmatch(name):
            return
        try:
            (self._socket_dir / f"{name}.sock").unlink(missing_ok=True)
        except PermissionError:
            text = f"The userspace device {name} cannot be ended by this user."
            raise PermissionRefused(text, hint="Run wgtui as root.") from None

    def _until(self, condition: Callable[[], object]) -> bool:
        deadline = self._monotonic() + self._timeout
        while not condition():
            if self._monotonic() >= deadline:
                return False
            time.sleep(_LOOK_EVERY)
        return True


def _hung_up(line: socket.socket) -> bool:
    """Whether the other end of a connection is gone, or there never was one."""
    try:
        return not line.recv(4096)
    except BlockingIOError:
        return False
    except OSError:
        return True


def _check_tun() -> None:
    try:
        os.close(os.open(_TUN, os.O_RDWR | os.O_CLOEXEC))
    except PermissionError:
        raise PermissionRefused(f"{_TUN} is closed to this user.", hint="Run wgtui as root.") from None
    except OSError as error:
        missing = error.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO)
        text = f"This host has no {_TUN}, which a userspace device needs." if missing else f"{_TUN}: {error}."
        hint = "Load the kernel's tun module with: modprobe tun. A container must be given the device."
        raise DeviceUnavailable(text, hint=hint) from None


def _no_link(_name: str) -> bool:
    return False


def _link_exists(name: str) -> bool:
    return any(link == name for _, link in socket.if_nameindex())


def _busy(name: str) -> DeviceBusy:
    return DeviceBusy(
        f"The interface name {name} is in use.", hint="Choose another name, or delete that one first."
    )


def _why(name: str, program: str, said: str) -> WgtuiError:
    """The error behind what the program said before it ended."""
    lines = [
        line.strip() for line in said.splitlines() if line.strip() and not line.startswith(("┌", "│", "└"))
    ]
    last = _PREFIX.sub("", lines[-1]) if lines else "it gave no reason"
    lower = last.lower()
    if "operation not permitted" in lower or "permission denied" in lower:
        text = f"{program} may not create the interface {name}."
        return PermissionRefused(text, hint="Run wgtui as root, with CAP_NET_ADMIN.")
    if "resource busy" in lower or "in use" in lower:
        return _busy(name)
    return DeviceError(f"{program} could not create {name}: {last.removesuffix('.')}.")


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ask a child to end, and insist after a second."""
    child.terminate()
    try:
        child.wait(1.0)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
