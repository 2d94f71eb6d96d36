"""A host on which `wg-quick` has brought a default-route tunnel up, in namespaces that end with it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.conformance.userspace_device import why_unavailable as why_no_device
from tests.support.waiting import eventually

TUNNEL: Final = "wg0"

_DEADLINE: Final = 30.0
_SETUP: Final = "mount -t tmpfs tmpfs /run && mkdir /run/wireguard && echo ready && exec sleep infinity"
_KEY: Final = "cGxhY2Vob2xkZXJwbGFjZWhvbGRlcnBsYWNlaG9sZGU="
_CONFIG: Final = f"""
[Interface]
PrivateKey = {_KEY}
Address = 10.66.0.1/24, fd66::1/64, 10.67.0.1/32
[Peer]
PublicKey = {_KEY}
AllowedIPs = 0.0.0.0/0, ::/0
"""

_TOOLS: Final = ("bash", "cat", "ip", "readlink", "sort", "stat", "sysctl", "wg", "wg-quick", "wireguard-go")
_IPTABLES: Final = tuple(
    f"{name}{part}" for name in ("iptables", "ip6tables") for part in ("", "-save", "-restore")
)


def why_unavailable() -> str | None:
    """What is missing; None when all is there."""
    missing = [name for name in ("nft", *_TOOLS, *_IPTABLES) if not shutil.which(name)]
    return why_no_device() or (f"needs {', '.join(missing)}" if missing else None)


class GuardHost:
    """The host; `wg-quick` is yet to be called.

    Args:
        folder: For files and programs.
        with_nft: Whether `wg-quick` finds the program nft.

    Attributes:
        netns: Path of its network namespace.
    """

    def __init__(self, folder: Path, *, with_nft: bool) -> None:
        self._config = folder / f"{TUNNEL}.conf"
        self._config.write_text(_CONFIG)
        self._path = os.environ["PATH"] if with_nft else _folder_of_tools(folder)
        flags = ("--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
        self._process = subprocess.Popen(
            ["unshare", *flags, "sh", "-c", _SETUP],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        self._first = _child(self._process.pid)
        self.netns = f"/proc/{self._first}/ns/net"

    def run(self, *command: str, data: str = "") -> str:
        """What a program prints there; it has to succeed."""
        return self._run(command, data, os.environ["PATH"])

    def wg_quick(self, verb: str) -> None:
        """Run `wg-quick up` or `down`."""
        self._run(("bash", shutil.which("wg-quick") or "", verb, str(self._config)), "", self._path)

    def _run(self, command: tuple[str, ...], data: str, path: str) -> str:
        inside = [f"--target={self._first}", "--net", "--mount", "--pid"]
        done = subprocess.run(
            [shutil.which("nsenter") or "", *inside, *command],
            input=data,
            capture_output=True,
            text=True,
            timeout=_DEADLINE,
            env={**os.environ, "LC_ALL": "C", "PATH": path},
        )
        assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
        return done.stdout

    def close(self) -> None:
        """End everything on it."""
        self._process.kill()
        self._process.wait(timeout=_DEADLINE)


def _child(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return int(eventually("it has a child", lambda: children.read_text().split(), _DEADLINE)[0])


def _folder_of_tools(folder: Path) -> str:
    """A PATH with all that `wg-quick` needs but nft."""
    tools = folder / "tools"
    tools.mkdir()
    for name in (*_TOOLS, *_IPTABLES):
        (tools / name).symlink_to(shutil.which(name) or "")
    return str(tools)
