"""The WireGuard port's suite against wireguard-go."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.wireguard_contract import Rig, WireGuardContract
from tests.netns.support import userspace_host
from wgtui.domain.device import Implementation


class TestUapiWireGuard(WireGuardContract):
    @pytest.fixture
    def rig(self) -> Iterator[Rig]:
        with userspace_host() as host:
            host.devices.create("wg0")
            yield Rig(
                host.wireguard,
                "wg0",
                lambda: host.devices.delete("wg0"),
                Implementation.USERSPACE,
                keeps_order=False,
                keeps_allowed_order=False,
            )
