from __future__ import annotations

import pytest

from tests.contract.wireguard_contract import Rig, WireGuardContract
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.simulated.world import SimulatedWireGuard, World


class TestSimulatedWireGuard(WireGuardContract):
    @pytest.fixture
    def rig(self) -> Rig:
        world = World(NaclKeypairs().public_key)
        world.create("wg0")
        return Rig(SimulatedWireGuard(world), "wg0", lambda: world.delete("wg0"))
