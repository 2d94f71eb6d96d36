"""Editing one peer while others talk: not a packet of theirs is lost, not a session renewed."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from tests.netns.support import reaches, read, skip_unless_userspace_devices_work
from tests.support.waiting import eventually
from wgtui.adapters import lab
from wgtui.adapters.lab import LabHandle
from wgtui.adapters.lab.commands import on_node
from wgtui.domain.device import Device

EDITS: Sequence[Sequence[str]] = (
    ("peer", "edit", "wg0", "phone", "--keepalive", "25"),
    ("peer", "edit", "wg0", "phone", "--add-allowed-ips", "10.20.0.0/16"),
    ("peer", "edit", "wg0", "phone", "--generate-preshared-key"),
    ("peer", "disable", "wg0", "phone"),
    ("peer", "enable", "wg0", "phone"),
    ("peer", "edit", "wg0", "phone", "--remove-allowed-ips", "10.20.0.0/16"),
    ("sync", "wg0"),
)


def wgtui(handle: LabHandle, *words: str) -> None:
    """A command on the relay, which has to succeed."""
    place = handle.nodes["relay"]
    options = ["--netns", place.netns, "--config-dir", str(handle.config_dir)]
    options += ["--socket-dir", str(handle.socket_dir), "--state-dir", str(handle.state_dir)]
    command = [sys.executable, "-m", "wgtui", *words, *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def handshakes(device: Device) -> dict[str, float | None]:
    """When the gateway and the laptop shook hands last."""
    shown = {str(peer.allowed_ips[0]): peer.latest_handshake for peer in device.peers if peer.allowed_ips}
    return {address: shown[address] for address in ("5.5.5.2/32", "5.5.5.3/32")}


@contextmanager
def talking(handle: LabHandle) -> Iterator[list[int]]:
    """The laptop calls the LAN host all the time; then the numbers of all answers but the first."""
    place = handle.nodes["laptop"]
    ping = ["ping", "-n", "-i", "0.005", "192.168.2.5"]
    command = [*on_node(place.netns, place.socket_dir.parent), *ping]
    answered: list[int] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as flood:
        assert flood.stdout is not None
        flood.stdout.readline()
        flood.stdout.readline()
        yield answered
        flood.send_signal(signal.SIGINT)
        answered += map(int, re.findall(r"icmp_seq=(\d+)", flood.stdout.read()))


@pytest.fixture(scope="module")
def editable_lab() -> Iterator[LabHandle]:
    """A relay of one's own, whose laptop talks to the LAN host already."""
    skip_unless_userspace_devices_work()
    with lab.start("relay", traffic=False) as handle:
        eventually("the laptop reaches the LAN host", reaches(handle, "laptop", "192.168.2.5"), 20)
        yield handle


@pytest.mark.parametrize("edit", EDITS, ids=" ".join)
def test_others_lose_nothing(editable_lab: LabHandle, edit: Sequence[str]) -> None:
    before = handshakes(read(editable_lab, "relay"))
    with talking(editable_lab) as answered:
        wgtui(editable_lab, *edit)
    missing = set(range(2, max(answered) + 1)) - set(answered)
    assert len(answered) > 20
    assert not missing
    assert handshakes(read(editable_lab, "relay")) == before
