"""`wgtui status --json` of kernel devices against `wg show all dump` at the same moment."""

from __future__ import annotations

import json

import pytest

from tests.kernel.relay import KernelRelay
from tests.support.wg_dump import assert_status_agrees, parse
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
