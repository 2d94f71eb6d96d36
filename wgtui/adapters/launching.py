"""Starts of command lines that run a program in a network namespace."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from wgtui.adapters.netns import netns_path
from wgtui.adapters.wireguard.uapi import DEFAULT_SOCKET_DIR
from wgtui.domain.errors import DeviceUnavailable

_ENTER: Final = Path(__file__).with_name("enter.py")


def entering(namespace: str, run_folder: Path) -> list[str]:
    """Run the rest in a namespace with a `/run` of its own, as our child and no longer than we live.

    Args:
        namespace: Path of the namespace's file.
        run_folder: What the program has for `/run`.
    """
    enter = [sys.executable, "-I", "-S", str(_ENTER), str(os.getpid())]
    return [*enter, namespace, str(run_folder)]


def device_launcher(netns: str | None, socket_dir: Path) -> list[str]:
    """What starts a userspace device's program where its sockets are looked for.

    Args:
        netns: Network namespace, None for this process's own.
        socket_dir: Folder of the sockets; the program itself has `/run/wireguard` built in.

    Raises:
        DeviceUnavailable: No program can be made to put its socket there.
    """
    if socket_dir == DEFAULT_SOCKET_DIR or socket_dir.resolve() == DEFAULT_SOCKET_DIR.resolve():
        return ["nsenter", f"--net={netns_path(netns)}", "--"] if netns else []
    if socket_dir.name != "wireguard":
        raise DeviceUnavailable(
            f"No userspace device can be made for the sockets' folder {socket_dir}.",
            hint="Its name must be wireguard, as in /run/wireguard.",
        )
    return entering(netns_path(netns) if netns else "/proc/self/ns/net", socket_dir.parent)
