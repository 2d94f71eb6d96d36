"""What the kernel tier's tests share."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

from tests.support.waiting import eventually
from tests.support.wg_dump import assert_same, dump, told
from wgtui.ports.wireguard import WireGuard

DEADLINE = 60.0

EMULATED = os.environ.get("WGTUI_KERNEL_TIER") == "emulated"
"""Whether the kernel under the tests is the emulated machine's, and not the host's own."""


def run(*command: str, stdin: str | None = None) -> str:
    """Run a program that has to succeed, and return what it printed."""
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
    return done.stdout


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition, at most a minute: the emulated machine is slow."""
    eventually("it comes about", condition, DEADLINE)


def agree(wireguard: WireGuard, netns: str) -> None:
    """What we read and what `wg` prints is the same, in the same order."""
    dumped = dump(("ip", "netns", "exec", netns))
    assert wireguard.names() == tuple(sorted(dumped))
    for name, device in dumped.items():
        assert_same(told(wireguard.read(name)), device)
