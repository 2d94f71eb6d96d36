from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import pytest

from tests.kernel.peers import many, peer
from tests.kernel.support import agree, run
from wgtui.adapters.wireguard.netlink import KernelWireGuard
from wgtui.domain.addresses import Endpoint
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.errors import DeviceBusy
from wgtui.domain.keys import PrivateKey


def test_replacing_thousands_of_peers_in_chunks(wireguard: KernelWireGuard, netns: str) -> None:
    wireguard.configure("wg0", DeviceChange(peers=tuple(peer(number) for number in range(9_000, 9_500))))
    wanted = tuple(peer(number) for number in range(2_000))
    wireguard.configure("wg0", DeviceChange(replace_peers=True, peers=wanted))
    device = wireguard.read("wg0")
    assert [peer.public_key for peer in device.peers] == [change.public_key for change in wanted]
    assert [peer.allowed_ips for peer in device.peers] == [change.allowed_ips for change in wanted]
    agree(wireguard, netns)


def test_replacing_thousands_of_allowed_ips_of_one_peer(wireguard: KernelWireGuard) -> None:
    wireguard.configure("wg0", DeviceChange(peers=(peer(1, many("172.16.0.0", 50)), peer(2))))
    wanted = many("10.0.1.0", 2_000) + many("fd01::", 1_000)
    change = replace(peer(1, wanted), replace_allowed_ips=True)
    wireguard.configure("wg0", DeviceChange(peers=(change,)))
    first, second = wireguard.read("wg0").peers
    assert first.allowed_ips == wanted
    assert second.allowed_ips == peer(2).allowed_ips


def test_single_allowed_ips_are_removed_whatever_the_kernel(wireguard: KernelWireGuard) -> None:
    wireguard.configure("wg0", DeviceChange(peers=(peer(1, many("10.1.0.0", 900)), peer(2))))
    lost = many("10.1.0.0", 900)[100:800]
    wireguard.configure(
        "wg0", DeviceChange(peers=(PeerChange(peer(1).public_key, removed_allowed_ips=lost),))
    )
    first, second = wireguard.read("wg0").peers
    assert first.allowed_ips == many("10.1.0.0", 100) + many("10.1.3.32", 100)
    assert (first.endpoint, first.preshared_key) == (peer(1).endpoint, peer(1).preshared_key)
    assert second.allowed_ips == peer(2).allowed_ips


def test_asking_what_the_kernel_can_do_changes_nothing(wireguard: KernelWireGuard) -> None:
    wireguard.configure("wg0", DeviceChange(peers=(peer(1), peer(2))))
    before = wireguard.read("wg0")
    nothing = PeerChange(peer(2).public_key, removed_allowed_ips=many("192.0.2.1", 1))
    wireguard.configure("wg0", DeviceChange(peers=(nothing,)))
    assert wireguard.read("wg0") == before


def test_an_address_with_scope_keeps_it(wireguard: KernelWireGuard, netns: str) -> None:
    endpoint = Endpoint(ip_address("fe80::1"), 51820, 1)
    wireguard.configure("wg0", DeviceChange(peers=(replace(peer(1), endpoint=endpoint),)))
    assert wireguard.read("wg0").peers[0].endpoint == endpoint
    assert "[fe80::1%lo]:51820" in run("ip", "netns", "exec", netns, "wg", "show", "wg0", "endpoints")


def test_a_taken_port_is_said_with_its_number(wireguard: KernelWireGuard, netns: str) -> None:
    run("ip", "-n", netns, "link", "add", "wg1", "type", "wireguard")
    for name in ("wg0", "wg1"):
        run("ip", "-n", netns, "link", "set", name, "up")
    wireguard.configure("wg0", DeviceChange(listen_port=51820))
    with pytest.raises(DeviceBusy, match="51820"):
        wireguard.configure("wg1", DeviceChange(listen_port=51820))
    assert wireguard.read("wg0").listen_port == 51820


def test_port_zero_lets_the_kernel_pick(wireguard: KernelWireGuard, netns: str) -> None:
    wireguard.configure("wg0", DeviceChange(listen_port=51820))
    run("ip", "-n", netns, "link", "set", "wg0", "up")
    wireguard.configure("wg0", DeviceChange(listen_port=0))
    assert wireguard.read("wg0").listen_port not in (0, 51820)


def test_a_private_key_reads_back_clamped_and_equal_to_wgs(wireguard: KernelWireGuard, netns: str) -> None:
    wireguard.configure("wg0", DeviceChange(private_key=PrivateKey(b"\xff" * 32)))
    shown = run("ip", "netns", "exec", netns, "wg", "show", "wg0", "private-key").strip()
    private = wireguard.read("wg0").private_key
    assert private is not None
    assert private.reveal() == shown
    assert private.reveal_bytes() == b"\xf8" + b"\xff" * 30 + b"\x7f"
