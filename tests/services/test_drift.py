"""Drift between file, kernel and boot: seen, said, and ended either way."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_interface

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.drift_host import (
    ELSEWHERE,
    FILE,
    HOME,
    MUTATIONS,
    NOW,
    PHONE,
    SECRET,
    Relay,
    drop_rules,
)
from tests.services.interface_host import FOLDER, PEER_KEY, PRIVATE_KEY
from wgtui.domain.addresses import prefix_of
from wgtui.domain.change import DeviceChange
from wgtui.domain.drift import DriftKind
from wgtui.domain.errors import DeviceGone, EditRefused
from wgtui.domain.host import UnitState
from wgtui.domain.network import link_route
from wgtui.domain.tunnel import link_address
from wgtui.services.drift import Comparison, compare, plan_adopting
from wgtui.services.interfaces import plan_sync

NO_FILE_SAYS = (DriftKind.ROUTE_MISSING, DriftKind.DEFAULT_ROUTE)


@pytest.fixture
def relay() -> Relay:
    return Relay()


def test_after_up_nothing_differs(relay: Relay) -> None:
    assert relay.compare() == Comparison(True)
    assert relay.compare(recorded=False) == Comparison(True)


@pytest.mark.parametrize("kind", MUTATIONS)
def test_a_difference_is_seen_and_said_in_a_sentence(relay: Relay, kind: DriftKind) -> None:
    MUTATIONS[kind](relay)
    found = relay.drift[0]
    assert found.kind is kind
    for text in (found.text, found.file_way, found.kernel_way):
        assert text.endswith(".")
        assert PRIVATE_KEY not in text
        assert SECRET.reveal() not in text
    assert SECRET.reveal() not in repr(found)


@pytest.mark.parametrize("kind", [kind for kind in MUTATIONS if kind is not DriftKind.NOT_AT_BOOT])
def test_keep_the_file_s_then_nothing_differs(relay: Relay, kind: DriftKind) -> None:
    before = relay.text
    MUTATIONS[kind](relay)
    while relay.drift:
        relay.keep_file(relay.drift[0])
    assert relay.text == before
    assert plan_sync(relay.context, relay.source(), relay.made()).is_empty


@pytest.mark.parametrize("kind", [kind for kind in MUTATIONS if kind not in NO_FILE_SAYS])
def test_keep_the_kernel_s_then_nothing_differs(relay: Relay, kind: DriftKind) -> None:
    MUTATIONS[kind](relay)
    device, lines = relay.context.host.wireguard.read("wg0"), relay.text.splitlines()
    while kept_ones := [one for one in relay.drift if one.keeps_kernel]:
        relay.keep_kernel(kept_ones[0])
    assert relay.context.host.wireguard.read("wg0") == device, "the kernel stays as it is"
    kept = relay.text.splitlines()
    for comment in [line for line in lines if line.startswith("#") and "disabled" not in line]:
        gone = kind is DriftKind.PEER_MISSING and comment == "# Name = phone"
        assert gone or comment in kept


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(sorted(MUTATIONS, key=lambda kind: kind.value)), unique=True), st.data())
def test_any_differences_end_with_the_file_s(kinds: list[DriftKind], data: st.DataObject) -> None:
    relay = Relay()
    for kind in kinds:
        if kind is not DriftKind.NOT_AT_BOOT:
            MUTATIONS[kind](relay)
    for _ in range(40):
        if not relay.drift:
            break
        chosen = data.draw(st.sampled_from(relay.drift))
        relay.keep_file(chosen)
        assert chosen.key not in [one.key for one in relay.drift]
    assert relay.drift == ()
    assert plan_sync(relay.context, relay.source(), relay.made()).is_empty
    assert relay.text == FILE


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(sorted(MUTATIONS, key=lambda kind: kind.value)), unique=True), st.data())
def test_any_differences_end_with_the_kernel_s(kinds: list[DriftKind], data: st.DataObject) -> None:
    relay = Relay()
    for kind in kinds:
        MUTATIONS[kind](relay)
    before = relay.context.host.wireguard.read("wg0")
    for _ in range(40):
        open_ones = [one for one in relay.drift if one.keeps_kernel]
        if not open_ones:
            break
        chosen = data.draw(st.sampled_from(open_ones))
        relay.keep_kernel(chosen)
        assert chosen.key not in [one.key for one in relay.drift]
    assert {one.kind for one in relay.drift} <= set(NO_FILE_SAYS)
    assert relay.context.host.wireguard.read("wg0") == before


def test_allowed_ips_alone_leave_a_route_that_an_address_would_renew(relay: Relay) -> None:
    for kind in (DriftKind.ALLOWED_IPS, DriftKind.ADDRESS_MISSING):
        MUTATIONS[kind](relay)
    allowed = next(one for one in relay.drift if one.kind is DriftKind.ALLOWED_IPS)
    relay.keep_file(allowed)
    assert allowed.key not in [one.key for one in relay.drift]
    while relay.drift:
        relay.keep_file(relay.drift[0])
    assert plan_sync(relay.context, relay.source(), relay.made()).is_empty


def test_one_of_two_differences_of_a_peer_is_ended_alone(relay: Relay) -> None:
    relay.set_peer(HOME, persistent_keepalive=99, preshared_key=SECRET)
    keepalive = next(one for one in relay.drift if one.kind is DriftKind.KEEPALIVE)
    relay.keep_file(keepalive)
    assert relay.kinds == [DriftKind.PRESHARED_KEY]
    relay.keep_kernel(relay.drift[0])
    assert relay.drift == ()
    assert "PersistentKeepalive = 15\n" in relay.text


def test_keeping_ends_only_what_was_chosen_in_the_file(relay: Relay) -> None:
    relay.set_peer(HOME, persistent_keepalive=99)
    relay.keep_kernel(relay.drift[0])
    assert relay.text == FILE.replace("PersistentKeepalive = 15", "PersistentKeepalive = 99")


def test_what_was_ended_meanwhile_needs_no_step(relay: Relay) -> None:
    relay.set_peer(HOME, persistent_keepalive=99)
    (difference,) = relay.drift
    relay.set_peer(HOME, persistent_keepalive=15)
    assert relay.plans.keep_file("wg0", difference, NOW).is_empty
    assert relay.plans.keep_kernel("wg0", difference, NOW).is_empty


def test_a_peer_that_is_heard_from_elsewhere_has_moved_and_that_is_no_drift(relay: Relay) -> None:
    relay.set_peer(HOME, endpoint=ELSEWHERE)
    world_peer = relay.context.host.wireguard.read("wg0").peer(HOME)
    assert world_peer is not None
    assert relay.kinds == [DriftKind.ENDPOINT]
    relay.world.device("wg0").peers[HOME] = replace(world_peer, latest_handshake=NOW - 60)
    assert relay.kinds == []


def test_a_peer_without_an_endpoint_in_the_file_may_be_anywhere(relay: Relay) -> None:
    relay.set_peer(PHONE, endpoint=ELSEWHERE)
    assert relay.kinds == []


def test_a_name_that_is_not_found_is_not_compared_and_that_is_said(relay: Relay) -> None:
    relay.resolver.found.clear()
    assert relay.compare() == Comparison(
        True, (), ("The endpoint home.example.com was not found, so it is not compared.",)
    )


def test_automatic_values_and_a_picked_port_are_no_drift() -> None:
    relay = Relay()
    relay.up_again(
        f"[Interface]\nPrivateKey = {PRIVATE_KEY}\nAddress = 10.0.0.2/32\n"
        f"[Peer]\nPublicKey = {PEER_KEY}\nAllowedIPs = 0.0.0.0/0, ::/0\n"
    )
    relay.world.configure("wg0", DeviceChange(listen_port=40123))
    assert relay.context.host.wireguard.read("wg0").fwmark
    assert relay.kinds == []


@pytest.mark.parametrize("recorded", [True, False])
def test_rules_of_a_default_route_that_somebody_removed(recorded: bool) -> None:
    relay = Relay()
    relay.up_again(
        f"[Interface]\nPrivateKey = {PRIVATE_KEY}\nAddress = 10.0.0.2/32\n"
        f"[Peer]\nPublicKey = {PEER_KEY}\nAllowedIPs = 0.0.0.0/0, ::/0\n"
    )
    drop_rules(relay)
    (difference,) = relay.compare(recorded=recorded).differences
    assert difference.kind is DriftKind.DEFAULT_ROUTE
    with pytest.raises(EditRefused, match="Table = off"):
        relay.keep_kernel(difference)
    relay.keep_file(difference)
    assert relay.kinds == []


def test_what_hooks_name_is_no_drift() -> None:
    relay = Relay()
    hook = "PostUp = ip address add 10.9.9.9/32 dev %i; wg set %i fwmark 0x99\n"
    relay.up_again(FILE.replace("ListenPort", hook + "ListenPort"))
    MUTATIONS[DriftKind.FWMARK](relay)
    relay.network.add_address("wg0", link_address(ip_interface("10.9.9.9/32")))
    assert relay.kinds == []


def test_an_interface_that_is_down_and_comes_up_at_boot(relay: Relay) -> None:
    relay.units.units.clear()
    relay.down()
    relay.units.units["wg-quick@wg0.service"] = UnitState(enabled=True, active=False)
    (difference,) = relay.drift
    assert difference.text == "wg0 comes up at boot, but is down now."
    relay.keep_kernel(difference)
    assert relay.units.units["wg-quick@wg0.service"] == UnitState(enabled=False, active=False)
    assert relay.compare() == Comparison(False)


def test_boot_is_not_judged_by_a_file_elsewhere(relay: Relay) -> None:
    source = replace(relay.source(), path="/tmp/wg0.conf")
    relay.units.units["wg-quick@wg0.service"] = UnitState(enabled=False, active=False)
    assert compare(relay.context, source, None, NOW).differences == ()


def test_a_file_from_what_runs_says_what_runs(relay: Relay) -> None:
    relay.files.remove(f"{FOLDER}/wg0.conf")
    plan = plan_adopting(relay.editor, "wg0")
    relay.transaction.apply(plan)
    assert relay.kinds == [DriftKind.DNS], "the kernel does not know DNS servers"
    assert relay.files.files[f"{FOLDER}/wg0.conf"].mode == 0o600
    with pytest.raises(EditRefused, match="already"):
        plan_adopting(relay.editor, "wg0")


def test_a_file_from_what_runs_without_routes_makes_none(relay: Relay) -> None:
    relay.files.remove(f"{FOLDER}/wg0.conf")
    relay.network.remove_route(link_route(prefix_of("192.168.2.0/24"), "wg0"))
    relay.transaction.apply(plan_adopting(relay.editor, "wg0"))
    assert "Table = off\n" in relay.text
    assert [kind for kind in relay.kinds if kind is not DriftKind.DNS] == []


def test_nothing_is_written_for_what_is_not_there(relay: Relay) -> None:
    with pytest.raises(DeviceGone):
        plan_adopting(relay.editor, "wg7")
