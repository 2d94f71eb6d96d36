"""Rules of the forwarding switches, their places, and the commands of hooks that make them."""

from __future__ import annotations

import subprocess
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wgtui.domain.addresses import prefix_of
from wgtui.domain.forwarding import (
    Family,
    FirewalldPlace,
    Hook,
    IptablesPlace,
    NftChainPlace,
    NftTablePlace,
    Placement,
    Purpose,
    RuleFacts,
    Switches,
    hook_lines,
    is_own_down,
    place,
    place_portably,
    read_lines,
    read_up,
    rules_of,
)
from wgtui.domain.session.programs import is_harmless

SOURCES = (prefix_of("10.8.0.0/24"), prefix_of("192.168.2.0/24"), prefix_of("fd08::/64"))
FACTS = RuleFacts("wg0", 51820, sources=SOURCES)

PLACEMENTS = {
    "iptables": Placement(IptablesPlace()),
    "legacy": Placement(IptablesPlace("legacy")),
    "own table": Placement(NftTablePlace()),
    "administrator's chains": Placement(
        NftTablePlace(),
        (
            NftChainPlace("inet", "filter", "forward", Hook.FORWARD),
            NftChainPlace("ip", "old", "in", Hook.INPUT),
        ),
    ),
    "firewalld": Placement(NftTablePlace(), (FirewalldPlace("trusted"), FirewalldPlace("public"))),
}

switches = st.builds(
    Switches,
    forward=st.booleans(),
    relay=st.booleans(),
    isolate=st.booleans(),
    masquerade=st.sampled_from([(), ("eth0",), ("eth0", "ens3.10")]),
    port=st.booleans(),
    mss=st.booleans(),
)
facts = st.builds(
    RuleFacts,
    interface=st.sampled_from(["wg0", "wg-home.1", "a_b"]),
    listen_port=st.integers(0, 65535),
    families=st.sampled_from([frozenset({4}), frozenset({6}), frozenset({4, 6})]),
    outer_families=st.sampled_from([frozenset({4}), frozenset({4, 6})]),
    sources=st.sampled_from([(), SOURCES, (prefix_of("0.0.0.0/0"), prefix_of("::/0"))]),
)


@given(switches, facts, st.sampled_from(sorted(PLACEMENTS)))
def test_what_is_written_is_read_back(wanted: Switches, given_facts: RuleFacts, name: str) -> None:
    placed = place(rules_of(wanted, given_facts), PLACEMENTS[name], given_facts.sources)
    lines = hook_lines(placed, given_facts.interface)
    read = read_lines(lines.post_up, lines.post_down, given_facts.interface)
    assert set(read.rules) == set(placed)
    assert read.own_up == set(range(len(lines.post_up)))
    assert read.own_down == set(range(len(lines.post_down)))


@given(switches, facts, st.sampled_from(sorted(PLACEMENTS)))
def test_a_command_is_one_line_that_old_versions_do_not_cut(
    wanted: Switches, given_facts: RuleFacts, name: str
) -> None:
    placed = place(rules_of(wanted, given_facts), PLACEMENTS[name], given_facts.sources)
    lines = hook_lines(placed, given_facts.interface)
    assert not any("#" in line or "\n" in line for line in (*lines.post_up, *lines.post_down))


@pytest.mark.parametrize("name", [*PLACEMENTS, "portable"])
def test_bash_takes_every_command(name: str) -> None:
    wanted = rules_of(Switches(True, True, False, ("eth0",), True, True), FACTS)
    placed = (
        place_portably(wanted, SOURCES) if name == "portable" else place(wanted, PLACEMENTS[name], SOURCES)
    )
    lines = hook_lines(placed, "wg0")
    text = "\n".join((*lines.post_up, *lines.post_down)).replace("%i", "wg0")
    subprocess.run(["bash", "-n"], input=text, text=True, check=True)


def test_a_command_that_somebody_changed_is_theirs() -> None:
    lines = hook_lines(place(rules_of(Switches(relay=True), FACTS), PLACEMENTS["iptables"], ()), "wg0")
    for command in lines.post_up:
        assert read_up(command)
        assert not read_up(command.replace("ACCEPT", "DROP"))
        assert not read_up(f"{command} && touch /tmp/x")
    for command in lines.post_down:
        assert is_own_down(command)
        assert not is_own_down(f"{command}; touch /tmp/x")
    assert not read_up("iptables -A FORWARD -i %i -j ACCEPT")
    assert not is_own_down("iptables -D FORWARD -i %i -j ACCEPT")


def test_masquerade_of_iptables_is_about_what_can_come_out_of_the_tunnel() -> None:
    wanted = rules_of(Switches(masquerade=("eth0",)), FACTS)
    placed = place(wanted, PLACEMENTS["iptables"], SOURCES)
    assert [(one.rule.family, str(one.rule.source)) for one in placed] == [
        (Family.IPV4, "10.8.0.0/24"),
        (Family.IPV4, "192.168.2.0/24"),
        (Family.IPV6, "fd08::/64"),
    ]
    full = place(wanted, PLACEMENTS["iptables"], (prefix_of("0.0.0.0/0"),))
    assert {one.rule.source for one in full} == {None}


def test_relay_and_isolation_exclude_each_other() -> None:
    rules = rules_of(Switches(relay=True, isolate=True), FACTS)
    assert [rule.purpose for rule in rules] == [Purpose.ISOLATE]


@pytest.mark.parametrize(("portable", "word"), product((False, True), ("iptables", "nft")))
def test_portable_lines_try_iptables_first(portable: bool, word: str) -> None:
    wanted = rules_of(Switches(forward=True), FACTS)
    placed = place_portably(wanted, ()) if portable else place(wanted, Placement(IptablesPlace()), ())
    lines = [line for line in hook_lines(placed, "wg0").post_up if f"{word} " in line]
    assert all(("command -v iptables" in line) == portable for line in lines)


@pytest.mark.parametrize("name", PLACEMENTS)
def test_no_command_of_ours_may_cut_a_session_but_a_reload(name: str) -> None:
    wanted = rules_of(Switches(True, True, False, ("eth0",), True, True), FACTS)
    lines = hook_lines(place(wanted, PLACEMENTS[name], SOURCES), "wg0")
    commands = (*lines.post_up, *lines.post_down)
    reloads = [command for command in commands if "firewall-cmd -q --reload" in command]
    assert len(reloads) == (2 if name == "firewalld" else 0)
    assert not any(is_harmless(command) for command in reloads)
    assert all(is_harmless(command) for command in commands if command not in reloads)
