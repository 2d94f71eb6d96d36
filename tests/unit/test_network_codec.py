from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address, ip_interface

import pytest

from wgtui.adapters import rtnetlink as rt
from wgtui.adapters.netlink_socket import MalformedMessage, attribute
from wgtui.adapters.network import decode, encode
from wgtui.adapters.network import messages as m
from wgtui.domain.addresses import prefix_of
from wgtui.domain.network import LinkAddress, Route, Rule

PERMANENT = attribute(rt.IFA_FLAGS, m.U32.pack(m.IFA_F_PERMANENT))
MADE_BY_KERNEL = attribute(rt.IFA_PROTO, b"\3")


@pytest.mark.parametrize(
    ("address", "attributes", "is_tun", "tells_origin", "kernel_made"),
    [
        ("fe80::1/64", PERMANENT + MADE_BY_KERNEL, False, True, True),
        ("fe80::1/64", PERMANENT, True, True, False),
        ("fe80::1/64", PERMANENT, True, False, True),
        ("fe80::1/64", PERMANENT, False, False, False),
        ("fe80::1/64", b"", True, False, False),
        ("fd66::1/64", PERMANENT, True, False, False),
        ("10.66.0.1/24", PERMANENT, True, False, False),
    ],
)
def test_who_made_an_address(
    address: str, attributes: bytes, is_tun: bool, tells_origin: bool, kernel_made: bool
) -> None:
    message = encode.address(7, LinkAddress(ip_interface(address))) + attributes
    found = decode.link_address(message, is_tun=is_tun, tells_origin=tells_origin)
    assert found == (7, LinkAddress(ip_interface(address), kernel_made=kernel_made))


ROUTES = [
    Route(prefix_of("0.0.0.0/0"), "wg0", 51820, scope=253),
    Route(prefix_of("10.7.0.0/16"), "wg0", gateway=ip_address("10.0.0.9"), source=ip_address("10.0.0.1")),
    Route(prefix_of("10.7.0.0/16"), "wg0", gateway=ip_address("fe80::9"), mtu=1300, mtu_locked=True),
    Route(prefix_of("fd07::/48"), "wg0", 7, gateway=ip_address("fd00::9"), metric=5, mtu=1300),
    Route(prefix_of("fd08::/48"), type=7),
]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: str(route.destination))
def test_a_route_survives_the_wire(route: Route) -> None:
    index = 7 if route.link else 0
    message = encode.route(index, route)
    assert decode.route(message, {7: "wg0"}) == route
    if route.link:
        assert decode.route(message, {8: "wg0"}) is None


@pytest.mark.parametrize(
    "rule",
    [
        Rule(4, 51820, fwmark=51820, invert=True),
        Rule(6, suppress_prefix_length=0),
        Rule(4, 7, fwmark=0, fwmask=0xFF, source=prefix_of("10.0.0.0/8"), input_link="eth0"),
        Rule(6, 300, priority=9, fwmark=1, fwmask=3, destination=prefix_of("fd00::/8"), output_link="x"),
    ],
    ids=str,
)
def test_a_rule_survives_the_wire(rule: Rule) -> None:
    found = decode.rule(encode.rule(rule))
    assert found is not None
    assert found.matches(rule)
    assert found.priority == (rule.priority or 0)


ROUTE_BYTES = encode.route(7, ROUTES[1])
RULE_BYTES = encode.rule(Rule(4, 300, fwmark=5, priority=1))


def read_route(data: bytes) -> object:
    return decode.route(data, {7: "wg0"})


@pytest.mark.parametrize(("whole", "read"), [(ROUTE_BYTES, read_route), (RULE_BYTES, decode.rule)])
def test_a_message_that_was_cut_short_is_said(whole: bytes, read: Callable[[bytes], object]) -> None:
    for length in range(len(whole)):
        # At multiples of 4 the cut may fall between two attributes, and what is left is a message.
        if length % 4 or length < m.RTMSG.size:
            with pytest.raises(MalformedMessage):
                read(whole[:length])


@pytest.mark.parametrize(("length", "attributes"), [(33, b""), (8, attribute(m.RTA_GATEWAY, b"x"))])
def test_lengths_that_cannot_be_are_refused(length: int, attributes: bytes) -> None:
    with pytest.raises(MalformedMessage):
        decode.route(m.RTMSG.pack(m.AF_INET, length, 0, 0, 254, 3, 0, 1, 0) + attributes, {})
