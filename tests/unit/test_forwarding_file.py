"""The forwarding switches in an interface's own file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wgtui.domain.addresses import prefix_of
from wgtui.domain.config import read_config
from wgtui.domain.errors import EditRefused
from wgtui.domain.forwarding import (
    Action,
    Family,
    FirewalldPlace,
    IptablesPlace,
    NftTablePlace,
    Placement,
    Switches,
    SwitchName,
    facts_of,
    forwarding_of,
    placed_for,
    placement_in,
    refreshed,
    turned,
    with_switches,
)
from wgtui.domain.wgquick import parse

RELAY = b"""\
# The relay.
[Interface]
PrivateKey = 6NHKJh0PoMDvj3XNs0T1n2jPTD0ceFqyXXLvh3j0s2w=
Address = 5.5.5.1/24, fd05::1/64
ListenPort = 43155
PostUp = logger %i is up  # told to everybody
PostDown = logger %i is down

[Peer]
# Name = peer1
PublicKey = 2e8xsfWZZmLDbkkGsyoQyREzQYNVtWS3RpPmwGyyoRo=
AllowedIPs = 5.5.5.2/32, 192.168.2.0/24
"""
FACTS = facts_of(read_config(parse(RELAY)).config, "wg0")
ALL = Switches(forward=True, relay=True, masquerade=("eth0",), port=True, mss=True)


def test_what_the_rules_depend_on() -> None:
    assert FACTS.listen_port == 43155
    assert FACTS.families == {4, 6}
    assert FACTS.sources == tuple(map(prefix_of, ("5.5.5.0/24", "192.168.2.0/24", "fd05::/64")))


def test_rules_are_not_about_what_is_link_local() -> None:
    given = RELAY.replace(b"fd05::1/64", b"fe80::1/64")
    facts = facts_of(read_config(parse(given)).config, "wg0")
    assert facts.families == {4}
    assert all(prefix.version == 4 for prefix in facts.sources)


@pytest.mark.parametrize(
    "placement",
    [
        Placement(IptablesPlace()),
        Placement(IptablesPlace("legacy")),
        Placement(IptablesPlace(), missing=frozenset({("nat", Family.IPV4), ("nat", Family.IPV6)})),
        Placement(IptablesPlace(), missing=frozenset({("nat", Family.IPV6), ("mangle", Family.IPV4)})),
        Placement(NftTablePlace()),
        Placement(NftTablePlace(), (FirewalldPlace("trusted"), FirewalldPlace("public"))),
        None,
    ],
)
def test_switches_come_and_go_without_a_trace(placement: Placement | None) -> None:
    written = with_switches(parse(RELAY), ALL, placement, FACTS)
    assert forwarding_of(written, "wg0").switches == ALL
    assert with_switches(written, ALL, placement, FACTS) == written
    assert bytes(with_switches(written, Switches(), placement, FACTS)) == RELAY


@pytest.mark.parametrize("missing", [(), (Family.IPV4,), (Family.IPV6,), (Family.IPV4, Family.IPV6)])
def test_rules_whose_table_is_missing_stand_beside(missing: tuple[Family, ...]) -> None:
    placement = Placement(IptablesPlace(), missing=frozenset(("nat", family) for family in missing))
    placed = placed_for(ALL, placement, FACTS)
    beside = [one.rule for one in placed if one.place == NftTablePlace()]
    assert {rule.action for rule in beside} <= {Action.MASQUERADE}
    assert bool(beside) == bool(missing)
    for family, start in ((Family.IPV4, "5.5."), (Family.IPV6, "fd05")):
        in_nat = [one for one in placed if str(one.rule.source or "").startswith(start)]
        assert bool(in_nat) == (family not in missing)
    written = with_switches(parse(RELAY), ALL, placement, FACTS)
    held = forwarding_of(written, "wg0")
    assert placement_in(held) == placement
    after = replace(FACTS, listen_port=7, sources=(*FACTS.sources, prefix_of("192.168.9.0/24")))
    assert b"--dport 7 " in bytes(refreshed(written, FACTS, after))
    odd = replace(FACTS, interface="wg=0")
    assert NftTablePlace() not in {one.place for one in placed_for(ALL, placement, odd)}


def test_only_own_lines_change() -> None:
    written = bytes(with_switches(parse(RELAY), ALL, Placement(IptablesPlace()), FACTS))
    kept = [line for line in written.splitlines(keepends=True) if b"wgtui:" not in line]
    assert b"".join(kept) == RELAY
    held = forwarding_of(parse(written), "wg0")
    assert [text.split("#")[0].strip() for _, text in held.others_up] == ["logger %i is up"]
    assert [text for _, text in held.others_down] == ["logger %i is down"]


def test_own_lines_stay_where_they_stand() -> None:
    iptables = Placement(IptablesPlace())
    written = bytes(with_switches(parse(RELAY), Switches(relay=True), iptables, FACTS))
    longer = parse(written.replace(b"\n\n[Peer]", b"\nPostUp = echo behind\n\n[Peer]"))
    more = bytes(with_switches(longer, Switches(relay=True, mss=True), iptables, FACTS))
    assert more.index(b"wgtui:%i:mss") < more.index(b"echo behind")


def test_a_file_whose_name_is_not_known() -> None:
    written = with_switches(parse(RELAY), ALL, None)
    assert written == with_switches(parse(RELAY), ALL, None, FACTS)


def test_a_broken_file_is_refused() -> None:
    with pytest.raises(EditRefused):
        with_switches(parse(b"Address = 10.0.0.1/24\n[Interface]\n"), ALL, None)


def test_turning() -> None:
    assert turned(Switches(relay=True), SwitchName.ISOLATE, on=True) == Switches(isolate=True)
    assert turned(Switches(isolate=True), SwitchName.RELAY, on=True) == Switches(relay=True)
    assert turned(Switches(isolate=True), SwitchName.RELAY, on=False) == Switches(isolate=True)
    two = turned(Switches(masquerade=("eth0",)), SwitchName.MASQUERADE, on=True, target="eth1")
    assert two.masquerade == ("eth0", "eth1")
    assert turned(two, SwitchName.MASQUERADE, on=True, target="eth1") == two
    assert turned(two, SwitchName.MASQUERADE, on=False, target="eth0").masquerade == ("eth1",)
    assert turned(two, SwitchName.MASQUERADE, on=False).masquerade == ()
    assert turned(two, SwitchName.IPV4, on=True) == two
