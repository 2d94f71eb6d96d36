"""One userspace WireGuard device in namespaces of its own, and `wg` run beside it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.support.waiting import eventually

DEVICE = "wgtest0"
_DEADLINE = 20.0
_START = (
    "mount --make-rprivate / && mount -t tmpfs tmpfs /run && mkdir /run/wireguard && ip link set lo up && "
    f"exec wireguard-go -f {DEVICE}"
)


def why_unavailable() -> str | None:
    """What is missing for a device; None when all is there."""
    if os.geteuid() != 0:
        return "needs root to make namespaces"
    if not Path("/dev/net/tun").exists():
        return "needs /dev/net/tun"
    missing = [name for name in ("wg", "wireguard-go", "unshare", "nsenter") if not shutil.which(name)]
    return f"needs {', '.join(missing)}" if missing else None


class UserspaceDevice:
    """A running device. `wg` in its namespaces sees it, and nothing else; there is no network."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["unshare", "--net", "--mount", "sh", "-c", _START],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait_for_socket()

    def _wait_for_socket(self) -> None:
        def is_there() -> bool:
            assert self._process.poll() is None, "wireguard-go did not start"
            return self.run("wg", "show", DEVICE).returncode == 0

        try:
            eventually("wireguard-go has its socket", is_there, _DEADLINE)
        except BaseException:
            self.close()
            raise

    def run(self, *command: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run a program beside the device with `data` on its standard input."""
        return subprocess.run(
            ["nsenter", f"--target={self._process.pid}", "--net", "--mount", *command],
            input=data,
            capture_output=True,
            timeout=_DEADLINE,
            env={**os.environ, "WG_ENDPOINT_RESOLUTION_RETRIES": "0", "LC_ALL": "C"},
        )

    def setconf(self, data: bytes) -> subprocess.CompletedProcess[bytes]:
        """`wg setconf` with this file."""
        return self.run("wg", "setconf", DEVICE, "/dev/stdin", data=data)

    def showconf(self) -> bytes:
        """`wg showconf`."""
        return self.run("wg", "showconf", DEVICE).stdout

    def close(self) -> None:
        """End the process; its link and namespaces go with it."""
        self._process.kill()
        self._process.wait(timeout=_DEADLINE)
