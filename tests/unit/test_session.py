"""Which plans can cut the session of the operator who applies them, and which cannot."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import pytest

from tests.unit import session_world as world
from tests.unit.session_world import (
    LAN,
    LAPTOP,
    MARK,
    NEW,
    PHONE,
    PUBLIC,
    PUBLIC6,
    PUBLIC_SECOND,
    TUNNEL,
    TUNNEL6,
    UP,
    WG0,
    address,
    configure,
    facts_of,
    hook,
    image,
    peer_change,
    plan,
    route,
    unit,
)
from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.host import FileImage, GuardRules
from wgtui.domain.keys import PresharedKey, PrivateKey
from wgtui.domain.network import Rule
from wgtui.domain.plan import (
    SetDevice,
    SetFile,
    SetGuard,
    SetLink,
    SetRule,
    SetSysctl,
    Step,
)
from wgtui.domain.session import (
    Severity,
    SshSession,
    how_it_may_cut,
    parse_ssh_connection,
    with_unknown_way,
)
from wgtui.domain.session.routing import Routing

WILL, MAY = Severity.WILL, Severity.MAY
FULL_TUNNEL: tuple[Step, ...] = (
    SetDevice("wg1", None, image(NEW)),
    route("0.0.0.0/0", "wg1", table=51820),
    SetRule(Rule(4, 51820, fwmark=MARK, invert=True), True),
    SetRule(Rule(4, suppress_prefix_length=0), True),
)


CUTS: list[tuple[str, SshSession, tuple[Step, ...], Severity, str]] = [
    ("its device is deleted", TUNNEL, (SetDevice("wg0", image(WG0), None),), WILL, "wg0 is deleted"),
    (
        "its device is deleted and made again",
        TUNNEL,
        (SetDevice("wg0", image(WG0), None), SetDevice("wg0", None, image(WG0, world.TUNNEL_ADDRESSES))),
        WILL,
        "wg0 is deleted",
    ),
    ("its link goes down", TUNNEL, (SetLink("wg0", UP, replace(UP, up=False)),), WILL, "brought down"),
    (
        "the link below its tunnel goes down",
        TUNNEL,
        (SetLink("eth0", UP, replace(UP, up=False)),),
        WILL,
        "eth0 is brought down",
    ),
    ("too small for IPv6", TUNNEL6, (SetLink("wg0", UP, replace(UP, mtu=1200)),), WILL, "takes IPv6 away"),
    ("too large for the way", TUNNEL, (SetLink("wg0", UP, replace(UP, mtu=1500)),), MAY, "hangs"),
    ("a new private key", TUNNEL, (configure(private_key=PrivateKey(bytes([9]) * 32)),), WILL, "private key"),
    ("another port", TUNNEL, (configure(listen_port=1234),), MAY, "may still call 51820"),
    ("a port of the system's choice", TUNNEL, (configure(listen_port=0),), MAY, "listen port"),
    ("another mark", TUNNEL, (configure(fwmark=7),), MAY, "fwmark"),
    ("its peer is removed", TUNNEL, (peer_change(LAPTOP, remove=True),), WILL, "comes through is removed"),
    ("all peers are replaced by others", TUNNEL, (configure(replace_peers=True),), WILL, "is removed"),
    (
        "its peer loses the address",
        TUNNEL,
        (peer_change(LAPTOP, removed_allowed_ips=(prefix_of("10.0.0.2/32"),)),),
        WILL,
        "No peer of wg0 owns 10.0.0.2",
    ),
    (
        "its peer gets another list",
        LAN,
        (peer_change(LAPTOP, replace_allowed_ips=True, allowed_ips=(prefix_of("10.0.0.2/32"),)),),
        WILL,
        "No peer of wg0 owns 192.168.2.5",
    ),
    (
        "another peer gets the same prefix",
        TUNNEL,
        (peer_change(PHONE, allowed_ips=(prefix_of("10.0.0.2/32"),)),),
        WILL,
        "moves to another peer",
    ),
    (
        "another peer gets a longer prefix",
        LAN,
        (peer_change(PHONE, allowed_ips=(prefix_of("192.168.2.0/28"),)),),
        WILL,
        "192.168.2.5, which your session comes from, moves",
    ),
    (
        "another preshared key",
        TUNNEL,
        (peer_change(LAPTOP, preshared_key=PresharedKey(bytes([1]) * 32)),),
        MAY,
        "within three minutes",
    ),
    (
        "another endpoint",
        TUNNEL,
        (peer_change(LAPTOP, endpoint=Endpoint(ip_address("192.0.2.1"), 1)),),
        MAY,
        "endpoint",
    ),
    (
        "its peer is removed and added again",
        TUNNEL,
        (
            peer_change(LAPTOP, remove=True),
            peer_change(
                LAPTOP,
                endpoint=Endpoint(ip_address("203.0.113.9"), 4000),
                allowed_ips=WG0.peers[0].allowed_ips,
            ),
        ),
        MAY,
        "until that peer makes a new handshake",
    ),
    (
        "the last address of the uplink goes, and all routes with it",
        TUNNEL,
        (
            address("eth0", "198.51.100.1/24", present=False),
            address("eth0", "198.51.100.2/24", present=False),
        ),
        WILL,
        "no way to 203.0.113.9",
    ),
    ("its address goes", TUNNEL, (address("wg0", "10.0.0.1/24", present=False),), WILL, "loses the address"),
    (
        "its address gets another length",
        TUNNEL,
        (address("wg0", "10.0.0.1/24", present=False), address("wg0", "10.0.0.1/16")),
        MAY,
        "set anew",
    ),
    (
        "the first address of its prefix goes",
        PUBLIC_SECOND,
        (address("eth0", "198.51.100.1/24", present=False),),
        MAY,
        "Linux may remove 198.51.100.2",
    ),
    ("its other end becomes an own address", TUNNEL, (address("wg1", "10.0.0.2/24"),), WILL, "own address"),
    ("the gateway becomes an own address", PUBLIC, (address("wg1", "198.51.100.254/32"),), WILL, "own"),
    ("its address twice", TUNNEL, (address("wg1", "10.0.0.1/32"),), MAY, "wg1 gets the address 10.0.0.1"),
    ("a prefix around the operator", PUBLIC, (address("wg1", "203.0.113.1/24"),), WILL, "leave by wg1"),
    ("a route to the operator", PUBLIC, (route("203.0.113.0/24", "wg0"),), WILL, "wg0 instead of eth0"),
    ("a route to the end of the tunnel", TUNNEL, (route("203.0.113.8/30", "wg0"),), WILL, "203.0.113.9"),
    (
        "the default route goes",
        PUBLIC,
        (route("0.0.0.0/0", "eth0", present=False, gateway=world.GATEWAY, scope=0),),
        WILL,
        "no way to 203.0.113.9",
    ),
    (
        "another gateway",
        PUBLIC,
        (route("203.0.113.0/24", "eth0", gateway=ip_address("198.51.100.7")),),
        WILL,
        "to the gateway 198.51.100.7",
    ),
    ("no gateway", PUBLIC, (route("203.0.113.0/24", "eth0"),), WILL, "by eth0 without its gateway"),
    ("a route into nothing", PUBLIC, (route("203.0.113.0/24", "", type=6),), WILL, "no way to 203.0.113.9"),
    ("a full tunnel kills SSH", PUBLIC, FULL_TUNNEL, WILL, "leave by wg1 instead of eth0"),
    (
        "half a full tunnel each",
        PUBLIC,
        (route("0.0.0.0/1", "wg1"), route("128.0.0.0/1", "wg1")),
        WILL,
        "leave by wg1",
    ),
    ("a full tunnel takes the outer packets", TUNNEL, FULL_TUNNEL, WILL, "203.0.113.9 would leave by wg1"),
    (
        "the route of the LAN goes",
        LAN,
        (route("192.168.2.0/24", "wg0", present=False),),
        WILL,
        "192.168.2.5 would leave by eth0 instead of wg0",
    ),
    ("no rule for own addresses", PUBLIC, (SetRule(Rule(4, 255, 0), False),), MAY, "this host's own"),
    ("a rule nobody understands", PUBLIC, (SetRule(Rule(4, 7, is_plain=False), True),), MAY, "A rule"),
    (
        "no IPv6",
        TUNNEL6,
        (SetSysctl("net.ipv6.conf.wg0.disable_ipv6", "0", "1"),),
        WILL,
        "takes IPv6 away",
    ),
    (
        "forwarding forgets the advertised route",
        PUBLIC6,
        (SetSysctl("net.ipv6.conf.all.forwarding", "0", "1"),),
        MAY,
        "router advertised",
    ),
    ("a strict filter", PUBLIC, (SetSysctl("net.ipv4.conf.all.rp_filter", "0", "1"),), MAY, "rp_filter"),
    ("no valid mark", PUBLIC, (SetSysctl("net.ipv4.conf.all.src_valid_mark", "1", "0"),), MAY, "drop"),
    (
        "a guard of its address",
        PUBLIC,
        (SetGuard("wg1", None, GuardRules("wg1", 1, world.UPLINK_ADDRESSES)),),
        WILL,
        "do not come in by wg1",
    ),
    (
        "its guard goes",
        TUNNEL,
        (SetGuard("wg0", GuardRules("wg0", 1, world.TUNNEL_ADDRESSES), None),),
        MAY,
        "no longer marks",
    ),
    ("its unit stops", TUNNEL, (unit("wg-quick@wg0.service", before=True, after=False),), WILL, "is stopped"),
    (
        "a unit starts",
        PUBLIC,
        (unit("wg-quick@wg1.service", before=False, after=True),),
        MAY,
        "runs wg-quick",
    ),
    ("another unit stops", PUBLIC, (unit("ssh.service", before=True, after=False),), MAY, "ssh.service"),
    *[
        (
            f"hook: {command}",
            PUBLIC,
            (hook(command),),
            MAY,
            f"PostUp of wg0 runs a command that may cut your session: {command}",
        )
        for command in (
            "iptables -A INPUT -p tcp --dport 22 -j DROP",
            "iptables -P INPUT DROP",
            "iptables -F",
            "ip route add default dev %i",
            "ip rule add not fwmark 1 table 2",
            "nft -f /etc/nftables.conf",
            "nft add chain inet wg forward { type filter hook input priority 0 }",
            "ufw enable",
            "systemctl restart networking",
            "/etc/wireguard/up.sh",
            "iptables -A FORWARD -i %i -j ACCEPT; ip route flush table main",
            "echo $(ip route flush table main)",
            "true | sh",
        )
    ],
]


@pytest.mark.parametrize(
    ("operator", "steps", "severity", "words"), [case[1:] for case in CUTS], ids=[case[0] for case in CUTS]
)
def test_what_cuts_is_said(
    operator: SshSession, steps: tuple[Step, ...], severity: Severity, words: str
) -> None:
    risks = how_it_may_cut(plan(*steps), operator, facts_of(operator))
    assert any(risk.severity is severity and words in risk.text for risk in risks), risks


def test_sure_reasons_come_first_and_once() -> None:
    steps = (hook("ufw enable"), hook("ufw enable"), SetDevice("wg0", image(WG0), None))
    risks = how_it_may_cut(plan(*steps), TUNNEL, facts_of(TUNNEL))
    assert [risk.severity for risk in risks] == [WILL, MAY]


def test_a_marked_tunnel_survives_a_full_tunnel_through_itself() -> None:
    """The rule for a default route leaves a device's own encrypted packets alone, by their mark."""
    marked = replace(WG0, fwmark=MARK)
    steps = (
        route("0.0.0.0/0", "wg0", table=51820),
        SetRule(Rule(4, 51820, fwmark=MARK, invert=True), True),
        SetRule(Rule(4, suppress_prefix_length=0), True),
    )
    assert how_it_may_cut(plan(*steps), TUNNEL, facts_of(TUNNEL, device=marked)) == ()
    (risk,) = how_it_may_cut(plan(*steps), TUNNEL, facts_of(TUNNEL))
    assert risk.text == "Packets of your session to 203.0.113.9 would leave by wg0 instead of eth0."


