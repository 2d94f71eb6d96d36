from __future__ import annotations

from ipaddress import ip_address

import pytest

from tests.kernel.peers import many, peer
from tests.kernel.support import agree, run
from tests.support.wg_dump import assert_same, parse, told
from wgtui.adapters.wireguard.netlink import KernelWireGuard
from wgtui.domain.addresses import Endpoint
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.keys import PrivateKey


@pytest.mark.parametrize("count", [0, 1, 200, 1_000, 5_000])
def test_reading_agrees_with_wg(wireguard: KernelWireGuard, netns: str, count: int) -> None:
    private = PrivateKey(b"k" * 32)
    wireguard.configure(
        "wg0", DeviceChange(private, 51820, 0xCA6C, peers=tuple(peer(number) for number in range(count)))
    )
    agree(wireguard, netns)
    assert len(wireguard.read("wg0").peers) == count


def test_peers_whose_allowed_ips_span_messages(wireguard: KernelWireGuard, netns: str) -> None:
    peers = (
        peer(1),
        peer(2, many("10.1.0.0", 600) + many("fd01::", 600)),
        peer(3, ()),
        peer(4, many("10.4.0.0", 3_000)),
        peer(5, many("fd05::", 1_500)),
        peer(6),
    )
    wireguard.configure("wg0", DeviceChange(peers=peers))
    agree(wireguard, netns)
    before = wireguard.read("wg0").peers
    assert [len(peer.allowed_ips) for peer in before] == [2, 1200, 0, 3000, 1500, 2]
    again = wireguard.read("wg0").peers
    assert all(new is old for new, old in zip(again, before, strict=True))


def test_reading_follows_changes_made_by_wg(wireguard: KernelWireGuard, netns: str) -> None:
    wireguard.configure("wg0", DeviceChange(peers=tuple(peer(number) for number in range(300))))
    agree(wireguard, netns)
    keys = [str(peer(number).public_key) for number in range(300)]
    for command in (
        f"peer {keys[5]} remove",
        f"peer {keys[250]} allowed-ips 10.0.0.7/32,172.16.0.0/12",
        f"peer {keys[299]} persistent-keepalive 9 endpoint [fe80::1%lo]:7",
        f"peer {keys[0]} allowed-ips ",
        f"listen-port 4000 fwmark 0x7 peer {keys[5]} allowed-ips 10.9.9.9/32",
    ):
        run("ip", "netns", "exec", netns, "wg", "set", "wg0", *command.split(" "))
        # wg names the link of a scope, we give its index as the kernel does.
        text = run("ip", "netns", "exec", netns, "wg", "show", "all", "dump").replace("%lo]", "%1]")
        assert_same(told(wireguard.read("wg0")), parse(text)["wg0"])
    endpoint = wireguard.read("wg0").peers[298].endpoint
    assert endpoint == Endpoint(ip_address("fe80::1"), 7, 1)


def test_only_a_changed_peer_is_a_new_object(wireguard: KernelWireGuard) -> None:
    wireguard.configure("wg0", DeviceChange(peers=tuple(peer(number) for number in range(500))))
    before = wireguard.read("wg0").peers
    assert wireguard.read("wg0").peers is before
    wireguard.configure(
        "wg0", DeviceChange(peers=(PeerChange(peer(250).public_key, persistent_keepalive=99),))
    )
    after = wireguard.read("wg0").peers
    assert [number for number in range(500) if after[number] is not before[number]] == [250]
    assert after[250].allowed_ips is before[250].allowed_ips
    assert after[250].persistent_keepalive == 99


def test_several_devices_are_read_apart(wireguard: KernelWireGuard, netns: str) -> None:
    run("ip", "-n", netns, "link", "add", "wg1", "type", "wireguard")
    wireguard.configure("wg0", DeviceChange(peers=(peer(1), peer(2))))
    wireguard.configure("wg1", DeviceChange(listen_port=7, peers=(peer(2), peer(3))))
    assert wireguard.names() == ("wg0", "wg1")
    agree(wireguard, netns)
