"""`wgtui status` as JSON and text, over the simulated world."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from wgtui import wiring
from wgtui.adapters.simulated.clock import FakeClock
from wgtui.adapters.simulated.scenarios import Scenario, demo_world
from wgtui.adapters.simulated.world import SimulatedLinks, SimulatedWireGuard
from wgtui.cli import main
from wgtui.domain.errors import DeviceError, PermissionRefused
from wgtui.domain.names import parse_names_file, read_names
from wgtui.services.monitor import Monitor
from wgtui.services.peer_names import PeerNames

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def scenario() -> Scenario:
    return demo_world(FakeClock())


@pytest.fixture
def run(scenario: Scenario, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `wgtui` on the scenario: exit code, stdout, stderr."""

    def monitor(host: wiring.Host) -> Monitor:
        return Monitor(
            SimulatedWireGuard(scenario.world),
            FakeClock(),
            links=SimulatedLinks(scenario.world),
            names=PeerNames(scenario.files, read_names, parse_names_file),
        )

    def run(*argv: str) -> tuple[int, str, str]:
        monkeypatch.setattr(wiring, "monitor", monitor)
        code = main(argv)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def _json(out: str) -> Any:
    return json.loads(out)


def test_json_has_every_device_and_peer_with_its_name(run: Run, scenario: Scenario) -> None:
    code, out, _ = run("status", "--json")
    data = _json(out)
    assert (code, data["schema"]) == (0, 1)
    assert [device["name"] for device in data["devices"]] == ["wg0", "wg1"]
    gateway = data["devices"][0]["peers"][0]
    assert gateway["name"] == "home-gateway"
    assert gateway["allowed_ips"] == ["5.5.5.2/32", "192.168.2.0/24"]
    assert gateway["endpoint"] == "203.0.113.77:31044"
    assert gateway["persistent_keepalive"] == 15
    never = next(peer for peer in data["devices"][0]["peers"] if peer["name"] == "new-phone")
    assert (never["latest_handshake"], never["endpoint"]) == (None, None)


def test_json_judges_every_peer(run: Run) -> None:
    peers = _json(run("status", "--json")[1])["devices"][0]["peers"]
    assert all({"verdict", "alarm", "reasons", "causes", "certain", "fix"} <= peer.keys() for peer in peers)
    by_name = {peer["name"]: peer for peer in peers}
    assert by_name["home-gateway"]["verdict"] == "active"
    assert not by_name["home-gateway"]["alarm"]
    never = by_name["new-phone"]
    assert never["verdict"] == "never-spoke"
    assert never["reasons"][0].startswith("Nothing was heard of it")
    assert never["causes"][0]["cause"] == "not started"


def test_text_tells_what_is_wrong_and_what_mends_it(run: Run, scenario: Scenario) -> None:
    peer = next(iter(scenario.world.devices["wg0"].peers.values()))
    scenario.world.devices["wg0"].peers[peer.public_key] = replace(peer, allowed_ips=())
    assert "  home-gateway: It owns no address" in run("status")[1]


def test_json_shows_keys_only_when_asked(run: Run, scenario: Scenario) -> None:
    device = scenario.world.devices["wg0"]
    assert device.private_key is not None
    secrets = [device.private_key.reveal()]
    secrets += [peer.preshared_key.reveal() for peer in device.peers.values() if peer.preshared_key]
    without, with_keys = run("status", "--json")[1], run("status", "--json", "--show-keys")[1]
    assert not any(secret in without for secret in secrets)
    assert all(secret in with_keys for secret in secrets)
    assert not any(secret in run("status")[1] for secret in secrets)


def test_text_lists_peers_with_state_and_totals(run: Run) -> None:
    _, out, _ = run("status", "wg0")
    lines = out.splitlines()
    assert lines[0].startswith("wg0: up, port 43155, 5 of 9 peers active")
    assert "31 seconds ago" in next(line for line in lines if "home-gateway" in line)
    # The words of the screen: without a session and an endpoint it can only be waited for.
    assert any(line.split()[:3] == ["new-phone", "waiting", "never"] for line in lines)
    assert "wg1" not in out


