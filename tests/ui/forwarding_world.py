"""The application on a relay whose forwarding can be switched."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from textual.pilot import Pilot

from tests.services.forwarding_host import ForwardingHost
from tests.ui.settling import press, until
from tests.ui.world import Screen, StillSource, device_state, first_look, peer_state, snapshot_of
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.simulated.clock import FakeClock
from wgtui.adapters.simulated.host_facts import SimulatedInspector, foreseeable
from wgtui.adapters.simulated.packet_filter import DOCKER
from wgtui.domain.errors import WgtuiError
from wgtui.domain.forwarding.sysctl_files import OWN_FILE
from wgtui.domain.session import Risk
from wgtui.services.changes import Changes
from wgtui.services.setup import SetupTools
from wgtui.ui.app import WgtuiApp
from wgtui.ui.makers import Makers
from wgtui.ui.options import UiOptions
from wgtui.ui.screens.forwarding import ForwardingScreen

SNAPSHOT = snapshot_of(
    device_state("wg0", [peer_state(1, "home"), peer_state(2, "phone")]), device_state("wg1")
)


@dataclass
class Bench:
    """The relay with Docker beside it, and the application on it."""

    host: ForwardingHost = field(default_factory=ForwardingHost)
    background: str = DOCKER
    risks: tuple[Risk, ...] = ()
    refusal: WgtuiError | None = None

    def __post_init__(self) -> None:
        self.host.packet_filter.background = self.background

    def open(self) -> Changes:
        """The services of the host."""
        host = self.host
        if self.refusal is not None:
            raise self.refusal
        return Changes(
            host=host.context.host,
            context=host.context,
            config_dir="/etc/wireguard",
            configs=host.others,
            links=host.links,
            keypairs=NaclKeypairs(),
            journal=host.journal,
            transaction=host.transaction,
            risks=lambda _plan: self.risks,
            tools=SetupTools(SimulatedInspector(), foreseeable, "/var/lib/wgtui", OWN_FILE),
            packet_filter=host.packet_filter,
        )

    def app(self, **options: Any) -> WgtuiApp:
        """The application."""
        given = {"clock": FakeClock(), "title": "relay", "interval": 10_000.0, **options}
        makers = Makers(changes=self.open)
        return WgtuiApp(lambda: StillSource(SNAPSHOT), options=UiOptions(**given), makers=makers)


@dataclass
class ForwardingShown(Screen):
    """The Forwarding screen as a user sees it."""

    bench: Bench

    @property
    def forwarding(self) -> ForwardingScreen:
        """The screen."""
        found = [screen for screen in self.app.screen_stack if isinstance(screen, ForwardingScreen)]
        return found[-1]

    def row(self, label: str) -> str:
        """The line of the table that begins with a label."""
        (found,) = [line for line in self.table() if line.startswith(label)]
        return " ".join(found.split())

    def table(self) -> list[str]:
        """The lines of the table."""
        region = self.forwarding.table.region
        return [line[: region.width].strip() for line in self.lines()[region.y + 1 : region.bottom]]

    async def choose(self, label: str) -> None:
        """Move the cursor to the row with a label, by keys."""
        await self.press("home", *["down"] * [line.startswith(label) for line in self.table()].index(True))

    async def apply(self) -> None:
        """Wait for the review, apply, and wait until it was done and read anew."""
        await self.until("[ Apply ]")
        page = self.forwarding.page
        await self.press("a")
        await self.wait(lambda: self.app.screen is self.forwarding and self.forwarding.page is not page)


@asynccontextmanager
async def opened_forwarding(
    bench: Bench | None = None, size: tuple[int, int] = (80, 24), **options: Any
) -> AsyncIterator[ForwardingShown]:
    """The application, its Forwarding screen open and everything read."""
    bench = bench or Bench()
    app = bench.app(**options)
    async with app.run_test(size=size) as pilot:
        await first_forwarding(pilot)
        yield ForwardingShown(app, pilot, StillSource(SNAPSHOT), bench)
    assert app.finish_changes(5.0)


async def first_forwarding(pilot: Pilot[Any]) -> None:
    """Open the Forwarding screen and wait until it has all, for pictures too."""
    await first_look(pilot)
    await press(pilot, "F")
    await until(
        pilot, lambda: isinstance(pilot.app.screen, ForwardingScreen) and pilot.app.screen.page is not None
    )
