"""The network in memory keeps the kernel's rules, so that a plan that works on it works on a host."""

from __future__ import annotations

from ipaddress import ip_address, ip_interface

import pytest

from wgtui.adapters.simulated.clock import FakeClock
from wgtui.adapters.simulated.network import SimulatedNetwork
from wgtui.adapters.simulated.scenarios import demo_world
from wgtui.adapters.simulated.world import SimulatedWireGuard, World
from wgtui.domain.addresses import prefix_of
from wgtui.domain.errors import DeviceBusy, NetworkError, PermissionRefused
from wgtui.domain.keys import PublicKey
from wgtui.domain.network import (
    MAIN_TABLE,
    PROTOCOL_KERNEL,
    LinkAddress,
    LinkSettings,
    Route,
    Rule,
    link_route,
)

UP = LinkSettings(up=True, mtu=1420)
DOWN = LinkSettings(up=False, mtu=1420)
LAN = link_route(prefix_of("192.168.2.0/24"), "wg0")


@pytest.fixture
def network() -> SimulatedNetwork:
    """A host with an uplink and a device that is down and has no address."""
    world = World(derive=lambda key: PublicKey(key.reveal_bytes()))
    SimulatedWireGuard(world).create("wg0")
    network = SimulatedNetwork(world)
    network.add_link("eth0", ip_interface("198.51.100.2/30"))
    network.add_route(Route(prefix_of("0.0.0.0/0"), "eth0", gateway=ip_address("198.51.100.1")))
    return network


def address(text: str) -> LinkAddress:
    return LinkAddress(ip_interface(text))


def test_an_addresss_route_comes_and_goes_with_the_link_being_up(network: SimulatedNetwork) -> None:
    network.add_address("wg0", address("5.5.5.1/24"))
    assert network.addresses("wg0") == (address("5.5.5.1/24"),)
    assert network.routes(link="wg0") == ()
    network.set_link("wg0", UP)
    (route,) = network.routes(link="wg0")
    assert (route.destination, route.protocol, route.source) == (
        prefix_of("5.5.5.0/24"),
        PROTOCOL_KERNEL,
        ip_address("5.5.5.1"),
    )
    network.remove_address("wg0", address("5.5.5.1/24"))
    assert network.routes(link="wg0") == ()


def test_routes_by_a_link_vanish_with_it_and_do_not_come_back(network: SimulatedNetwork) -> None:
    network.set_link("wg0", UP)
    network.add_route(LAN)
    assert network.routes(link="wg0") == (LAN,)
    network.set_link("wg0", DOWN)
    network.set_link("wg0", UP)
    assert network.routes(link="wg0") == ()
    network.add_route(LAN)
    network.world.delete("wg0")
    network.world.create("wg0")
    assert network.routes(link="wg0") == ()


@pytest.mark.parametrize("settings", [DOWN, LinkSettings(up=True, mtu=1279)])
def test_ipv6_addresses_survive_neither_down_nor_a_small_mtu(
    network: SimulatedNetwork, settings: LinkSettings
) -> None:
    network.set_link("wg0", UP)
    network.add_address("wg0", address("5.5.5.1/24"))
    network.add_address("wg0", address("fd00::1/64"))
    network.set_link("wg0", settings)
    assert network.addresses("wg0") == (address("5.5.5.1/24"),)


def test_what_is_there_is_not_added_again(network: SimulatedNetwork) -> None:
    network.set_link("wg0", UP)
    network.add_address("wg0", address("5.5.5.1/24"))
    network.add_address("wg0", address("5.5.5.1/32"))
    network.add_address("wg0", address("fd00::1/64"))
    for again in ("5.5.5.1/24", "fd00::1/64", "fd00::1/128"):
        with pytest.raises(NetworkError, match="is there already"):
            network.add_address("wg0", address(again))
    network.add_route(LAN)
    for same in (LAN, link_route(LAN.destination, "eth0"), link_route(prefix_of("5.5.5.0/24"), "wg0")):
        with pytest.raises(NetworkError, match="is there already"):
            network.add_route(same)
    network.add_route(link_route(LAN.destination, "eth0", table=100))
    rule = Rule(4, 100, 1000)
    network.add_rule(rule)
    with pytest.raises(NetworkError, match="is there already"):
        network.add_rule(rule)


