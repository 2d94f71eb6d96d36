"""Who came, and what arrives at the port: the service over hand-made ports."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import pytest

from wgtui.adapters.simulated.clock import FakeClock
from wgtui.adapters.simulated.forward_rules import SimulatedForwardRules
from wgtui.adapters.simulated.packet_filter import OPEN, SimulatedPacketFilter
from wgtui.adapters.simulated.port_watch import (
    FailingCall,
    SimulatedInitiations,
    SimulatedPortWatch,
    simulated_initiation,
)
from wgtui.adapters.simulated.scenarios import demo_world
from wgtui.adapters.simulated.world import SimulatedLinks, SimulatedWireGuard
from wgtui.domain.addresses import Endpoint
from wgtui.domain.errors import NetworkError, PermissionRefused
from wgtui.domain.first_contact import Cause, Contact, Reason, Stage
from wgtui.domain.forwarding import IptablesPlace, PlacedRule, Purpose
from wgtui.domain.forwarding.rules import Family, FilterRule
from wgtui.domain.keys import PublicKey
from wgtui.domain.port_traffic import PacketKind, PortReading, SeenPacket
from wgtui.ports.port_watch import PortWatch
from wgtui.services.first_contact import ContactView, FirstContact, PortObserver, Surroundings
from wgtui.services.monitor import Monitor

CALLER = Endpoint(ip_address("192.0.2.77"), 40112)
DROPS = OPEN.replace(":INPUT ACCEPT [0:0]", ":INPUT DROP [0:0]")


class Queue:
    """A `PortWatch` with what a test puts in."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.packets: tuple[SeenPacket, ...] = ()
        self.error: NetworkError | None = None
        self.is_closed = False

    def read(self) -> PortReading:
        if self.error is not None:
            raise self.error
        packets, self.packets = self.packets, ()
        return PortReading(packets)

    def close(self) -> None:
        self.is_closed = True


class Host:
    """The demo's relay, with two peers that never came."""

    def __init__(self, *, filtered: str = OPEN) -> None:
        self.clock = FakeClock()
        self.scenario = demo_world(self.clock)
        self.scenario.world.on_read = lambda: None
        self.refusal: PermissionRefused | None = None
        self.opened: list[Queue] = []
        self.monitor = Monitor(
            SimulatedWireGuard(self.scenario.world), self.clock, links=SimulatedLinks(self.scenario.world)
        )
        self.rules = SimulatedForwardRules(now=self.clock.monotonic)
        packet_filter = SimulatedPacketFilter(self.rules, filtered)
        self.service = FirstContact(
            PortObserver(self._open, SimulatedInitiations(), self.clock),
            self.clock,
            Surroundings(self.scenario.network, packet_filter, self.rules),
        )

    @property
    def phone(self) -> PublicKey:
        """The peer without an endpoint."""
        return list(self.scenario.world.devices["wg0"].peers)[-1]

    def _open(self, port: int) -> PortWatch:
        if self.refusal is not None:
            raise self.refusal
        self.opened.append(Queue(port))
        return self.opened[-1]

    def look(self, interface: str = "wg0", *, fresh: bool = False) -> ContactView:
        """One look, a second after the last."""
        self.clock.advance(1)
        return self.service.look(self.monitor.take(), interface, fresh=fresh)

    def contact(self) -> Contact:
        """The phone's."""
        found = self.look().contact(self.phone)
        assert found is not None
        return found

    def call(self) -> None:
        """The phone calls."""
        message = simulated_initiation(self.phone)
        self.opened[-1].packets += (SeenPacket(PacketKind.INITIATION, CALLER, message=message),)


@pytest.fixture
def host() -> Host:
    return Host()


def test_while_nothing_changes_it_is_the_same_object(host: Host) -> None:
    first = host.look()
    assert host.look() is first
    assert first.there == 7
    assert not first.is_done


def test_the_port_is_followed_when_it_changes(host: Host) -> None:
    assert host.look().port == 43155
    host.scenario.world.devices["wg0"].listen_port = 51999
    assert host.look().port == 51999
    assert [(queue.port, queue.is_closed) for queue in host.opened] == [(43155, True), (51999, False)]


def test_another_interface_is_begun_with_anew(host: Host) -> None:
    host.look()
    host.call()
    assert host.look().traffic is not None
    other = host.look("wg1")
    assert (other.port, other.interface) == (51820, "wg1")
    assert host.opened[0].is_closed
    traffic = host.look().traffic
    assert traffic is not None
    assert traffic.arrived.total == 0


