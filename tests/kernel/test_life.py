"""Devices that come, go, refuse or move while they are looked at."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.kernel.peers import peer
from tests.kernel.support import EMULATED, run, until
from wgtui.adapters.wireguard.factory import KernelDevices
from wgtui.adapters.wireguard.netlink import KernelWireGuard
from wgtui.domain.change import DeviceChange
from wgtui.domain.device import Implementation
from wgtui.domain.errors import DeviceBusy, DeviceError, DeviceGone

WITHOUT_PRIVILEGE = """
from wgtui.adapters.wireguard.netlink import KernelWireGuard
from wgtui.domain.change import DeviceChange
from wgtui.domain.errors import PermissionRefused
adapter = KernelWireGuard()
print(adapter.names())
for action in (lambda: adapter.read("wg0"), lambda: adapter.configure("wg0", DeviceChange(fwmark=1))):
    try:
        action()
    except PermissionRefused as error:
        print(error)
"""


def test_without_privilege_names_are_listed_and_the_rest_is_refused(netns: str) -> None:
    command = ["setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin"]
    printed = run("ip", "netns", "exec", netns, *command, sys.executable, "-c", WITHOUT_PRIVILEGE)
    names, reading, changing = printed.splitlines()
    assert names == "('wg0',)"
    assert reading == "wg0 may only be read with the capability CAP_NET_ADMIN. Run wgtui as root."
    assert changing == "wg0 may only be changed with the capability CAP_NET_ADMIN. Run wgtui as root."


def test_a_link_of_another_kind_is_no_wireguard(wireguard: KernelWireGuard) -> None:
    for action in (lambda: wireguard.read("lo"), lambda: wireguard.configure("lo", DeviceChange())):
        with pytest.raises(DeviceError, match="lo is not a WireGuard interface"):
            action()


def test_a_device_made_anew_is_read_anew(wireguard: KernelWireGuard, netns: str) -> None:
    wireguard.configure("wg0", DeviceChange(peers=(peer(1), peer(2))))
    before = wireguard.read("wg0")
    run("ip", "-n", netns, "link", "del", "wg0")
    with pytest.raises(DeviceGone):
        wireguard.read("wg0")
    run("ip", "-n", netns, "link", "add", "wg0", "type", "wireguard")
    after = wireguard.read("wg0")
    assert (after.peers, after.private_key) == ((), None)
    assert after.ifindex != before.ifindex


def test_a_renamed_device_is_found_under_its_new_name(wireguard: KernelWireGuard, netns: str) -> None:
    wireguard.configure("wg0", DeviceChange(peers=(peer(1),)))
    run("ip", "-n", netns, "link", "set", "wg0", "name", "home")
    assert wireguard.names() == ("home",)
    assert len(wireguard.read("home").peers) == 1
    with pytest.raises(DeviceGone):
        wireguard.read("wg0")


def test_deleting_a_device_while_it_is_read_over_and_over(wireguard: KernelWireGuard, netns: str) -> None:
    wireguard.configure("wg0", DeviceChange(peers=tuple(peer(number) for number in range(300))))
    deleting = threading.Thread(target=run, args=("ip", "-n", netns, "link", "del", "wg0"))
    deleting.start()
    with pytest.raises(DeviceGone):
        while True:
            assert len(wireguard.read("wg0").peers) in range(301)
    deleting.join()
    assert wireguard.names() == ()


def test_reading_while_peers_come_and_go_is_never_half_a_device(
    wireguard: KernelWireGuard, netns: str
) -> None:
    first = tuple(peer(number) for number in range(600))
    second = tuple(peer(number) for number in range(600, 1_200))
    wireguard.configure("wg0", DeviceChange(peers=first))
    stop = threading.Event()
    failures: list[BaseException] = []

    def change() -> None:
        other = KernelWireGuard(netns)
        try:
            while not stop.wait(0.02):
                other.configure("wg0", DeviceChange(peers=(peer(5_000),)))
                other.configure("wg0", DeviceChange(peers=(replace(peer(5_000), remove=True),)))
        except BaseException as error:
            failures.append(error)
        finally:
            other.close()

    changing = threading.Thread(target=change)
    changing.start()
    try:
        for _ in range(10):
            device = wireguard.read("wg0")
            assert len({peer.public_key for peer in device.peers}) == len(device.peers) >= 600
    finally:
        stop.set()
        changing.join()
    assert not failures
    wireguard.configure("wg0", DeviceChange(replace_peers=True, peers=second))
    assert len(wireguard.read("wg0").peers) == 600


def test_the_factory_makes_and_removes_devices(new_netns: Callable[[], str]) -> None:
    netns = new_netns()
    factory = KernelDevices(netns)
    assert factory.create("wg7") is Implementation.KERNEL
    assert "wireguard" in run("ip", "-n", netns, "-d", "link", "show", "wg7")
    with pytest.raises(DeviceBusy):
        factory.create("wg7")
    factory.delete("wg7")
    with pytest.raises(DeviceGone):
        factory.delete("wg7")
    with pytest.raises(DeviceError, match="not a WireGuard device"):
        factory.delete("lo")


@pytest.mark.skipif(not EMULATED, reason="the host's own module is not ours to unload")
def test_the_module_may_be_loaded_anew_between_reads() -> None:
    """The family's number changes then, which a socket that stays open has to notice."""
    adapter = KernelWireGuard()
    for _ in range(2):
        with pytest.raises(DeviceGone):
            adapter.read("wgk-nosuch")
        # Namespaces of other tests may still be on their way out, with devices that hold the module.
        until(lambda: subprocess.run(["modprobe", "-r", "wireguard"], check=False).returncode == 0)
        with pytest.raises(DeviceGone):
            adapter.read("wgk-nosuch")
        run("modprobe", "wireguard")
    adapter.close()
