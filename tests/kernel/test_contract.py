from __future__ import annotations

import pytest

from tests.contract.wireguard_contract import Rig, WireGuardContract
from tests.kernel.support import run
from wgtui.adapters.wireguard.netlink import KernelWireGuard


class TestKernelWireGuard(WireGuardContract):
    @pytest.fixture
    def rig(self, wireguard: KernelWireGuard, netns: str) -> Rig:
        def vanish() -> None:
            run("ip", "-n", netns, "link", "del", "wg0")

        return Rig(wireguard, "wg0", vanish)
