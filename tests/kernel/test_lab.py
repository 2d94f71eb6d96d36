"""The lab with the kernel's own WireGuard: the host where it needs no userspace program."""

from __future__ import annotations

import json

import pytest

from tests.support.wg_dump import assert_status_agrees, parse
from wgtui.adapters import lab
from wgtui.cli import main


def test_the_relay_carries_packets_to_the_lan_behind_the_gateway(capsys: pytest.CaptureFixture[str]) -> None:
    with lab.start("relay") as relay:
        pinged = relay.run("laptop", ["ping", "-c", "2", "-W", "20", "192.168.2.5"], timeout=60.0)
        assert pinged.returncode == 0, pinged.stdout
        where = ["--netns", relay.netns, "--config-dir", str(relay.config_dir)]
        before = parse(relay.run("relay", ["wg", "show", "all", "dump"]).stdout)
        assert main(["status", "--json", "--show-keys", *where]) == 0
        after = parse(relay.run("relay", ["wg", "show", "all", "dump"]).stdout)
        status = json.loads(capsys.readouterr().out)
        assert_status_agrees(status, before, after)
        [device] = status["devices"]
        assert device["implementation"] == "kernel"
        peers = {peer["name"]: peer for peer in device["peers"]}
        assert peers.keys() == {"home-gateway", "laptop", "phone"}
        assert peers["home-gateway"]["rx_bytes"] > 0
        assert peers["home-gateway"]["endpoint"].startswith("198.51.100.20:")
