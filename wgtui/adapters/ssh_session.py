"""The SSH session in which this process runs, as its environment, its ancestors and the kernel tell."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Final

from wgtui.domain.addresses import Address
from wgtui.domain.session import SshSession, parse_ssh_connection

_VARIABLE: Final = "SSH_CONNECTION"
_MOST_ANCESTORS: Final = 64

_ESTABLISHED: Final = "01"
"""The state of a connection in `/proc/net/tcp` (`include/net/tcp_states.h`)."""


def current_sessions(
    environ: Mapping[str, str] = os.environ, proc: Path = Path("/proc")
) -> tuple[SshSession, ...]:
    """The sessions that the operator may be sitting at; empty on a console.

    That is one as a rule. But a shell inside tmux or screen knows the session in which it was started, and
    not the one from which somebody attached to it since. Where the session that is known has ended, all that
    are open at the same port are the operator's.

    sudo and su hand no `$SSH_CONNECTION` on, so the ancestors are asked too, the nearest first. Their
    environments are open to root only; what is closed to us is passed over.

    Args:
        environ: This process's environment.
        proc: Where procfs is mounted.
    """
    session = parse_ssh_connection(environ.get(_VARIABLE)) or _session_of_ancestors(proc)
    if session is None:
        return ()
    is_open = [one for one in _connections(proc) if one.server_port == session.server_port]
    if any(_is_same(one, session) for one in is_open):
        return (session,)
    # With none at all the session ends in another network namespace, or sshd handed it to another program.
    return tuple(is_open) or (session,)


def _session_of_ancestors(proc: Path) -> SshSession | None:
    sessions = (parse_ssh_connection(_variable_of(proc / str(pid))) for pid in _ancestors(proc))
    return next((session for session in sessions if session is not None), None)


def _is_same(one: SshSession, other: SshSession) -> bool:
    return replace(one, link="") == replace(other, link="")


def _connections(proc: Path) -> Iterator[SshSession]:
    """The established TCP connections of this network namespace, with ours as the server's end (proc(5))."""
    for name in ("tcp", "tcp6"):
        try:
            lines = (proc / "net" / name).read_text("ascii").splitlines()[1:]
        except OSError:
            continue
        for fields in map(str.split, lines):
            if fields[3] == _ESTABLISHED:
                (server, server_port), (client, client_port) = map(_end, fields[1:3])
                yield SshSession(client, client_port, server, server_port)


def _end(text: str) -> tuple[Address, int]:
    """One end of a connection: the address in words of 32 bits as they lie in memory, and the port."""
    address, _, port = text.partition(":")
    words = (int(address[start : start + 8], 16) for start in range(0, len(address), 8))
    found = ip_address(b"".join(word.to_bytes(4, sys.byteorder) for word in words))
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return found, int(port, 16)


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
