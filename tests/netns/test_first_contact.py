"""Tunnels that cannot begin, each for one reason, and the reason that is said first."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from tests.netns.contact_rig import (
    PEER,
    PEER6,
    PORT,
    RELAY,
    RELAY6,
    ContactRig,
    contact_rig,
    drop_in_packet_filter,
    has_nft,
    keypair,
)
from tests.support.initiations import initiation
from tests.support.waiting import eventually
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.netns import call_in_netns
from wgtui.domain.addresses import Endpoint
from wgtui.domain.first_contact import Cause, Reason, Stage

needs_nft = pytest.mark.skipif(not has_nft(), reason="needs nft")


@pytest.fixture
def rig() -> Iterator[ContactRig]:
    with contact_rig() as made:
        yield made


class TestItComes:
    def test_all_is_well(self, rig: ContactRig) -> None:
        rig.start_relay(rig.of_peer())
        assert rig.contact().stage is Stage.WAITING
        rig.start_peer(rig.of_relay())
        rig.call()
        contact = rig.settles_at(Reason.BOTH_WAYS)
        assert contact.stage is Stage.TALKING
        assert contact.endpoint == Endpoint(ip_address(PEER), 51900)
        assert rig.look().is_done

    def test_all_is_well_over_ipv6(self, rig: ContactRig) -> None:
        rig.start_relay(rig.of_peer())
        rig.start_peer(rig.of_relay(at=Endpoint(ip_address(RELAY6), PORT)))
        rig.call()
        contact = rig.settles_at(Reason.BOTH_WAYS)
        assert contact.endpoint == Endpoint(ip_address(PEER6), 51900)

    def test_a_keepalive_alone_is_a_handshake_without_content(self, rig: ContactRig) -> None:
        rig.start_relay(rig.of_peer())
        rig.start_peer(rig.of_relay(keepalive=25))
        contact = rig.settles_at(Reason.ONLY_KEEPALIVES)
        assert contact.stage is Stage.SHOOK
        assert contact.finding.causes == (Cause.NO_TRAFFIC,)
        assert rig.look().is_done

    def test_this_host_calls_and_all_is_well(self, rig: ContactRig) -> None:
        rig.start_relay(rig.of_peer(at=Endpoint(ip_address(PEER), 51900)))
        rig.start_peer(rig.of_relay())
        assert rig.contact().finding.reason is Reason.NOT_CALLED
        rig.call_from_relay()
        assert rig.settles_at(Reason.BOTH_WAYS).stage is Stage.TALKING


class TestItCalls:
    def test_the_relays_key_is_wrong_in_its_file(self, rig: ContactRig) -> None:
        rig.start_relay(rig.of_peer())
        rig.start_peer(rig.of_relay(key=keypair()[1]))
        rig.call()
        contact = rig.settles_at(Reason.OTHER_KEY)
        assert contact.stage is Stage.WAITING
        assert contact.finding.causes[0] is Cause.WRONG_PUBLIC_KEY_THERE
        assert contact.finding.endpoint == Endpoint(ip_address(PEER), 51900)

    def test_its_own_key_is_another_one_here(self, rig: ContactRig) -> None:
        rig.start_relay(rig.of_peer(key=keypair()[1]))
        rig.start_peer(rig.of_relay())
        rig.call()
        contact = rig.settles_at(Reason.UNKNOWN_CALLER)
        assert contact.finding.key == rig.peer_key[1]
        assert contact.finding.causes[0] is Cause.OTHER_KEY_OF_IT

    def test_the_preshared_key_differs(self, rig: ContactRig) -> None:
        keys = NaclKeypairs()
        rig.start_relay(rig.of_peer(psk=keys.generate_preshared_key()))
        rig.start_peer(rig.of_relay(psk=keys.generate_preshared_key()))
        rig.call()
        contact = rig.settles_at(Reason.ANSWER_NOT_TAKEN)
        assert contact.stage is Stage.CALLING
        assert contact.finding.causes[0] is Cause.PRESHARED_KEY
        assert not contact.finding.certain

    @needs_nft
    def test_the_answer_does_not_reach_it(self, rig: ContactRig) -> None:
        rig.start_relay(rig.of_peer())
        rig.start_peer(rig.of_relay())
        drop_in_packet_filter(rig.peer, f"udp sport {PORT}")
        rig.call()
        contact = rig.settles_at(Reason.ANSWER_NOT_TAKEN)
        assert Cause.ANSWER_LOST in contact.finding.causes

    def test_the_relays_key_is_wrong_in_its_file_over_ipv6(self, rig: ContactRig) -> None:
        rig.start_relay(rig.of_peer())
        rig.start_peer(rig.of_relay(key=keypair()[1], at=Endpoint(ip_address(RELAY6), PORT)))
        rig.call()
        assert rig.settles_at(Reason.OTHER_KEY).finding.endpoint == Endpoint(ip_address(PEER6), 51900)

    @needs_nft
    def test_the_hosts_packet_filter_drops_its_calls(self, rig: ContactRig) -> None:
        drop_in_packet_filter(rig.relay, f"udp dport {PORT}")
        rig.start_relay(rig.of_peer())
        rig.start_peer(rig.of_relay())
        rig.call()
        contact = rig.settles_at(Reason.NOT_LET_IN)
        assert contact.finding.causes[0] is Cause.PACKET_FILTER
        assert contact.finding.certain
        assert f"udp dport {PORT}" in contact.finding.detail

    def test_its_clock_was_set_back(self, rig: ContactRig) -> None:
        rig.start_relay(rig.of_peer())
        # A call from a time to come, by the same peer from another place: it is answered there in vain.
        _send_udp(rig, initiation(rig.peer_key[0], rig.relay_key[1], time.time() + 3600))
        eventually("it is answered", lambda: rig.contact().finding.reason is Reason.ANSWER_NOT_TAKEN)
        rig.start_peer(rig.of_relay())
        rig.call()
        eventually("the clock is blamed", lambda: rig.contact().finding.reason is Reason.OLD_STAMP, 20)
        assert rig.contact().finding.causes == (Cause.CLOCK_THERE,)


class TestNothingComes:
    def test_nothing_is_sent(self, rig: ContactRig) -> None:
        rig.start_relay(rig.of_peer())
        contact = rig.contact()
        assert contact.finding.reason is Reason.NOTHING_ARRIVES
        assert contact.finding.causes[0] is Cause.NOT_STARTED
        rig.stays(contact, looks=5)

    def test_the_port_is_wrong_in_its_file(self, rig: ContactRig) -> None:
        rig.start_relay(rig.of_peer())
        rig.start_peer(rig.of_relay(at=Endpoint(ip_address(RELAY), PORT + 1)))
        rig.call()
        contact = rig.contact()
        assert contact.finding.reason is Reason.NOTHING_ARRIVES
        assert Cause.WRONG_ENDPOINT in contact.finding.causes[:2]

    @needs_nft
    def test_a_firewall_before_this_host_holds_it_up(self, rig: ContactRig) -> None:
        rig.start_relay(rig.of_peer())
        rig.start_peer(rig.of_relay())
        rig.peer.run("nft", "add table inet t")
        rig.peer.run("nft", "add chain inet t o { type filter hook output priority 0; }")
        rig.peer.run("nft", f"add rule inet t o udp dport {PORT} drop")
        rig.call()
        contact = rig.contact()
        assert contact.finding.reason is Reason.NOTHING_ARRIVES
        assert {Cause.PROVIDER, Cause.ROUTER} <= set(contact.finding.causes)

    def test_something_else_than_wireguard_arrives(self, rig: ContactRig) -> None:
        rig.start_relay(rig.of_peer())
        _send_udp(rig, b"hello")
        contact = rig.settles_at(Reason.NOT_WIREGUARD)
        assert contact.finding.endpoint is not None
        assert str(contact.finding.endpoint.address) == PEER

    def test_tcp_arrives(self, rig: ContactRig) -> None:
        rig.start_relay(rig.of_peer())
        _dial_tcp(rig)
        assert rig.settles_at(Reason.ONLY_TCP).finding.causes[0] is Cause.TCP_FOR_UDP

    def test_the_session_is_of_an_interface_that_was_made_anew(self, rig: ContactRig) -> None:
        rig.start_relay(rig.of_peer())
        rig.start_peer(rig.of_relay())
        rig.call()
        rig.settles_at(Reason.BOTH_WAYS)
        rig.relay.devices.delete("wg0")
        rig.start_relay(rig.of_peer())
        rig.call()
        contact = rig.settles_at(Reason.OLD_SESSION)
        assert contact.finding.causes == (Cause.INTERFACE_REMADE,)


class TestThisHostCalls:
    def test_nobody_answers(self, rig: ContactRig) -> None:
        rig.start_relay(rig.of_peer(at=Endpoint(ip_address(PEER), 51900)))
        rig.call_from_relay()
        contact = rig.settles_at(Reason.CALL_UNANSWERED)
        assert contact.stage is Stage.CALLING
        assert contact.finding.causes[0] is Cause.FAR_SIDE_CLOSED

    def test_the_preshared_key_differs(self, rig: ContactRig) -> None:
        keys = NaclKeypairs()
        at = Endpoint(ip_address(PEER), 51900)
        rig.start_relay(rig.of_peer(at=at, psk=keys.generate_preshared_key()))
        rig.start_peer(rig.of_relay(psk=keys.generate_preshared_key()))
        rig.call_from_relay()
        contact = rig.settles_at(Reason.ANSWER_REFUSED)
        assert contact.finding.causes[0] is Cause.PRESHARED_KEY


def _send_udp(rig: ContactRig, payload: bytes) -> None:
    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.sendto(payload, (RELAY, PORT))

    call_in_netns(rig.peer.netns, send)


def _dial_tcp(rig: ContactRig) -> None:
    def dial() -> None:
        with socket.socket() as tcp:
            tcp.connect_ex((RELAY, PORT))

    call_in_netns(rig.peer.netns, dial)
