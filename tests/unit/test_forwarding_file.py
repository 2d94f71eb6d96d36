"""The forwarding switches in an interface's own file."""

from __future__ import annotations

import pytest

from wgtui.domain.addresses import prefix_of
from wgtui.domain.config import read_config
from wgtui.domain.errors import EditRefused
from wgtui.domain.forwarding import (
    FirewalldPlace,
    IptablesPlace,
    NftTablePlace,
    Placement,
    Switches,
    SwitchName,
    facts_of,
    forwarding_of,
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
