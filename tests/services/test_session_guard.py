"""What the guard finds out about the operator's session on a simulated relay."""

from __future__ import annotations

from ipaddress import ip_address, ip_interface

import pytest

from wgtui.adapters.simulated.network import SimulatedNetwork
from wgtui.adapters.simulated.world import SimulatedWireGuard, World
from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.errors import DeviceError
from wgtui.domain.host import FileImage
from wgtui.domain.keys import PrivateKey, PublicKey
from wgtui.domain.network import LinkAddress, LinkSettings, Route, link_route
from wgtui.domain.plan import ConfigureDevice, Plan, SetFile, SetRoute
from wgtui.domain.session import Severity, SshSession
from wgtui.ports.links import Link
from wgtui.services.session_guard import SessionGuard

LAPTOP, PHONE = PublicKey(b"l" * 32), PublicKey(b"p" * 32)
TUNNEL = SshSession(ip_address("10.0.0.2"), 50000, ip_address("10.0.0.1"), 22)
UPLINK = SshSession(ip_address("203.0.113.9"), 50000, ip_address("198.51.100.1"), 22)
ELSEWHERE = SshSession(ip_address("192.0.2.9"), 50000, ip_address("192.0.2.1"), 22)


class AllLinks:
    """The links of the simulated network."""

    def __init__(self, network: SimulatedNetwork) -> None:
        self._network = network

    def all(self) -> tuple[Link, ...]:
        names = (*self._network.links, *self._network.world.devices)
        return tuple(link for name in names if (link := self._network.link(name)) is not None)

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def network() -> SimulatedNetwork:
    """A relay with an uplink, and a tunnel with two peers."""
    world = World(derive=lambda key: PublicKey(key.reveal_bytes()[::-1]))
    world.create("wg0")
    peers = (
        PeerChange(
            LAPTOP,
            endpoint=Endpoint(ip_address("203.0.113.9"), 4000),
            allowed_ips=(prefix_of("10.0.0.2/32"),),
        ),
        PeerChange(PHONE, allowed_ips=(prefix_of("10.0.0.3/32"),)),
    )
    world.configure("wg0", DeviceChange(private_key=PrivateKey(bytes(range(32))), peers=peers))
    made = SimulatedNetwork(world)
    made.add_link("eth0", ip_interface("198.51.100.1/24"))
    made.add_route(Route(prefix_of("0.0.0.0/0"), "eth0", gateway=ip_address("198.51.100.254")))
    made.add_address("wg0", LinkAddress(ip_interface("10.0.0.1/24")))
    made.set_link("wg0", LinkSettings(up=True, mtu=1420))
    return made


def guard(network: SimulatedNetwork, *sessions: SshSession, ends_here: bool = True) -> SessionGuard:
    """A guard of that relay."""
    wireguard = SimulatedWireGuard(network.world)
    return SessionGuard(sessions, AllLinks(network), network, wireguard, ends_here=ends_here)


def remove(key: PublicKey) -> Plan:
    """A plan that removes a peer."""
    change = DeviceChange(peers=(PeerChange(key, remove=True),))
    return Plan("Remove a peer", (ConfigureDevice("wg0", change, DeviceChange()),))


def lead_away(prefix: str) -> Plan:
    """A plan that leads a prefix into the tunnel."""
    return Plan("Add a route", (SetRoute(link_route(prefix_of(prefix), "wg0"), True),))


def test_the_peer_that_the_session_comes_through_is_known(network: SimulatedNetwork) -> None:
    (risk,) = guard(network, TUNNEL).risks(remove(LAPTOP))
    assert risk.severity is Severity.WILL
    assert risk.text == "The peer of wg0 that your session comes through is removed."
    assert guard(network, TUNNEL).risks(remove(PHONE)) == ()


def test_the_way_to_the_end_of_the_tunnel_counts(network: SimulatedNetwork) -> None:
    plan = lead_away("203.0.113.0/24")
    for session in (TUNNEL, UPLINK):
        (risk,) = guard(network, session).risks(plan)
        assert risk.text == "Packets of your session to 203.0.113.9 would leave by wg0 instead of eth0."
    assert guard(network, TUNNEL).risks(lead_away("172.16.0.0/12")) == ()


def test_a_session_by_the_uplink_does_not_need_the_tunnel(network: SimulatedNetwork) -> None:
    assert guard(network, UPLINK).risks(remove(LAPTOP)) == ()


def test_the_host_is_looked_at_anew_for_every_plan(network: SimulatedNetwork) -> None:
    watching = guard(network, TUNNEL)
    assert watching.risks(remove(PHONE)) == ()
    moved = DeviceChange(peers=(PeerChange(PHONE, allowed_ips=(prefix_of("10.0.0.2/32"),)),))
    network.world.configure("wg0", moved)
    assert watching.risks(remove(PHONE))


def test_each_of_several_sessions_counts(network: SimulatedNetwork) -> None:
    watching = guard(network, UPLINK, TUNNEL)
    assert [risk.severity for risk in watching.risks(remove(LAPTOP))] == [Severity.WILL]
    assert len(watching.risks(lead_away("203.0.113.0/24"))) == 1


def test_without_a_session_nothing_is_at_risk(network: SimulatedNetwork) -> None:
    assert guard(network).risks(remove(LAPTOP)) == ()


def test_an_address_that_no_link_has_is_an_alarm_unless_the_session_ends_elsewhere(
    network: SimulatedNetwork,
) -> None:
    (risk,) = guard(network, ELSEWHERE).risks(remove(PHONE))
    assert risk.text == "It is not known by which way your session from 192.0.2.9 reaches this host."
    assert guard(network, ELSEWHERE, ends_here=False).risks(remove(PHONE)) == ()


def test_what_cannot_be_read_is_an_alarm_but_for_files(network: SimulatedNetwork) -> None:
    network.world.faults.reading["wg0"] = DeviceError("It does not answer.")
    (risk,) = guard(network, TUNNEL).risks(remove(PHONE))
    assert risk.severity is Severity.MAY
    files = Plan("Write", (SetFile("/etc/wireguard/wg0.conf", None, FileImage(b"")),))
    assert guard(network, TUNNEL).risks(files) == ()
