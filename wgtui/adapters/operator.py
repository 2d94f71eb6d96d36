"""Who runs this process."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_UNSET_LOGIN: Final = "4294967295"
"""In `/proc/PID/loginuid`: nobody logged in, such as in a service or a container (proc(5))."""

_ANCESTORS: Final = 16


@dataclass(frozen=True, slots=True)
class Operator:
    """Who is at work.

    Attributes:
        user: Login name.
        client: Address from which they are logged in over SSH; empty for a local login.
    """

    user: str
    client: str = ""

    def __str__(self) -> str:
        return f"{self.user} from {self.client}" if self.client else self.user


def current_operator(
    environment: Mapping[str, str] = os.environ, processes: Path = Path("/proc")
) -> Operator:
    """Whoever logged in, and not who they became with sudo or su.

    Args:
        environment: Of this process.
        processes: Where the kernel shows processes.
    """
    return Operator(_user(environment, processes), _client(environment, processes))


def _user(environment: Mapping[str, str], processes: Path) -> str:
    if environment.get("SUDO_USER"):
        return environment["SUDO_USER"]
    try:
        login = (processes / "self/loginuid").read_text("ascii").strip()
    except (OSError, ValueError):
        login = _UNSET_LOGIN
    number = int(login) if login.isdecimal() and login != _UNSET_LOGIN else os.geteuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def _client(environment: Mapping[str, str], processes: Path) -> str:
    """The address; sudo clears the variable, so that the processes above are asked as well."""
    for variables in (environment, *_environments_above(processes)):
        connection = variables.get("SSH_CONNECTION", "").split()
        if connection:
            return connection[0]
    return ""


def _environments_above(processes: Path) -> Iterator[Mapping[str, str]]:
    process = "self"
    for _ in range(_ANCESTORS):
        try:
            # The name, in parentheses, may hold anything; the state and the parent's number follow it.
            process = (processes / process / "stat").read_bytes().rpartition(b")")[2].split()[1].decode()
            pairs = (processes / process / "environ").read_bytes().split(b"\0")
        except (OSError, ValueError, IndexError):
            return
        yield {os.fsdecode(name): os.fsdecode(value) for name, _, value in (p.partition(b"=") for p in pairs)}
