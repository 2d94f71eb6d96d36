"""One poll of a userspace device against `wg show all dump`, both of the same wireguard-go.

Run as root: python -m tests.benchmarks.poll_userspace [PEERS ...]

Each figure is the median of several runs in this process; the ratio is ours by wg's, so less than 1 is
faster than starting wg once. wg's time holds the start of its process and the reading of its output, as any
program has it that polls by running wg. Both hold the time in which wireguard-go writes its answer: the
column "answer alone" is that time, below which no poll can be.
"""

from __future__ import annotations

import gc
import socket
import sys
import time
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from statistics import median
from typing import Final

from tests.netns.support import userspace_host
from wgtui.adapters.wireguard.uapi import UapiWireGuard
from wgtui.adapters.wireguard.uapi_codec import ReplyDecoder, split_reply
from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.keys import PublicKey

RUNS: Final = 9
# Runs where the device is, so that entering its namespaces is not on wg's bill.
TIME_WG: Final = """
import subprocess, sys, time
from statistics import median
times = []
for _ in range(int(sys.argv[1])):
    start = time.perf_counter()
    subprocess.run(["wg", "show", "all", "dump"], capture_output=True, check=True)
    times.append((time.perf_counter() - start) * 1000)
print(median(times))
"""
SIZES: Final = (100, 1_000, 10_000)


def device_of(count: int) -> DeviceChange:
    """Peers with two allowed IPs and an endpoint each."""
    peers = tuple(
        PeerChange(
            PublicKey(number.to_bytes(32, "big")),
            endpoint=Endpoint(ip_address("198.51.100.1"), number),
            allowed_ips=(
                prefix_of(f"10.{number >> 8}.{number & 255}.0/24"),
                prefix_of(f"fd00::{number:x}/128"),
            ),
        )
        for number in range(1, count + 1)
    )
    return DeviceChange(replace_peers=True, peers=peers)


def milliseconds(action: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """The median time of an action, each after an untimed preparation."""
    times = []
    for _ in range(RUNS):
        before()
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return median(times)


class MovedCounters:
    """Polls of a device whose peers have all moved bytes, which needs no thousand real peers.

    The answer that is decoded is the device's own with other counters; the device is asked all the same.
    """

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._answer = self.ask()
        self._prepared = self._answer
        self._bytes = 0
        self._decoder = ReplyDecoder()
        self.poll()

    def move(self) -> None:
        """Prepare the next answer."""
        self._bytes += 1480
        self._prepared = self._answer.replace(b"rx_bytes=0", b"rx_bytes=%d" % self._bytes)

    def poll(self) -> None:
        """Ask the device and decode the prepared answer."""
        split_reply(self.ask())
        self._decoder.decode(split_reply(self._prepared)[1])

    def ask(self) -> bytes:
        """Ask the device and take its answer as it comes."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(self._path)
            connection.sendall(b"get=1\n\n")
            pieces = [connection.recv(256 * 1024)]
            while not pieces[-1].endswith(b"\n\n"):
                pieces.append(connection.recv(256 * 1024))
        return b"".join(pieces)


def measure(count: int) -> tuple[float, ...]:
    """The dump by wg; the bare answer; our first read, one unchanged, one with all counters moved."""
    with userspace_host() as host:
        host.devices.create("wg0")
        changes = device_of(count)
        host.wireguard.configure("wg0", changes)
        wg = float(host.run(sys.executable, "-I", "-c", TIME_WG, str(RUNS)))

        first = milliseconds(lambda: UapiWireGuard(host.socket_dir).read("wg0"))
        poller = UapiWireGuard(host.socket_dir)
        assert len(poller.read("wg0").peers) == count
        traffic = MovedCounters(host.socket_dir / "wg0.sock")
        gc.collect()
        gc.freeze()
        answer = milliseconds(traffic.ask)
        idle = milliseconds(lambda: poller.read("wg0"))
        moving = milliseconds(traffic.poll, before=traffic.move)
        gc.unfreeze()
        return wg, answer, first, idle, moving


def main(arguments: list[str]) -> None:
    """Print the table."""
    columns = ("answer alone", "first read", "unchanged", "all moved")
    print(f"{'peers':>7} {'wg dump':>10} " + " ".join(f"{column:>18}" for column in columns))
    for count in [int(text) for text in arguments] or SIZES:
        wg, *ours = measure(count)
        cells = " ".join(f"{value:>8.2f} ms {value / wg:>5.2f}x" for value in ours)
        print(f"{count:>7} {wg:>7.2f} ms {cells}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
