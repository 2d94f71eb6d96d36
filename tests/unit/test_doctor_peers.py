"""The doctor's checks of addresses, peers, their own files, and the MTU."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address, ip_interface
from typing import Any

import pytest

from tests.unit.doctor_world import (
    DEVICE,
    FAR,
    FILE,
    HOME,
    LAPTOP,
    changed,
    difference,
    facts,
    found,
    noted,
    of,
    only,
    own_file,
    peer,
    problems,
    row,
    view,
)
from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.cryptokey import Claim, Decision, Fate, Owner, Standing
from wgtui.domain.doctor import (
    KeepFileFix,
    LinkFacts,
    ModeFix,
    Severity,
    Underlay,
)
from wgtui.domain.drift import DriftKind
from wgtui.domain.fixes import AllowFix, FarAllowFix, MtuFix, SwitchFix, SyncFix
from wgtui.domain.forwarding import DiskState, NowState, OnDisk, SwitchName
from wgtui.domain.grammar import EndpointConfig
from wgtui.domain.network import Route
from wgtui.domain.tunnel import PathMtu

GATEWAY: Any = {"forwards": frozenset((4,)), "lets_through": True, "masquerades": frozenset((4,))}


def claim(standing: Standing, rival: Any = None, link: str = "eth0") -> Claim:
    """A prefix of home, and where a route leads it."""
    prefix = prefix_of("192.168.2.0/24")
    rivals = (Owner(prefix, "wg0", rival),) if rival is not None else ()
    route = Decision(Fate.LINK, Route(prefix, link)) if link else Decision(Fate.NO_ROUTE)
    return Claim(Owner(prefix, "wg0", HOME), standing, rivals, len(rivals), route)


@pytest.mark.parametrize(
    ("network", "severity"),
    [
        ("10.7.0.0/24", Severity.ERROR),
        ("10.7.0.0/29", Severity.ERROR),
        ("10.7.0.128/25", Severity.WARNING),
        ("10.0.0.0/8", Severity.NOTE),
        ("10.8.0.0/24", None),
    ],
)
def test_subnets_that_collide(network: str, severity: Severity | None) -> None:
    lan = LinkFacts("eth1", (prefix_of(network),), (ip_address("10.9.9.9"),), False)
    codes = {one.code: one.severity for one in found(facts(links=(lan,)))}
    assert codes.get("collision") is severity


@pytest.mark.parametrize(
    ("network", "severity"),
    [("192.168.2.0/24", Severity.ERROR), ("192.168.0.0/16", Severity.NOTE), ("192.168.2.64/26", None)],
)
def test_a_peers_lan_that_is_also_this_hosts(network: str, severity: Severity | None) -> None:
    lan = LinkFacts("eth1", (prefix_of(network),), (ip_address("192.168.2.7"),), False)
    collisions = [one for one in found(facts(links=(lan,))) if one.code == "collision"]
    assert [one.severity for one in collisions] == ([] if severity is None else [severity])
    assert all("behind home" in one.text for one in collisions)


def test_prefixes_that_another_peer_has() -> None:
    lost = claim(Standing.LOST, LAPTOP)
    assert only(facts(claims=(lost,))).fix == SyncFix("wg0")
    by_file = only(facts(claims=(replace(lost, by_file=True),)))
    assert by_file.fix is None
    assert "laptop has it" in by_file.text
    assert only(facts(claims=(claim(Standing.SHADOWED, LAPTOP),))).severity is Severity.WARNING
    assert only(facts(bare=(("wg0", LAPTOP),))).code == "owns-nothing"


def test_prefixes_that_are_routed_elsewhere() -> None:
    assert only(facts(claims=(claim(Standing.ELSEWHERE),))).code == "routed-elsewhere"
    default = Decision(Fate.LINK, Route(prefix_of("0.0.0.0/0"), "eth0"))
    one = only(facts(claims=(replace(claim(Standing.ELSEWHERE), route=default),)))
    assert (one.code, one.fix) == ("route-missing", SyncFix("wg0"))
    assert "no route leads it into wg0: it goes by eth0" in one.text
    table_off = changed(text=FILE.replace("ListenPort", "Table = off\nListenPort"))
    assert not [
        one for one in found(facts(table_off, claims=(claim(Standing.ELSEWHERE),))) if one.severity.is_problem
    ]


@pytest.mark.parametrize(
    ("general", "own", "drops"), [("1", "0", True), ("0", "1", True), ("2", "1", False), ("0", "0", False)]
)
def test_a_strict_reverse_path_filter(general: str, own: str, drops: bool) -> None:
    settings = {"net.ipv4.conf.all.rp_filter": general, "net.ipv4.conf.wg0.rp_filter": own}
    codes = [one.code for one in found(facts(claims=(claim(Standing.NO_ROUTE, link=""),), settings=settings))]
    assert ("rp-filter" in codes) is drops


# Peers


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (DriftKind.PEER_MISSING, "peer-missing"),
        (DriftKind.ALLOWED_IPS, "allowed-ips"),
        (DriftKind.ROUTE_MISSING, "route-missing"),
        (DriftKind.DEFAULT_ROUTE, "default-route"),
        (DriftKind.PEER_DISABLED, "peer-disabled"),
        (DriftKind.PRESHARED_KEY, "preshared-key"),
        (DriftKind.ADDRESS_MISSING, "address-missing"),
    ],
)
def test_differences_are_mended_by_the_file(kind: DriftKind, code: str) -> None:
    drifted = difference(kind, LAPTOP)
    one = only(of(changed(differences=(drifted,))))
    assert (one.code, one.fix) == (code, KeepFileFix("wg0", drifted))


def test_a_stale_endpoint_is_a_problem_only_where_this_host_calls() -> None:
    drifted = (difference(DriftKind.ENDPOINT, HOME),)
    calls = (peer(HOME, "10.7.0.2/32", 4000.0, persistent_keepalive=25), peer(LAPTOP, "10.7.0.3/32"))
    one = only(of(changed(differences=drifted, peers_now=calls)))
    assert (one.code, one.certain) == ("endpoint-stale", False)
    roamed = (peer(HOME, "10.7.0.2/32", 4000.0), peer(LAPTOP, "10.7.0.3/32"))
    assert noted(of(changed(differences=drifted, peers_now=roamed)), "endpoint-stale")


def test_an_endpoint_whose_name_is_not_found() -> None:
    text = FILE.replace("AllowedIPs = 10.7.0.3/32", "AllowedIPs = 10.7.0.3/32\nEndpoint = gone.example:51820")
    gone = changed(text=text, missing_names=frozenset((EndpointConfig("gone.example", 51820),)))
    assert only(of(gone)).code == "endpoint-unknown"


def test_a_gateway_without_keepalive() -> None:
    far = replace(FAR, keepalive=0, **GATEWAY)
    gateway = changed(own_files=(own_file(HOME, replace(far, addresses=(ip_interface("10.7.0.2/24"),))),))
    assert noted(of(gateway), "no-keepalive").severity is Severity.NOTE
    asleep = (peer(HOME, "10.7.0.2/32, 192.168.2.0/24", 900.0), peer(LAPTOP, "10.7.0.3/32"))
    one = only(of(replace(gateway, device=replace(DEVICE, peers=asleep))))
    assert (one.severity, one.certain) == (Severity.WARNING, False)


def test_this_host_behind_nat_without_keepalive() -> None:
    links = (LinkFacts("eth0", (prefix_of("192.168.1.0/24"),), (ip_address("192.168.1.5"),), False),)
    text = FILE.replace("AllowedIPs = 10.7.0.3/32", "AllowedIPs = 10.7.0.3/32\nEndpoint = 203.0.113.9:51820")
    assert "behind NAT" in noted(facts(changed(text=text), links=links), "no-keepalive").text
    near = changed(text=text.replace("203.0.113.9", "192.168.1.9"))
    assert "no-keepalive" not in {one.code for one in found(facts(near, links=links))}


def test_nothing_arrives_at_an_open_port() -> None:
    silent = (peer(HOME, "10.7.0.2/32", None), peer(LAPTOP, "10.7.0.3/32", None))
    one = noted(of(changed(peers_now=silent)), "nothing-arrives")
    assert not one.certain
    assert "tcpdump" in one.command
    assert "nothing-arrives" not in {one.code for one in found(facts())}


# Peers' own files


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"has_its_key": False}, "own-file-key"),
        ({"knows_relay": False}, "own-file-relay-key"),
        ({"preshared_key_agrees": False}, "own-file-preshared-key"),
        ({"endpoint": EndpointConfig("vpn.example.net", 51821)}, "own-file-port"),
        ({"far": replace(FAR, addresses=(ip_interface("10.7.0.33/24"),))}, "own-file-address"),
    ],
)
def test_own_files_that_cannot_work(fields: dict[str, Any], code: str) -> None:
    file = own_file(**fields)
    assert noted(of(changed(own_files=(file,))), code).severity is Severity.NOTE
    silent = (peer(HOME, "10.7.0.2/32"), peer(LAPTOP, "10.7.0.3/32", None))
    one = only(of(changed(own_files=(file,), peers_now=silent)))
    assert (one.code, one.severity, one.certain) == (code, Severity.ERROR, False)


def test_a_gateway_that_does_not_accept_who_sends_to_its_lan() -> None:
    home = replace(
        FAR, addresses=(ip_interface("10.7.0.2/24"),), reaches=(prefix_of("10.7.0.1/32"),), **GATEWAY
    )
    laptop = replace(FAR, reaches=(prefix_of("10.7.0.0/24"), prefix_of("192.168.2.0/24")))
    one = only(of(changed(own_files=(own_file(HOME, home), own_file(far=laptop)))))
    assert one.code == "far-file-narrow"
    assert one.fix == FarAllowFix("wg0", HOME, prefix_of("10.7.0.0/24"))
    wide = replace(home, reaches=(prefix_of("10.7.0.0/24"),))
    assert not [
        one
        for one in found(of(changed(own_files=(own_file(HOME, wide), own_file(far=laptop)))))
        if one.severity.is_problem
    ]


def test_a_lan_that_nobody_owns() -> None:
    lan = prefix_of("192.168.9.0/24")
    laptop = own_file(far=replace(FAR, reaches=(prefix_of("10.7.0.0/24"), lan)))
    home = own_file(HOME, replace(FAR, addresses=(ip_interface("10.7.0.2/24"),), **GATEWAY))
    one = only(of(changed(own_files=(laptop, home))))
    assert (one.code, one.certain, one.fix) == ("lan-unowned", False, AllowFix("wg0", HOME, lan))
    assert not problems(facts(changed(own_files=(laptop, home)), routed=(prefix_of("192.168.0.0/16"),)))
    everything = own_file(far=replace(FAR, reaches=(prefix_of("0.0.0.0/0"),)))
    assert "lan-unowned" not in {one.code for one in found(of(changed(own_files=(everything, home))))}


def test_a_gateway_whose_file_does_not_lead_into_its_lan() -> None:
    home = replace(FAR, addresses=(ip_interface("10.7.0.2/24"),))
    assert only(of(changed(own_files=(own_file(HOME, home),)))).code == "own-file-no-forwarding"
    whole = replace(home, **GATEWAY)
    assert not problems(of(changed(own_files=(own_file(HOME, whole),))))
    plain = replace(whole, masquerades=frozenset())
    assert noted(of(changed(own_files=(own_file(HOME, plain),))), "no-way-back").severity is Severity.NOTE
    assert not problems(of(changed(own_files=(own_file(HOME, replace(home, runs_own_rules=True)),))))


def test_an_own_file_that_everybody_can_read() -> None:
    assert isinstance(only(of(changed(own_files=(own_file(is_open=True),)))).fix, ModeFix)


# MTU


@pytest.mark.parametrize(
    ("mtu", "link", "route", "endpoint", "proposed"),
    [
        (1420, 1500, 0, "203.0.113.7", None),
        (1440, 1500, 0, "203.0.113.7", None),
        (1441, 1500, 0, "203.0.113.7", 1440),
        (1420, 1500, 0, "2001:db8::7", None),
        (1420, 1492, 0, "203.0.113.7", None),
        (1420, 1492, 0, "2001:db8::7", 1412),
        (1420, 1500, 1400, "203.0.113.7", 1340),
    ],
)
def test_the_mtu(mtu: int, link: int, route: int, endpoint: str, proposed: int | None) -> None:
    there = Endpoint(ip_address(endpoint), 40001)
    tight = of(changed(mtu=mtu, underlays={there: Underlay("eth0", PathMtu(link, route))}))
    assert [one.fix for one in problems(tight)] == ([] if proposed is None else [MtuFix("wg0", proposed)])


def test_the_mss_is_worth_a_note_where_others_traffic_passes() -> None:
    off = row(SwitchName.MSS, NowState.OFF, disk=OnDisk(DiskState.OFF))
    everything = own_file(far=replace(FAR, reaches=(prefix_of("0.0.0.0/0"),)))
    asked = of(changed(forwarding=view(off), own_files=(everything,)))
    assert noted(asked, "mss").fix == SwitchFix("wg0", SwitchName.MSS, True)
    assert "mss" not in {one.code for one in found(of(changed(forwarding=view(off))))}


def test_ipv6_needs_1280() -> None:
    text = FILE.replace("10.7.0.1/24", "10.7.0.1/24, fd07::1/64")
    one = only(of(changed(text=text, mtu=1200, forwarding=view(row(SwitchName.IPV6)))))
    assert one.fix == MtuFix("wg0", 1280)
    assert not problems(of(changed(mtu=1200)))
