"""What keeps a first handshake from coming: what real tunnels cannot be brought to in a test."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import pytest

from wgtui.domain.addresses import Endpoint
from wgtui.domain.device import Device, Implementation, Peer
from wgtui.domain.first_contact import (
    Admission,
    Baseline,
    Cause,
    Contact,
    Finding,
    Judge,
    Reason,
    Scene,
    Stage,
    cause_words,
    finding_words,
    reason_words,
)
from wgtui.domain.keys import PrivateKey, PublicKey
from wgtui.domain.port_traffic import Call, Counts, Opened, PortTraffic, Remote
from wgtui.domain.reach import Reach

NOW = 1000.0
HOME = Endpoint(ip_address("192.0.2.9"), 4000)
PEER = Peer(PublicKey(b"p" * 32))
DEVICE = Device(
    "wg0",
    Implementation.KERNEL,
    private_key=PrivateKey(b"k" * 32),
    public_key=PublicKey(b"u" * 32),
    listen_port=51820,
    peers=(PEER,),
)


def traffic(arrived: Counts = Counts(), sent: Counts = Counts(), *calls: Call) -> PortTraffic:  # noqa: B008
    remotes = (Remote(HOME, arrived, sent, NOW - 1),) if arrived.total or sent.total else ()
    return PortTraffic(51820, 900.0, arrived, sent, remotes=remotes, calls=calls)


def call(count: int = 3, caller: PublicKey | None = PEER.public_key) -> Call:
    return Call(HOME, Opened(True, caller, 1.0), count, NOW - 11, NOW - 1)


def judged(peer: Peer = PEER, *, device: Device = DEVICE, **scene: object) -> Contact:
    device = replace(device, peers=(peer,)) if device.peers == (PEER,) else device
    return Judge(device, Scene(NOW, **scene)).contact(peer, Baseline(900.0))  # type: ignore[arg-type]


class TestInterface:
    def test_down_is_said_before_everything_else(self) -> None:
        contact = judged(up=False, traffic=traffic())
        assert (contact.stage, contact.finding.reason) == (Stage.OFF, Reason.DOWN)

    def test_without_a_private_key_nobody_can_come(self) -> None:
        assert judged(device=replace(DEVICE, private_key=None)).finding.reason is Reason.NO_PRIVATE_KEY

    def test_without_a_port_nobody_can_come(self) -> None:
        assert judged(device=replace(DEVICE, listen_port=0)).finding.reason is Reason.NO_PORT


class TestNothingArrives:
    @pytest.mark.parametrize(
        ("reach", "cause"),
        [(Reach.PUBLIC, Cause.PROVIDER), (Reach.PRIVATE, Cause.ROUTER), (None, Cause.PROVIDER)],
    )
    def test_what_may_hold_it_up_depends_on_the_hosts_address(
        self, reach: Reach | None, cause: Cause
    ) -> None:
        finding = judged(traffic=traffic(), reach=reach).finding
        assert finding.reason is Reason.NOTHING_ARRIVES
        assert finding.causes[:3] == (Cause.NOT_STARTED, Cause.WRONG_ENDPOINT, cause)
        assert not finding.certain

    def test_behind_a_carriers_nat_nobody_can_call(self) -> None:
        finding = judged(traffic=traffic(), reach=Reach.CGNAT).finding
        assert finding.causes[1] is Cause.CARRIER_NAT

    def test_a_port_that_another_peer_reaches_is_not_blamed(self) -> None:
        other = Peer(PublicKey(b"o" * 32), endpoint=HOME, latest_handshake=NOW - 20)
        device = replace(DEVICE, peers=(PEER, other))
        finding = judged(device=device, traffic=traffic()).finding
        assert finding == Finding(Reason.NOTHING_HEARD, (Cause.NOT_STARTED, Cause.WRONG_ENDPOINT))

    def test_data_of_a_peer_with_a_session_is_no_old_session(self) -> None:
        other = Peer(PublicKey(b"o" * 32), endpoint=HOME, latest_handshake=NOW - 20)
        device = replace(DEVICE, peers=(PEER, other))
        finding = judged(device=device, traffic=traffic(Counts(data=4))).finding
        assert finding.reason is Reason.NOTHING_HEARD


class TestCalls:
    def test_a_packet_filter_that_is_known_to_drop_is_certain(self) -> None:
        seen = traffic(Counts(initiation=3), Counts(), call())
        finding = judged(traffic=seen, admission=Admission(False, "The policy decides.")).finding
        assert (finding.reason, finding.causes[0], finding.certain) == (
            Reason.NOT_LET_IN,
            Cause.PACKET_FILTER,
            True,
        )
        words = finding_words(finding, port=51820, since="", address="")
        assert words[1].endswith("in. The policy decides.")

    def test_a_packet_filter_that_is_known_to_let_in_is_not_blamed(self) -> None:
        seen = traffic(Counts(initiation=3), Counts(), call())
        assert Cause.PACKET_FILTER not in judged(traffic=seen, admission=Admission(True)).finding.causes

    def test_a_host_under_load_says_so(self) -> None:
        seen = traffic(Counts(initiation=3), Counts(cookie=3), call())
        assert judged(traffic=seen).finding.reason is Reason.UNDER_LOAD

    def test_a_first_call_is_not_judged_at_once(self) -> None:
        young = replace(call(1), first=NOW - 1)
        finding = judged(traffic=traffic(Counts(initiation=1), Counts(), young)).finding
        assert (finding.reason, finding.causes) == (Reason.IN_PROGRESS, ())

    def test_the_call_of_another_peer_says_nothing_of_this_one(self) -> None:
        other = Peer(PublicKey(b"o" * 32))
        device = replace(DEVICE, peers=(PEER, other))
        seen = traffic(Counts(initiation=3), Counts(), call(caller=other.public_key))
        contact = judged(device=device, traffic=seen)
        assert (contact.stage, contact.finding.reason) == (Stage.WAITING, Reason.NOTHING_HEARD)


class TestStrangers:
    def other_key(self, device: Device = DEVICE) -> Contact:
        stranger = Call(HOME, Opened(for_us=False), 2, NOW - 11, NOW - 6)
        return judged(device=device, traffic=traffic(Counts(initiation=2), Counts(), stranger))

    def test_a_call_for_another_key_may_be_anybodys(self) -> None:
        finding = self.other_key().finding
        assert (finding.reason, finding.certain) == (Reason.OTHER_KEY, False)
        assert finding.causes == (Cause.WRONG_PUBLIC_KEY_THERE, Cause.NOT_STARTED)

    def test_one_whose_place_came_since_is_forgotten(self) -> None:
        other = Peer(PublicKey(b"o" * 32), endpoint=HOME, latest_handshake=NOW - 2)
        contact = self.other_key(replace(DEVICE, peers=(PEER, other)))
        assert contact.finding.reason is Reason.NOTHING_HEARD


class TestOnlyTcp:
    @pytest.mark.parametrize(
        ("reach", "first"), [(Reach.PUBLIC, Cause.NOT_STARTED), (Reach.PRIVATE, Cause.TCP_FOR_UDP)]
    )
    def test_to_a_public_address_anybody_sends_tcp(self, reach: Reach, first: Cause) -> None:
        finding = judged(traffic=traffic(Counts(tcp=2)), reach=reach).finding
        assert (finding.reason, finding.causes[0]) == (Reason.ONLY_TCP, first)
        assert Cause.TCP_FOR_UDP in finding.causes


class TestBlind:
    """Where the port cannot be watched, the device's counters tell what they can."""

    def test_nothing_received(self) -> None:
        assert judged().finding.reason is Reason.NOTHING_HEARD

    def test_received_but_no_handshake(self) -> None:
        finding = judged(replace(PEER, rx_bytes=444, tx_bytes=276, endpoint=HOME)).finding
        assert (finding.reason, finding.certain) == (Reason.ANSWER_NOT_TAKEN, False)

    def test_called_in_vain(self) -> None:
        assert judged(replace(PEER, tx_bytes=444, endpoint=HOME)).finding.reason is Reason.CALL_UNANSWERED

    def test_never_called(self) -> None:
        assert judged(replace(PEER, endpoint=HOME)).finding.reason is Reason.NOT_CALLED

    def test_much_in_both_directions_is_talking(self) -> None:
        peer = replace(PEER, endpoint=HOME, latest_handshake=NOW - 5, rx_bytes=9000, tx_bytes=9000)
        assert judged(peer).stage is Stage.TALKING


