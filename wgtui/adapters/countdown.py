"""The waiting of the process that takes a change back, whatever becomes of those who started it."""

from __future__ import annotations

import importlib
import os
import pkgutil
import signal
import time
from contextlib import suppress
from typing import Final

import wgtui

_NAP: Final = 1.0
"""Seconds after which the clock is looked at again: sleeping does not count the time of a suspended host."""

_NOT_NEEDED: Final = ("wgtui.ui", "wgtui.adapters.lab", "wgtui.adapters.simulated", "wgtui.__main__")
_LOADED_LATE: Final = ("ctypes", "encodings.idna", "ipaddress", "json", "tempfile")


def wait_detached(seconds: float) -> None:
    """Go into the background, say on standard output who waits there, and return at the deadline.

    The process that calls this ends; its child goes on. The line is its process id, after which nobody reads
    what it prints. Hang-ups and interrupts do not reach it. SIGTERM ends it until the deadline, and after
    that no more: a change must not be left half taken back.

    Args:
        seconds: From now, of a clock that also runs while the host is suspended.
    """
    deadline = time.clock_gettime(time.CLOCK_BOOTTIME) + seconds
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
        signal.signal(number, signal.SIG_IGN)
    if os.fork() != 0:
        # With no parent of ours left it is nobody's zombie, and no shell waits for it.
        os._exit(0)
    os.write(1, f"{os.getpid()}\n".encode())
    _close_streams()
    _load_everything()
    while (left := deadline - time.clock_gettime(time.CLOCK_BOOTTIME)) > 0:
        time.sleep(min(left, _NAP))
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _close_streams() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    if nothing > 2:
        os.close(nothing)


def _load_everything() -> None:
    """Import all that taking back may need: the package may be upgraded or removed before the deadline."""
    names = [module.name for module in pkgutil.walk_packages(wgtui.__path__, "wgtui.", onerror=_pass_over)]
    for name in (*_LOADED_LATE, *names):
        if not name.startswith(_NOT_NEEDED):
            with suppress(Exception):
                importlib.import_module(name)


def _pass_over(_name: str) -> None:
    """A package that cannot be loaded now is not needed."""
