"""A network namespace for one test."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


def ip(*arguments: str) -> str:
    """What `ip` prints; it has to succeed."""
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"ip {' '.join(arguments)}: {done.stderr}"
    return done.stdout


@contextmanager
def temporary_netns() -> Iterator[str]:
    """Make a network namespace and remove it with everything in it."""
    name = f"wgt-{secrets.token_hex(4)}"
    ip("netns", "add", name)
    try:
        yield name
    finally:
        ip("netns", "del", name)


def add_quiet_pair(netns: str, first: str, second: str) -> None:
    """Add a pair of links, down, that get no link-local addresses by themselves."""
    ip("-n", netns, "link", "add", first, "type", "veth", "peer", "name", second)
    for name in (first, second):
        ip("-n", netns, "link", "set", name, "addrgenmode", "none")


@contextmanager
def without_privilege() -> Iterator[None]:
    """Give up root's capabilities for a while; for the whole process, so only where tests run one by one."""
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
