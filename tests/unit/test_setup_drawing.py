"""The wizard's drawing: the operator's own addresses, at any width, in any alphabet."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_interface

import pytest

from wgtui.domain.addresses import prefix_of
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.setup import Draft, DraftNetwork, DraftPeer, Role, Scenario
from wgtui.ui.presentation.cells import plain
from wgtui.ui.presentation.glyphs import ASCII, UTF8, Glyphs
from wgtui.ui.presentation.setup.drawing import drawing
from wgtui.ui.presentation.wrapping import cell_width

OWN = DraftNetwork(
    name="wg0",
    addresses=(ip_interface("10.66.0.1/24"), ip_interface("fd00::1/64")),
    endpoint=EndpointConfig("vpn.example.org", 51820),
    lans=(prefix_of("192.168.2.0/24"),),
)
HOME = DraftPeer(name="home", role=Role.GATEWAY, lans=(prefix_of("192.168.7.0/24"),))
HUB = DraftPeer(name="hub", role=Role.PLAIN, endpoint=EndpointConfig("hub.example.org", 443))


def text(draft: Draft, width: int = 78, glyphs: Glyphs = UTF8) -> str:
    """The drawing as one text."""
    return "\n".join(plain(line) for line in drawing(draft, width, glyphs))


def test_callers_are_joined_to_the_host_that_they_call() -> None:
    shown = text(Draft(Scenario.RELAY, OWN, peers=(DraftPeer(name="phone", role=Role.ROAMING), HOME)))
    assert shown.splitlines() == [
        " phone 10.66.0.2 ───────┬─→ this host",
        " home 10.66.0.3 ────────┘   10.66.0.1/24",
        " └ LAN 192.168.7.0/24       └ vpn.example.org:51820",
        "                            └ LAN 192.168.2.0/24",
    ]


def test_a_host_that_dials_is_on_the_left() -> None:
    shown = text(Draft(Scenario.JOIN, replace(OWN, endpoint=None), peers=(HUB,)))
    assert shown.splitlines() == [
        " this host 10.66.0.1/24 ────→ hub",
        " └ LAN 192.168.2.0/24         └ hub.example.org:443",
        "                              └ its other peers",
    ]


def test_many_callers_are_counted() -> None:
    peers = tuple(DraftPeer(name=f"peer{number}", role=Role.ROAMING) for number in range(9))
    assert "and 6 more" in text(Draft(Scenario.GATEWAY, OWN, peers=peers))


@pytest.mark.parametrize("scenario", Scenario)
@pytest.mark.parametrize("width", [40, 58, 78, 118])
@pytest.mark.parametrize("glyphs", [UTF8, ASCII], ids=["utf8", "ascii"])
def test_every_drawing_fits(scenario: Scenario, width: int, glyphs: Glyphs) -> None:
    wide = DraftPeer(
        name="宽字符的名字非常非常长的一个名字",
        role=Role.GATEWAY,
        addresses=(ip_interface("2001:db8:1111:2222:3333:4444:5555:6666/64"),),
        lans=(prefix_of("2001:db8:1111:2222:3333:4444:5555:6660/124"),),
    )
    for peers in ((), (HUB,), (HOME, wide, HOME, HOME)):
        shown = text(Draft(scenario, OWN, peers=peers), width, glyphs)
        assert shown
        assert glyphs is UTF8 or shown.isascii()
        # What is behind the called one may be cut by the pane; the callers' column may not push it out.
        assert all(cell_width(row.rstrip()) <= 2 * width for row in shown.splitlines())
        assert max(row.find("this host") for row in shown.splitlines()) < width
