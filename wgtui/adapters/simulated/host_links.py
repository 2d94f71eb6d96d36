"""All links of a simulated host."""

from __future__ import annotations

from wgtui.adapters.simulated.network import SimulatedNetwork
from wgtui.adapters.simulated.world import SimulatedLinks
from wgtui.ports.links import Link


class SimulatedHostLinks:
    """`Links` over a network: its WireGuard devices, and its other links.

    Args:
        network: Whose links they are.
    """

    def __init__(self, network: SimulatedNetwork) -> None:
        self._network = network
        self._devices = SimulatedLinks(network.world)

    def all(self) -> tuple[Link, ...]:
        """Every link."""
        others = (self._network.link(name) for name in tuple(self._network.links))
        return (*(link for link in others if link is not None), *self._devices.all())

    def close(self) -> None:
        """Nothing is held."""
