"""Plans that leave the operator's session alone must not alarm."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import pytest

from tests.unit import session_world as world
from tests.unit.session_world import (
    HOME,
    LAN,
    LAPTOP,
    MARK,
    NEW,
    PHONE,
    PUBLIC,
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
)
from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.host import DnsSettings, FileImage, GuardRules, UnitState
from wgtui.domain.keys import PresharedKey, PrivateKey
from wgtui.domain.network import LinkSettings, Rule
from wgtui.domain.plan import (
    SetDevice,
    SetDns,
    SetFile,
    SetGuard,
    SetLink,
    SetRule,
    SetSysctl,
    SetUnit,
    Step,
)
from wgtui.domain.session import (
    SshSession,
    how_it_may_cut,
)

OURS = (
    "iptables -w -C FORWARD -i %i -o %i -m comment --comment wgtui:%i:relay -j ACCEPT 2>/dev/null || "
    "iptables -w -I FORWARD -i %i -o %i -m comment --comment wgtui:%i:relay -j ACCEPT"
)
STARTED = SetUnit("wg-quick@wg7.service", UnitState(False, False), UnitState(True, True))


def new_tunnel(*lines: str) -> SetFile:
    """The file of a new tunnel, with one peer."""
    key = f"[Peer]\nPublicKey = {HOME}\n"
    text = "\n".join(("[Interface]", *lines[:-1], key, lines[-1], ""))
    return SetFile("/etc/wireguard/wg7.conf", None, FileImage(text.encode()))


RELAY = new_tunnel("Address = 10.77.0.1/24", f"PostUp = {OURS}", "AllowedIPs = 10.77.0.2/32")

HARMLESS: list[tuple[str, SshSession, tuple[Step, ...]]] = [
    ("nothing", TUNNEL, ()),
    ("a new peer", TUNNEL, (peer_change(HOME, allowed_ips=(prefix_of("10.0.0.4/32"),)),)),
    ("another peer removed", TUNNEL, (peer_change(PHONE, remove=True),)),
    (
        "another peer edited",
        TUNNEL,
        (
            peer_change(
                PHONE,
                preshared_key=PresharedKey(bytes([1]) * 32),
                endpoint=Endpoint(ip_address("192.0.2.1"), 1),
                persistent_keepalive=25,
                replace_allowed_ips=True,
                allowed_ips=(prefix_of("10.0.0.9/32"),),
            ),
        ),
    ),
    (
        "another peer gets a shorter prefix",
        LAN,
        (peer_change(PHONE, allowed_ips=(prefix_of("192.168.0.0/16"),)),),
    ),
    ("a prefix more for its peer", TUNNEL, (peer_change(LAPTOP, allowed_ips=(prefix_of("10.9.0.0/24"),)),)),
    ("its peer's keepalive", TUNNEL, (peer_change(LAPTOP, persistent_keepalive=25),)),
    ("what is set already", TUNNEL, (configure(listen_port=51820, fwmark=0),)),
    (
        "its peer's prefix goes, a shorter stays",
        LAN,
        (
            peer_change(
                LAPTOP,
                allowed_ips=(prefix_of("192.168.0.0/16"),),
                removed_allowed_ips=(prefix_of("192.168.2.0/24"),),
            ),
        ),
    ),
    ("a tunnel that the session does not use is deleted", PUBLIC, (SetDevice("wg0", image(WG0), None),)),
    (
        "its peers are its own business",
        PUBLIC,
        (configure(replace_peers=True, private_key=PrivateKey(bytes(32))),),
    ),
    ("another device is configured", TUNNEL, (configure("wg1", replace_peers=True, listen_port=51821),)),
    (
        "a tunnel comes up",
        TUNNEL,
        (
            SetDevice("wg1", None, image(NEW)),
            configure("wg1", listen_port=51821),
            address("wg1", "10.7.0.1/24"),
            SetLink("wg1", LinkSettings(False, 1500), UP),
            route("10.8.0.0/24", "wg1"),
        ),
    ),
    (
        "a full tunnel of IPv6 alone",
        PUBLIC,
        (
            route("::/0", "wg1", table=51820),
            SetRule(Rule(6, 51820, fwmark=MARK, invert=True), True),
        ),
    ),
    ("a default route behind the one in use", PUBLIC, (route("0.0.0.0/0", "wg1", metric=500),)),
    ("a table that no rule asks for", PUBLIC, (route("0.0.0.0/0", "wg1", table=51820),)),
    (
        "a rule for others",
        PUBLIC,
        (
            route("0.0.0.0/0", "wg1", table=7),
            SetRule(Rule(4, 7, source=prefix_of("10.9.0.0/24")), True),
        ),
    ),
    (
        "a rule for what comes in by another link",
        PUBLIC,
        (
            route("0.0.0.0/0", "wg1", table=7),
            SetRule(Rule(4, 7, input_link="wg1"), True),
        ),
    ),
    ("the same way, said more exactly", LAN, (route("192.168.2.5/32", "wg0"),)),
    ("a smaller MTU for IPv4", TUNNEL, (SetLink("wg0", UP, replace(UP, mtu=1200)),)),
    ("another link down", PUBLIC, (SetLink("wg0", UP, replace(UP, up=False)),)),
    ("an address more", TUNNEL, (address("wg0", "10.6.0.1/24"),)),
    ("a later address of its prefix goes", PUBLIC, (address("eth0", "198.51.100.2/24", present=False),)),
    ("IPv4 forwarding", TUNNEL, (SetSysctl("net.ipv4.ip_forward", "0", "1"),)),
    (
        "IPv6 forwarding, with an address by hand",
        TUNNEL6,
        (SetSysctl("net.ipv6.conf.all.forwarding", "0", "1"),),
    ),
    ("a valid mark", PUBLIC, (SetSysctl("net.ipv4.conf.all.src_valid_mark", "0", "1"),)),
    (
        "a guard of the tunnel it comes by",
        TUNNEL,
        (SetGuard("wg0", None, GuardRules("wg0", 1, world.TUNNEL_ADDRESSES)),),
    ),
    (
        "files and names",
        TUNNEL,
        (
            SetFile("/etc/wireguard/wg0.conf", FileImage(b"[Interface]\n"), None),
            SetDns("wg0", None, DnsSettings(("10.0.0.1",))),
        ),
    ),
    (
        "a unit for the next boot",
        TUNNEL,
        (SetUnit("wg-quick@wg0.service", UnitState(False, True), UnitState(True, True)),),
    ),
    ("a unit brings a tunnel up that is written as well", PUBLIC, (RELAY, STARTED)),
    *[
        (f"hook: {command}", PUBLIC, (hook(command),))
        for command in (
            "iptables -A FORWARD -i %i -j ACCEPT; iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE",
            "/sbin/ip6tables -w 5 -I FORWARD 1 -o %i -m conntrack --ctstate ESTABLISHED -j ACCEPT",
            "iptables -C FORWARD -i %i -j ACCEPT || iptables -A FORWARD -i %i -j ACCEPT",
            "sysctl -q -w net.ipv4.ip_forward=1",
            "nft add rule inet filter forward iifname %i accept",
            "echo up > /dev/null",
        )
    ],
]


@pytest.mark.parametrize(
    ("operator", "steps"), [case[1:] for case in HARMLESS], ids=[case[0] for case in HARMLESS]
)
def test_what_does_not_cut_is_no_alarm(operator: SshSession, steps: tuple[Step, ...]) -> None:
    assert how_it_may_cut(plan(*steps), operator, facts_of(operator)) == ()


@pytest.mark.parametrize(
    "steps",
    [
        (STARTED,),
        (STARTED, new_tunnel("Address = 10.77.0.1/24", "AllowedIPs = 0.0.0.0/0")),
        (STARTED, new_tunnel("Address = 10.77.0.1/24", "AllowedIPs = 203.0.113.0/24")),
        (STARTED, new_tunnel("Address = 198.51.100.77/28", "AllowedIPs = 10.77.0.2/32")),
        (STARTED, new_tunnel("Address = 10.77.0.1/24", "PostUp = ufw enable", "AllowedIPs = 10.77.0.2/32")),
        (STARTED, replace(RELAY, before=FileImage(b"[Interface]\n"))),
        (STARTED, replace(RELAY, path="/etc/wireguard/wg8.conf")),
    ],
)
def test_a_unit_that_may_bear_on_the_session_is_told(steps: tuple[Step, ...]) -> None:
    (risk,) = how_it_may_cut(plan(*steps), PUBLIC, facts_of(PUBLIC))
    assert "runs wg-quick" in risk.text
