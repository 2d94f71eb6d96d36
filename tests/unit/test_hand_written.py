"""Forwarding that people wrote into hooks by hand."""

from __future__ import annotations

import pytest

from wgtui.domain.forwarding import FileForwarding, SwitchName, forwarding_of
from wgtui.domain.forwarding.hand_parts import parts_of, split_commands
from wgtui.domain.forwarding.hand_written import HandLine, Replacement, hand_lines, of_switch, replacement_of
from wgtui.domain.wgquick import parse

TUTORIAL_UP = (
    "iptables -A FORWARD -i %i -j ACCEPT; iptables -A FORWARD -o %i -j ACCEPT; "
    "iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE"
)
ANGRISTAN_FIREWALLD = (
    "firewall-cmd --add-port 51820/udp && firewall-cmd --add-rich-rule='rule family=ipv4 source "
    "address=10.66.66.0/24 masquerade'"
)
WG_EASY = (
    "iptables -t nat -A POSTROUTING -s 10.8.0.0/24 -o eth0 -j MASQUERADE; iptables -A INPUT -p udp -m udp "
    "--dport 51820 -j ACCEPT; iptables -A FORWARD -i wg0 -j ACCEPT; iptables -A FORWARD -o wg0 -j ACCEPT;"
)
ARCH = (
    r"nft add table ip wireguard; nft add chain ip wireguard wireguard_chain {type nat hook postrouting "
    r"priority srcnat\; policy accept\;}; nft add rule ip wireguard wireguard_chain counter packets 0 "
    r"bytes 0 masquerade"
)
CLAMP = (
    "iptables -w 5 -t mangle -A FORWARD -o %i -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS "
    "--clamp-mss-to-pmtu"
)
LOOK_FIRST = (
    "iptables -C FORWARD -i %i -j ACCEPT 2>/dev/null || iptables --insert FORWARD 1 --in-interface %i --jump "
    "ACCEPT || true"
)
OWN_TABLE = (
    r"nft add table ip w; nft add chain ip w c {type nat hook postrouting priority 100\;}; "
    r"nft add rule ip w c oifname eth0 masquerade"
)
TUTORIAL_DOWN = TUTORIAL_UP.replace("-A", "-D")
ISOLATE, FORWARD, RELAY = SwitchName.ISOLATE, SwitchName.FORWARD, SwitchName.RELAY
MASQUERADE, PORT, MSS = SwitchName.MASQUERADE, SwitchName.PORT, SwitchName.MSS


def lines(*commands: tuple[str, str]) -> tuple[HandLine, ...]:
    return hand_lines(held(*commands), "wg0")


def held(*commands: tuple[str, str]) -> FileForwarding:
    text = "".join(f"{key} = {value}\n" for key, value in commands)
    return forwarding_of(parse(f"[Interface]\n{text}".encode()), "wg0")


def replaced(index: int, *commands: tuple[str, str]) -> Replacement:
    file = held(*commands)
    line = next(one for one in hand_lines(file, "wg0") if one.index == index)
    assert line.obstacle == ""
    return replacement_of(file, line, "wg0")


@pytest.mark.parametrize(
    ("command", "effects"),
    [
        (TUTORIAL_UP, [(FORWARD, ""), (RELAY, ""), (MASQUERADE, "eth0")]),
        # angristan/wireguard-install
        ("iptables -I INPUT -p udp --dport 51820 -j ACCEPT", [(PORT, "")]),
        ("iptables -I FORWARD -i eth0 -o wg0 -j ACCEPT", [(FORWARD, "")]),
        ("iptables -I FORWARD -i wg0 -j ACCEPT", [(FORWARD, ""), (RELAY, "")]),
        ("ip6tables -t nat -A POSTROUTING -o eth0 -j MASQUERADE", [(MASQUERADE, "eth0")]),
        (ANGRISTAN_FIREWALLD, [(PORT, ""), (MASQUERADE, "")]),
        (WG_EASY, [(MASQUERADE, "eth0"), (PORT, ""), (FORWARD, ""), (RELAY, "")]),
        (ARCH, [(MASQUERADE, "")]),
        ("nft insert rule inet filter forward iifname %i oifname %i accept", [(RELAY, "")]),
        ('nft add rule inet filter forward iifname "wg0" counter drop', []),
        ("ufw route allow in on wg0 out on eth0", [(FORWARD, "")]),
        ("/usr/sbin/ufw allow 51820/udp", [(PORT, "")]),
        ("sysctl -q -w net.ipv4.ip_forward=1", [(SwitchName.IPV4, "")]),
        ("sudo sysctl -w net.ipv6.conf.all.forwarding=1", [(SwitchName.IPV6, "")]),
        ("echo 1 > /proc/sys/net/ipv4/ip_forward", [(SwitchName.IPV4, "")]),
        ("iptables -I FORWARD -i %i -o %i -j REJECT", [(ISOLATE, "")]),
        ("iptables -A FORWARD -o %i -m state --state RELATED,ESTABLISHED -j ACCEPT", [(FORWARD, "")]),
        (CLAMP, [(MSS, "")]),
        (LOOK_FIRST, [(FORWARD, ""), (RELAY, "")]),
    ],
)
def test_what_people_write(command: str, effects: list[tuple[SwitchName, str]]) -> None:
    (line,) = lines(("PostUp", command))
    assert list(line.effects) == effects
    assert bool(line.obstacle) == (not effects)


