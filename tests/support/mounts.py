"""File systems of one test: a mount namespace of the calling thread's own."""

from __future__ import annotations

import ctypes
import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

_CLONE_NEWNS = 0x00020000


def with_mounts(function: Callable[[], None]) -> None:
    """Call a function in a thread whose mounts nobody else sees, and raise what it raises."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.unshare(_CLONE_NEWNS) != 0:
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
            _mount("--make-rprivate", "/")
            function()
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


def mount_small_disk(folder: Path, size: int) -> None:
    """Mount an empty file system of `size` bytes over a folder."""
    _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))


def make_read_only(folder: Path) -> None:
    """Refuse all writing below a folder, which has to be a mount.

    Only this mount of the file system changes: without `bind` the host's own /proc would.
    """
    _mount("-o", "remount,bind,ro", str(folder))


def bind_to_itself(path: Path) -> None:
    """Make a file or folder a mount of its own."""
    _mount("--bind", str(path), str(path))


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)
