"""The `Network` port on real WireGuard links, and on a kernel that is older than the host's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.network_contract import NetworkContract, NetworkRig, address
from tests.kernel.support import run
from wgtui.adapters.network import RtnlNetwork
from wgtui.adapters.wireguard.netlink import KernelWireGuard
from wgtui.domain.change import DeviceChange
from wgtui.domain.errors import DeviceBusy
from wgtui.domain.network import LinkSettings


@pytest.fixture
def network(netns: str) -> Iterator[RtnlNetwork]:
    run("ip", "-n", netns, "link", "add", "wg1", "type", "wireguard")
    adapter = RtnlNetwork(netns)
    yield adapter
    adapter.close()


class TestRtnlNetwork(NetworkContract):
    @pytest.fixture
    def rig(self, network: RtnlNetwork, netns: str) -> NetworkRig:
        for name in ("wg0", "wg1"):
            network.set_link(name, LinkSettings(up=False, mtu=1500))

        def vanish() -> None:
            run("ip", "-n", netns, "link", "del", "wg0")

        return NetworkRig(network, "wg0", "wg1", vanish)


def test_a_taken_listen_port_is_said_when_the_link_is_brought_up(
    network: RtnlNetwork, wireguard: KernelWireGuard
) -> None:
    for name in ("wg0", "wg1"):
        wireguard.configure(name, DeviceChange(listen_port=51820))
    network.set_link("wg0", LinkSettings(up=True, mtu=1420))
    with pytest.raises(DeviceBusy, match=r"wg1 could not be brought up .* port is in use"):
        network.set_link("wg1", LinkSettings(up=True, mtu=1420))
    link = network.link("wg1")
    assert link is not None
    assert not link.up


def test_a_kernel_device_gets_no_address_by_itself(network: RtnlNetwork) -> None:
    network.set_link("wg0", LinkSettings(up=True, mtu=1420))
    network.add_address("wg0", address("fe80::1/64"))
    assert network.addresses("wg0") == (address("fe80::1/64"),)
