"""What a plan makes of the way of a session, foreseen and then seen in the kernel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from ipaddress import ip_address, ip_interface
from random import Random

import pytest

from tests.support.needs import needs_root
from tests.support.netns import add_quiet_pair, temporary_netns
from wgtui.adapters.network import RtnlNetwork
from wgtui.domain.addresses import prefix_of
from wgtui.domain.errors import NetworkError
from wgtui.domain.network import LinkAddress, LinkSettings, Route, Rule, link_route
from wgtui.domain.plan import SetAddress, SetLink, SetRoute, SetRule, Step
from wgtui.domain.session import Packet, Routing

pytestmark = needs_root

LINKS = ("va", "vb", "vc")
PREFIXES = ("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3/32")
PREFIXES6 = ("::/0", "fd00::/16", "fd00:1::/32", "fd00:1:2::/64", "fd00:1:2::3/128")
PACKETS = [
    Packet(ip_address(target), mark=mark)
    for target in ("10.1.2.3", "10.1.2.9", "10.9.9.9", "192.0.2.1", "fd00:1:2::3", "fd00:9::1")
    for mark in (0, 7)
]
TABLES = (254, 100, 101)


@pytest.fixture
def network() -> Iterator[RtnlNetwork]:
    """A namespace with three links that are up."""
    with temporary_netns() as netns:
        add_quiet_pair(netns, "va", "vb")
        add_quiet_pair(netns, "vc", "vd")
        adapter = RtnlNetwork(netns)
        for name in (*LINKS, "vd"):
            adapter.set_link(name, LinkSettings(up=True, mtu=1500))
        yield adapter
        adapter.close()


def some_step(random: Random, network: RtnlNetwork) -> Step:
    """Something that a plan may do, in the state that the host is in."""
    version = random.choice((4, 6))
    kind = random.choice(("route", "route", "unroute", "rule", "unrule", "address", "link"))
    link = random.choice(LINKS)
    state = network.link(link)
    is_up = state is not None and state.up
    if kind == "route":
        prefix = prefix_of(random.choice(PREFIXES if version == 4 else PREFIXES6))
        made = link_route(prefix, link, random.choice(TABLES))
        if random.random() < 0.15:
            made = Route(prefix, table=made.table, type=random.choice((6, 7, 9)))
        return SetRoute(replace(made, metric=random.choice((0, 0, 50))), True)
    if kind == "rule":
        if random.random() < 0.3:
            return SetRule(Rule(version, suppress_prefix_length=random.choice((0, 8))), True)
        mark = random.choice((None, 7))
        inverted = mark is not None and random.random() < 0.6
        return SetRule(Rule(version, random.choice(TABLES), fwmark=mark, invert=inverted), True)
    routes = [route for route in network.routes() if route.protocol == 3]
    if kind == "unroute" and routes:
        return SetRoute(random.choice(routes), False)
    rules = [rule for rule in network.rules() if 0 < (rule.priority or 0) < 32766]
    if kind == "unrule" and rules:
        return SetRule(random.choice(rules), False)
    if kind == "link" or not is_up:
        # An address on a link that is down gets its route when that comes up.
        return SetLink(link, LinkSettings(is_up, 1500), LinkSettings(not is_up, 1500))
    text = random.choice(("10.1.2.200/24", "10.1.0.200/16") if version == 4 else ("fd00:1:2::200/64",))
    address = LinkAddress(ip_interface(text))
    known = [known.interface for known in network.addresses(link)]
    return SetAddress(link, address, address.interface not in known)


def take(network: RtnlNetwork, step: Step) -> None:
    """Do it."""
    match step:
        case SetRoute(route=route, present=present):
            (network.add_route if present else network.remove_route)(route)
        case SetRule(rule=rule, present=present):
            (network.add_rule if present else network.remove_rule)(rule)
        case SetAddress(interface=link, address=address, present=present):
            (network.add_address if present else network.remove_address)(link, address)
        case SetLink(interface=link, after=settings):
            network.set_link(link, settings)


@pytest.mark.parametrize("seed", range(12))
def test_the_way_after_a_step_is_the_kernels(network: RtnlNetwork, seed: int) -> None:
    random = Random(seed)
    compared = 0
    while compared < 400:
        step = some_step(random, network)
        addresses = {link: tuple(one.interface for one in network.addresses(link)) for link in LINKS}
        before = Routing(network.routes(), network.rules(), addresses)
        try:
            take(network, step)
        except NetworkError:
            continue
        if isinstance(step, SetLink) and step.after.up:
            # Which routes come back is not foreseen: the step brings none by itself.
            continue
        for packet in PACKETS:
            with suppress(NetworkError):
                answer = network.route_to(packet.destination, mark=packet.mark)
                foreseen = before.after([step], packet.destination).route_of(packet)
                link = foreseen.link if foreseen is not None and foreseen.type == 1 else ""
                assert link == (answer.link if answer is not None else ""), (
                    f"{step}\n{packet}\n{foreseen}\n{before.routes}"
                )
                compared += 1
