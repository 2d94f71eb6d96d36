"""`wgtui sync`: only what differs, nothing the file does not mention, and routes follow allowed IPs."""

from __future__ import annotations

from ipaddress import ip_address, ip_interface

import pytest

from tests.services.interface_host import OTHER_KEY, PEER_KEY, InterfaceHost, conf
from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.errors import DeviceGone
from wgtui.domain.host import DnsSettings
from wgtui.domain.keys import PublicKey
from wgtui.domain.network import link_route
from wgtui.domain.plan import ConfigureDevice
from wgtui.domain.tunnel import link_address
from wgtui.services.interfaces import plan_sync

RELAY = conf("Address = 5.5.5.1/24\nListenPort = 51820", "5.5.5.2/32, 192.168.2.0/24")


@pytest.fixture
def host() -> InterfaceHost:
    return InterfaceHost()


@pytest.mark.parametrize(
    "text",
    [
        conf(),
        RELAY,
        conf("Address = 10.0.0.2/24, fd00::2/64\nDNS = 9.9.9.9", "0.0.0.0/0, ::/0, 10.7.0.0/16"),
        conf("Address = 10.0.0.1/24\nTable = 77", "0.0.0.0/0, 10.0.0.0/24"),
        conf("Table = off\nFwMark = 5", "10.0.0.0/8"),
        conf("MTU = 1279\nAddress = fd00::1/64, 10.0.0.1/32", "10.0.0.0/8"),
    ],
)
@pytest.mark.parametrize("recorded", [True, False])
def test_after_up_there_is_nothing_to_do(host: InterfaceHost, text: str, recorded: bool) -> None:
    host.up(text)
    assert host.sync(text, recorded=recorded).is_empty


def test_a_peer_more(host: InterfaceHost) -> None:
    host.up(RELAY)
    more = RELAY + f"[Peer]\nPublicKey = {OTHER_KEY}\nAllowedIPs = 5.5.5.3/32, 192.168.3.0/24\n"
    plan = host.sync(more)
    (step,) = (step for step in plan.steps if isinstance(step, ConfigureDevice))
    assert [change.public_key for change in step.change.peers] == [PublicKey.parse(OTHER_KEY)]
    assert host.destinations() == {"192.168.2.0/24", "192.168.3.0/24"}


def test_routes_follow_allowed_ips(host: InterfaceHost) -> None:
    host.up(RELAY)
    host.sync(conf("Address = 5.5.5.1/24", "5.5.5.2/32, 192.168.7.0/24, fd01::/48"))
    assert host.destinations() == {"192.168.7.0/24", "fd01::/48"}
    assert host.context.host.wireguard.read("wg0").listen_port == 51820, "what the file no longer says stays"


def test_routes_left_over_from_earlier_changes_go(host: InterfaceHost) -> None:
    host.up(RELAY)
    host.network.add_route(link_route(prefix_of("192.168.99.0/24"), "wg0"))
    plan = host.sync(RELAY)
    assert len(plan.steps) == 1
    assert host.destinations() == {"192.168.2.0/24"}


def test_what_hooks_name_stays(host: InterfaceHost) -> None:
    hooks = "PostUp = ip route add 192.168.99.0/24 dev %i\nPostUp = ip address add 5.5.5.9/32 dev %i\n"
    text = RELAY.replace("ListenPort", hooks + "ListenPort")
    host.up(text)
    host.network.add_route(link_route(prefix_of("192.168.99.0/24"), "wg0"))
    host.network.add_address("wg0", link_address(ip_interface("5.5.5.9/32")))
    assert host.sync(text).is_empty


def test_addresses_that_somebody_else_added_stay(host: InterfaceHost) -> None:
    host.up(RELAY)
    host.network.add_address("wg0", link_address(ip_interface("7.7.7.7/32")))
    assert host.sync(RELAY).is_empty


@pytest.mark.parametrize("address", ["5.5.5.7/24", "6.6.6.1/24", "5.5.5.1/16", "fd00::1/64"])
def test_renumbering_keeps_the_routes(host: InterfaceHost, address: str) -> None:
    host.up(conf("Address = 5.5.5.1/24", "192.168.2.0/24"))
    host.sync(conf(f"Address = {address}", "192.168.2.0/24"))
    assert host.addresses() == {address}
    assert host.destinations() == {"192.168.2.0/24"}


def test_a_change_is_undone(host: InterfaceHost) -> None:
    host.up(conf("Address = 5.5.5.1/24\nDNS = 1.1.1.1", "0.0.0.0/0"))
    before = host.state()
    source = host.source()
    changed = host.write(conf("Address = 5.5.5.4/24\nMTU = 1300", "10.0.0.0/8, ::/0"))
    plan = plan_sync(host.context, changed, host.made())
    applied = host.transaction.apply(plan)
    assert applied.number is not None
    host.transaction.undo(applied.number)
    host.write(source.data.decode())
    assert host.state() == before


def test_a_default_route_comes_and_goes(host: InterfaceHost) -> None:
    text = conf("Address = 10.0.0.2/32", "10.0.0.0/8")
    host.up(text)
    before = host.state()
    both = text.replace("10.0.0.0/8", "10.0.0.0/8, 0.0.0.0/0, ::/0")
    host.sync(both)
    assert host.rules(4) == host.rules(6) == ["32764: main suppressed", "32765: not 51820 to 51820"]
    assert host.context.host.wireguard.read("wg0").fwmark == 51820
    host.sync(text.replace("10.0.0.0/8", "10.0.0.0/8, ::/0"))
    assert host.rules(4) == []
    assert host.rules(6) == ["32764: main suppressed", "32765: not 51820 to 51820"]
    guard = host.firewall.guards["wg0"]
    assert (guard.ipv4, guard.ipv6) == (False, True)
    host.sync(text)
    host.sysctls.values["net.ipv4.conf.all.src_valid_mark"] = "0"
    assert host.state() == before


