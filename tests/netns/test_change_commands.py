"""The commands that change a host, as an operator types them, on real devices."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace

import pytest

from tests.netns.operator_rig import ALICE, BOB, KEYPAIRS, PRIVATE, Operator, new_key
from tests.netns.support import userspace_host
from tests.support.waiting import eventually


def test_up_down_and_their_undoing(operator: Operator) -> None:
    nothing = operator.state()
    assert "ip link add dev wg7 type wireguard" in operator.type("up", "wg7", "--dry-run")
    assert operator.state() == nothing
    operator.type("up", "wg7")
    assert operator.routes() == {"192.168.2.0/24"}
    assert operator.allowed(ALICE) == {"10.7.0.2/32", "192.168.2.0/24"}
    running = operator.state()
    assert "already exists" in operator.refused("up", "wg7")
    operator.type("down", "wg7")
    assert operator.state() == nothing
    operator.type("undo", "2", "--yes")
    assert operator.state() == running
    operator.type("down", str(operator.file))
    assert operator.state() == nothing
    assert "nothing was to be done" in operator.type("undo", "1", "--yes")
    assert (operator.folder / "notes").read_text() == "up\ndown\nup\ndown\n"
    assert "is not up" in operator.refused("down", "wg7")


def test_undo_of_up_is_down(operator: Operator) -> None:
    nothing = operator.state()
    operator.type("up", "wg7")
    operator.type("undo", "1", "--yes")
    assert operator.state() == nothing
    assert "taken back already" in operator.refused("undo", "1", "--yes")


def test_sync_follows_the_file_routes_included(operator: Operator) -> None:
    operator.type("up", "wg7")
    operator.file.write_text(operator.file.read_text().replace("192.168.2.0/24", "192.168.3.0/24"))
    assert "nothing was to be done" not in operator.type("sync", "wg7")
    assert operator.routes() == {"192.168.3.0/24"}
    assert operator.allowed(ALICE) == {"10.7.0.2/32", "192.168.3.0/24"}
    assert "nothing was to be done" in operator.type("sync", "wg7")


def test_a_failing_hook_leaves_nothing(operator: Operator) -> None:
    nothing = operator.state()
    operator.file.write_text(operator.file.read_text().replace("PreDown = echo down", "PostUp = false"))
    failing = operator.file.read_text()
    said = operator.refused("up", "wg7")
    assert "PostUp" in said
    assert "taken back" in said
    assert operator.state() == (*nothing[:-1], failing)
    entries = json.loads(operator.type("journal", "--json"))["entries"]
    assert [entry["state"] for entry in entries] == ["reverted"]


def test_peers_by_command(operator: Operator) -> None:
    operator.type("up", "wg7")
    before = operator.state()
    carol = new_key()
    operator.type("peer", "add", "wg7", "carol", "--public-key", str(carol), "--keepalive", "25")
    assert operator.allowed(carol) == {"10.7.0.4/32", "fd07::4/128"}
    operator.type("peer", "edit", "wg7", "carol", "--allowed-ips", "10.7.0.4/32, 192.168.2.0/24")
    assert operator.allowed(carol) == {"10.7.0.4/32", "192.168.2.0/24"}
    assert operator.allowed(ALICE) == {"10.7.0.2/32"}
    operator.type("peer", "disable", "wg7", "alice")
    peers = json.loads(operator.type("peer", "list", "wg7", "--json"))["peers"]
    assert {peer["name"]: peer["enabled"] for peer in peers} == {"alice": False, "bob": True, "carol": True}
    assert str(ALICE) not in operator.host.run("wg", "show", "wg7", "peers")
    operator.type("peer", "enable", "wg7", "alice")
    operator.type("peer", "remove", "wg7", "carol", "--yes")
    for number in range(6, 1, -1):
        operator.type("undo", str(number), "--yes")
    assert operator.state() == before
    assert operator.file.stat().st_mode & 0o777 == 0o640


def test_a_preshared_key_comes_from_standard_input_and_is_never_told(operator: Operator) -> None:
    secret = KEYPAIRS.generate_preshared_key().reveal()
    operator.type("up", "wg7")
    operator.stdin = secret + "\n"
    said = operator.type("peer", "edit", "wg7", "bob", "--preshared-key-file", "-")
    said += operator.type("peer", "show", "wg7", "bob") + operator.type("journal", "2")
    assert secret not in said
    assert secret in operator.type("peer", "show", "wg7", "bob", "--show-keys")
    assert secret in operator.host.run("wg", "show", "wg7", "preshared-keys")
    operator.stdin = "no key\n"
    assert "standard input" in operator.refused("peer", "edit", "wg7", "bob", "--preshared-key-file", "-")


def test_generated_keys_let_the_peer_talk(operator: Operator) -> None:
    operator.type("up", "wg7")
    operator.type("peer", "add", "wg7", "laptop", "--generate-preshared-key", "--calls", "192.0.2.1:51877")
    own = operator.folder / "conf/peers/wg7/laptop.conf"
    assert own.stat().st_mode & 0o777 == 0o600
    assert "Endpoint = 192.0.2.1:51877" in own.read_text()
    assert operator.run("check", str(own)).returncode == 0
    before = own.read_text()
    operator.type("peer", "rotate", "wg7", "laptop", "--yes")
    assert own.read_text() != before
    key = own.read_text().split("PrivateKey = ")[1].split("\n")[0]
    public = subprocess.run(["wg", "pubkey"], input=key, capture_output=True, text=True, check=True).stdout
    assert public.strip() in operator.host.run("wg", "show", "wg7", "peers")


def test_further_peers_call_where_the_first_one_does(operator: Operator) -> None:
    operator.type("peer", "add", "wg7", "laptop", "--calls", "vpn.example.org:51877")
    operator.type(
        *("peer", "add", "wg7", "barn", "--allowed-ips", "10.7.0.77/32,192.168.77.0/24"),
        *("--lan-interface", "eth7", "--dns", "9.9.9.9, home.arpa", "--mtu", "1380"),
    )
    own = (operator.folder / "conf/peers/wg7/barn.conf").read_text()
    assert "Endpoint = vpn.example.org:51877" in own
    assert "DNS = 9.9.9.9, home.arpa" in own
    assert "MTU = 1380" in own
    assert "-o eth7" in own
    assert operator.run("check", str(operator.folder / "conf/peers/wg7/barn.conf")).returncode == 0
    assert "interface" in operator.refused("peer", "add", "wg7", "x", "--lan-interface", "a/b")


def test_interfaces_by_command(operator: Operator) -> None:
    operator.type("interface", "create", "wg8", "--address", "10.8.0.1/24", "--listen-port", "51888")
    assert "(hidden)" in operator.type("interface", "show", "wg8")
    operator.type("up", "wg8")
    operator.type("interface", "edit", "wg8", "--listen-port", "51889", "--mtu", "1300")
    assert operator.host.run("wg", "show", "wg8", "listen-port").strip() == "51889"
    assert "mtu 1300" in operator.host.run("ip", "link", "show", "wg8")
    assert "is up" in operator.refused("interface", "delete", "wg8", "--yes")
    operator.type("down", "wg8")
    operator.type("interface", "delete", "wg8", "--yes")
    assert not (operator.folder / "conf/wg8.conf").exists()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("up", "nosuch"), "nosuch.conf does not exist"),
        (("peer", "list", "nosuch"), "has no file"),
        (("peer", "edit", "wg7", "nobody", "--keepalive", "1"), "no peer nobody"),
        (("peer", "edit", "wg7", "bob", "--allowed-ips", "10.0.0.300"), "10.0.0.300"),
        (("peer", "add", "wg7", "x", "--public-key", "abc"), "44 characters"),
        (("peer", "add", "wg7", "x", "--public-key", str(BOB)), "public key"),
        (("peer", "rotate", "wg7", "bob", "--yes"), "not on this host"),
        (("interface", "create", "wg7"), "exists already"),
        (("interface", "delete", "../conf/wg7", "--yes"), "not the name of an interface"),
        (("peer", "remove", "./wg7", "bob", "--yes"), "not the name of an interface"),
        (("undo", "7"), "no entry 7"),
        (("confirm", "7"), "no entry 7"),
        (("journal", "7"), "no entry 7"),
    ],
)
def test_bad_input_is_one_line_and_changes_nothing(
    operator: Operator, words: tuple[str, ...], part: str
) -> None:
    before = operator.state()
    assert part in operator.refused(*words)
    assert operator.state() == before


def test_a_key_in_a_hook_is_told_by_no_command(operator: Operator) -> None:
    hook = f"PostUp = echo {PRIVATE.reveal()} > /dev/null\nPreDown"
    operator.file.write_text(operator.file.read_text().replace("PreDown", hook))
    assert "echo (hidden)" in operator.type("up", "wg7", "--dry-run")
    operator.type("up", "wg7")
    for words in (("journal", "1"), ("journal", "--json"), ("down", "wg7", "--dry-run")):
        operator.type(*words)
    assert "echo (hidden)" in operator.type("journal", "1")


def test_a_change_waits_for_its_confirmation_and_is_taken_back(operator: Operator) -> None:
    nothing = operator.state()
    operator.type("up", "wg7", "--confirm-within", "60")
    assert "wgtui confirm 1" in operator.refused("down", "wg7")
    operator.type("confirm", "1")
    operator.type("down", "wg7", "--confirm-within", "2")
    eventually("the tunnel is back", lambda: "wg7" in operator.host.run("wg", "show", "interfaces"))
    states = [entry["state"] for entry in json.loads(operator.type("journal", "--json"))["entries"]]
    assert states == ["reverted", "applied"]
    operator.type("down", "wg7")
    assert operator.state() == nothing


def test_a_tunnel_of_another_namespace_is_another(operator: Operator) -> None:
    operator.type("up", "wg7")
    with userspace_host() as host:
        other = replace(operator, host=host)
        said = other.refused("undo", "1", "--yes")
        assert f"--netns {operator.host.netns}" in said
        operator.file.write_text(operator.file.read_text().replace("echo down", "echo other"))
        host.devices.create("wg7")
        links = [json.loads(each.run("ip", "-j", "link", "show", "wg7"))[0] for each in (host, operator.host)]
        assert links[0]["ifindex"] == links[1]["ifindex"]
        other.type("down", "wg7")
        assert "wg7" not in host.run("ip", "-o", "link")
    assert (operator.folder / "notes").read_text() == "up\nother\n"


def test_down_ends_when_the_interface_is_gone(operator: Operator) -> None:
    for _ in range(3):
        operator.type("up", "wg7")
        operator.type("down", "wg7")
        assert "wg7" not in operator.host.run("ip", "-o", "link")
