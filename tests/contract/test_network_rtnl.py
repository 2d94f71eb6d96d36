from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import ip_address

import pytest

from tests.contract.network_contract import NetworkContract, NetworkRig, address
from tests.support.needs import needs_root
from tests.support.netns import add_quiet_pair, ip, temporary_netns, without_privilege
from wgtui.adapters.network import RtnlNetwork
from wgtui.domain.addresses import prefix_of
from wgtui.domain.errors import NetworkError, PermissionRefused, WrongWayIn
from wgtui.domain.network import LinkSettings, Rule, link_route

pytestmark = needs_root


@pytest.fixture
def netns() -> Iterator[str]:
    with temporary_netns() as name:
        yield name


@pytest.fixture
def network(netns: str) -> Iterator[RtnlNetwork]:
    adapter = RtnlNetwork(netns)
    yield adapter
    adapter.close()


class TestRtnlNetwork(NetworkContract):
    @pytest.fixture
    def rig(self, netns: str, network: RtnlNetwork) -> NetworkRig:
        add_quiet_pair(netns, "va", "vb")

        def vanish() -> None:
            ip("-n", netns, "link", "del", "va")

        return NetworkRig(network, "va", "vb", vanish)


def test_a_link_local_address_of_the_kernels_is_told_apart(netns: str, network: RtnlNetwork) -> None:
    ip("-n", netns, "link", "add", "va", "type", "veth", "peer", "name", "vb")
    network.set_link("vb", LinkSettings(up=True, mtu=1500))
    network.set_link("va", LinkSettings(up=True, mtu=1500))
    network.add_address("va", address("fe80::1/64"))
    told = {str(found.interface): found.kernel_made for found in network.addresses("va")}
    assert told.pop("fe80::1/64") is False
    assert list(told.values()) == [True]


def test_routes_that_are_not_modelled_are_left_out(netns: str, network: RtnlNetwork) -> None:
    add_quiet_pair(netns, "va", "vb")
    for name in ("va", "vb"):
        network.set_link(name, LinkSettings(up=True, mtu=1500))
    network.add_address("va", address("10.66.0.1/24"))
    ip("-n", netns, "nexthop", "add", "id", "7", "dev", "va")
    ip("-n", netns, "route", "add", "10.1.0.0/16", "nhid", "7")
    ip("-n", netns, "route", "add", "10.2.0.0/16", "tos", "0x10", "dev", "va")
    ip("-n", netns, "route", "add", "multicast", "224.1.1.0/24", "dev", "va")
    ip("-n", netns, "route", "add", "10.3.0.0/16", "nexthop", "dev", "va", "nexthop", "dev", "vb")
    ip("-n", netns, "-6", "route", "add", "fd01::/16", "from", "fd02::/16", "dev", "va")
    found = {str(route.destination): route.link for route in network.routes()}
    assert found == {"10.66.0.0/24": "va", "10.3.0.0/16": ""}


def test_a_rule_with_more_conditions_is_not_plain(netns: str, network: RtnlNetwork) -> None:
    ip("-n", netns, "rule", "add", "ipproto", "udp", "lookup", "77", "pref", "50")
    ip("-n", netns, "rule", "add", "tos", "0x10", "lookup", "77", "pref", "51")
    ip("-n", netns, "rule", "add", "unreachable", "pref", "52")
    ip("-n", netns, "rule", "add", "fwmark", "5", "lookup", "77", "pref", "53", "protocol", "static")
    rules = {rule.priority: rule for rule in network.rules() if rule.family == 4}
    assert [rules[number].is_plain for number in (50, 51, 52, 53)] == [False, False, False, True]
    assert rules[52].table == 0
    assert rules[53] == Rule(4, 77, priority=53, fwmark=5)


def test_ip_shows_what_wg_quick_would_have_made(netns: str, network: RtnlNetwork) -> None:
    """Everything is compared with what `ip` itself makes, as `wg-quick` calls it."""
    with temporary_netns() as reference:
        for name in (netns, reference):
            add_quiet_pair(name, "va", "vb")
            ip("-n", name, "link", "set", "vb", "up")
        for line in (
            "address add 10.66.0.1/24 dev va",
            "-6 address add fd66::1/64 dev va",
            "link set mtu 1420 up dev va",
            "route add 10.7.0.0/16 dev va",
            "-6 route add fd07::/48 dev va",
        ):
            ip("-n", reference, *line.split())
        for flag, default in (("-4", "0.0.0.0/0"), ("-6", "::/0")):
            ip("-n", reference, flag, "route", "add", default, "dev", "va", "table", "51820")
            ip("-n", reference, flag, "rule", "add", "not", "fwmark", "51820", "table", "51820")
            ip("-n", reference, flag, "rule", "add", "table", "main", "suppress_prefixlength", "0")
        network.add_address("va", address("10.66.0.1/24"))
        network.add_address("va", address("fd66::1/64"))
        network.set_link("va", LinkSettings(up=True, mtu=1420))
        network.add_route(link_route(prefix_of("10.7.0.0/16"), "va"))
        network.add_route(link_route(prefix_of("fd07::/48"), "va"))
        for family, default in ((4, "0.0.0.0/0"), (6, "::/0")):
            network.add_route(link_route(prefix_of(default), "va", 51820))
            network.add_rule(Rule(family, 51820, fwmark=51820, invert=True))
            network.add_rule(Rule(family, suppress_prefix_length=0))
        for what in ("route show", "route show table 51820", "rule show"):
            for flag in ("-4", "-6"):
                ours, theirs = (ip("-n", name, "-d", flag, *what.split()) for name in (netns, reference))
                assert ours == theirs
                assert ours