def test_a_second_family_joins_the_table_of_the_first(host: InterfaceHost) -> None:
    host.up(conf("", "0.0.0.0/0"))
    host.sync(conf("", "0.0.0.0/0, ::/0"))
    assert host.destinations() == {"0.0.0.0/0 in 51820", "::/0 in 51820"}
    guard = host.firewall.guards["wg0"]
    assert (guard.ipv4, guard.ipv6) == (True, True)


def test_the_automatic_mark_stays(host: InterfaceHost) -> None:
    text = conf("Address = 10.0.0.2/32", "0.0.0.0/0")
    host.up(text)
    host.sync(text.replace("[Peer]", "[Peer]\nPersistentKeepalive = 25"))
    assert host.context.host.wireguard.read("wg0").fwmark == 51820


def test_dns_follows(host: InterfaceHost) -> None:
    host.up(conf("DNS = 1.1.1.1"))
    host.sync(conf("DNS = 9.9.9.9"))
    assert host.resolvconf.settings == {"wg0": DnsSettings(("9.9.9.9",))}
    host.sync(conf())
    assert host.resolvconf.settings == {}


def test_an_mtu_is_set_only_where_the_file_has_one(host: InterfaceHost) -> None:
    host.up(conf("MTU = 1300"))
    assert host.sync(conf()).is_empty
    host.sync(conf("MTU = 1380"))
    link = host.network.link("wg0")
    assert link is not None
    assert (link.mtu, link.up) == (1380, True)


def test_a_name_that_is_not_found_leaves_the_endpoint(host: InterfaceHost) -> None:
    host.up(conf("", "10.0.0.0/8"))
    endpoint = Endpoint(ip_address("192.0.2.9"), 7)
    change = PeerChange(PublicKey.parse(PEER_KEY), update_only=True, endpoint=endpoint)
    host.world.configure("wg0", DeviceChange(peers=(change,)))
    plan = host.sync(conf("", "10.0.0.0/8", "Endpoint = vpn.example.com:7"))
    assert plan.is_empty
    assert plan.notes == ("The endpoint vpn.example.com was not found; the peer keeps the one it has.",)


def test_what_is_not_up_cannot_be_synced(host: InterfaceHost) -> None:
    with pytest.raises(DeviceGone, match=r"^wg0 is not up\."):
        host.sync(conf())


FULL = conf("Address = 10.0.0.2/32", "0.0.0.0/0, ::/0, 10.7.0.0/16")
PAIR = ["32764: main suppressed", "32765: not 51820 to 51820"]


@pytest.mark.parametrize("recorded", [True, False])
def test_another_mark_takes_the_rules_along(host: InterfaceHost, recorded: bool) -> None:
    """Rules that miss the tunnel's own mark would lead its packets into itself."""
    host.up(FULL)
    host.sync(FULL.replace("Address", "FwMark = 0x51\nAddress"), recorded=recorded)
    assert host.rules(4) == host.rules(6) == ["32764: main suppressed", "32765: not 81 to 81"]
    assert host.destinations() == {"0.0.0.0/0 in 81", "::/0 in 81", "10.7.0.0/16"}
    assert host.firewall.guards["wg0"].fwmark == 81
    assert host.context.host.wireguard.read("wg0").fwmark == 81


@pytest.mark.parametrize("recorded", [True, False])
def test_a_mark_that_wg_syncconf_took_off_is_set_again(host: InterfaceHost, recorded: bool) -> None:
    host.up(FULL)
    before = host.state()
    host.world.configure("wg0", DeviceChange(fwmark=0))
    host.sync(FULL, recorded=recorded)
    assert host.state() == before


@pytest.mark.parametrize("lost", ["all", "main suppressed"])
def test_rules_that_somebody_took_away_are_added_again(host: InterfaceHost, lost: str) -> None:
    host.up(FULL)
    before = host.state()
    for rule in host.network.rules():
        if rule.suppress_prefix_length is not None or (lost == "all" and rule.invert):
            host.network.remove_rule(rule)
    host.sync(FULL)
    assert host.state() == before


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("off", set()),
        ("99", {"0.0.0.0/0 in 99", "::/0 in 99", "10.7.0.0/16 in 99"}),
    ],
)
def test_another_table(host: InterfaceHost, table: str, expected: set[str]) -> None:
    host.up(FULL)
    automatic = host.state()
    host.sync(FULL.replace("Address", f"Table = {table}\nAddress"))
    assert host.destinations() == expected
    assert host.rules(4) == host.rules(6) == []
    assert host.firewall.guards == {}
    host.sync(FULL)
    assert host.state() == automatic


def test_a_default_route_of_somebody_else_in_another_table_stays(host: InterfaceHost) -> None:
    host.up(RELAY)
    host.network.add_route(link_route(prefix_of("0.0.0.0/0"), "wg0", 200))
    assert host.sync(RELAY).is_empty
    host.sync(RELAY.replace("192.168.2.0/24", "0.0.0.0/0"))
    assert host.destinations() == {"0.0.0.0/0 in 200", "0.0.0.0/0 in 51820"}
    assert host.rules() == PAIR
