"""One change of the host at a time, by a lock on `STATE-DIR/lock`."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from wgtui.adapters.files import write_whole
from wgtui.adapters.journal_files import make_state_folder, state_refusals
from wgtui.adapters.operator import Operator
from wgtui.domain.errors import AnotherOperator
from wgtui.domain.text import printable

_LARGEST: Final = 4096
_INTERVAL: Final = 0.05


class FileHostLock:
    """`HostLock` by flock(2), which the kernel drops when the process ends, however that comes about.

    Who holds it stands in the file. What a dead process left in there is only read where the lock is
    held, by somebody who is about to write over it.

    Args:
        state_dir: Folder of wgtui's own files; made when it is first needed.
        operator: Who is told to the others.
    """

    def __init__(self, state_dir: Path, operator: Operator) -> None:
        self._path = state_dir / "lock"
        self._operator = operator

    @contextmanager
    def hold(self, purpose: str, wait: float = 0.0) -> Iterator[None]:
        """Hold the lock; see the port."""
        descriptor = self._open()
        try:
            self._acquire(descriptor, wait)
            self._sign(descriptor, purpose)
            try:
                yield
            finally:
                os.ftruncate(descriptor, 0)
        finally:
            os.close(descriptor)

    def _open(self) -> int:
        with state_refusals(self._path, "written"):
            make_state_folder(self._path.parent)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            os.fchmod(descriptor, 0o600)
            return descriptor

    def _acquire(self, descriptor: int, wait: float) -> None:
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise _held(os.pread(descriptor, _LARGEST, 0)) from None
            time.sleep(min(_INTERVAL, max(0.0, deadline - time.monotonic())))

    def _sign(self, descriptor: int, purpose: str) -> None:
        """Say who holds it. Where the disk is too full for that, it is held all the same."""
        holder = {
            "pid": os.getpid(),
            "user": self._operator.user,
            "client": self._operator.client,
            "since": time.time(),
            "purpose": purpose[:200],
        }
        try:
            os.ftruncate(descriptor, 0)
            write_whole(descriptor, json.dumps(holder).encode())
        except OSError:
            return


def _held(text: bytes) -> AnotherOperator:
    hint = "Wait until it is done, then try again."
    try:
        holder = json.loads(text)
        who = str(Operator(str(holder["user"]), str(holder["client"])))
        since = time.strftime("%H:%M:%S", time.localtime(float(holder["since"])))
        pid, purpose = int(holder["pid"]), str(holder["purpose"])
    except (ValueError, TypeError, KeyError, OverflowError, OSError):
        return AnotherOperator("Another wgtui is changing this host at the moment.", hint=hint)
    return AnotherOperator(
        f"{printable(who)} has been changing this host since {since} (process {pid}): "
        f"{printable(purpose, 200)}.",
        hint=hint,
    )
