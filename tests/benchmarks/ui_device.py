"""A real device to look at: wireguard-go in a network namespace of its own, with fifty peers."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from tests.benchmarks.ui_programs import Program
from tests.netns.support import UserspaceHost, userspace_host
from tests.support.terminal import ROOT
from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.keys import PublicKey

PEERS = 50

# Runs in the namespace, so that entering it is on nobody's bill.
_TIME = """
import json, subprocess, sys, time
from statistics import median
commands = json.loads(sys.argv[2])
times = {name: [] for name in commands}
for _ in range(int(sys.argv[1])):
    for name, command in commands.items():
        start = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        times[name].append((time.perf_counter() - start) * 1000)
print(json.dumps({name: median(values) for name, values in times.items()}))
"""


def why_not() -> str:
    """Why no such device can be made here, or an empty string."""
    if os.geteuid() != 0:
        return "this needs root"
    if not Path("/dev/net/tun").exists():
        return "this needs /dev/net/tun"
    missing = [command for command in ("wireguard-go", "wg", "ip") if shutil.which(command) is None]
    return f"not installed: {', '.join(missing)}" if missing else ""


@dataclass(frozen=True)
class RealDevice:
    """The device and the ways to look at it."""

    host: UserspaceHost

    @property
    def programs(self) -> list[Program]:
        """`watch wg`, and our screen, on the device."""
        watch = self.host.command("watch", "-n1", "wg", "show")
        options = ("--config-dir", "/nonexistent", "--state-dir", "/nonexistent")
        ours = self.host.command(sys.executable, "-m", "wgtui", *options)
        return [
            Program(f"watch -n1 wg show, {PEERS} peers", tuple(watch), "peer: ", needs="watch"),
            Program(f"wgtui, the same {PEERS} peers", tuple(ours), "never", ours=True),
        ]

    def time(self, rounds: int, commands: dict[str, list[str]]) -> dict[str, float]:
        """Median milliseconds of commands, run in turns where the device is."""
        command = ("env", f"PYTHONPATH={ROOT}", sys.executable, "-I", "-c", _TIME)
        result: dict[str, float] = json.loads(self.host.run(*command, str(rounds), json.dumps(commands)))
        return result


@contextmanager
def real_device() -> Iterator[RealDevice]:
    """Make it, and remove it."""
    peers = tuple(
        PeerChange(
            PublicKey(number.to_bytes(32, "big")),
            endpoint=Endpoint(ip_address("198.51.100.1"), 1000 + number),
            allowed_ips=(prefix_of(f"10.0.{number}.0/24"), prefix_of(f"fd00::{number:x}/128")),
        )
        for number in range(1, PEERS + 1)
    )
    with userspace_host() as host:
        host.devices.create("wg0")
        host.wireguard.configure("wg0", DeviceChange(replace_peers=True, peers=peers))
        yield RealDevice(host)
