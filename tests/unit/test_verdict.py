"""The rules of a peer's judgement: what is said, in which order, and what is proven."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import pytest

from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.device import Device, Implementation, Peer
from wgtui.domain.first_contact import Admission, Baseline, Scene
from wgtui.domain.fixes import ByHand, SwitchFix, SyncFix
from wgtui.domain.forwarding import SwitchName
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey
from wgtui.domain.port_traffic import Call, Counts, Opened, PortTraffic, Remote
from wgtui.domain.snapshot import Sample
from wgtui.domain.verdict.evidence import (
    Evidence,
    FileFacts,
    InFile,
    Loss,
    Movement,
    OwnFile,
    movement_of,
)
from wgtui.domain.verdict.judge import RULES, judge
from wgtui.domain.verdict.judgement import Grade, Judgement

NOW = 1_800_000_000.0
PORT = 51820
KEY, OTHER = PublicKey(bytes([1] * 32)), PublicKey(bytes([2] * 32))
HERE = ip_address("203.0.113.10")
AT = Endpoint(ip_address("198.51.100.7"), 40000)
ALLOWED = (prefix_of("10.7.0.2/32"),)
PEER = Peer(KEY, allowed_ips=ALLOWED)
TALKING = replace(PEER, endpoint=AT, latest_handshake=NOW - 20, rx_bytes=5000, tx_bytes=5000)
PAST = replace(TALKING, latest_handshake=NOW - 4000)
DEVICE = Device(
    "wg0",
    Implementation.KERNEL,
    private_key=PrivateKey(bytes([8] * 32)),
    public_key=PublicKey(bytes([9] * 32)),
    listen_port=PORT,
    peers=(PEER,),
)
SILENT = PortTraffic(PORT, NOW - 60)
IN_FILE = InFile(7, allowed_ips=ALLOWED)
OWN = OwnFile(EndpointConfig("203.0.113.10", PORT), keepalive=25, addresses=(ip_address("10.7.0.2"),))
FACTS = FileFacts(PORT, IN_FILE, frozenset((KEY,)), own=OWN)


def evidence(
    peer: Peer = PEER,
    *,
    traffic: PortTraffic | None = SILENT,
    admission: Admission | None = None,
    **more: object,
) -> Evidence:
    scene = Scene(NOW, traffic=traffic, admission=admission)
    device = replace(DEVICE, peers=(peer,))
    made = Evidence("wg0", peer, scene, device, before=Baseline(NOW - 60), file=FACTS, uplinks=(HERE,))
    return replace(made, **more)  # type: ignore[arg-type]


def called(
    response: int = 0, count: int = 3, key: PublicKey | None = KEY, *, for_us: bool = True
) -> PortTraffic:
    """The peer, or who holds that key, calls from where it is."""
    call = Call(AT, Opened(for_us, key, NOW), 3, NOW - 30, NOW - 1)
    remote = Remote(AT, Counts(initiation=3), Counts(response=response), NOW - 1)
    return replace(SILENT, arrived=Counts(initiation=3), remotes=(remote,), calls=(call,), last=NOW - 1)


def calling(arrived: Counts = Counts()) -> PortTraffic:  # noqa: B008
    """This host calls the peer."""
    remote = Remote(AT, arrived, Counts(initiation=4), NOW - 4)
    return replace(SILENT, sent=Counts(initiation=4), arrived=arrived, remotes=(remote,))


def said(judgement: Judgement) -> tuple[str, str, bool]:
    return judgement.rule, judgement.first, judgement.certain


class TestStanding:
    def test_a_disabled_peer_is_that_and_nothing_else(self) -> None:
        found = judge(evidence(PAST, enabled=False))
        assert found.rule == "disabled"
        assert not found.grade.is_alarm
        assert isinstance(found.fix, ByHand)

    def test_nothing_is_said_of_peers_while_the_interface_is_down(self) -> None:
        down = replace(evidence(TALKING), scene=Scene(NOW, up=False))
        assert judge(down).rule == "interface-down"
        assert judge(replace(down, device=None)).rule == "interface-down"

    @pytest.mark.parametrize(
        ("device", "rule"),
        [(replace(DEVICE, private_key=None), "no-private-key"), (replace(DEVICE, listen_port=0), "no-port")],
    )
    def test_an_interface_that_cannot_shake_hands(self, device: Device, rule: str) -> None:
        found = judge(evidence(device=device))
        assert found.rule == rule
        assert found.fix == SyncFix("wg0")

    def test_a_handshake_ahead_of_the_clock(self) -> None:
        found = judge(evidence(replace(TALKING, latest_handshake=NOW + 600)))
        assert said(found) == ("clock", "clock stepped", True)
        # The clock is read before the device is.
        assert judge(evidence(replace(TALKING, latest_handshake=NOW + 2))).rule == "active"

    def test_allowed_ips_that_another_peer_took(self) -> None:
        lost = replace(FACTS, losses=(Loss(ALLOWED[0], "bob"),))
        found = judge(evidence(replace(TALKING, allowed_ips=()), file=lost))
        assert said(found) == ("owns-nothing", "address taken", True)
        assert "10.7.0.2/32, which belongs to bob" in found.sentence
        assert found.fix == SyncFix("wg0")

    def test_allowed_ips_that_the_file_itself_gives_to_another(self) -> None:
        lost = replace(FACTS, losses=(Loss(ALLOWED[0], "bob", by_file=True),))
        found = judge(evidence(replace(TALKING, allowed_ips=()), file=lost))
        assert isinstance(found.fix, ByHand)

    def test_the_file_gives_no_allowed_ips(self) -> None:
        bare = replace(FACTS, peer=replace(IN_FILE, allowed_ips=()))
        assert said(judge(evidence(replace(TALKING, allowed_ips=()), file=bare))) == (
            "owns-nothing",
            "no address",
            True,
        )
        # Without a file nobody knows why.
        assert not judge(evidence(replace(TALKING, allowed_ips=()), file=None)).certain

    def test_one_of_several_prefixes_is_lost(self) -> None:
        lost = replace(FACTS, losses=(Loss(prefix_of("192.168.2.0/24"), "bob"),))
        assert said(judge(evidence(TALKING, file=lost))) == ("lost-prefixes", "address taken", True)

    def test_its_own_file_gives_it_another_address(self) -> None:
        own = replace(OWN, addresses=(ip_address("10.7.0.9"),))
        found = judge(evidence(TALKING, file=replace(FACTS, own=own)))
        assert said(found) == ("wrong-address", "wrong address", False)
        # A family that the peer has nothing of here is no contradiction.
        both = replace(OWN, addresses=(*OWN.addresses, ip_address("fd07::2")))
        assert judge(evidence(TALKING, file=replace(FACTS, own=both))).rule == "active"


class TestBeforeAHandshake:
    def test_silence_alone_is_no_alarm(self) -> None:
        found = judge(evidence())
        assert said(found) == ("never-spoke", "not started", False)
        assert found.grade is Grade.WAITING

    def test_its_own_file_dials_another_port(self) -> None:
        own = replace(OWN, endpoint=EndpointConfig("203.0.113.10", PORT + 1))
        found = judge(evidence(file=replace(FACTS, own=own)))
        assert said(found) == ("never-spoke", "wrong endpoint", False)
        assert found.grade.is_alarm

    @pytest.mark.parametrize(
        ("host", "first"), [("203.0.113.99", "wrong endpoint"), ("vpn.example", "not started")]
    )
    def test_its_own_file_dials_another_host(self, host: str, first: str) -> None:
        own = replace(OWN, endpoint=EndpointConfig(host, PORT))
        assert judge(evidence(file=replace(FACTS, own=own))).first == first

    def test_the_file_has_another_port_than_runs(self) -> None:
        found = judge(evidence(file=replace(FACTS, listen_port=PORT + 5)))
        assert said(found) == ("never-spoke", "port drift", True)
        assert found.fix == SyncFix("wg0")

    def test_several_peers_that_would_call_are_all_silent(self) -> None:
        assert said(judge(evidence(all_silent=True))) == ("never-spoke", "provider", False)

    def test_the_packet_filter_is_known_to_drop_the_port(self) -> None:
        found = judge(evidence(all_silent=True, admission=Admission(False, "A rule drops it.")))
        assert said(found) == ("never-spoke", "packet filter", False)
        assert found.fix == SwitchFix("wg0", SwitchName.PORT, True)

    def test_it_calls_by_a_key_that_the_file_has_and_the_interface_not(self) -> None:
        found = judge(evidence(traffic=called(key=OTHER), file=replace(FACTS, keys=frozenset((KEY, OTHER)))))
        assert said(found) == ("key-mismatch", "not applied", True)
        assert found.fix == SyncFix("wg0")
        assert judge(evidence(traffic=called(key=OTHER))).first == "other key of it"

    def test_calls_for_another_key(self) -> None:
        found = judge(evidence(traffic=called(key=None, for_us=False)))
        assert found.rule == "key-mismatch"
        assert found.causes[0].tell

    @pytest.mark.parametrize(("same", "certain"), [(True, False), (False, True), (None, False)])
    def test_the_preshared_key_is_blamed_for_sure_only_where_the_files_differ(
        self, same: bool | None, certain: bool
    ) -> None:
        peer = replace(PEER, preshared_key=PresharedKey(bytes([3] * 32)), rx_bytes=148)
        facts = replace(FACTS, own=replace(OWN, same_secret=same))
        found = judge(evidence(peer, traffic=called(response=3), file=facts))
        assert said(found) == ("answer-lost", "preshared key", certain)

    def test_the_name_in_the_file_leads_elsewhere_now(self) -> None:
        facts = FileFacts(PORT, replace(IN_FILE, endpoint=EndpointConfig("home.example", 40000)))
        moved = Endpoint(ip_address("198.51.100.99"), 40000)
        found = judge(evidence(replace(PEER, endpoint=AT), traffic=calling(), file=facts, resolved=moved))
        assert said(found) == ("stale-endpoint", "stale endpoint", False)
        assert found.fix == SyncFix("wg0")
        assert "home.example leads to 198.51.100.99:40000 now" in found.causes[0].text
        same = judge(evidence(replace(PEER, endpoint=AT), traffic=calling(), file=facts, resolved=AT))
        assert same.rule == "nobody-answers"

    def test_without_a_look_at_the_port_the_counters_judge(self) -> None:
        assert (
            judge(evidence(replace(PEER, endpoint=AT, tx_bytes=600), traffic=None)).rule == "nobody-answers"
        )
        assert judge(evidence(traffic=None)).rule == "never-spoke"


class TestAfterAHandshake:
    def test_both_ways(self) -> None:
        found = judge(evidence(TALKING, movement=Movement(20, rx=900, tx=900)))
        assert (found.rule, found.grade) == ("active", Grade.FINE)

    def test_a_session_that_ended_without_a_wish_for_another(self) -> None:
        found = judge(evidence(PAST, movement=Movement(60)))
        assert (found.rule, found.grade) == ("idle", Grade.FINE)

    @pytest.mark.parametrize("peer", [TALKING, PAST])
    def test_what_is_sent_stays_unanswered(self, peer: Peer) -> None:
        moved = Movement(30, tx=4000, unanswered=4000, unanswered_for=20)
        found = judge(evidence(peer, movement=moved))
        assert (found.rule, found.first) == ("nobody-answers", "asleep")
        assert found.grade.is_alarm

    def test_it_is_no_alarm_before_an_answer_is_due(self) -> None:
        moved = Movement(30, tx=4000, unanswered=4000, unanswered_for=14)
        assert judge(evidence(TALKING, movement=moved)).rule == "active"

    def test_keepalives_of_ours_need_no_answer(self) -> None:
        peer = replace(TALKING, persistent_keepalive=25)
        moved = Movement(60, tx=96, unanswered=96, unanswered_for=55)
        assert judge(evidence(peer, movement=moved)).rule == "active"
        assert judge(evidence(peer, movement=replace(moved, unanswered=400))).rule == "nobody-answers"

    def test_behind_nat_without_keepalive(self) -> None:
        facts = replace(FACTS, own=replace(OWN, keepalive=0))
        moved = Movement(30, tx=4000, unanswered=4000, unanswered_for=20)
        found = judge(evidence(PAST, movement=moved, file=facts, traffic=None))
        assert (found.rule, found.first) == ("nat-without-keepalive", "NAT forgot it")
        quiet = judge(evidence(PAST, file=facts, traffic=None))
        assert quiet.grade is Grade.FINE
        assert "no PersistentKeepalive" in quiet.notes[0]

    def test_something_comes_without_a_session(self) -> None:
        moved = Movement(30, rx=4000, unheeded=4000, unheeded_for=20)
        assert judge(evidence(PAST, movement=moved, traffic=None)).rule == "answer-lost"
        assert judge(evidence(TALKING, movement=moved)).rule == "active"

    def test_data_comes_and_only_keepalives_go(self) -> None:
        moved = Movement(60, rx=9000, tx=4000, late_rx=4000, late_tx=64)
        found = judge(evidence(TALKING, movement=moved))
        assert (found.rule, found.first) == ("one-way", "no answer here")
        # Some streams are so by nature.
        assert not found.grade.is_alarm
        assert judge(evidence(TALKING, movement=replace(moved, late_tx=4000))).rule == "active"

    def test_keepalives_of_its_own_need_no_answer(self) -> None:
        moved = Movement(60, rx=96, unheeded=96, unheeded_for=55, late_rx=32)
        assert judge(evidence(TALKING, movement=moved)).rule == "active"
        assert judge(evidence(PAST, movement=moved, traffic=None)).rule == "idle"

    def test_its_calls_after_a_session_are_seen_at_the_port(self) -> None:
        found = judge(evidence(PAST, traffic=called(), admission=Admission(False, "A rule drops it.")))
        assert said(found) == ("not-let-in", "packet filter", True)
        assert judge(evidence(PAST, traffic=called(response=3))).rule == "answer-lost"

    def test_calls_of_strangers_say_nothing_of_a_peer_that_was_there(self) -> None:
        assert judge(evidence(PAST, traffic=called(key=OTHER))).rule == "idle"


class TestMovement:
    def test_what_came_after_the_last_answer(self) -> None:
        samples = [Sample(10, 10), Sample(0, 5), Sample(0, 0), Sample(0, 7)]
        assert movement_of(samples, 2.0) == Movement(8.0, 20, 44, 24, 6.0)

    def test_what_moved_lately(self) -> None:
        samples = [Sample(100, 100), *[Sample(10, 1)] * 10]
        moved = movement_of(samples, 2.0)
        assert (moved.late_rx, moved.late_tx) == (200, 20)
        assert movement_of(samples[:9], 2.0).late_rx == 0

    def test_nothing_moved(self) -> None:
        assert movement_of([Sample(0, 0)] * 3, 1.0) == Movement(3.0)

    def test_both_in_the_newest_sample(self) -> None:
        moved = movement_of([Sample(0, 9), Sample(3, 3)], 1.0)
        assert (moved.unanswered, moved.unheeded) == (0, 0)


def test_every_judgement_says_by_which_rule_and_source() -> None:
    found = judge(evidence(TALKING))
    assert found.source.startswith("a session (")
    assert all(rule.source for rule in RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_no_switch_is_offered_where_its_rule_would_come_too_late() -> None:
    late = Admission(False, "A rule drops it.", yields=False)
    found = judge(evidence(traffic=called(), admission=late))
    assert found.first == "packet filter"
    assert isinstance(found.fix, ByHand)
