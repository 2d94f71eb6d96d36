"""`wgtui status` on the lab's relay against `wg show all dump` at the same moment."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.wg_dump import DumpedDevice, assert_status_agrees, parse
from wgtui.adapters.lab import LabHandle
from wgtui.services.peer_names import LARGE_FILE


def _wgtui(lab: LabHandle, *arguments: str) -> str:
    """Run `wgtui` as an operator would look at the relay from outside."""
    return _wgtui_on(lab, lab.config_dir, *arguments)


def _wgtui_on(lab: LabHandle, config_dir: Path, *arguments: str) -> str:
    where = ["--netns", lab.netns, "--config-dir", str(config_dir), "--socket-dir", str(lab.socket_dir)]
    command = [sys.executable, "-m", "wgtui", *arguments, *where]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout


def _status(lab: LabHandle, *arguments: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(_wgtui(lab, "status", "--json", *arguments))
    return data


def _dump(lab: LabHandle) -> dict[str, DumpedDevice]:
    return parse(lab.run(lab.host.name, ["wg", "show", "all", "dump"]).stdout)


def test_status_agrees_with_wg_while_packets_pass(relay_lab: LabHandle) -> None:
    relay_lab.run("laptop", ["ping", "-c", "2", "-i", "0.2", "192.168.2.5"])
    before = _dump(relay_lab)
    status = _status(relay_lab, "--show-keys")
    after = _dump(relay_lab)
    assert_status_agrees(status, before, after)
    assert any(peer["latest_handshake"] for peer in status["devices"][0]["peers"])


def test_status_names_the_peers_and_tells_no_secret(relay_lab: LabHandle) -> None:
    told = _wgtui(relay_lab, "status") + _wgtui(relay_lab, "status", "--json")
    assert "home-gateway" in told
    [device] = _dump(relay_lab).values()
    secrets = [device.private_key, *(peer.preshared_key for peer in device.peers.values())]
    assert not any(secret in told for secret in secrets if secret)


def test_status_names_the_peers_of_a_large_file(relay_lab: LabHandle, tmp_path: Path) -> None:
    [file] = relay_lab.config_dir.glob("*.conf")
    (tmp_path / file.name).write_bytes(file.read_bytes() + b"# a remark\n" * (LARGE_FILE // 10))
    assert "home-gateway" in _wgtui_on(relay_lab, tmp_path, "status")


def test_watch_gives_one_json_object_a_look_with_rates(relay_lab: LabHandle) -> None:
    where = ["--netns", relay_lab.netns, "--socket-dir", str(relay_lab.socket_dir)]
    command = [sys.executable, "-m", "wgtui", "status", "--json", "--watch", "--interval", "0.2", *where]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watch:
        assert watch.stdout is not None
        looks = [json.loads(watch.stdout.readline()) for _ in range(3)]
        watch.terminate()
    assert [look["interval"] > 0 for look in looks] == [False, True, True]
    assert looks[0]["devices"][0]["rate"] is None
    assert looks[2]["devices"][0]["rate"]["rx_bytes_per_second"] >= 0


def test_private_key_is_in_no_process_list(relay_lab: LabHandle) -> None:
    [device] = _dump(relay_lab).values()
    assert device.private_key is not None
    listed = subprocess.run(["ps", "axeww", "-o", "args"], capture_output=True, text=True, check=True).stdout
    assert device.private_key not in listed
