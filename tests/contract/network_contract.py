"""What every implementation of the `Network` port does. Subclass `NetworkContract` and give it a `rig`.

class TestMine(NetworkContract):
    @pytest.fixture
    def rig(self) -> Iterator[NetworkRig]:
        ...
        yield NetworkRig(network=..., link="va", other="vb", vanish=...)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from ipaddress import IPv4Interface, IPv6Interface, ip_address, ip_interface

import pytest

from wgtui.domain.addresses import prefix_of
from wgtui.domain.errors import NetworkError
from wgtui.domain.network import (
    PROTOCOL_KERNEL,
    LinkAddress,
    LinkSettings,
    Route,
    Rule,
    address_scope,
    link_route,
)
from wgtui.ports.network import Network

TABLE = 51820

_ADDRESSES = ("10.66.0.1/24", "10.66.1.1/32", "127.6.6.6/8", "169.254.6.6/16", "fd66::1/64", "fe80::1/64")


@dataclass(frozen=True)
class NetworkRig:
    """Two fresh links behind an implementation of the port, in a host without routes and other rules.

    Attributes:
        network: The implementation.
        link: Name of a link that is down, without addresses, MTU 1500; it gets none by itself.
        other: Another one.
        vanish: Makes `link` disappear.
    """

    network: Network
    link: str
    other: str
    vanish: Callable[[], None]

    def up(self, *addresses: str, mtu: int = 1500) -> None:
        """Bring both links up and give `link` addresses."""
        for name in (self.link, self.other):
            self.network.set_link(name, LinkSettings(up=True, mtu=mtu))
        for text in addresses:
            self.network.add_address(self.link, address(text))

    def route(self, destination: str, **attributes: object) -> Route:
        """Add a route by `link` and return it."""
        made = link_route(prefix_of(destination), self.link)
        route = replace(made, **attributes)  # type: ignore[arg-type]
        self.network.add_route(route)
        return route

    def destinations(self, *, link: str | None = None, table: int | None = None) -> set[str]:
        """Where routes lead that wgtui might have made."""
        found = self.network.routes(link=link, table=table)
        return {str(route.destination) for route in found if route.protocol != PROTOCOL_KERNEL}

    def links_of_routes(self) -> set[str]:
        """The links that routes leave by."""
        return {route.link for route in self.network.routes()}

    def own_rules(self, family: int) -> list[Rule]:
        """The rules that are not there from the start, in order, without priorities."""
        return [
            rule.without_priority()
            for rule in self.network.rules()
            if rule.family == family and rule.priority not in (0, 32766, 32767)
        ]


def address(text: str) -> LinkAddress:
    """An address as `ip address add` makes it."""
    interface: IPv4Interface | IPv6Interface = ip_interface(text)
    return LinkAddress(interface, address_scope(interface))


def not_marked(family: int) -> Rule:
    """The rule of a default-route tunnel for packets that are not its own."""
    return Rule(family, TABLE, fwmark=TABLE, invert=True)


def main_without_default(family: int) -> Rule:
    """The rule of a default-route tunnel that lets more special routes go first."""
    return Rule(family, suppress_prefix_length=0)


class NetworkContract:
    """The suite."""

    def test_a_link_is_found_by_its_name(self, rig: NetworkRig) -> None:
        link = rig.network.link(rig.link)
        assert link is not None
        assert (link.name, link.up, link.mtu, link.addresses) == (rig.link, False, 1500, ())

    @pytest.mark.parametrize("name", ["nosuch0", "", "a" * 16, "a\0b", "\ud800", "ü" * 8])
    def test_a_name_that_no_link_has(self, rig: NetworkRig, name: str) -> None:
        assert rig.network.link(name) is None
        assert rig.network.addresses(name) == ()
        assert rig.network.routes(link=name) == ()
        with pytest.raises(NetworkError):
            rig.network.set_link(name, LinkSettings(up=True, mtu=1420))
        with pytest.raises(NetworkError):
            rig.network.add_address(name, address("10.66.0.1/24"))
        with pytest.raises(NetworkError):
            rig.network.add_route(link_route(prefix_of("10.66.0.0/24"), name or "no interface"))

    def test_mtu_and_up_are_set(self, rig: NetworkRig) -> None:
        for settings in (LinkSettings(up=True, mtu=1420), LinkSettings(up=False, mtu=1380)):
            rig.network.set_link(rig.link, settings)
            link = rig.network.link(rig.link)
            assert link is not None
            assert LinkSettings(link.up, link.mtu) == settings

    def test_addresses_are_added_and_removed(self, rig: NetworkRig) -> None:
        wanted = [address(text) for text in _ADDRESSES]
        for one in wanted:
            rig.network.add_address(rig.link, one)
        assert set(rig.network.addresses(rig.link)) == set(wanted)
        link = rig.network.link(rig.link)
        assert link is not None
        assert link.addresses == tuple(found.interface for found in rig.network.addresses(rig.link))
        assert rig.network.addresses(rig.other) == ()
        for one in wanted:
            rig.network.remove_address(rig.link, one)
        assert rig.network.addresses(rig.link) == ()

    @pytest.mark.parametrize("text", ["10.66.0.1/24", "fd66::1/64"])
    def test_an_address_that_is_there_is_refused(self, rig: NetworkRig, text: str) -> None:
        rig.network.add_address(rig.link, address(text))
        with pytest.raises(NetworkError):
            rig.network.add_address(rig.link, address(text))

    @pytest.mark.parametrize("text", ["10.66.0.1/24", "fd66::1/64"])
    def test_an_address_that_is_not_there_cannot_go(self, rig: NetworkRig, text: str) -> None:
        with pytest.raises(NetworkError):
            rig.network.remove_address(rig.link, address(text))

    def test_one_host_may_have_several_lengths(self, rig: NetworkRig) -> None:
        wanted = [address("10.66.0.1/24"), address("10.66.0.1/32")]
        for one in wanted:
            rig.network.add_address(rig.link, one)
        rig.network.remove_address(rig.link, wanted[0])
        assert rig.network.addresses(rig.link) == (wanted[1],)

    def test_ipv6_needs_1280_bytes(self, rig: NetworkRig) -> None:
        rig.up("10.66.0.1/24", "fd66::1/64")
        rig.network.set_link(rig.link, LinkSettings(up=True, mtu=1279))
        assert rig.network.addresses(rig.link) == (address("10.66.0.1/24"),)
        with pytest.raises(NetworkError):
            rig.network.add_address(rig.link, address("fd66::2/64"))

    def test_the_route_of_an_addresss_own_prefix(self, rig: NetworkRig) -> None:
        rig.up("10.66.0.1/24", "fd66::1/64")
        found = {
            str(r.destination) for r in rig.network.routes(link=rig.link) if r.protocol == PROTOCOL_KERNEL
        }
        assert found == {"10.66.0.0/24", "fd66::/64"}
        rig.network.remove_address(rig.link, address("10.66.0.1/24"))
        rig.network.remove_address(rig.link, address("fd66::1/64"))
        assert rig.network.routes(link=rig.link) == ()

    @pytest.mark.parametrize("text", ["10.7.0.0/16", "fd07::/48", "0.0.0.0/0", "::/0", "10.7.0.1/32"])
    @pytest.mark.parametrize("table", [254, 7, TABLE])
    def test_a_route_reads_back_as_it_was_made(self, rig: NetworkRig, text: str, table: int) -> None:
        rig.up("10.66.0.1/24", "fd66::1/64")
        made = rig.route(text, table=table)
        (found,) = (route for route in rig.network.routes() if route.key == made.key)
        assert found == replace(made, metric=1024 if made.destination.version == 6 else 0)
        assert found in rig.network.routes(link=rig.link, table=table)
        rig.network.remove_route(found)
        assert rig.destinations() == set()

    def test_a_route_by_a_gateway_with_an_mtu(self, rig: NetworkRig) -> None:
        rig.up("10.66.0.1/24", "fd66::1/64")
        via = Route(
            prefix_of("10.7.0.0/16"),
            rig.link,
            gateway=ip_address("10.66.0.9"),
            metric=50,
            source=ip_address("10.66.0.1"),
            mtu=1300,
            mtu_locked=True,
        )
        via6 = Route(
            prefix_of("fd07::/48"), rig.link, gateway=ip_address("fd66::9"), metric=7, mtu=1290, protocol=4
        )
        for route in (via, via6):
            rig.network.add_route(route)
            assert route in rig.network.routes(table=254)
            rig.network.remove_route(route)
        assert rig.destinations() == set()

    @pytest.mark.parametrize("text", ["10.7.0.0/16", "fd07::/48"])
    def test_a_route_that_is_there_is_refused(self, rig: NetworkRig, text: str) -> None:
        rig.up("10.66.0.1/24", "fd66::1/64")
        route = rig.route(text)
        with pytest.raises(NetworkError):
            rig.network.add_route(route)
        rig.network.add_route(replace(route, table=TABLE))
        assert rig.destinations(table=TABLE) == {text}

    @pytest.mark.parametrize("text", ["10.7.0.0/16", "fd07::/48"])
    def test_a_route_that_is_not_there_cannot_go(self, rig: NetworkRig, text: str) -> None:
        rig.up("10.66.0.1/24", "fd66::1/64")
        rig.route(text)
        absent = link_route(prefix_of(text), rig.link, TABLE)
        for one in (absent, link_route(prefix_of(text), rig.other)):
            with pytest.raises(NetworkError):
                rig.network.remove_route(one)
        assert rig.destinations() == {text}

    def test_routes_are_picked_by_link_and_table(self, rig: NetworkRig) -> None:
        rig.up("10.66.0.1/24", "fd66::1/64")
        rig.route("10.7.0.0/16")
        rig.route("fd07::/48", table=TABLE)
        rig.network.add_route(link_route(prefix_of("10.8.0.0/16"), rig.other))
        assert rig.destinations() == {"10.7.0.0/16", "fd07::/48", "10.8.0.0/16"}
        assert rig.destinations(link=rig.link) == {"10.7.0.0/16", "fd07::/48"}
        assert rig.destinations(table=TABLE) == {"fd07::/48"}
        assert rig.destinations(link=rig.other, table=TABLE) == set()
        assert rig.network.routes(table=4711) == ()

    def test_a_link_that_is_down_has_no_routes(self, rig: NetworkRig) -> None:
        rig.up("10.66.0.1/24", "fd66::1/64")
        rig.route("10.7.0.0/16")
        rig.route("fd07::/48")
        rig.network.set_link(rig.link, LinkSettings(up=False, mtu=1500))
        assert rig.destinations() == set()
        with pytest.raises(NetworkError):
            rig.route("10.7.0.0/16")

    def test_everything_goes_with_the_link(self, rig: NetworkRig) -> None:
        rig.up("10.66.0.1/24", "fd66::1/64")
        route = rig.route("10.7.0.0/16")
        rig.vanish()
        assert rig.network.link(rig.link) is None
        assert rig.network.addresses(rig.link) == ()
        assert rig.network.routes(link=rig.link) == ()
        assert rig.link not in rig.links_of_routes()
        with pytest.raises(NetworkError):
            rig.network.remove_route(route)

    @pytest.mark.parametrize("family", [4, 6])
    def test_each_new_rule_goes_before_the_ones_before(self, rig: NetworkRig, family: int) -> None:
        rig.network.add_rule(not_marked(family))
        rig.network.add_rule(main_without_default(family))
        assert rig.own_rules(family) == [main_without_default(family), not_marked(family)]
        priorities = [rule.priority for rule in rig.network.rules() if rule.family == family]
        assert priorities[:4] == [0, 32764, 32765, 32766]

    def test_the_families_have_rules_of_their_own(self, rig: NetworkRig) -> None:
        rig.network.add_rule(not_marked(4))
        assert rig.own_rules(6) == []
        with pytest.raises(NetworkError):
            rig.network.remove_rule(not_marked(6))

    def test_rules_come_by_family_and_priority(self, rig: NetworkRig) -> None:
        for family in (6, 4):
            rig.network.add_rule(Rule(family, 77, priority=9000))
            rig.network.add_rule(Rule(family, 78, priority=90))
        order = [(rule.family, rule.priority) for rule in rig.network.rules()]
        assert order == sorted(order, key=lambda pair: (pair[0], pair[1] or 0))

    @pytest.mark.parametrize("family", [4, 6])
    def test_of_two_like_rules_one_is_removed(self, rig: NetworkRig, family: int) -> None:
        for rule in (not_marked(family), main_without_default(family)) * 2:
            rig.network.add_rule(rule)
        rig.network.remove_rule(main_without_default(family))
        assert rig.own_rules(family) == [
            not_marked(family),
            main_without_default(family),
            not_marked(family),
        ]
        rig.network.remove_rule(not_marked(family))
        assert rig.own_rules(family) == [main_without_default(family), not_marked(family)]

    def test_a_removal_takes_no_other_rule(self, rig: NetworkRig) -> None:
        rig.network.add_rule(not_marked(4))
        rig.network.add_rule(main_without_default(4))
        before = rig.network.rules()
        for near in (
            Rule(4, TABLE, fwmark=TABLE),
            Rule(4, TABLE, invert=True),
            Rule(4, TABLE, fwmark=TABLE + 1, invert=True),
            Rule(4, TABLE, priority=100, fwmark=TABLE, invert=True),
            Rule(4, suppress_prefix_length=8),
        ):
            with pytest.raises(NetworkError):
                rig.network.remove_rule(near)
        assert rig.network.rules() == before

    @pytest.mark.parametrize("family", [4, 6])
    def test_a_rule_with_all_conditions_reads_back(self, rig: NetworkRig, family: int) -> None:
        prefixes = ("10.0.0.0/8", "10.9.0.0/16") if family == 4 else ("fd00::/8", "fd09::/16")
        rule = Rule(
            family,
            77,
            priority=500,
            fwmark=0,
            fwmask=0xFF,
            suppress_prefix_length=8,
            source=prefix_of(prefixes[0]),
            destination=prefix_of(prefixes[1]),
            input_link=rig.link,
            output_link=rig.other,
        )
        rig.network.add_rule(rule)
        assert rule in rig.network.rules()
        with pytest.raises(NetworkError):
            rig.network.add_rule(rule)
        rig.network.remove_rule(rule)
        assert rig.own_rules(family) == []

    def test_what_is_not_known_of_a_rule_is_not_set_either(self, rig: NetworkRig) -> None:
        odd = Rule(4, 77, priority=500, is_plain=False)
        with pytest.raises(NetworkError):
            rig.network.add_rule(odd)
        with pytest.raises(NetworkError):
            rig.network.remove_rule(odd)

    def test_a_packet_takes_the_longest_prefix(self, rig: NetworkRig) -> None:
        rig.up("10.66.0.1/24", "fd66::1/64")
        rig.network.add_route(link_route(prefix_of("10.0.0.0/8"), rig.other))
        rig.route("10.7.0.0/16", mtu=1300)
        found = rig.network.route_to(ip_address("10.7.1.1"))
        assert found is not None
        assert (found.destination, found.link) == (prefix_of("10.7.1.1/32"), rig.link)
        assert (found.mtu, found.mtu_locked) == (1300, False)
        far = rig.network.route_to(ip_address("10.8.1.1"))
        assert far is not None
        assert (far.link, far.mtu) == (rig.other, 0)

    @pytest.mark.parametrize("target", ["198.51.100.1", "2001:db8::1"])
    def test_where_no_route_leads(self, rig: NetworkRig, target: str) -> None:
        rig.up("10.66.0.1/24", "fd66::1/64")
        assert rig.network.route_to(ip_address(target)) is None

    @pytest.mark.parametrize("kind", [6, 7, 8])
    @pytest.mark.parametrize("target", ["10.7.0.1", "fd07::1"])
    def test_a_route_that_lets_nothing_pass(self, rig: NetworkRig, target: str, kind: int) -> None:
        rig.up("10.66.0.1/24", "fd66::1/64")
        rig.network.add_route(Route(prefix_of(target), type=kind))
        assert rig.network.route_to(ip_address(target)) is None

    @pytest.mark.parametrize(
        ("family", "target", "near"),
        [(4, "198.51.100.1", "10.8.0.1"), (6, "2001:db8::1", "fd08::1")],
    )
    def test_a_packet_takes_the_way_of_its_mark(
        self, rig: NetworkRig, family: int, target: str, near: str
    ) -> None:
        rig.up("10.66.0.1/24", "fd66::1/64")
        everywhere = "0.0.0.0/0" if family == 4 else "::/0"
        rig.route(everywhere, table=TABLE)
        rig.network.add_route(link_route(prefix_of(everywhere), rig.other))
        rig.network.add_route(link_route(prefix_of(near), rig.other))
        rig.network.add_rule(not_marked(family))
        rig.network.add_rule(main_without_default(family))
        through = rig.network.route_to(ip_address(target))
        around = rig.network.route_to(ip_address(target), mark=TABLE)
        special = rig.network.route_to(ip_address(near))
        assert through is not None
        assert (through.link, through.table) == (rig.link, TABLE)
        assert around is not None
        assert (around.link, around.table) == (rig.other, 254)
        assert special is not None
        assert special.link == rig.other

    def test_a_packet_takes_the_way_of_its_source(self, rig: NetworkRig) -> None:
        rig.up("10.66.0.1/24", "10.67.0.1/24")
        rig.route("198.51.100.0/24", table=77)
        rig.network.add_rule(Rule(4, 77, source=prefix_of("10.67.0.1/32")))
        target = ip_address("198.51.100.1")
        assert rig.network.route_to(target, source=ip_address("10.66.0.1")) is None
        assert rig.network.route_to(target, source=ip_address("10.67.0.1")) is not None

    def test_a_packet_from_elsewhere_for_this_host(self, rig: NetworkRig) -> None:
        rig.up("10.66.0.1/24", "fd66::1/64")
        source = ip_address("10.66.0.9")
        own = rig.network.route_through(ip_address("10.66.0.1"), source=source, in_link=rig.link)
        assert own is not None
        assert own.type == 2
        nowhere = ip_address("198.51.100.1")
        assert rig.network.route_through(nowhere, source=source, in_link=rig.link) is None
        with pytest.raises(NetworkError):
            rig.network.route_through(nowhere, source=source, in_link="nosuch")
