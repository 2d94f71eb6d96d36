"""The kernel tier: runs only where `tests.kernel.vm` put it, never in the host's own network."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator

import pytest

from tests.kernel.relay import KernelRelay, built_relay
from tests.kernel.support import run
from wgtui.adapters.wireguard.netlink import KernelWireGuard

collect_ignore_glob = [] if os.environ.get("WGTUI_KERNEL_TIER") else ["test_*.py"]


@pytest.fixture
def new_netns() -> Iterator[Callable[[], str]]:
    """Makes network namespaces, which go away with everything in them after the test."""
    made: list[str] = []

    def make() -> str:
        name = f"wgk-{secrets.token_hex(3)}"
        run("ip", "netns", "add", name)
        made.append(name)
        return name

    yield make
    for name in made:
        run("ip", "netns", "del", name)


@pytest.fixture
def netns(new_netns: Callable[[], str]) -> str:
    """One network namespace with a fresh kernel device wg0, down."""
    name = new_netns()
    run("ip", "-n", name, "link", "add", "wg0", "type", "wireguard")
    return name


@pytest.fixture
def wireguard(netns: str) -> Iterator[KernelWireGuard]:
    """The adapter, in `netns`."""
    adapter = KernelWireGuard(netns)
    yield adapter
    adapter.close()


@pytest.fixture
def kernel_relay(new_netns: Callable[[], str]) -> Iterator[KernelRelay]:
    """A relay and a peer that can call it, with kernel devices in namespaces of their own."""
    with built_relay(new_netns) as relay:
        yield relay
