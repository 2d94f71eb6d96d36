from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import partial
from ipaddress import ip_address

import pytest

from tests.support.needs import needs_root
from tests.support.netns import ip, temporary_netns, without_privilege
from wgtui.adapters.echo import RawEcho
from wgtui.domain.errors import PermissionRefused

pytestmark = needs_root

HERE, THERE = ("10.9.0.1", "fd09::1"), ("10.9.0.2", "fd09::2")


@pytest.fixture
def ends() -> Iterator[tuple[str, str]]:
    with temporary_netns() as one, temporary_netns() as other:
        ip("-n", one, "link", "add", "va", "type", "veth", "peer", "name", "vb", "netns", other)
        for name, link, own in ((one, "va", HERE), (other, "vb", THERE)):
            for address in own:
                length = "64" if ":" in address else "24"
                nodad = ["nodad"] if ":" in address else []
                ip("-n", name, "address", "add", f"{address}/{length}", "dev", link, *nodad)
            ip("-n", name, "link", "set", link, "up")
        yield one, other


@pytest.mark.parametrize(("own", "target"), zip(HERE, THERE, strict=True))
def test_an_answer_is_timed(ends: tuple[str, str], own: str, target: str) -> None:
    result = RawEcho(ends[0]).ask(ip_address(target), source=ip_address(own), count=2)
    assert (result.sent, result.received, result.refusal) == (2, 2, "")
    assert result.quickest is not None
    assert 0 < result.quickest < 1


@pytest.mark.parametrize(("program", "target"), [("iptables", THERE[0]), ("ip6tables", THERE[1])])
def test_an_answer_that_the_packet_filter_drops_is_seen(
    ends: tuple[str, str], program: str, target: str
) -> None:
    echo, there = RawEcho(ends[0]), ip_address(target)
    whole = echo.ask(there, link="va", count=2)
    assert (whole.left, whole.came_back) == (2, 2)
    kind = "icmp" if program == "iptables" else "icmpv6"
    option = "--icmp-type" if program == "iptables" else "--icmpv6-type"
    ip("netns", "exec", ends[0], program, "-A", "INPUT", "-p", kind, option, "echo-reply", "-j", "DROP")
    dropped = echo.ask(there, link="va", count=2, timeout=0.3)
    assert (dropped.received, dropped.left, dropped.came_back) == (0, 2, 2)
    assert echo.ask(there, link="nosuch", count=1, timeout=0.1).left is None


@pytest.mark.parametrize("target", ["10.9.0.77", "fd09::77"])
def test_silence(ends: tuple[str, str], target: str) -> None:
    result = RawEcho(ends[0]).ask(ip_address(target), count=2, timeout=0.2)
    assert result.received == 0
    assert result.quickest is None


@pytest.mark.parametrize("target", ["198.51.100.1", "2001:db8::1"])
def test_no_route(ends: tuple[str, str], target: str) -> None:
    result = RawEcho(ends[0]).ask(ip_address(target), count=1, timeout=0.2)
    assert (result.sent, result.received) == (0, 0)
    assert result.refusal


def test_a_refusal_on_the_way_is_told(ends: tuple[str, str]) -> None:
    one, other = ends
    ip("-n", one, "route", "add", "198.51.100.0/24", "via", THERE[0])
    ip("netns", "exec", other, "sysctl", "-qw", "net.ipv4.ip_forward=1")
    result = RawEcho(one).ask(ip_address("198.51.100.1"), count=1, timeout=2)
    assert (result.sent, result.received) == (1, 0)
    assert result.refusal == "no route to that network"


@pytest.mark.parametrize(("own", "target"), zip(HERE, THERE, strict=True))
@pytest.mark.parametrize("size", [1300, 1401, 1500])
def test_large_packets(ends: tuple[str, str], own: str, target: str, size: int) -> None:
    one, other = ends
    rule = "add table inet t; add chain inet t i { type filter hook input priority 0; };"
    command = ["ip", "netns", "exec", other, "nft", f"{rule} add rule inet t i meta length > 1400 drop"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs nft")
    ask = partial(RawEcho(one).ask, ip_address(target), source=ip_address(own), count=2, timeout=1.0)
    assert ask(size=size).received == (2 if size <= 1400 else 0)


def test_a_packet_that_is_too_large_for_its_link_is_not_sent(ends: tuple[str, str]) -> None:
    result = RawEcho(ends[0]).ask(ip_address(THERE[0]), count=1, timeout=0.2, size=1501)
    assert (result.sent, result.received) == (0, 0)
    assert result.refusal == "Message too long"


def test_without_privilege(ends: tuple[str, str]) -> None:
    with without_privilege(), pytest.raises(PermissionRefused):
        RawEcho().ask(ip_address("127.0.0.1"), count=1)