def test_what_is_not_there_is_not_removed(network: SimulatedNetwork) -> None:
    with pytest.raises(NetworkError, match="is not there"):
        network.remove_address("wg0", address("5.5.5.1/24"))
    with pytest.raises(
        NetworkError, match=r"192\.168\.2\.0/24 dev wg0 could not be removed: it is not there"
    ):
        network.remove_route(LAN)
    with pytest.raises(NetworkError, match="IPv4 rule table 100 could not be removed"):
        network.remove_rule(Rule(4, 100))
    with pytest.raises(NetworkError, match="There is no interface wg7"):
        network.set_link("wg7", UP)
    with pytest.raises(NetworkError, match="There is no interface wg7"):
        network.add_address("wg7", address("5.5.5.1/24"))
    with pytest.raises(NetworkError, match="There is no interface wg7"):
        network.add_route(link_route(LAN.destination, "wg7"))
    assert network.link("wg7") is None
    assert network.addresses("wg7") == ()


def test_a_route_needs_a_link_that_is_up_and_a_gateway_that_is_there(network: SimulatedNetwork) -> None:
    with pytest.raises(NetworkError, match="Network is down"):
        network.add_route(LAN)
    with pytest.raises(NetworkError, match="Nexthop has invalid gateway"):
        network.add_route(Route(LAN.destination, "eth0", gateway=ip_address("203.0.113.1")))


def test_a_route_of_an_address_can_be_taken_away(network: SimulatedNetwork) -> None:
    (own,) = (route for route in network.routes() if route.protocol == PROTOCOL_KERNEL)
    network.remove_route(own)
    assert own not in network.routes()
    with pytest.raises(NetworkError, match="is not there"):
        network.remove_route(own)


def test_rules_without_a_priority_go_in_front_as_wg_quick_needs_it(network: SimulatedNetwork) -> None:
    network.set_link("wg0", UP)
    network.add_route(link_route(prefix_of("0.0.0.0/0"), "wg0", 51820))
    marked = Rule(4, 51820, fwmark=51820, invert=True)
    suppress = Rule(4, MAIN_TABLE, suppress_prefix_length=0)
    network.add_rule(marked)
    network.add_rule(suppress)
    of_ipv4 = [rule for rule in network.rules() if rule.family == 4]
    assert [rule.priority for rule in of_ipv4] == [0, 32764, 32765, 32766, 32767]
    assert suppress.matches(of_ipv4[1])
    way = network.route_to(ip_address("203.0.113.50"))
    assert way is not None
    assert way.link == "wg0"
    marked_way = network.route_to(ip_address("203.0.113.50"), mark=51820)
    assert marked_way is not None
    assert (marked_way.link, marked_way.gateway) == ("eth0", ip_address("198.51.100.1"))
    network.remove_rule(marked)
    network.remove_rule(suppress)
    assert len(network.rules()) == 5


def test_the_kernels_answer_names_the_address_the_source_and_this_host(network: SimulatedNetwork) -> None:
    network.set_link("wg0", UP)
    network.add_address("wg0", address("5.5.5.1/24"))
    way = network.route_to(ip_address("5.5.5.9"))
    assert way is not None
    assert (way.destination, way.link, way.source) == (
        prefix_of("5.5.5.9/32"),
        "wg0",
        ip_address("5.5.5.1"),
    )
    own = network.route_to(ip_address("5.5.5.1"))
    assert own is not None
    assert own.link == "lo"
    assert network.route_to(ip_address("fd00::1")) is None


def test_a_device_that_comes_up_needs_its_port(network: SimulatedNetwork) -> None:
    network.world.device("wg0").listen_port = 51820
    network.world.create("wg1").listen_port = 51820
    with pytest.raises(DeviceBusy, match="its listen port is in use"):
        network.set_link("wg0", UP)


def test_faults_are_raised_by_the_method_they_are_set_for(network: SimulatedNetwork) -> None:
    network.world.faults.network["add_route"] = PermissionRefused("Adding a route needs CAP_NET_ADMIN.")
    with pytest.raises(PermissionRefused):
        network.add_route(LAN)
    network.routes()


def test_the_demos_routes_lead_to_its_lans() -> None:
    network = demo_world(FakeClock()).network
    for target, link in (
        ("192.168.2.5", "wg0"),
        ("10.20.1.1", "wg0"),
        ("10.44.0.3", "wg1"),
        ("9.9.9.9", "eth0"),
    ):
        way = network.route_to(ip_address(target))
        assert way is not None
        assert way.link == link
