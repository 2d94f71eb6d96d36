"""Managers of packet filters at work on a namespace: the rules of Docker, and ufw itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

import pytest

_DOCKER: Final = """
-P FORWARD DROP
-N DOCKER
-N DOCKER-BRIDGE
-N DOCKER-CT
-N DOCKER-FORWARD
-N DOCKER-USER
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER ! -i docker0 -o docker0 -j DROP
-A DOCKER-BRIDGE -o docker0 -j DOCKER
-A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i docker0 -j ACCEPT
"""
"""What the daemon of Docker 28 does with iptables when it starts, without the rules of single networks."""


class Router(Protocol):
    """Where a packet filter is managed."""

    def run(self, *command: str) -> str:
        """What a command there prints; it has to succeed."""
        ...


def docker(rig: Router, program: str) -> None:
    """Have the rules of Docker on the router, made by a variant of `iptables` or `ip6tables`."""
    network = "172.17.0.0/16" if program.startswith("iptables") else "fd17::/64"
    masquerade = f"-t nat -A POSTROUTING -s {network} ! -o docker0 -j MASQUERADE"
    for line in (*_DOCKER.strip().splitlines(), masquerade):
        rig.run(program, *line.split())


def ufw(rig: Router, folder: Path) -> Callable[..., str]:
    """Have ufw on the router, with its files in a folder of the test.

    Returns:
        What runs ufw with arguments, and gives what it prints.
    """
    if shutil.which("ufw") is None:
        pytest.skip("needs ufw")
    own, defaults = folder / "ufw", folder / "default"
    shutil.copytree("/etc/ufw", own)
    shutil.copy2("/etc/default/ufw", defaults)
    mounts = f"mount --bind {own} /etc/ufw && mount --bind {defaults} /etc/default/ufw"

    def run(*arguments: str) -> str:
        # Every `ip netns exec` has mounts of its own.
        return rig.run("sh", "-c", f'{mounts} && exec ufw "$@"', "ufw", *arguments)

    run("--force", "enable")
    return run