def test_text_lists_peers_by_their_names(run: Run, scenario: Scenario) -> None:
    keys = list(scenario.world.devices["wg0"].peers)
    names = ["laptop10", "laptop9", "Desk", "phone"]
    sections = map("[Peer]\n# Name = {}\nPublicKey = {}\n".format, names, keys)
    scenario.files.write("wg0", "".join(sections).encode())
    listed = [line.split()[0] for line in run("status", "wg0")[1].splitlines()[2 : 2 + len(keys)]]
    nameless = sorted(key.short() for key in keys[4:])
    assert listed == ["Desk", "laptop9", "laptop10", "phone", *nameless]


def test_unknown_interface_is_one_line_with_what_there_is(run: Run) -> None:
    code, out, err = run("status", "wg9")
    assert (code, out) == (1, "")
    assert err == "wgtui: There is no WireGuard interface wg9. There are: wg0, wg1.\n"


def test_missing_privilege_is_code_3(run: Run, scenario: Scenario) -> None:
    refusal = PermissionRefused("wg0 cannot be read.", hint="Run it as root.")
    scenario.world.faults.reading = dict.fromkeys(("wg0", "wg1"), refusal)
    assert run("status") == (3, "", "wgtui: wg0 cannot be read. Run it as root.\n")


def test_one_broken_device_does_not_hide_the_others(run: Run, scenario: Scenario) -> None:
    scenario.world.faults.reading["wg0"] = DeviceError("wg0 is odd.", hint="Look at dmesg.")
    code, out, _ = run("status")
    assert code == 0
    assert "wg0 is odd. Look at dmesg." in out
    assert "travel-router" in out


def test_hostile_names_reach_no_terminal_and_stay_valid_json(run: Run, scenario: Scenario) -> None:
    hostile = "x\x1b]0;pwn\x07\u202e" + "y " * 5000
    text = scenario.files.read("wg0").replace(b"laptop", hostile.encode())
    scenario.files.write("wg0", text)
    out = run("status")[1]
    assert not any(character in out for character in "\x1b\x07\u202e")
    assert max(map(len, out.splitlines())) < 400
    raw = run("status", "--json")[1]
    assert "\x1b" not in raw
    assert any(peer["name"] and peer["name"].startswith("x") for peer in _json(raw)["devices"][0]["peers"])


def test_hostile_interface_names_reach_no_terminal(run: Run, scenario: Scenario) -> None:
    """A link may have any name without a slash, a colon or a space."""
    for name in ("\x1b]0;pwn\x07", "w\u202eg\udcff"):
        scenario.world.create(name)
    scenario.world.create("\x1b[2J")
    scenario.world.faults.reading["\x1b[2J"] = DeviceError("\x1b[2J is odd.")
    code, out, _ = run("status")
    assert code == 0
    assert not any(character in out for character in "\x1b\x07\u202e\udcff")


def test_json_has_the_same_keys_for_an_interface_that_is_not_up(run: Run, scenario: Scenario) -> None:
    scenario.files.write("wg7", b"")
    *_, there, absent = _json(run("status", "--json", "--show-keys")[1])["devices"]
    assert (absent["name"], absent["up"], there["up"]) == ("wg7", False, True)
    assert absent.keys() == there.keys()
    assert absent["listen_port"] is None


def test_columns_stay_aligned_under_wide_names(run: Run, scenario: Scenario) -> None:
    text = scenario.files.read("wg0").replace(b"laptop", "\u7535\u8bdd e\u0301".encode())
    scenario.files.write("wg0", text)
    lines = run("status", "wg0")[1].splitlines()
    at = lines[1].index("STATE")
    wide = next(line for line in lines if "\u7535" in line)
    # Two wide characters take a column more each than they count, a combining one takes none.
    assert wide[: at - 1].endswith("  ")
    assert wide[at - 1 :].startswith(("active", "idle", "ageing", "never", "waiting"))
