from __future__ import annotations

from ipaddress import ip_interface

from tests.netns.support import UserspaceHost
from tests.support.waiting import eventually
from wgtui.adapters.network import RtnlNetwork
from wgtui.domain.network import LinkAddress, LinkSettings


def test_the_random_address_of_a_userspace_device_is_the_kernels(host: UserspaceHost) -> None:
    host.devices.create("wg0")
    network = RtnlNetwork(host.netns)
    mine = LinkAddress(ip_interface("fe80::1/64"))
    try:
        network.add_address("wg0", mine)
        network.add_address("wg0", LinkAddress(ip_interface("10.66.0.1/24")))
        network.set_link("wg0", LinkSettings(up=True, mtu=1420))
        eventually("three addresses", lambda: len(network.addresses("wg0")) == 3)
        told = {str(address.interface): address.kernel_made for address in network.addresses("wg0")}
        assert told.pop("fe80::1/64") is False
        assert told.pop("10.66.0.1/24") is False
        assert list(told.values()) == [True]
    finally:
        network.close()
