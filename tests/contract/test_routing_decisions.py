"""What wgtui makes of rules and tables is what the kernel answers, for random ones in a namespace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from random import Random

import pytest

from tests.contract.network_contract import address
from tests.support.needs import needs_root
from tests.support.netns import add_quiet_pair, ip, temporary_netns
from tests.support.waiting import eventually
from wgtui.adapters.network import RtnlNetwork
from wgtui.domain.addresses import Address, Prefix, prefix_of
from wgtui.domain.cryptokey import Fate, Outcome, Ownership, RoutingTables, deliver
from wgtui.domain.cryptokey.routing import LOCAL_TABLE, THROW
from wgtui.domain.errors import NetworkError
from wgtui.domain.network import MAIN_TABLE, UNICAST, LinkSettings, Route, Rule, link_route

pytestmark = needs_root

TABLES = (MAIN_TABLE, 100, 51820)
BLACKHOLE, UNREACHABLE, PROHIBIT = 6, 7, 8
BASES = {4: int(IPv4Address("10.20.0.0")), 6: int(IPv6Address("fd20::"))}
BITS = {4: 32, 6: 128}


@pytest.fixture
def network() -> Iterator[RtnlNetwork]:
    with temporary_netns() as netns:
        # Without duplicate address detection an IPv6 address is the host's own at once.
        ip("netns", "exec", netns, "sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0")
        add_quiet_pair(netns, "va", "vb")
        adapter = RtnlNetwork(netns)
        for name, own in (
            ("va", ("10.20.0.65/26", "fd20::41/122")),
            ("vb", ("10.20.1.1/24", "fd20::101/120")),
        ):
            adapter.set_link(name, LinkSettings(up=True, mtu=1500))
            for text in own:
                adapter.add_address(name, address(text))
        made = {prefix_of(text) for text in ("fd20::41/128", "fd20::101/128")}
        # The kernel makes the routes of IPv6 addresses a moment later.
        eventually(
            "the host has its own IPv6 addresses",
            lambda: made <= {route.destination for route in adapter.routes(table=LOCAL_TABLE)},
        )
        yield adapter
        adapter.close()


def some_prefix(random: Random, family: int) -> Prefix:
    """A prefix around 512 addresses, or the default route."""
    if random.random() < 0.2:
        return prefix_of("0.0.0.0/0" if family == 4 else "::/0")
    length = BITS[family] - random.randint(0, 9)
    host = BASES[family] + random.randrange(512)
    return prefix_of(f"{ip_address(host) if family == 4 else IPv6Address(host)}/{length}")


def some_route(random: Random, family: int) -> Route:
    destination, table = some_prefix(random, family), random.choice(TABLES)
    kind = random.choice((UNICAST,) * 7 + (BLACKHOLE, UNREACHABLE, PROHIBIT, THROW))
    if kind != UNICAST:
        return Route(destination, table=table, type=kind)
    return link_route(destination, random.choice(("va", "vb")), table)


def some_rule(random: Random, family: int) -> Rule:
    return Rule(
        family,
        random.choice(TABLES),
        priority=random.randint(1, 30000),
        fwmark=random.choice((None, None, 0, 51820)),
        invert=random.random() < 0.3,
        suppress_prefix_length=random.choice((None, None, 0, BITS[family] - 6)),
        source=random.choice((None, None, some_prefix(random, family))),
        destination=random.choice((None, None, some_prefix(random, family))),
        input_link=random.choice(("", "", "lo", "va")),
        output_link=random.choice(("", "", "", "vb")),
    )


def fill(network: RtnlNetwork, random: Random) -> None:
    """Add routes and rules; what collides with others is left out."""
    for family in (4, 6):
        for _ in range(14):
            with suppress(NetworkError):
                network.add_route(some_route(random, family))
        for _ in range(5):
            with suppress(NetworkError):
                network.add_rule(some_rule(random, family))


def tables_of(network: RtnlNetwork) -> RoutingTables:
    return RoutingTables((*network.routes(), *network.routes(table=LOCAL_TABLE)), network.rules())


@pytest.mark.parametrize("seed", range(12))
def test_every_address_goes_the_way_that_was_worked_out(network: RtnlNetwork, seed: int) -> None:
    fill(network, Random(seed))
    routing, nothing = tables_of(network), Ownership()
    for family in (4, 6):
        for host in (*range(0, 512, 3), 64, 65, 127, 256, 257, 511):
            where: Address = IPv4Address(BASES[4] + host) if family == 4 else IPv6Address(BASES[6] + host)
            computed, kernel = routing.decide(where), network.route_to(where)
            delivery = deliver(nothing, where, computed=computed, kernel=kernel, asked=True)
            assert delivery.agree, (where, computed, kernel)


def test_the_hosts_own_address_is_its_own(network: RtnlNetwork) -> None:
    routing = tables_of(network)
    for text in ("10.20.1.1", "fd20::101"):
        where = ip_address(text)
        assert routing.decide(where).fate is Fate.HERE
        answer = deliver(Ownership(), where, kernel=network.route_to(where), asked=True)
        assert answer.outcome is Outcome.HERE
