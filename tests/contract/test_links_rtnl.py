from __future__ import annotations

import secrets
import subprocess
from collections.abc import Iterator
from ipaddress import ip_interface
from pathlib import Path

import pytest

from tests.support.needs import needs_root
from wgtui.adapters.links import RtnlLinks
from wgtui.adapters.netlink_socket import NetlinkSocket
from wgtui.adapters.netns import call_in_netns
from wgtui.adapters.rtnetlink import link_exists, names_of_kind
from wgtui.domain.errors import WgtuiError
from wgtui.ports.links import Link

pytestmark = needs_root


def ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def netns() -> Iterator[str]:
    name = f"wgl-{secrets.token_hex(4)}"
    ip("netns", "add", name)
    yield name
    ip("netns", "del", name)


@pytest.fixture
def links(netns: str) -> Iterator[RtnlLinks]:
    adapter = RtnlLinks(netns)
    yield adapter
    adapter.close()


def named(links: RtnlLinks) -> dict[str, Link]:
    return {link.name: link for link in links.all()}


def test_a_namespace_has_its_own_links(netns: str, links: RtnlLinks) -> None:
    ip("-n", netns, "link", "add", "va", "mtu", "1420", "type", "veth", "peer", "name", "vb")
    found = named(links)
    assert set(found) == {"lo", "va", "vb"}
    assert (found["va"].kind, found["va"].mtu, found["va"].up) == ("veth", 1420, False)
    assert (found["lo"].kind, found["lo"].addresses) == ("", ())
    ip("-n", netns, "link", "set", "va", "up")
    assert named(links)["va"].up


def test_addresses_come_and_go_in_the_kernels_order(netns: str, links: RtnlLinks) -> None:
    ip("-n", netns, "link", "add", "va", "type", "veth", "peer", "name", "vb")
    wanted = ["10.66.0.1/24", "10.66.1.1/32", "fd66::1/64"]
    for address in wanted:
        ip("-n", netns, "addr", "add", address, "dev", "va")
    assert list(named(links)["va"].addresses) == [ip_interface(address) for address in wanted]
    ip("-n", netns, "addr", "del", "10.66.0.1/24", "dev", "va")
    assert ip_interface("10.66.0.1/24") not in named(links)["va"].addresses


def test_of_a_point_to_point_link_the_near_address_is_told(netns: str, links: RtnlLinks) -> None:
    ip("-n", netns, "link", "add", "va", "type", "veth", "peer", "name", "vb")
    ip("-n", netns, "addr", "add", "10.0.0.1", "peer", "10.0.0.2/32", "dev", "va")
    assert named(links)["va"].addresses == (ip_interface("10.0.0.1/32"),)


def test_counters_are_those_of_the_link(netns: str, links: RtnlLinks) -> None:
    ip("-n", netns, "link", "set", "lo", "up")
    before = named(links)["lo"]
    ip("netns", "exec", netns, "ping", "-c", "1", "-s", "1000", "127.0.0.1")
    after = named(links)["lo"]
    assert after.rx_bytes - before.rx_bytes == after.tx_bytes - before.tx_bytes == 2 * 1028


def test_many_links(netns: str, links: RtnlLinks) -> None:
    lines = "".join(f"link add v{n} type veth peer name w{n}\n" for n in range(100))
    subprocess.run(["ip", "-n", netns, "-batch", "-"], input=lines, text=True, check=True)
    found = named(links)
    assert len(found) == 201
    assert found["v99"].kind == "veth"


def test_links_of_a_kind_are_picked_out(netns: str) -> None:
    ip("-n", netns, "link", "add", "va", "type", "veth", "peer", "name", "vb")
    ip("-n", netns, "tuntap", "add", "vt", "mode", "tun")
    sock = NetlinkSocket(0, netns)
    assert sorted(names_of_kind(sock, "veth")) == ["va", "vb"]
    assert names_of_kind(sock, "wireguard") == []
    assert link_exists(sock, "va")
    assert not link_exists(sock, "nosuch")
    sock.close()


def test_a_namespace_that_is_not_there_is_said_plainly() -> None:
    with pytest.raises(WgtuiError, match="There is no network namespace nosuch"):
        RtnlLinks("nosuch").all()


def test_calling_in_a_namespace_leaves_the_caller_where_it_was(netns: str) -> None:
    def where() -> int:
        return Path("/proc/thread-self/ns/net").stat().st_ino

    home = where()
    assert call_in_netns(netns, where) != home
    assert where() == home
    assert call_in_netns(None, where) == home
    with pytest.raises(ZeroDivisionError):
        call_in_netns(netns, lambda: 1 // 0)
    assert where() == home
