"""Run a function inside a named network namespace.

A socket keeps the namespace in which it was made, so an adapter that works elsewhere makes its socket
through `call_in_netns` and uses it from its own thread. The calling thread never leaves its namespace.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from wgtui.domain.errors import PermissionRefused, WgtuiError

NETNS_FOLDER: Final = "/run/netns"
"""Where `ip netns add` mounts namespaces (ip-netns(8))."""

CLONE_NEWNET: Final = 0x40000000
"""`linux/sched.h`: the network namespace, for setns(2)."""

Result = TypeVar("Result")


def netns_path(name: str) -> str:
    """The file of a namespace: `name` itself when it is a path such as `/proc/42/ns/net`."""
    return name if "/" in name else f"{NETNS_FOLDER}/{name}"


@contextmanager
def entered_netns(name: str) -> Iterator[None]:
    """Move the calling *thread* into a namespace and back.

    Only for single-threaded helpers and short-lived threads; everything else uses `call_in_netns`.

    Args:
        name: As `ip netns list` prints it, or a path to a namespace file.

    Raises:
        WgtuiError: There is no such namespace, or it cannot be entered.
        PermissionRefused: CAP_SYS_ADMIN is missing.
    """
    target = _open(name)
    try:
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            _setns(target, name)
            try:
                yield
            finally:
                _setns(home, "this program's own")
        finally:
            os.close(home)
    finally:
        os.close(target)


def call_in_netns(name: str | None, function: Callable[[], Result]) -> Result:
    """Call a function inside a namespace, in a thread of its own, and return what it returns.

    Args:
        name: As `ip netns list` prints it, a path to a namespace file, or None for the caller's own
            namespace; with None the function runs in the calling thread.
        function: Takes nothing; what it raises is raised here.

    Raises:
        WgtuiError: There is no such namespace, or it cannot be entered.
        PermissionRefused: CAP_SYS_ADMIN is missing.
    """
    if name is None:
        return function()
    namespace = name
    results: list[Result] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            with entered_netns(namespace):
                results.append(function())
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run, name=f"netns {name}", daemon=True)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
    return results[0]


def _open(name: str) -> int:
    try:
        return os.open(netns_path(name), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise WgtuiError(
            f"There is no network namespace {name}.", hint="List the namespaces with: ip netns list"
        ) from None
    except PermissionError:
        raise PermissionRefused(
            f"The network namespace {name} may not be opened by this user.", hint="Run wgtui as root."
        ) from None
    except OSError as error:
        raise WgtuiError(f"The network namespace {name} cannot be opened: {error.strerror}.") from None


def _setns(descriptor: int, name: str) -> None:
    # os.setns exists from Python 3.12 on; ctypes is imported only where a namespace is really entered.
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, CLONE_NEWNET) == 0:
        return
    code = ctypes.get_errno()
    if isinstance(OSError(code, ""), PermissionError):
        raise PermissionRefused(
            f"Entering the network namespace {name} needs the capability CAP_SYS_ADMIN.",
            hint="Run wgtui as root.",
        )
    raise WgtuiError(f"The network namespace {name} cannot be entered: {os.strerror(code)}.")
