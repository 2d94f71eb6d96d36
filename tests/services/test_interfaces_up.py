"""`wgtui up`: what the host is like afterwards, and what is refused before anything is touched."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from tests.services.interface_host import OTHER_KEY, PEER_KEY, PRIVATE_KEY, InterfaceHost, conf
from wgtui.domain.addresses import Endpoint
from wgtui.domain.change import DeviceChange
from wgtui.domain.config import EndpointConfig
from wgtui.domain.errors import (
    ConfigRefused,
    ConfigUnreadable,
    DeviceBusy,
    HostCommandFailed,
    NameNotFound,
    NetworkError,
    WgtuiError,
)
from wgtui.domain.host import DnsSettings, FileImage, UnitState
from wgtui.domain.keys import PrivateKey
from wgtui.domain.plan import Plan, RunHooks, SetDevice, SetUnit, Step
from wgtui.services.interfaces import find_source, plan_up


@pytest.fixture
def host() -> InterfaceHost:
    return InterfaceHost()


def refused(host: InterfaceHost, error: type[WgtuiError], text: str) -> str:
    """Try to bring a file up; what is said, after a look that nothing was done."""
    source = host.write(text)
    before = host.state()
    with pytest.raises(error) as raised:
        host.transaction.apply(plan_up(host.context, source))
    assert host.state() == before
    return str(raised.value)


def kinds(plan: Plan) -> list[type[Step]]:
    return [type(step) for step in plan.steps]


def test_a_relay_comes_up(host: InterfaceHost) -> None:
    text = conf(
        "Address = 5.5.5.1/24, fd00::1/64\nListenPort = 51820", "5.5.5.2/32, 192.168.2.0/24, fd01::/48"
    )
    host.up(text)
    device = host.context.host.wireguard.read("wg0")
    link = host.network.link("wg0")
    assert link is not None
    assert (link.up, link.mtu, device.listen_port) == (True, 1420, 51820)
    assert host.addresses() == {"5.5.5.1/24", "fd00::1/64"}
    assert host.destinations() == {"192.168.2.0/24", "fd01::/48"}, "5.5.5.2 lies in the address's own network"
    assert host.rules() == []
    assert device.fwmark == 0


def test_a_name_that_exists_is_refused(host: InterfaceHost) -> None:
    host.network.add_link("wg0")
    assert refused(host, DeviceBusy, conf()).startswith("wg0 already exists.")


def test_a_bad_file_is_refused_with_its_place(host: InterfaceHost) -> None:
    said = refused(host, ConfigRefused, conf("Address = 10.0.0.999/24"))
    assert said.startswith("/etc/wireguard/wg0.conf:3:11: ")


def test_a_name_that_is_not_found_is_refused(host: InterfaceHost) -> None:
    said = refused(host, NameNotFound, conf("", "10.0.0.0/8", "Endpoint = vpn.example.com:51820"))
    assert said.startswith("The endpoint vpn.example.com of wg0 was not found within 5 seconds.")


def test_a_name_is_looked_up_before(host: InterfaceHost) -> None:
    name, found = EndpointConfig("vpn.example.com", 51820), Endpoint(ip_address("192.0.2.9"), 51820)
    host.resolver.found[name] = found
    host.up(conf("", "10.0.0.0/8", "Endpoint = vpn.example.com:51820"))
    assert host.context.host.wireguard.read("wg0").peers[0].endpoint == found


def test_a_default_route_of_both_families(host: InterfaceHost) -> None:
    host.up(conf("Address = 10.0.0.2/32, fd00::2/128", "0.0.0.0/0, ::/0"))
    assert host.destinations() == {"0.0.0.0/0 in 51820", "::/0 in 51820"}
    assert host.rules(4) == ["32764: main suppressed", "32765: not 51820 to 51820"]
    assert host.rules(6) == ["32764: main suppressed", "32765: not 51820 to 51820"]
    assert host.context.host.wireguard.read("wg0").fwmark == 51820
    assert host.sysctls.values["net.ipv4.conf.all.src_valid_mark"] == "1"
    guard = host.firewall.guards["wg0"]
    assert (guard.fwmark, guard.ipv4, guard.ipv6) == (51820, True, True)
    assert {str(address.interface) for address in guard.addresses} == {"10.0.0.2/32", "fd00::2/128"}


def test_a_second_default_route_takes_the_next_table_and_the_rules_in_front(host: InterfaceHost) -> None:
    host.up(conf("", "0.0.0.0/0"))
    host.up(conf("", "0.0.0.0/0", key=OTHER_KEY), "wg1")
    assert host.destinations("wg1") == {"0.0.0.0/0 in 51821"}
    assert host.rules() == [
        "32762: main suppressed",
        "32763: not 51821 to 51821",
        "32764: main suppressed",
        "32765: not 51820 to 51820",
    ]


def test_a_configured_mark_is_the_table(host: InterfaceHost) -> None:
    host.up(conf("FwMark = 0x4d2", "0.0.0.0/0"))
    assert host.destinations() == {"0.0.0.0/0 in 1234"}
    assert host.context.host.wireguard.read("wg0").fwmark == 1234


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("off", set()),
        ("auto", {"10.9.0.0/16", "0.0.0.0/0 in 51820"}),
        ("0x10", {"10.0.0.0/24 in 16", "10.9.0.0/16 in 16", "0.0.0.0/0 in 16"}),
        ("vpn", {"10.0.0.0/24 in 77", "10.9.0.0/16 in 77", "0.0.0.0/0 in 77"}),
    ],
)
def test_tables(host: InterfaceHost, table: str, expected: set[str]) -> None:
    host.files.files["/etc/iproute2/rt_tables"] = FileImage(b"# names\n77\tvpn # mine\n")
    host.up(conf(f"Address = 10.0.0.1/24\nTable = {table}", "10.9.0.0/16, 10.0.0.0/24, 0.0.0.0/0"))
    assert host.destinations() == expected


def test_a_table_that_this_host_does_not_know(host: InterfaceHost) -> None:
    said = refused(host, ConfigRefused, conf("Table = vpn", "10.0.0.0/8"))
    assert 'This host knows no routing table "vpn".' in said


def test_a_route_that_is_taken(host: InterfaceHost) -> None:
    said = refused(host, NetworkError, conf("", "192.0.2.0/24"))
    assert said.startswith(
        "192.0.2.0/24 cannot be routed into wg0: the main table has a route to it by eth0."
    )


def test_the_mtu_follows_the_narrowest_path(host: InterfaceHost) -> None:
    host.network.links["eth0"].mtu = 9000
    text = conf("", "10.0.0.0/8", "Endpoint = 192.0.2.9:1")
    host.up(text)
    link = host.network.link("wg0")
    assert link is not None
    assert link.mtu == 8920


def test_an_mtu_too_small_for_ipv6_is_said(host: InterfaceHost) -> None:
    plan = host.up(conf("Address = 10.0.0.1/24, fd00::1/64\nMTU = 1279"))
    assert host.addresses() == {"10.0.0.1/24"}
    assert plan.notes == ("wg0 gets no IPv6 address: IPv6 needs an MTU of 1280, and this one is 1279.",)


def test_ipv6_routes_by_a_link_too_small_for_them_are_refused(host: InterfaceHost) -> None:
    refused(host, NetworkError, conf("MTU = 1279", "fd00::/8"))


def test_dns_is_handed_on(host: InterfaceHost) -> None:
    host.up(conf("DNS = 1.1.1.1, corp.example, fd00::53"))
    assert host.resolvconf.settings["wg0"] == DnsSettings(("1.1.1.1", "fd00::53"), ("corp.example",))


def test_without_resolvconf_the_tunnel_comes_up_all_the_same(host: InterfaceHost) -> None:
    host.resolvconf.available = False
    plan = host.up(conf("DNS = 1.1.1.1"))
    assert "wg0" in host.world.devices
    assert plan.notes[0].startswith("This host has no resolvconf, so the DNS servers of wg0 (1.1.1.1)")


def test_hooks_run_in_order_and_what_pre_up_sets_stays(host: InterfaceHost) -> None:
    def run(command: str) -> None:
        if command == "wg set wg0 private-key /run/key":
            host.world.configure("wg0", DeviceChange(private_key=PrivateKey.parse(PRIVATE_KEY)))

    host.hooks.on_run = run
    host.up(
        "[Interface]\nPostUp = echo up\nPreUp = wg set %i private-key /run/key\nPreUp = two\nPostDown = x\n"
    )
    assert host.hooks.runs == ["wg set wg0 private-key /run/key", "two", "echo up"]
    assert host.context.host.wireguard.read("wg0").private_key is not None


def test_a_hook_that_fails_takes_the_tunnel_back(host: InterfaceHost) -> None:
    host.hooks.statuses["false"] = 1
    refused(
        host,
        HostCommandFailed,
        conf("Address = 10.0.0.1/24\nDNS = 9.9.9.9\nPostUp = false", "0.0.0.0/0, ::/0"),
    )
    assert host.world.devices == {}


def test_hooks_are_taken_back_by_their_opposites(host: InterfaceHost) -> None:
    plan = host.up(conf("PreUp = a\nPostUp = b\nPreDown = c\nPostDown = d"))
    first, second = (step for step in plan.steps if isinstance(step, RunHooks))
    assert (first.hook, first.undo_hook, first.undo_commands) == ("PreUp", "PostDown", ("d",))
    assert (second.hook, second.undo_hook, second.undo_commands) == ("PostUp", "PreDown", ("c",))


def test_a_guard_left_over_is_replaced(host: InterfaceHost) -> None:
    host.up(conf("Address = 10.0.0.1/32", "0.0.0.0/0"))
    guard = host.firewall.guards["wg0"]
    host.down()
    host.firewall.add_guard(guard)
    host.up(conf("Address = 10.0.0.2/32", "0.0.0.0/0"))
    assert [str(a.interface) for a in host.firewall.guards["wg0"].addresses] == ["10.0.0.2/32"]


def test_an_enabled_unit_is_started_instead(host: InterfaceHost) -> None:
    host.units.units["wg-quick@wg0.service"] = UnitState(enabled=True, active=False)
    plan = host.up(conf("Address = 10.0.0.1/24"))
    assert kinds(plan) == [SetUnit]
    assert host.units.units["wg-quick@wg0.service"].active
    assert plan.notes == ("wg0 is started by its unit wg-quick@wg0.service, so wg-quick does all of it.",)


def test_a_unit_that_counts_as_started_is_stopped_first(host: InterfaceHost) -> None:
    host.units.units["wg-quick@wg0.service"] = UnitState(enabled=False, active=True)
    plan = host.up(conf())
    states = [step.after.active for step in plan.steps if isinstance(step, SetUnit)]
    assert states == [False, True]


def test_a_unit_has_nothing_to_do_with_another_folders_file(host: InterfaceHost) -> None:
    host.units.units["wg-quick@wg0.service"] = UnitState(enabled=True, active=False)
    host.files.write("/root/wg0.conf", FileImage(conf().encode()))
    plan = plan_up(host.context, find_source(host.files, "/root/wg0.conf", "/etc/wireguard"))
    assert SetDevice in kinds(plan)


def test_files_are_found_as_wg_quick_does(host: InterfaceHost) -> None:
    with pytest.raises(ConfigUnreadable, match=r"/etc/wireguard/wg0\.conf\.conf does not exist"):
        find_source(host.files, "wg0.conf", "/etc/wireguard")
    host.files.write("/root/my tunnel.conf", FileImage(b""))
    with pytest.raises(ConfigRefused, match="is not named after an interface"):
        find_source(host.files, "/root/my tunnel.conf", "/etc/wireguard")


def test_a_peer_with_the_interfaces_own_key_is_left_out(host: InterfaceHost) -> None:
    own = str(host.context.public_key_of(PrivateKey.parse(PRIVATE_KEY)))
    host.up(conf("", "10.0.0.0/8", key=own))
    assert host.destinations() == set()
    host.up(conf("", "10.0.0.0/8", key=PEER_KEY), "wg1")
    assert host.destinations("wg1") == {"10.0.0.0/8"}