def test_a_device_that_goes_is_down_and_its_port_is_let_go(host: Host) -> None:
    host.look()
    host.scenario.world.delete("wg0")
    view = host.look()
    assert (view.up, view.port) == (False, 0)
    assert {one.stage for one in view.contacts} == {Stage.OFF}
    assert host.opened[0].is_closed


def test_a_refusal_is_a_value_and_is_tried_again_only_on_order(host: Host) -> None:
    host.refusal = PermissionRefused("It cannot be watched.", hint="It needs CAP_NET_RAW.")
    view = host.look()
    assert view.blind is not None
    assert (view.blind.text, view.blind.hint) == ("It cannot be watched.", "It needs CAP_NET_RAW.")
    assert view.traffic is None
    host.refusal = None
    assert host.look().blind is not None
    assert host.look(fresh=True).blind is None
    assert host.look().traffic is not None


def test_a_watch_that_breaks_is_a_value_too(host: Host) -> None:
    host.look()
    host.opened[0].error = NetworkError("The link is gone.")
    view = host.look()
    assert view.blind is not None
    assert view.blind.text == "The link is gone."
    assert host.opened[0].is_closed


def test_where_it_cannot_be_watched_the_rule_that_opens_the_port_counts(host: Host) -> None:
    host.scenario.world.devices["wg0"].peers = {
        host.phone: host.scenario.world.devices["wg0"].peers[host.phone]
    }
    host.refusal = PermissionRefused("It cannot be watched.")
    opened = PlacedRule(IptablesPlace("nft"), FilterRule(Purpose.PORT, Family.BOTH, udp_port=43155))
    host.rules.rules["wg0"] = {opened: host.clock.monotonic()}
    assert host.contact().finding.reason is Reason.NOTHING_HEARD
    host.clock.advance(10)
    view = host.look()
    assert view.counted > 500
    (contact,) = view.contacts
    assert (contact.finding.reason, contact.finding.count) == (Reason.SOMETHING_ARRIVES, view.counted)
    host.rules.rules.clear()
    host.clock.advance(10)
    assert host.look().counted == 0


def test_resting_lets_the_port_go(host: Host) -> None:
    host.look()
    host.service.rest()
    assert host.opened[0].is_closed
    assert host.look().traffic is not None
    assert len(host.opened) == 2


@pytest.mark.parametrize(("filtered", "certain"), [(OPEN, False), (DROPS, True)])
def test_the_packet_filter_is_asked_where_calls_are_not_answered(filtered: str, certain: bool) -> None:
    host = Host(filtered=filtered)
    host.look()
    for _ in range(2):
        host.call()
        host.look()
    finding = host.contact().finding
    assert (finding.reason, finding.certain) == (Reason.NOT_LET_IN, certain)
    assert finding.causes[0] is (Cause.PACKET_FILTER if certain else Cause.REVERSE_PATH)
    assert ("policy DROP" in finding.detail) is certain


def test_the_way_to_the_internet_tells_how_far_the_host_reaches(host: Host) -> None:
    finding = host.contact().finding
    assert finding.causes[:2] == (Cause.NOT_STARTED, Cause.WRONG_ENDPOINT)


def test_a_handshake_moves_a_peer_on(host: Host) -> None:
    assert host.contact().stage is Stage.WAITING
    peers = host.scenario.world.devices["wg0"].peers
    now = host.clock.now() + 1
    peers[host.phone] = replace(
        peers[host.phone], endpoint=CALLER, latest_handshake=now, rx_bytes=180, tx_bytes=92
    )
    contact = host.contact()
    assert (contact.stage, contact.since, contact.endpoint) == (Stage.SHOOK, now, CALLER)


class TestSimulatedWatch:
    """The demo's port tells what its world's counters say."""

    def test_traffic_calls_and_silence(self) -> None:
        clock = FakeClock()
        scenario = demo_world(clock)
        watch = SimulatedPortWatch(scenario.world, 43155, clock, scenario.failing)
        kinds = {(packet.kind, packet.outgoing) for packet in watch.read().packets}
        assert kinds == {
            (PacketKind.INITIATION, False),
            (PacketKind.RESPONSE, True),
            (PacketKind.INITIATION, True),
        }
        assert not watch.read().packets
        clock.advance(4)
        scenario.traffic.advance()
        passed = watch.read().packets
        assert {packet.kind for packet in passed} == {PacketKind.DATA}
        assert {packet.outgoing for packet in passed} == {False, True}

    def test_a_device_that_is_down_is_silent(self) -> None:
        clock = FakeClock()
        scenario = demo_world(clock)
        scenario.world.devices["wg0"].up = False
        failing = {key: FailingCall(CALLER) for key in scenario.world.devices["wg0"].peers}
        assert not SimulatedPortWatch(scenario.world, 43155, clock, failing).read().packets
