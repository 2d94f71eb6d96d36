from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.contract.wireguard_contract import Rig, WireGuardContract, public_key
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.simulated.world import SimulatedWireGuard, World
from wgtui.adapters.wireguard.factory import AutoDevices, KernelDevices
from wgtui.adapters.wireguard.select import AutoWireGuard
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.device import Implementation
from wgtui.domain.errors import DeviceGone, DeviceUnavailable, PermissionRefused


def world(*names: str) -> World:
    made = World(NaclKeypairs().public_key)
    for name in names:
        made.create(name)
    return made


@pytest.fixture(params=["kernel", "userspace"])
def rig_of_either(request: pytest.FixtureRequest) -> Rig:
    filled, empty = world("wg0"), world("other")
    worlds = (filled, empty) if request.param == "kernel" else (empty, filled)
    auto = AutoWireGuard(*map(SimulatedWireGuard, worlds))
    return Rig(auto, "wg0", lambda: filled.delete("wg0"))


class TestAutoWireGuard(WireGuardContract):
    @pytest.fixture
    def rig(self, rig_of_either: Rig) -> Rig:
        return rig_of_either


def test_a_userspace_device_hides_the_kernels_of_the_same_name() -> None:
    kernel, userspace = world("wg0", "wg1"), world("wg0", "wg2")
    auto = AutoWireGuard(SimulatedWireGuard(kernel), SimulatedWireGuard(userspace))
    auto.configure("wg0", DeviceChange(peers=(PeerChange(public_key(1)),)))
    assert auto.names() == ("wg0", "wg1", "wg2")
    assert len(auto.read("wg0").peers) == len(userspace.device("wg0").peers) == 1
    assert not kernel.device("wg0").peers


def test_a_userspace_device_that_refuses_is_not_asked_of_the_kernel() -> None:
    kernel, userspace = world("wg0"), world("wg0")
    refused = PermissionRefused("The socket of wg0 is closed to this user.")
    userspace.faults.reading["wg0"] = refused
    auto = AutoWireGuard(SimulatedWireGuard(kernel), SimulatedWireGuard(userspace))
    with pytest.raises(PermissionRefused):
        auto.read("wg0")


# Making devices


@dataclass
class ScriptedKernel(KernelDevices):
    """A kernel that makes devices, or gives a reason why not."""

    reason: DeviceUnavailable | None = None
    made: list[str] = field(default_factory=list)

    def create(self, name: str) -> Implementation:
        if self.reason is not None:
            raise self.reason
        self.made.append(name)
        return Implementation.KERNEL

    def delete(self, name: str) -> None:
        self.made.remove(name)

    def has(self, name: str) -> bool:
        return name in self.made


@dataclass
class ScriptedUserspace:
    """A userspace program that makes devices, or gives a reason why not."""

    reason: DeviceUnavailable | None = None
    made: list[str] = field(default_factory=list)

    def create(self, name: str) -> Implementation:
        if self.reason is not None:
            raise self.reason
        self.made.append(name)
        return Implementation.USERSPACE

    def delete(self, name: str) -> None:
        if name not in self.made:
            raise DeviceGone(f"There is no interface {name}.")
        self.made.remove(name)


NO_MODULE = DeviceUnavailable("The kernel has none.", hint="Load it.")
NO_PROGRAM = DeviceUnavailable("The program is missing.", hint="Install it.")


def test_the_kernel_is_asked_first() -> None:
    kernel, userspace = ScriptedKernel(), ScriptedUserspace()
    assert AutoDevices(kernel, userspace).create("wg0") is Implementation.KERNEL
    assert (kernel.made, userspace.made) == (["wg0"], [])


def test_userspace_helps_out() -> None:
    devices = AutoDevices(ScriptedKernel(NO_MODULE), ScriptedUserspace())
    assert devices.create("wg0") is Implementation.USERSPACE


def test_both_reasons_are_told_when_neither_can() -> None:
    with pytest.raises(DeviceUnavailable) as caught:
        AutoDevices(ScriptedKernel(NO_MODULE), ScriptedUserspace(NO_PROGRAM)).create("wg0")
    assert caught.value.text == "The kernel has none. The program is missing."
    assert caught.value.hint == "Load it. Install it."


def test_another_failure_of_the_kernel_is_told_as_it_is() -> None:
    class Refusing(ScriptedKernel):
        def create(self, name: str) -> Implementation:
            raise PermissionRefused(f"Making {name} needs a privilege.")

    userspace = ScriptedUserspace()
    with pytest.raises(PermissionRefused):
        AutoDevices(Refusing(), userspace).create("wg0")
    assert userspace.made == []


@pytest.mark.parametrize("owner", ["kernel", "userspace"])
def test_a_device_is_deleted_by_who_made_it(owner: str) -> None:
    kernel = ScriptedKernel(made=["wg0"] if owner == "kernel" else [])
    userspace = ScriptedUserspace(made=["wg0"] if owner == "userspace" else [])
    devices = AutoDevices(kernel, userspace)
    devices.delete("wg0")
    assert kernel.made == userspace.made == []
    with pytest.raises(DeviceGone):
        devices.delete("wg0")
