"""What is typed becomes a value, or one sentence that says why not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.config_strategies import KEYS, SECRET
from wgtui.domain.addresses import prefix_of
from wgtui.domain.config import EndpointConfig
from wgtui.domain.editing import NO_ENDPOINT, NO_PRESHARED_KEY, NO_PRIVATE_KEY, PeerEdit, add_peer, peers_of
from wgtui.domain.forms import (
    Entered,
    Field,
    Level,
    enter_addresses,
    enter_allowed_ips,
    enter_dns,
    enter_endpoint,
    enter_fwmark,
    enter_hooks,
    enter_interface_name,
    enter_keepalive,
    enter_listen_port,
    enter_mtu,
    enter_name,
    enter_preshared_key,
    enter_private_key,
    enter_public_key,
    enter_table,
)
from wgtui.domain.text import printable
from wgtui.domain.wgquick import parse


def enter_post_up(text: str) -> Entered[tuple[str, ...]]:
    return enter_hooks(Field.POST_UP, text)


FIELDS: list[Any] = [
    enter_addresses,
    enter_allowed_ips,
    enter_dns,
    enter_endpoint,
    enter_fwmark,
    enter_interface_name,
    enter_keepalive,
    enter_listen_port,
    enter_mtu,
    enter_name,
    enter_post_up,
    enter_preshared_key,
    enter_private_key,
    enter_public_key,
    enter_table,
]

SPECIMENS = [
    "10.8.0.2/24",
    "51820",
    "vpn.example.com:1",
    "[fd00::1]:1",
    "off",
    "auto",
    SECRET,
    "iptables -A %i",
    "wg0",
]


def plain(value: object) -> object:
    """Lists as the text of their elements."""
    return [str(one) for one in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize(
    ("enter", "text", "expected"),
    [
        (enter_name, "  alice ", "alice"),
        (enter_name, "", ""),
        (enter_name, "Zoë 名前 [x]", "Zoë 名前 [x]"),
        (enter_public_key, f" {KEYS[0]}\n", KEYS[0]),
        (enter_preshared_key, "", NO_PRESHARED_KEY),
        (enter_private_key, "", NO_PRIVATE_KEY),
        (enter_allowed_ips, "", []),
        (
            enter_allowed_ips,
            "10.8.0.2, fd08::2/128\n192.168.2.0/24,",
            ["10.8.0.2/32", "fd08::2/128", "192.168.2.0/24"],
        ),
        (enter_allowed_ips, "10.8.0.2/24", ["10.8.0.0/24"]),
        (enter_allowed_ips, "10.8.0.2 10.8.0.2/32", ["10.8.0.2/32"]),
        (enter_endpoint, "", NO_ENDPOINT),
        (enter_endpoint, "vpn.example.com:51820", EndpointConfig("vpn.example.com", 51820)),
        (enter_endpoint, "[fd00::1]:51820", EndpointConfig("fd00::1", 51820)),
        (enter_endpoint, "0300.1:51820", EndpointConfig("192.0.0.1", 51820)),
        (enter_keepalive, "", 0),
        (enter_keepalive, "OFF", 0),
        (enter_keepalive, "25", 25),
        (enter_listen_port, "", 0),
        (enter_listen_port, "51820", 51820),
        (enter_mtu, "", 0),
        (enter_mtu, "Auto", 0),
        (enter_mtu, "1420", 1420),
        (enter_table, "", ""),
        (enter_table, "OFF", "off"),
        (enter_table, "1234", "1234"),
        (enter_fwmark, "off", 0),
        (enter_fwmark, "0XCA6C", 0xCA6C),
        (enter_addresses, "10.8.0.1/24, fd08::1/64", ["10.8.0.1/24", "fd08::1/64"]),
        (enter_addresses, "10.8.0.1/255.255.255.0", ["10.8.0.1/24"]),
        (enter_addresses, "10.8.0.1", ["10.8.0.1/32"]),
        (
            enter_dns,
            "1.1.1.1 example.org, fd00::53 lan",
            ["('1.1.1.1', 'fd00::53')", "('example.org', 'lan')"],
        ),
        (enter_interface_name, "wg-home_1.x", "wg-home_1.x"),
        (enter_post_up, "a # é\r\n\n  b\tc \n", ["a # é", "b\tc"]),
        (enter_post_up, "echo \udcff", ["echo \udcff"]),
        (enter_post_up, "", []),
    ],
)
def test_values(enter: Any, text: str, expected: object) -> None:
    entered = enter(text)
    assert entered.ok and plain(entered.value) == expected
    assert not [problem for problem in entered.problems if problem.severity is Level.ERROR]


@pytest.mark.parametrize(
    ("enter", "text", "reason"),
    [
        (enter_name, "a\nb", "one line"),
        (enter_name, "a\u202eb", "invisible"),
        (enter_name, "a\x1b[31m", "control"),
        (enter_name, "x" * 65, "at most 64 characters, this has 65"),
        (enter_name, "---", "letter or digit"),
        (enter_name, SECRET, "looks like a key"),
        (enter_public_key, "", "needs a public key"),
        (enter_public_key, "abc", "44 characters, this has 3"),
        (enter_public_key, "A" * 43 + "=", "all zero"),
        (enter_preshared_key, SECRET[:-1], "44 characters, this has 43"),
        (enter_private_key, "A" * 43 + "=", "all zero"),
        (enter_allowed_ips, "10.8.0.2/33", "0 to 32"),
        (enter_allowed_ips, "home.example.com", "not an IP address"),
        (enter_allowed_ips, "+10.8.0.2/32", "The +"),
        (enter_endpoint, "192.0.2.1", "has no port"),
        (enter_endpoint, "192.0.2.1:70000", "more than 65535"),
        (enter_endpoint, "192.0.2.1:0", "Port 0"),
        (enter_endpoint, "fd00::1:51820", "without brackets"),
        (enter_endpoint, "a b:1", "neither an address nor a host name"),
        (enter_keepalive, "25s", "not a keepalive interval"),
        (enter_keepalive, "65536", "not a keepalive interval"),
        (enter_listen_port, "70000", "more than 65535"),
        (enter_listen_port, "-1", "neither a port"),
        (enter_listen_port, "domain", "neither a port"),
        (enter_mtu, "67", "outside of 68 to 65535"),
        (enter_mtu, "big", "not an MTU"),
        (enter_table, "my table", "not a routing table"),
        (enter_table, "-5", "not a routing table"),
        (enter_fwmark, "0x1ffffffff", "not a firewall mark"),
        (enter_addresses, "10.8.0.1/24 10.8.0.1/24", "twice"),
        (enter_addresses, "0.0.0.0/24", "no address"),
        (enter_addresses, "relay.example.com", "not an address with a length"),
        (enter_dns, "1.1.1", "but is no address"),
        (enter_dns, "fd00::*", "file names"),
        (enter_dns, "exa_mple!", "neither an address nor a domain name"),
        (enter_interface_name, "", "1 to 15"),
        (enter_interface_name, "a" * 16, "1 to 15"),
        (enter_interface_name, "wg 0", "1 to 15"),
        (enter_interface_name, "..", "kernel"),
        (enter_interface_name, "all", "kernel"),
        (enter_interface_name, "a+b", "firewall"),
        (enter_interface_name, "-x", "option"),
        (enter_post_up, "a\x1b[0m", "control"),
        (enter_post_up, "a\u202eb", "invisible"),
    ],
)
def test_refusals(enter: Any, text: str, reason: str) -> None:
    entered = enter(text)
    assert not entered.ok
    (problem,) = entered.problems
    assert problem.severity is Level.ERROR and reason in problem.text


@pytest.mark.parametrize(
    ("enter", "text", "level", "remark"),
    [
        (enter_allowed_ips, "10.8.0.2/24", Level.WARNING, "taken as 10.8.0.0/24"),
        (enter_allowed_ips, "10.8.0.2 10.8.0.2", Level.NOTE, "kept once"),
        (enter_endpoint, "0300.1:1", Level.NOTE, "old spelling of 192.0.0.1"),
        (enter_addresses, "10.8.0.1", Level.NOTE, "without a subnet"),
        (enter_table, "Off", Level.NOTE, "written off"),
        (enter_table, "work", Level.NOTE, "rt_tables"),
        (enter_private_key, SECRET, Level.NOTE, "not clamped"),
        (enter_post_up, "a # b", Level.NOTE, "cuts this command"),
    ],
)
def test_remarks(enter: Any, text: str, level: Level, remark: str) -> None:
    entered = enter(text)
    assert entered.ok
    assert [(problem.severity, remark in problem.text) for problem in entered.problems] == [(level, True)]


@given(
    number=st.integers(0, len(FIELDS) - 1),
    text=st.text(max_size=60) | st.sampled_from(SPECIMENS) | st.from_regex(r"[0-9a-f:./, \[\]%x+-]{0,40}"),
)
def test_no_text_breaks_a_field(number: int, text: str) -> None:
    entered = FIELDS[number](text)
    assert entered.ok == all(problem.severity is not Level.ERROR for problem in entered.problems)
    for problem in entered.problems:
        assert problem.text.endswith(".") and problem.text == printable(problem.text, 1000)
        assert SECRET not in problem.text + problem.hint


@given(name=st.text(max_size=70), prefixes=st.lists(st.sampled_from(["10.8.0.2/24", "fd00::/8", "1.2.3.4"])))
def test_what_the_form_takes_the_file_takes(name: str, prefixes: list[str]) -> None:
    entered, allowed = enter_name(name), enter_allowed_ips(" ".join(prefixes))
    assert allowed.value is not None
    if entered.value is None:
        return
    document = add_peer(parse(b""), PeerEdit(entered.value, KEYS[0], allowed_ips=allowed.value))
    (peer,) = peers_of(document)
    assert peer.name == entered.value
    assert peer.settings.allowed_ips == tuple(dict.fromkeys(map(prefix_of, prefixes)))


def test_fields_are_called_as_in_the_intents() -> None:
    assert set(PeerEdit.__slots__) <= {field.value for field in Field}
