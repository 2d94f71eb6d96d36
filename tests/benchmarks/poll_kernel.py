"""Reading kernel devices: poll and decode against `wg show all dump` as a process, in the same run.

    python -m tests.kernel.vm --script tests/benchmarks/poll_kernel.py [PEERS ...]

Prints a table of medians and ratios. Peers have two allowed IPs, a preshared key and an endpoint. "Changed"
peers got another keepalive interval since the read before, which alters the same part of a peer's bytes as
moving counters do. Ratios are against the process; the budget of a read in steady state is 0.5.
"""

from __future__ import annotations

import gc
import hashlib
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network

from wgtui.adapters.links import RtnlLinks
from wgtui.adapters.wireguard.netlink import KernelWireGuard
from wgtui.domain.addresses import Endpoint
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.keys import PresharedKey, PublicKey

DEVICE = "wgbench0"
SIZES = (100, 1_000, 10_000)
ROUNDS = 5


def peer(number: int) -> PeerChange:
    """One peer as a relay has them."""
    digest = hashlib.sha256(b"%d" % number).digest()
    return PeerChange(
        PublicKey(digest),
        preshared_key=PresharedKey(digest[::-1]),
        endpoint=Endpoint(IPv4Address("198.51.100.1") + number % 100, 1024 + number % 60000),
        persistent_keepalive=25,
        allowed_ips=(
            IPv4Network((IPv4Address("10.0.0.0") + number, 32)),
            IPv4Network((int(IPv4Address("172.16.0.0")) + number * 8, 29)),
        ),
    )


def change_some(adapter: KernelWireGuard, keys: list[PublicKey], seconds: int) -> None:
    """Give peers another keepalive interval."""
    peers = tuple(PeerChange(key, update_only=True, persistent_keepalive=seconds) for key in keys)
    adapter.configure(DEVICE, DeviceChange(peers=peers))


def median_ms(action: Callable[[], object], before: Callable[[int], object] = lambda _: None) -> float:
    """Median of some rounds, in milliseconds; `before` is not counted."""
    times = []
    for number in range(ROUNDS):
        before(number)
        gc.collect()
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def wg_dump() -> None:
    """The yardstick."""
    subprocess.run(["wg", "show", "all", "dump"], stdout=subprocess.DEVNULL, check=True)


def first_read() -> None:
    """A read by an adapter that has just been made."""
    fresh = KernelWireGuard()
    fresh.read(DEVICE)
    fresh.close()


def measure(count: int) -> list[tuple[str, float]]:
    """Times for one number of peers, the yardstick first."""
    adapter = KernelWireGuard()
    peers = tuple(peer(number) for number in range(count))
    adapter.configure(DEVICE, DeviceChange(replace_peers=True, peers=peers))
    keys = [change.public_key for change in peers]
    assert len(adapter.read(DEVICE).peers) == count
    links = RtnlLinks()

    def poll() -> None:
        for name in adapter.names():
            adapter.read(name)
        links.all()

    result = [
        ("wg show all dump, a process", median_ms(wg_dump)),
        ("first read", median_ms(first_read)),
        ("read, nothing changed", median_ms(lambda: adapter.read(DEVICE))),
        (
            "read, 10 % changed",
            median_ms(lambda: adapter.read(DEVICE), lambda n: change_some(adapter, keys[::10], 30 + n)),
        ),
        (
            "read, all changed",
            median_ms(lambda: adapter.read(DEVICE), lambda n: change_some(adapter, keys, 50 + n)),
        ),
        (
            "whole poll (names, read, links), 10 %",
            median_ms(poll, lambda n: change_some(adapter, keys[::10], 70 + n)),
        ),
    ]
    adapter.close()
    links.close()
    return result


def main() -> None:
    """Measure and print."""
    sizes = [int(text) for text in sys.argv[1:]] or list(SIZES)
    subprocess.run(["ip", "link", "add", DEVICE, "type", "wireguard"], check=True)
    try:
        print(f"{'peers':>7}  {'what':<38} {'median ms':>10} {'ratio':>7}")
        for count in sizes:
            results = measure(count)
            yardstick = results[0][1]
            for what, milliseconds in results:
                print(f"{count:>7}  {what:<38} {milliseconds:>10.1f} {milliseconds / yardstick:>7.2f}")
    finally:
        subprocess.run(["ip", "link", "del", DEVICE], check=True)


if __name__ == "__main__":
    main()