@pytest.mark.parametrize(
    "command",
    [
        "logger up",
        "iptables -A FORWARD -i %i -d 10.0.0.0/8 -j ACCEPT",
        "iptables -A FORWARD -i %i -m owner --uid-owner 5 -j ACCEPT",
        "iptables -A FORWARD -i %i -p tcp --dport 80 -j ACCEPT",
        "iptables -A FORWARD -i eth1 -j ACCEPT",
        "iptables -t nat -A PREROUTING -i eth0 -p tcp --dport 80 -j DNAT --to 10.0.0.2",
        "iptables -A FORWARD -i %i -j ACCEPT; ip route add 10.9.0.0/16 dev %i",
        "iptables -P FORWARD DROP",
        "iptables -t nat -A POSTROUTING -o eth+ -j MASQUERADE",
        "nft add rule ip nat postrouting oifname eth* masquerade",
        "iptables -A 'FORWARD",
        "nft delete rule inet filter forward handle 5",
        "ufw disable",
        "firewall-cmd --reload",
        "sysctl -p",
        "sysctl -w net.ipv4.tcp_syncookies=1",
        "$(cat /etc/wireguard/up.sh)",
    ],
)
def test_what_is_not_known_is_not_replaced(command: str) -> None:
    assert lines(("PostUp", command))[0].obstacle


def test_commands_of_a_line() -> None:
    assert split_commands("a 'x;y' && b \"c||d\" ; e\\;f || g # h; i") == (
        "a 'x;y'",
        'b "c||d"',
        r"e\;f",
        "g",
    )
    assert split_commands("  ") == ()
    assert split_commands("a;") == ("a",)


def test_the_tutorials_pair_goes_together() -> None:
    after = replaced(
        1,
        ("PostUp", "logger up"),
        ("PostUp", TUTORIAL_UP),
        ("PostDown", TUTORIAL_DOWN),
        ("PostDown", "logger down"),
    )
    assert after.index == 1
    assert after.post_down == ("logger down",)
    assert after.take_back == split_commands(TUTORIAL_DOWN)
    assert after.effects == ((FORWARD, ""), (RELAY, ""), (MASQUERADE, "eth0"))


def test_what_takes_it_back_before_the_interface_goes_down_goes_as_well() -> None:
    # As in the tutorial of DigitalOcean. What is left over would fail, and wg-quick with it.
    masquerade = "iptables -t nat -{} POSTROUTING -o eth0 -j MASQUERADE"
    after = replaced(
        1,
        ("PostUp", "ufw route allow in on wg0 out on eth0"),
        ("PostUp", masquerade.format("I")),
        ("PreDown", "ufw route delete allow in on wg0 out on eth0"),
        ("PreDown", f"{masquerade.format('D')}; logger down"),
    )
    assert after.pre_down == ("ufw route delete allow in on wg0 out on eth0", "logger down")
    assert after.take_back == (masquerade.format("D"),)


def test_of_a_common_line_only_its_part_goes() -> None:
    after = replaced(
        0,
        ("PostUp", "iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE"),
        ("PostUp", "iptables -A FORWARD -i wg0 -j ACCEPT"),
        ("PostDown", TUTORIAL_DOWN),
    )
    assert after.post_down == ("iptables -D FORWARD -i %i -j ACCEPT; iptables -D FORWARD -o %i -j ACCEPT",)
    assert after.take_back == ("iptables -t nat -D POSTROUTING -o eth0 -j MASQUERADE",)


def test_a_line_that_nothing_took_back() -> None:
    after = replaced(0, ("PostUp", "iptables -I FORWARD 1 -i wg0 -m comment --comment 'a b' -j ACCEPT"))
    assert after.take_back == ("iptables -w -D FORWARD -i %i -m comment --comment 'a b' -j ACCEPT",)


def test_a_setting_of_the_host_stays() -> None:
    after = replaced(
        0, ("PostUp", "sysctl -w net.ipv4.ip_forward=1"), ("PostDown", "sysctl -w net.ipv4.ip_forward=0")
    )
    assert after == Replacement(0, (), (), (), ((SwitchName.IPV4, ""),))


def test_a_table_of_its_own_goes_as_a_whole() -> None:
    after = replaced(0, ("PostUp", OWN_TABLE), ("PostDown", "nft delete table ip w"))
    assert after.take_back == ("nft delete table ip w",)
    assert after.effects == ((MASQUERADE, "eth0"),)


def test_the_line_of_a_switch() -> None:
    found = lines(("PostUp", "logger x"), ("PostUp", TUTORIAL_UP))
    assert of_switch(found, MASQUERADE, "eth0") == of_switch(found, FORWARD) == found[1]
    assert of_switch(found, MASQUERADE, "eth1") is None
    assert of_switch(found, PORT) is None


def test_parts_know_the_interface_by_its_name() -> None:
    assert parts_of("iptables -A FORWARD -i wg1 -j ACCEPT", "wg0")[0].is_known is False
