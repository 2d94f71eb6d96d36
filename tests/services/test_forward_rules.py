"""Changes of the forwarding switches' rules as steps of a transaction."""

from __future__ import annotations

import pytest

from tests.services.changing_host import ChangingHost
from wgtui.domain.errors import HostChanged, WgtuiError
from wgtui.domain.forwarding import (
    IptablesPlace,
    NftTablePlace,
    PlacedRule,
    Placement,
    RuleFacts,
    Switches,
    place,
    place_portably,
    rules_of,
)
from wgtui.domain.plan import Plan, SetForwardRules


def rules(switches: Switches, placement: Placement | None = None) -> tuple[PlacedRule, ...]:
    return place(rules_of(switches, RuleFacts("wg1", 51821)), placement or Placement(IptablesPlace()), ())


RELAY, PORT = rules(Switches(relay=True)), rules(Switches(port=True))
BOTH = (*RELAY, *PORT)


@pytest.fixture
def host() -> ChangingHost:
    return ChangingHost()


def change(before: tuple[PlacedRule, ...], after: tuple[PlacedRule, ...]) -> Plan:
    return Plan("Turn a switch", (SetForwardRules("wg1", before, after),))


def present(host: ChangingHost) -> set[PlacedRule]:
    return {state.placed for state in host.forward_rules.read("wg1")}


def test_a_switch_is_turned_and_turned_back(host: ChangingHost) -> None:
    transaction = host.transaction()
    first = transaction.apply(change((), RELAY))
    second = transaction.apply(change(RELAY, BOTH))
    assert present(host) == set(BOTH)
    assert first.number is not None
    assert second.number is not None
    transaction.undo(first.number)
    assert present(host) == set(PORT)
    transaction.undo(second.number)
    assert present(host) == set()


def test_rules_that_somebody_took_away_meanwhile_are_told(host: ChangingHost) -> None:
    host.forward_rules.replace("wg1", (), RELAY[:1])
    with pytest.raises(HostChanged, match="let packets between peers of wg1 pass"):
        host.transaction().apply(change(RELAY, PORT))
    assert present(host) == set(RELAY[:1])


def test_what_is_in_force_already_is_told(host: ChangingHost) -> None:
    host.forward_rules.replace("wg1", (), RELAY)
    with pytest.raises(HostChanged, match="taken by somebody else already"):
        host.transaction().apply(change((), RELAY))


@pytest.mark.parametrize("late", [False, True])
def test_a_failure_leaves_what_was(host: ChangingHost, late: bool) -> None:
    host.forward_rules.replace("wg1", (), RELAY)
    host.faults.fail("forward_rules.replace", late=late)
    with pytest.raises(WgtuiError, match="The host failed"):
        host.transaction().apply(change(RELAY, PORT))
    assert present(host) == set(RELAY)


@pytest.mark.parametrize("taken", [0, 1, len(BOTH)])
@pytest.mark.parametrize("keep", [False, True], ids=["taken back", "completed"])
def test_a_change_that_was_cut_off_is_settled(host: ChangingHost, taken: int, keep: bool) -> None:
    """As where the process is killed before, between or after two packet filters."""
    opened = host.journal().begin(change((), BOTH))
    opened.step_begun(0)
    host.forward_rules.replace("wg1", (), BOTH[:taken])
    transaction, number = host.transaction(), opened.entry.number
    if keep:
        transaction.confirm(number)
    else:
        transaction.undo(number)
    assert present(host) == (set(BOTH) if keep else set())


def test_places_have_one_name(host: ChangingHost) -> None:
    """What a portable line does on this host is what `read` then gives."""
    wanted = place_portably(rules_of(Switches(relay=True), RuleFacts("wg1")), ())
    assert set(host.forward_rules.held(wanted)) == set(RELAY)
    named = rules(Switches(relay=True), Placement(IptablesPlace("nft")))
    transaction = host.transaction()
    number = transaction.apply(change((), named)).number
    assert present(host) == set(RELAY)
    assert number is not None
    transaction.undo(number)
    assert present(host) == set()
    host.forward_rules.plain = ""
    assert {one.place for one in host.forward_rules.held(wanted)} == {NftTablePlace()}