class TestAfterTheHandshake:
    def shaken(self, arrived: Counts, sent: Counts, ago: float = 30.0, keepalive: int = 0) -> Contact:
        peer = replace(PEER, endpoint=HOME, latest_handshake=NOW - ago, rx_bytes=92, tx_bytes=148)
        peer = replace(peer, persistent_keepalive=keepalive)
        device = replace(DEVICE, peers=(peer,))
        before = Baseline(900.0, NOW - ago, 92, 148)
        return Judge(device, Scene(NOW, traffic=traffic(arrived, sent))).contact(peer, before)

    def test_nothing_is_received_though_data_is_sent(self) -> None:
        finding = self.shaken(Counts(response=1), Counts(data=3)).finding
        assert (finding.reason, finding.causes[0]) == (Reason.NOTHING_RECEIVED, Cause.ANSWER_LOST)

    def test_nothing_is_received_and_nothing_sent(self) -> None:
        finding = self.shaken(Counts(response=1), Counts()).finding
        assert finding.causes == (Cause.NO_TRAFFIC, Cause.NO_KEEPALIVE)
        finding = self.shaken(Counts(response=1), Counts(), keepalive=25).finding
        assert finding.causes == (Cause.NO_TRAFFIC,)

    def test_only_keepalives_answer_what_is_sent(self) -> None:
        finding = self.shaken(Counts(keepalive=2), Counts(data=3)).finding
        assert finding.causes == (Cause.PACKET_FILTER_THERE, Cause.ALLOWED_IPS_THERE)

    def test_data_comes_and_none_goes_back(self) -> None:
        contact = self.shaken(Counts(data=2), Counts())
        assert (contact.stage, contact.finding.reason) == (Stage.TALKING, Reason.ONE_WAY)

    def test_an_answer_has_its_time(self) -> None:
        assert self.shaken(Counts(data=2), Counts(), ago=2.0).finding.reason is Reason.BOTH_WAYS

    def test_an_old_handshake_is_no_fault(self) -> None:
        contact = self.shaken(Counts(), Counts(), ago=4000.0)
        assert (contact.stage, contact.finding) == (
            Stage.SHOOK,
            Finding(Reason.QUIET, endpoint=HOME, at=NOW - 4000.0),
        )


class TestWords:
    @pytest.mark.parametrize("reason", list(Reason))
    def test_every_reason_is_a_sentence(self, reason: Reason) -> None:
        finding = Finding(reason, endpoint=HOME, key=PEER.public_key)
        text = reason_words(finding, port=51820, since="10:04:05")
        assert text.endswith((".", "..."))
        assert "{" not in text

    @pytest.mark.parametrize("cause", list(Cause))
    def test_every_cause_is_a_sentence(self, cause: Cause) -> None:
        text = cause_words(cause, port=51820, address="10.7.0.2")
        assert text.endswith(".")
        assert "{" not in text

    def test_a_network_is_not_pinged(self) -> None:
        text = cause_words(Cause.NO_TRAFFIC, port=51820, address="10.7.0.0/24")
        assert "a ping of an address in 10.7.0.0/24 starts it" in text

    def test_what_is_seen_comes_before_what_may_be_behind_it(self) -> None:
        finding = judged(traffic=traffic(), reach=Reach.PUBLIC).finding
        words = finding_words(finding, port=51820, since="10:04:05", address="10.7.0.2")
        assert words[0] == "No packet has arrived at UDP port 51820 since 10:04:05."
        assert len(words) == 1 + len(finding.causes)
