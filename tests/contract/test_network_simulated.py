"""The contract of the `Network` port on the simulated host."""

from __future__ import annotations

import pytest

from tests.contract.network_contract import NetworkContract, NetworkRig
from wgtui.adapters.simulated.network import SimulatedNetwork
from wgtui.adapters.simulated.world import World
from wgtui.domain.keys import PublicKey


class TestSimulatedNetwork(NetworkContract):
    @pytest.fixture
    def rig(self) -> NetworkRig:
        network = SimulatedNetwork(World(derive=lambda key: PublicKey(key.reveal_bytes())))
        for name in ("va", "vb"):
            network.add_link(name, kind="veth").up = False
        return NetworkRig(network, "va", "vb", vanish=lambda: network.remove_link("va"))


class TestSimulatedDevice(NetworkContract):
    """Devices of the world are links like others."""

    @pytest.fixture
    def rig(self) -> NetworkRig:
        network = SimulatedNetwork(World(derive=lambda key: PublicKey(key.reveal_bytes())))
        for name in ("wg0", "wg1"):
            device = network.world.create(name)
            device.up, device.mtu = False, 1500
        return NetworkRig(network, "wg0", "wg1", vanish=lambda: network.world.delete("wg0"))
