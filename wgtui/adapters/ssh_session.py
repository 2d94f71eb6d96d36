"""The SSH session in which this process runs, as its environment or that of its ancestors tells."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from wgtui.domain.session import SshSession, parse_ssh_connection

_VARIABLE: Final = "SSH_CONNECTION"
_MOST_ANCESTORS: Final = 64


def current_session(environ: Mapping[str, str] = os.environ, proc: Path = Path("/proc")) -> SshSession | None:
    """The session of the operator, None where there is none.

    sudo and su hand no `$SSH_CONNECTION` on, so the ancestors are asked too, the nearest first. Their
    environments are open to root only; what is closed to us is passed over.

    Args:
        environ: This process's environment.
        proc: Where procfs is mounted.
    """
    session = parse_ssh_connection(environ.get(_VARIABLE))
    if session is not None:
        return session
    sessions = (parse_ssh_connection(_variable_of(proc / str(pid))) for pid in _ancestors(proc))
    return next((session for session in sessions if session is not None), None)


def _ancestors(proc: Path) -> Iterator[int]:
    """Process ids from our parent up to the first process of all."""
    pid = _parent(proc / "self")
    for _ in range(_MOST_ANCESTORS):
        if pid <= 0:
            return
        yield pid
        pid = _parent(proc / str(pid))


def _parent(folder: Path) -> int:
    """The parent of a process out of `/proc/PID/stat` (proc(5)), 0 for none."""
    try:
        text = (folder / "stat").read_bytes()
    except OSError:
        return 0
    # The name stands in parentheses and may hold any bytes, so the fields are counted from its end.
    fields = text.rpartition(b")")[2].split()
    return int(fields[1]) if len(fields) > 1 else 0


def _variable_of(folder: Path) -> str | None:
    try:
        entries = (folder / "environ").read_bytes().split(b"\0")
    except OSError:
        return None
    start = f"{_VARIABLE}=".encode()
    return next((os.fsdecode(entry[len(start) :]) for entry in entries if entry.startswith(start)), None)