def test_a_refusal_says_what_was_refused(netns: str, network: RtnlNetwork) -> None:
    add_quiet_pair(netns, "va", "vb")
    network.set_link("va", LinkSettings(up=True, mtu=1500))
    host, route, rule = (
        address("10.66.0.1/24"),
        link_route(prefix_of("10.7.0.0/16"), "va", 77),
        Rule(4, 77, 9),
    )

    def text(change: Callable[[], None]) -> str:
        with pytest.raises(NetworkError) as caught:
            change()
        return caught.value.text

    cases: list[tuple[Callable[[], None], Callable[[], None], str]] = [
        (
            lambda: network.add_address("va", host),
            lambda: network.remove_address("va", host),
            "The address 10.66.0.1/24 of va",
        ),
        (
            lambda: network.add_route(route),
            lambda: network.remove_route(route),
            "The route 10.7.0.0/16 dev va table 77",
        ),
        (lambda: network.add_rule(rule), lambda: network.remove_rule(rule), "The IPv4 rule 9 table 77"),
    ]
    for add, remove, subject in cases:
        assert text(remove) == f"{subject} could not be removed: it is not there."
        add()
        assert text(add) == f"{subject} could not be added: it is there already."
    assert text(lambda: network.add_address("no\x1bsuch", host)) == "There is no interface no\ufffdsuch."


def test_without_privilege(netns: str, network: RtnlNetwork) -> None:
    add_quiet_pair(netns, "va", "vb")
    assert network.route_to(ip_address("10.0.0.1")) is None
    with without_privilege():
        with pytest.raises(PermissionRefused, match="CAP_NET_ADMIN"):
            network.set_link("va", LinkSettings(up=True, mtu=1420))
        with pytest.raises(PermissionRefused, match="CAP_NET_ADMIN"):
            network.add_address("va", address("10.66.0.1/24"))
        with pytest.raises(PermissionRefused, match="CAP_NET_ADMIN"):
            network.add_route(link_route(prefix_of("10.7.0.0/16"), "va"))
        with pytest.raises(PermissionRefused, match="CAP_NET_ADMIN"):
            network.add_rule(Rule(4, 77))
        assert network.link("va") is not None


def test_where_ipv6_is_switched_off(netns: str, network: RtnlNetwork) -> None:
    add_quiet_pair(netns, "va", "vb")
    ip("netns", "exec", netns, "sysctl", "-q", "net.ipv6.conf.va.disable_ipv6=1")
    with pytest.raises(NetworkError, match="disabled"):
        network.add_address("va", address("fd66::1/64"))


def test_an_mtu_that_the_link_cannot_have(netns: str, network: RtnlNetwork) -> None:
    add_quiet_pair(netns, "va", "vb")
    with pytest.raises(NetworkError, match=r"interface va .*MTU of 10: mtu less than device minimum\."):
        network.set_link("va", LinkSettings(up=True, mtu=10))


def test_the_reverse_path_filter_is_told(netns: str, network: RtnlNetwork) -> None:
    add_quiet_pair(netns, "va", "vb")
    for name, own in (("va", "10.66.0.1/24"), ("vb", "10.67.0.1/24")):
        network.set_link(name, LinkSettings(up=True, mtu=1500))
        network.add_address(name, address(own))
    far, stranger = ip_address("10.67.0.9"), ip_address("10.67.0.77")
    _set(netns, "net.ipv4.ip_forward", "1")
    _set(netns, "net.ipv4.conf.va.rp_filter", "1")
    with pytest.raises(WrongWayIn):
        network.route_through(far, source=stranger, in_link="va")
    _set(netns, "net.ipv4.conf.va.rp_filter", "2")
    found = network.route_through(far, source=stranger, in_link="va")
    assert found is not None
    assert found.link == "vb"
    _set(netns, "net.ipv4.ip_forward", "0")
    assert network.route_through(far, source=stranger, in_link="va") is None


def _set(netns: str, name: str, value: str) -> None:
    ip("netns", "exec", netns, "sysctl", "-qw", f"{name}={value}")
