"""The forwarding each scenario starts with."""

from __future__ import annotations

from ipaddress import IPv4Interface, IPv6Interface

import pytest

from wgtui.domain.setup import ForwardingAnswers, Scenario, usual_forwarding

V4 = IPv4Interface("10.66.0.1/24")
V6 = IPv6Interface("fd66::1/64")


def test_a_relay_forwards_the_families_of_its_tunnel() -> None:
    usual = usual_forwarding(Scenario.RELAY, (V4,), "eth0")
    assert usual == ForwardingAnswers(ipv4=True, relay=True, open_port=True)
    assert usual_forwarding(Scenario.RELAY, (V4, V6), "eth0").ipv6


def test_a_full_tunnel_hides_behind_the_uplink() -> None:
    usual = usual_forwarding(Scenario.GATEWAY, (V4, V6), "eth0")
    assert (usual.forward, usual.masquerade, usual.open_port) == (True, "eth0", True)


@pytest.mark.parametrize("scenario", [Scenario.DIRECT_NATED, Scenario.JOIN])
def test_a_host_that_dials_leads_to_its_lan_and_opens_no_port(scenario: Scenario) -> None:
    usual = usual_forwarding(scenario, (V4,), "eth1")
    assert usual == ForwardingAnswers(ipv4=True, forward=True, masquerade="eth1")


def test_the_direct_scenario_forwards_nothing_here() -> None:
    assert usual_forwarding(Scenario.DIRECT_PUBLIC, (V4,), "eth0") == ForwardingAnswers(open_port=True)
