"""Forwarding switches on real packets, in every packet filter that a host may have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.netns.forward_rig import BACKENDS, INTERNET, TUNNEL, ForwardRig, forward_rig
from tests.netns.manager_rig import ufw
from tests.support.firewalld import firewalld_in, skip_unless_firewalld
from tests.support.waiting import eventually

HOME, RELAY = TUNNEL["home"], TUNNEL["relay"]
TUTORIAL = (
    "PostUp = {0} -A FORWARD -i %i -j ACCEPT; {0} -A FORWARD -o %i -j ACCEPT; "
    "{0} -t nat -A POSTROUTING -o eth0 -j MASQUERADE\n"
    "PostDown = {0} -D FORWARD -i %i -j ACCEPT; {0} -D FORWARD -o %i -j ACCEPT; "
    "{0} -t nat -D POSTROUTING -o eth0 -j MASQUERADE\n"
)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[ForwardRig]:
    with forward_rig(tmp_path) as made:
        yield made


def wait_for_handshakes(rig: ForwardRig) -> None:
    for peer in rig.peers:
        eventually(f"{peer} reaches the relay", lambda peer=peer: rig.reaches(peer, RELAY))  # type: ignore[misc]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_relay_relays_once_it_is_switched_on(rig: ForwardRig, backend: str) -> None:
    rig.guard(backend)
    before = rig.filter()
    rig.wgtui("up", "wg7")
    wait_for_handshakes(rig)
    assert not rig.reaches("phone", HOME)
    row = rig.row("relay")
    assert (row["now"], row["on_disk"]["state"]) == ("off", "off")
    assert "FORWARD" in row["culprit"].upper()
    assert row["fix"]["switch"] == "relay"
    assert backend == "nft" or "Docker's policy DROP" in row["culprit"]

    rig.wgtui("forward", "wg7", "on", "relay")
    eventually("peers reach each other", lambda: rig.reaches("phone", HOME))
    row = rig.row("relay")
    assert (row["now"], row["on_disk"]["state"], row["fix"]) == ("on", "on", None)
    counted = row["packets"]
    assert counted > 0
    assert rig.reaches("phone", HOME)
    assert rig.row("relay")["packets"] > counted
    assert rig.row("ipv4")["now"] == "on"

    assert not rig.reaches("phone", INTERNET)
    rig.wgtui("forward", "wg7", "on", "forward")
    assert not rig.reaches("phone", INTERNET), "there is no way back without masquerade"
    rig.wgtui("forward", "wg7", "on", "masquerade", "eth0")
    eventually("the Internet answers", lambda: rig.reaches("phone", INTERNET))
    assert rig.row("masquerade", "eth0")["packets"] > 0
    for switch in ("port", "mss"):
        rig.wgtui("forward", "wg7", "on", switch)
        assert rig.row(switch)["now"] == "on"

    rig.wgtui("down", "wg7")
    assert rig.filter() == before
    rig.wgtui("up", "wg7")
    rig.call_again()
    eventually("peers reach each other again", lambda: rig.reaches("phone", HOME))
    assert rig.reaches("phone", INTERNET)
    with_rules = rig.filter()
    rig.wgtui("forward", "wg7", "off", "relay")
    assert not rig.reaches("phone", HOME)
    rig.wgtui("undo", _last_entry(rig))
    assert rig.reaches("phone", HOME)
    assert sorted(rig.filter().splitlines()) == sorted(with_rules.splitlines())
    rig.wgtui("down", "wg7")
    assert rig.filter() == before


def _last_entry(rig: ForwardRig) -> str:
    return str(json.loads(rig.wgtui("journal", "--json"))["entries"][0]["id"])


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_file_works_without_wgtui(rig: ForwardRig, backend: str) -> None:
    rig.guard(backend)
    before = rig.filter()
    for switch in (["relay"], ["forward"], ["masquerade", "eth0"], ["port"]):
        rig.wgtui("forward", "wg7", "on", *switch)
    assert rig.filter() == before, "nothing is in force while the interface is down"
    rig.relay.run("wg-quick", "up", str(rig.file))
    eventually("peers reach each other", lambda: rig.reaches("phone", HOME))
    assert rig.reaches("phone", INTERNET)
    up = rig.filter()
    for line in rig.file.read_text().splitlines():
        if line.startswith("PostUp"):
            rig.relay.run("bash", "-c", line.partition("=")[2].replace("%i", "wg7"))
    assert rig.filter() == up, "a second up adds nothing"
    assert all(rig.row(switch)["now"] == "on" for switch in ("relay", "forward", "port"))
    rig.relay.run("wg-quick", "down", str(rig.file))
    assert rig.filter() == before


def test_the_file_comes_up_where_a_chain_that_dropped_is_gone(rig: ForwardRig) -> None:
    rig.guard("nft")
    rig.wgtui("forward", "wg7", "on", "relay")
    assert "insert rule inet filter forward" in rig.file.read_text()
    rig.relay.run("nft", "delete", "table", "inet", "filter")
    before = rig.filter()
    rig.relay.run("wg-quick", "up", str(rig.file))
    eventually("peers reach each other", lambda: rig.reaches("phone", HOME))
    rig.relay.run("wg-quick", "down", str(rig.file))
    assert rig.filter() == before


def test_what_scripts_take_back_before_down_is_taken_over(tmp_path: Path) -> None:
    rule = "-t nat -{} POSTROUTING -o eth0 -j MASQUERADE"
    hooks = f"PostUp = iptables {rule.format('I')}\nPreDown = iptables {rule.format('D')}\n"
    with forward_rig(tmp_path, hooks) as rig:
        rig.guard("iptables-nft")
        before = rig.filter()
        rig.wgtui("up", "wg7")
        (line,) = rig.view()["hand_written"]
        rig.wgtui("forward", "wg7", "--take-over", line["where"].rpartition(":")[2])
        rig.relay.run("wg-quick", "down", str(rig.file))
        assert rig.filter() == before


def test_no_table_of_iptables_is_left_behind(rig: ForwardRig) -> None:
    rig.feed("*filter\n:FORWARD DROP [0:0]\nCOMMIT\n", "iptables-nft-restore")
    before = rig.filter()
    assert "nat" not in before
    rig.wgtui("up", "wg7")
    for switch in (["relay"], ["forward"], ["masquerade", "eth0"], ["mss"]):
        rig.wgtui("forward", "wg7", "on", *switch)
    eventually("peers reach each other", lambda: rig.reaches("phone", HOME))
    eventually("the Internet answers", lambda: rig.reaches("phone", INTERNET))
    assert rig.row("masquerade", "eth0")["packets"] > 0
    made = "*nat\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n"
    rig.wgtui("down", "wg7")
    assert rig.filter() == before
    rig.relay.run("wg-quick", "up", str(rig.file))
    rig.relay.run("wg-quick", "down", str(rig.file))
    assert rig.filter() == before
    rig.wgtui("up", "wg7")
    rig.feed(made, "iptables-nft-restore", "--noflush")
    row = rig.row("masquerade", "eth0")
    assert (row["now"], row["on_disk"]["state"], row["fix"]) == ("on", "on", None)


@pytest.mark.parametrize("backend", BACKENDS)
def test_two_interfaces_masquerade_on_one_uplink(rig: ForwardRig, backend: str) -> None:
    rig.guard(backend)
    other = rig.file.with_name("wg8.conf")
    text = rig.file.read_text().replace("43155", "43156").replace("5.5.5.", "6.6.6.")
    other.write_text(text)
    before = rig.filter()
    for name in ("wg7", "wg8"):
        rig.wgtui("up", name)
        rig.wgtui("forward", name, "on", "forward")
        rig.wgtui("forward", name, "on", "masquerade", "eth0")
    wait_for_handshakes(rig)
    rig.wgtui("down", "wg8")
    assert rig.reaches("phone", INTERNET)
    rig.wgtui("up", "wg8")
    rig.wgtui("down", "wg7")
    assert rig.row("masquerade", "eth0", "wg8")["now"] == "on"
    rig.wgtui("down", "wg8")
    assert rig.filter() == before


@pytest.mark.parametrize("backend", ["legacy", "iptables-nft"])
def test_hand_written_lines_are_taken_over_under_way(tmp_path: Path, backend: str) -> None:
    program = "iptables-legacy" if backend == "legacy" else "iptables"
    with forward_rig(tmp_path, TUTORIAL.format(program)) as rig:
        rig.guard(backend)
        before = rig.filter()
        rig.relay.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
        rig.wgtui("up", "wg7")
        wait_for_handshakes(rig)
        assert rig.reaches("phone", HOME)
        row = rig.row("relay")
        assert (row["now"], row["on_disk"]["state"]) == ("on", "hand-written")
        assert row["packets"] > 0
        (line,) = rig.view()["hand_written"]
        assert line["can_be_taken_over"]
        by_hand = rig.filter()
        rig.wgtui("forward", "wg7", "--take-over", line["where"].rpartition(":")[2])
        assert rig.reaches("phone", HOME)
        assert rig.reaches("phone", INTERNET)
        rules = [text for text in rig.filter().splitlines() if text.startswith("-A")]
        assert not [text for text in rules if "wg7" in text and "wgtui:" not in text]
        assert rig.view()["hand_written"] == []
        rig.wgtui("undo", _last_entry(rig))
        assert sorted(rig.filter().splitlines()) == sorted(by_hand.splitlines())
        rig.wgtui("forward", "wg7", "--take-over", line["where"].rpartition(":")[2])
        rig.wgtui("down", "wg7")
        assert rig.filter() == before


def test_a_rule_that_somebody_put_in_front_is_named_and_passed(rig: ForwardRig) -> None:
    rig.guard("iptables-nft")
    rig.wgtui("up", "wg7")
    rig.wgtui("forward", "wg7", "on", "relay")
    eventually("peers reach each other", lambda: rig.reaches("phone", HOME))
    rig.relay.run("iptables", "-I", "FORWARD", "-s", "5.5.5.0/24", "-j", "REJECT")
    assert not rig.reaches("phone", HOME)
    row = rig.row("relay")
    assert row["now"] == "blocked"
    assert "-s 5.5.5.0/24 -j REJECT" in row["culprit"]
    rig.wgtui("forward", "wg7", "on", "relay")
    assert rig.reaches("phone", HOME)
    assert rig.row("relay")["now"] == "on"


def test_ufw_is_named_and_lets_pass(rig: ForwardRig, tmp_path: Path) -> None:
    run_ufw = ufw(rig, tmp_path)
    rig.wgtui("up", "wg7")
    port, relay = rig.row("port"), rig.row("relay")
    assert (port["now"], relay["now"]) == ("off", "off")
    assert "ufw" in port["culprit"]
    assert "ufw" in relay["culprit"]
    assert {one["who"] for one in rig.view()["deciders"]} == {"ufw"}
    assert not rig.reaches("phone", RELAY)
    rig.wgtui("forward", "wg7", "on", port["fix"]["switch"])
    eventually("the tunnel is up", lambda: _wakes(rig))
    rig.wgtui("forward", "wg7", "on", relay["fix"]["switch"])
    eventually("peers reach each other", lambda: rig.reaches("phone", HOME))
    run_ufw("reload")
    assert rig.reaches("phone", HOME)
    assert [rig.row(switch)["now"] for switch in ("port", "relay")] == ["on", "on"]


def test_firewalld_is_named_and_lets_pass(rig: ForwardRig, tmp_path: Path) -> None:
    skip_unless_firewalld()
    folder = tmp_path / "firewalld"
    folder.mkdir()
    with firewalld_in(rig.relay.netns, folder, "eth0 line1 line2") as variables:
        rig.variables.update(variables)
        rig.wgtui("up", "wg7")
        assert "ip netns exec" in rig.wgtui("forward", "wg7", "on", "port", code=1)
        rig.inside = True
        port, relay = rig.row("port"), rig.row("relay")
        assert (port["now"], relay["now"]) == ("off", "off")
        assert "firewalld" in port["culprit"]
        assert "firewalld" in relay["culprit"]
        assert not rig.reaches("phone", RELAY)
        rig.wgtui("forward", "wg7", "on", "port")
        rig.wgtui("forward", "wg7", "on", "relay")
        eventually("peers reach each other", lambda: _wakes(rig) and rig.reaches("phone", HOME), 30)
        assert [rig.row(switch)["now"] for switch in ("port", "relay")] == ["on", "on"]
        assert "net.ipv4.ip_forward = 1" in (rig.settings / "99-wgtui.conf").read_text()
        rig.wgtui("forward", "wg7", "off", "relay")
        assert not rig.reaches("phone", HOME)
        rig.wgtui("down", "wg7")


def _wakes(rig: ForwardRig) -> bool:
    """Whether both peers shook hands; one whose calls went unheard calls again when it has to send."""
    awake = [rig.reaches(peer, RELAY) for peer in rig.peers]
    return all(awake)


def test_isolated_peers_do_not_reach_each_other(rig: ForwardRig) -> None:
    rig.relay.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
    rig.wgtui("up", "wg7")
    wait_for_handshakes(rig)
    assert rig.row("relay")["now"] == "open"
    assert rig.reaches("phone", HOME)
    rig.wgtui("forward", "wg7", "on", "isolate")
    assert not rig.reaches("phone", HOME)
    assert rig.row("isolate")["packets"] > 0
    assert rig.row("relay")["now"] == "off"
    rig.wgtui("forward", "wg7", "on", "relay")
    assert rig.reaches("phone", HOME)


def test_what_is_refused_is_said_in_one_line(rig: ForwardRig) -> None:
    said = rig.wgtui("forward", "wg7", "on", "masquerade", code=1)
    assert said.count("\n") == 1
    assert "wgtui forward wg7 on masquerade eth0" in said
    said = rig.wgtui("forward", "wg7", "on", "relai", code=2)
    assert "did you mean relay?" in said
    assert said.count("\n") == 1
    said = rig.wgtui("forward", "wg0", code=1)
    assert "wg0 has no file" in said
    shown = rig.wgtui("forward", "wg7", "on", "relay", "--dry-run")
    assert "PostUp" in shown
    assert "wgtui:" not in rig.file.read_text()
