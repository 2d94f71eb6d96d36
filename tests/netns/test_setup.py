"""`wgtui setup` as a new user would use it: both scenarios, both families, with nothing written by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.netns.setup_rig import (
    ADDRESSES,
    BOX,
    INTERNET_HOST,
    LAN_HOST,
    PHONE,
    SERVER,
    Machine,
    NewUser,
    new_user,
)
from tests.support.waiting import eventually

HOME = """
[[peers]]
name = "home"
role = "LAN gateway"
lans = ["192.168.2.0/24", "fd02::/64"]
lan_interface = "eth1"
preshared = true
"""
RELAY = f"""
schema = 1
scenario = "relay"
[interface]
name = "wg7"
addresses = ["5.5.5.1/24", "fd05::1/64"]
{HOME}
[[peers]]
name = "phone"
"""
DIRECT = RELAY.replace('"relay"', '"direct"').partition('[[peers]]\nname = "phone"')[0]


@pytest.fixture
def user(tmp_path: Path) -> Iterator[NewUser]:
    with new_user(tmp_path) as made:
        yield made


def up_by_wg_quick(machine: Machine, file: str) -> None:
    """Bring a file up with the real wg-quick, as on a machine without wgtui."""
    machine.host.run("wg-quick", "up", str(machine.take(file)))


def up_by_wgtui(machine: Machine, file: str) -> None:
    """Bring a file up with wgtui."""
    machine.take(file)
    machine.wgtui("up", "wg0")


@pytest.mark.parametrize("bring_up", [up_by_wg_quick, up_by_wgtui])
def test_the_phone_reaches_the_lan_host_behind_the_box(user: NewUser, bring_up: object) -> None:
    assert callable(bring_up)
    made = user[SERVER].set_up(RELAY)
    files = {peer["name"]: peer["file"] for peer in made["peers"]}
    assert user[SERVER].setting("net.ipv4.ip_forward") == "1"
    bring_up(user[BOX], files["home"])
    bring_up(user[PHONE], files["phone"])
    for address in (*LAN_HOST, "5.5.5.1", "fd05::1"):
        eventually(f"the phone reaches {address}", lambda to=address: user[PHONE].reaches(to))  # type: ignore[misc]


def test_a_gateway_that_has_no_iptables_uses_nft(user: NewUser, tmp_path: Path) -> None:
    box = user[BOX]
    for program in ("iptables", "ip6tables"):
        box.host.run(program, "-P", "FORWARD", "ACCEPT")
    programs = tmp_path / "programs"
    programs.mkdir()
    for folder in ("/usr/sbin", "/usr/bin", "/sbin", "/bin"):
        for file in Path(folder).iterdir():
            link = programs / file.name
            if "tables" not in file.name and not link.exists():
                link.symlink_to(file)
    made = user[SERVER].set_up(DIRECT)
    path = str(box.take(made["peers"][0]["file"]))
    box.host.run("env", f"PATH={programs}", "wg-quick", "up", path)
    assert "masquerade" in box.host.run("nft", "list", "table", "inet", "wgtui-wg0")
    for address in LAN_HOST:
        eventually(f"the server reaches {address}", lambda to=address: user[SERVER].reaches(to))  # type: ignore[misc]
    box.host.run("env", f"PATH={programs}", "wg-quick", "down", path)
    assert "wgtui" not in box.host.run("nft", "list", "tables")


def test_the_server_reaches_the_lan_host_in_the_direct_scenario(user: NewUser) -> None:
    made = user[SERVER].set_up(DIRECT)
    up_by_wg_quick(user[BOX], made["peers"][0]["file"])
    for address in LAN_HOST:
        eventually(f"the server reaches {address}", lambda to=address: user[SERVER].reaches(to))  # type: ignore[misc]
    assert user[SERVER].setting("net.ipv4.ip_forward") == "0"


def test_a_server_behind_nat_dials_the_public_one(user: NewUser) -> None:
    answers = """
    schema = 1
    scenario = "direct-behind-nat"
    [interface]
    name = "wg7"
    addresses = ["5.5.5.2/24", "fd05::2/64"]
    lans = ["192.168.2.0/24", "fd02::/64"]
    [forwarding]
    masquerade = "eth1"
    [[peers]]
    name = "server"
    role = "plain"
    addresses = ["5.5.5.1/24", "fd05::1/64"]
    endpoint = "203.0.113.10:43155"
    """
    made = user[BOX].set_up(answers)
    up_by_wg_quick(user[SERVER], made["peers"][0]["file"])
    for address in LAN_HOST:
        eventually(f"the server reaches {address}", lambda to=address: user[SERVER].reaches(to))  # type: ignore[misc]


@pytest.mark.parametrize("bring_up", [up_by_wg_quick, up_by_wgtui])
def test_all_of_the_phones_traffic_goes_through_the_server(user: NewUser, bring_up: object) -> None:
    assert callable(bring_up)
    answers = RELAY.replace('"relay"', '"road-warrior"')
    made = user[SERVER].set_up(answers.replace("[interface]", "[interface]\npeer_dns = []"))
    bring_up(user[PHONE], made["peers"][1]["file"])
    for address in INTERNET_HOST:
        eventually(f"the phone reaches {address}", lambda to=address: user[PHONE].reaches(to))  # type: ignore[misc]
        way = user[PHONE].host.run("ip", "route", "get", address)
        assert "dev wg0" in way
    listed = user[SERVER].host.run("nft", "list", "ruleset")
    counted = re.findall(r'counter packets (\d+) .*masquerade comment "wgtui:wg7:masquerade"', listed)
    assert counted and all(int(packets) > 0 for packets in counted)


def test_a_box_joins_a_relay_that_runs(user: NewUser) -> None:
    phone_only = RELAY.replace(HOME, "") + 'reaches = ["5.5.5.0/24", "192.168.2.0/24"]\n'
    relay = user[SERVER].set_up(phone_only)
    joining = f"""
    schema = 1
    scenario = "join"
    [interface]
    addresses = ["5.5.5.9/24"]
    [forwarding]
    masquerade = "eth1"
    [[peers]]
    name = "relay"
    role = "plain"
    public_key = "{relay["public_key"]}"
    endpoint = "{ADDRESSES[SERVER][0]}:51820"
    """
    joined = user[BOX].set_up(joining)
    (told,) = joined["next_steps"]
    assert joined["public_key"] in told
    assert "5.5.5.9/32, 192.168.2.0/24" in told
    allowed = "5.5.5.9/32, 192.168.2.0/24"
    key = joined["public_key"]
    user[SERVER].wgtui("peer", "add", "wg7", "home", "--public-key", key, "--allowed-ips", allowed)
    up_by_wg_quick(user[PHONE], relay["peers"][0]["file"])
    eventually("the phone reaches the LAN host", lambda: user[PHONE].reaches(LAN_HOST[0]))


def test_undoing_leaves_a_bare_server(user: NewUser) -> None:
    server = user[SERVER]
    rules = [server.host.run(program, "-S") for program in ("iptables", "ip6tables")]
    made = server.set_up(RELAY)
    assert "wg7" in server.host.run("ip", "-o", "link")
    server.wgtui("undo", str(made["entry"]), "--yes")
    assert "wg7" not in server.host.run("ip", "-o", "link")
    assert [server.host.run(program, "-S") for program in ("iptables", "ip6tables")] == rules
    assert not [path for path in server.config_dir.rglob("*") if path.is_file()]
    assert server.setting("net.ipv4.ip_forward") == "0"


def test_a_failure_on_the_way_leaves_a_bare_server(user: NewUser) -> None:
    server = user[SERVER]
    server.host.run("ip", "route", "add", "192.168.2.0/24", "via", "203.0.113.1")
    said = server.wgtui("setup", "--answers", "-", stdin=RELAY, code=1)
    assert said.count("\n") == 1
    assert "192.168.2.0/24" in said
    assert "wg7" not in server.host.run("ip", "-o", "link")
    assert not server.config_dir.exists()


def test_what_is_proposed_for_the_server_is_free_and_printed(user: NewUser) -> None:
    printed = user[SERVER].wgtui("setup", "--print-answers", "relay")
    assert 'endpoint = "203.0.113.10:51820"' in printed
    assert "# Name of the interface" in printed
    made = user[SERVER].set_up(printed + '[[peers]]\nname = "phone"\n')
    assert made["interface"] == "wg0"
    up_by_wg_quick(user[PHONE], made["peers"][0]["file"])
    relay = made["peers"][0]["reaches"][0].replace("0/24", "1")
    eventually("the phone reaches the relay", lambda: user[PHONE].reaches(relay))
    again = json.loads(
        user[SERVER].wgtui("setup", "--answers", "-", "--json", stdin="schema = 1\nscenario = 'relay'\n")
    )
    assert again["interface"] == "wg1"
    user[SERVER].wgtui("down", "wg1", "--yes")


def test_the_printed_sentences_say_what_to_do_for_each_peer(user: NewUser) -> None:
    said = user[SERVER].wgtui("setup", "--answers", "-", stdin=RELAY)
    assert "wgtui export wg7 phone --qr" in said
    assert "wgtui undo 1" in said
    assert user[SERVER].wgtui("export", "wg7", "phone").startswith("[Interface]")
    refused = user[SERVER].wgtui("setup", "--answers", "-", stdin=RELAY, code=1)
    assert "wg7.conf exists already" in refused
    assert refused.count("\n") == 1
