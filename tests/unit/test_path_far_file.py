"""What is read out of a peer's own file."""

from __future__ import annotations

import pytest

from wgtui.domain.addresses import prefix_of
from wgtui.domain.keys import PublicKey
from wgtui.domain.path.far_file import far_side
from wgtui.domain.peer_file import gateway_hooks
from wgtui.domain.wgquick import parse

RELAY = PublicKey(bytes([7]) * 32)
HEAD = f"""[Interface]
PrivateKey = {"A" * 43}=
Address = 5.5.5.2/24, fd05::2/64
MTU = 1380
"""
PEER = f"""
[Peer]
PublicKey = {RELAY}
AllowedIPs = 5.5.5.0/24
Endpoint = 203.0.113.1:43155
PersistentKeepalive = 25
"""


def written(*post_up: str, post_down: tuple[str, ...] = ()) -> bytes:
    lines = [f"PostUp = {command}" for command in post_up] + [f"PostDown = {line}" for line in post_down]
    return (HEAD + "\n".join(lines) + "\n" + PEER).encode()


def test_a_phones_file_forwards_nothing() -> None:
    side = far_side(parse(written()), RELAY)
    assert [str(address) for address in side.addresses] == ["5.5.5.2/24", "fd05::2/64"]
    assert side.reaches == (prefix_of("5.5.5.0/24"),)
    assert (side.dials, side.keepalive, side.mtu) == (True, 25, 1380)
    assert (side.forwards, side.lets_through, side.masquerades) == (frozenset(), False, frozenset())
    assert not side.runs_own_rules


def test_a_gateways_file_as_wgtui_writes_it() -> None:
    lines = gateway_hooks("eth0", (4, 6), (prefix_of("5.5.5.0/24"),))
    side = far_side(parse(written(*lines.post_up, post_down=lines.post_down)), RELAY)
    assert side.forwards == {4, 6}
    assert side.lets_through
    assert side.masquerades == {4, 6}
    assert not side.runs_own_rules


def test_settings_by_hand() -> None:
    settings = ("sysctl -w net.ipv4.ip_forward=1", "sysctl -q net/ipv6/conf/all/forwarding=1")
    side = far_side(parse(written(*settings)), RELAY)
    assert side.forwards == {4, 6}
    assert not side.runs_own_rules


@pytest.mark.parametrize("command", ["iptables -A FORWARD -i %i -j ACCEPT", "/root/up.sh"])
def test_commands_that_others_wrote_may_do_anything(command: str) -> None:
    assert far_side(parse(written(command)), RELAY).runs_own_rules


def test_another_hosts_peer_is_not_meant() -> None:
    more = written() + b"[Peer]\nPublicKey = " + b"B" * 42 + b"A=\nAllowedIPs = 10.0.0.0/8\n"
    assert far_side(parse(more), PublicKey(bytes(32))).reaches == ()
    assert far_side(parse(written()), PublicKey(bytes(32))).reaches == (prefix_of("5.5.5.0/24"),)