def test_the_mark_and_the_rules_that_go_with_it_in_one_plan() -> None:
    steps = (
        configure(fwmark=MARK),
        route("0.0.0.0/0", "wg0", table=51820),
        SetRule(Rule(4, 51820, fwmark=MARK, invert=True), True),
    )
    risks = how_it_may_cut(plan(*steps), TUNNEL, facts_of(TUNNEL))
    assert [risk.severity for risk in risks] == [MAY], risks


def test_taking_a_full_tunnel_down_brings_no_alarm_to_who_comes_by_the_uplink() -> None:
    table = route("0.0.0.0/0", "wg1", table=51820).route
    rule = Rule(4, 51820, 32765, source=prefix_of("10.0.0.0/8"))
    routing = Routing((*world.ROUTES, table), (*world.RULES, rule), world.ADDRESSES)
    steps = (SetRule(rule, False), SetDevice("wg1", image(NEW), None))
    assert how_it_may_cut(plan(*steps), PUBLIC, facts_of(PUBLIC, routing)) == ()


def test_a_way_that_the_tables_do_not_explain_is_guessed_at() -> None:
    facts = facts_of(PUBLIC)
    elsewhere = replace(facts.legs[0], route=route("203.0.113.9/32", "eth7").route)
    facts = replace(facts, legs=(elsewhere,))
    assert how_it_may_cut(plan(route("203.0.113.0/24", "wg0")), PUBLIC, facts)
    assert how_it_may_cut(plan(SetRule(Rule(4, 7), True)), PUBLIC, facts)
    assert not how_it_may_cut(plan(route("10.8.0.0/24", "wg0")), PUBLIC, facts)


