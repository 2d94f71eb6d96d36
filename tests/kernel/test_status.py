"""`wgtui status --json` of kernel devices against `wg show all dump` at the same moment."""

from __future__ import annotations

import json

import pytest

from tests.kernel.relay import KernelRelay
from tests.kernel.support import run
from tests.support.wg_dump import assert_status_agrees, parse
from wgtui.adapters.wireguard.netlink import KernelWireGuard
from wgtui.cli import main


def test_status_agrees_with_wg_while_packets_pass(
    kernel_relay: KernelRelay, capsys: pytest.CaptureFixture[str]
) -> None:
    kernel_relay.ping()
    before = parse(kernel_relay.wg_dump())
    assert main(["status", "--json", "--show-keys", "--netns", kernel_relay.relay]) == 0
    after = parse(kernel_relay.wg_dump())
    status = json.loads(capsys.readouterr().out)
    assert_status_agrees(status, before, after)
    [device] = status["devices"]
    assert device["implementation"] == "kernel"
    assert any(peer["latest_handshake"] for peer in device["peers"])


def test_a_link_with_a_hostile_name_is_shown_harmless(
    netns: str, wireguard: KernelWireGuard, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "\x1b[31m\x07\udcff\u202e"
    run("ip", "-n", netns, "link", "add", name, "type", "wireguard")
    assert wireguard.names() == tuple(sorted(("wg0", name)))
    assert wireguard.read(name).name == name
    assert main(["status", "--netns", netns]) == 0
    shown = capsys.readouterr().out
    assert not any(character in shown for character in "\x1b\x07\udcff\u202e")
    assert main(["status", "--json", "--netns", netns]) == 0
    assert name in [device["name"] for device in json.loads(capsys.readouterr().out)["devices"]]
