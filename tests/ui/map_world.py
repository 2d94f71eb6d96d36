"""The Allowed IPs map on simulated hosts, as a user sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from textual.pilot import Pilot

from tests.ui.settling import press, until
from tests.ui.world import Screen, first_look, opened
from wgtui.adapters.simulated.clock import FakeClock
from wgtui.adapters.simulated.scenarios import Scenario, demo_world
from wgtui.adapters.simulated.world import SimulatedLinks, SimulatedWireGuard
from wgtui.domain.config import read_config
from wgtui.domain.names import parse_names_file, read_names
from wgtui.domain.snapshot import Snapshot
from wgtui.domain.wgquick import parse
from wgtui.services.monitor import Monitor
from wgtui.services.ownership_map import OwnershipMap
from wgtui.services.peer_names import PeerNames
from wgtui.ui.screens.allowed_ips import AllowedIpsScreen


class Host:
    """A simulated host: what the monitor sees of it, and what its map is read with."""

    def __init__(self, make: Callable[[FakeClock], Scenario] = demo_world) -> None:
        self.clock = FakeClock()
        self.scenario = make(self.clock)
        self._monitor = Monitor(
            SimulatedWireGuard(self.scenario.world),
            self.clock,
            links=SimulatedLinks(self.scenario.world),
            names=PeerNames(self.scenario.files, read_names, parse_names_file),
        )

    def look(self) -> Snapshot:
        """What the monitor sees now."""
        return self._monitor.take()

    def ownership(self) -> OwnershipMap:
        """What the map is read with."""
        scenario = self.scenario
        return OwnershipMap(
            scenario.network, scenario.files, self.clock, lambda data: read_config(parse(data)).config
        )


@dataclass
class MapScreen:
    """The open map."""

    screen: Screen

    @property
    def map(self) -> AllowedIpsScreen:
        """The screen itself."""
        top = self.screen.app.screen
        assert isinstance(top, AllowedIpsScreen)
        return top

    def text(self) -> str:
        """The whole screen, its spaces and line ends folded."""
        return " ".join(self.screen.text().split())

    def rows(self) -> list[str]:
        """The lines of the table, without its title line and its scrollbar."""
        region = self.map.table.region
        lines = self.screen.lines()[region.y + 1 : region.bottom]
        return [line[: region.width - 1].strip() for line in lines if line[: region.width - 1].strip()]

    async def press(self, *keys: str) -> None:
        """Press keys and wait until they are handled."""
        await self.screen.press(*keys)

    async def wait_for(self, what: str) -> None:
        """Wait until a text is on the screen."""
        await self.wait_until(lambda: what in self.text())

    async def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        await self.screen.wait(holds)


@asynccontextmanager
async def opened_map(
    host: Host, size: tuple[int, int] = (80, 24), **options: Any
) -> AsyncIterator[MapScreen]:
    """The application, its map open and filled."""
    async with opened(host.look(), size, ownership=host.ownership, **options) as screen:
        await screen.press("m")
        shown = MapScreen(screen)
        await shown.wait_until(lambda: bool(shown.map.rows.rows))
        yield shown


async def first_map(pilot: Pilot[Any]) -> None:
    """Open the map and wait until it is filled, for pictures."""
    await first_look(pilot)
    await press(pilot, "m")
    await until(
        pilot, lambda: isinstance(pilot.app.screen, AllowedIpsScreen) and bool(pilot.app.screen.rows.rows)
    )


async def wait_for_answer(pilot: Pilot[Any]) -> None:
    """Wait until the map says who gets a packet."""
    screen = pilot.app.screen
    assert isinstance(screen, AllowedIpsScreen)
    await until(pilot, lambda: bool(screen.answer.display))