def test_an_unknown_way_is_an_alarm_for_all_but_files() -> None:
    (risk,) = with_unknown_way(plan(configure(fwmark=1)), PUBLIC)
    assert risk.severity is MAY
    assert "203.0.113.9" in risk.text
    assert with_unknown_way(plan(SetFile("/etc/wireguard/wg0.conf", None, FileImage(b""))), PUBLIC) == ()


def test_no_reason_holds_a_key() -> None:
    key = PrivateKey(bytes([9]) * 32)
    for risk in how_it_may_cut(plan(configure(private_key=key)), TUNNEL, facts_of(TUNNEL)):
        assert key.reveal() not in risk.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("203.0.113.9 50000 198.51.100.1 22", world.session("203.0.113.9", "198.51.100.1")),
        ("fd00::2 50000 fd00::1 22", world.session("fd00::2", "fd00::1")),
        ("::ffff:203.0.113.9 50000 ::ffff:198.51.100.1 22", PUBLIC),
        ("fe80::2%eth0 50000 fe80::1%eth0 22", replace(world.session("fe80::2", "fe80::1"), link="eth0")),
        ("UNKNOWN 65535 UNKNOWN 65535", None),
        ("203.0.113.9 50000", None),
        ("203.0.113.9 x 198.51.100.1 22", None),
        ("", None),
        (None, None),
    ],
)
def test_what_sshd_says_of_the_connection(text: str | None, expected: SshSession | None) -> None:
    assert parse_ssh_connection(text) == expected
