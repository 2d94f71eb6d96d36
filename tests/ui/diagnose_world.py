"""The Diagnose screen on the demo's relay, or on one that a test has broken."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any, ClassVar

from textual.pilot import Pilot

from tests.services.file_configs import FileConfigs
from tests.services.forwarding_host import ForwardingHost
from tests.ui.forwarding_world import Bench
from tests.ui.settling import press, until
from tests.ui.world import HOME, Screen, StillSource, device_state, first_look, snapshot_of
from wgtui.adapters.simulated.clock import FakeClock
from wgtui.adapters.simulated.echo import SimulatedEcho
from wgtui.domain.addresses import Address
from wgtui.domain.echo import EchoResult
from wgtui.domain.errors import WgtuiError
from wgtui.domain.snapshot import PeerState, Snapshot
from wgtui.services.doctor import Doctor
from wgtui.services.doctor.diagnosis import Diagnosis
from wgtui.services.path import PathProbe, PathWalks
from wgtui.ui.app import WgtuiApp
from wgtui.ui.makers import Makers
from wgtui.ui.options import UiOptions
from wgtui.ui.screens.diagnose import DiagnoseScreen


class StuckEcho(SimulatedEcho):
    """An echo that takes until a test lets go of it."""

    def __init__(self) -> None:
        super().__init__()
        self._released = Event()
        self._released.set()

    def hold(self) -> None:
        """Answer nothing from now on."""
        self._released.clear()

    def release(self) -> None:
        """Answer what was asked."""
        self._released.set()

    def ask(
        self,
        address: Address,
        *,
        source: Address | None = None,
        link: str = "",
        count: int = 3,
        timeout: float = 1.0,
        size: int = 0,
    ) -> EchoResult:
        self._released.wait(20.0)
        return super().ask(address, count=count, size=size)


@dataclass
class Ward:
    """A relay with two peers, home and phone, and what examines it."""

    host: ForwardingHost = field(default_factory=ForwardingHost)
    echo: StuckEcho = field(default_factory=StuckEcho)
    refusal: WgtuiError | None = None
    background: str = ""

    def __post_init__(self) -> None:
        self.host.sysctls.values["net.ipv4.ip_forward"] = "1"
        self.host.put("/etc/sysctl.d/50-relay.conf", "net.ipv4.ip_forward = 1\n")
        self.clock = FakeClock()
        self.bench = Bench(self.host, self.background)
        device = self.host.world.devices["wg0"]
        for peer in list(device.peers.values()):
            # Both have shaken hands a moment ago.
            device.peers[peer.public_key] = replace(
                peer, latest_handshake=self.clock.now() - 20.0, endpoint=HOME, rx_bytes=900, tx_bytes=900
            )

    def snapshot(self) -> Snapshot:
        """What the monitor sees."""
        device = self.host.context.host.wireguard.read("wg0")
        names = ("phone", "home")
        peers = [PeerState(peer, name=name) for peer, name in zip(device.peers, names, strict=False)]
        return snapshot_of(device_state("wg0", peers), device_state("wg1"))

    def diagnosis(self) -> Diagnosis:
        """What examines it."""
        if self.refusal is not None:
            raise self.refusal
        changes = replace(self.bench.open(), configs=FileConfigs(self.host))
        return Diagnosis(
            changes,
            Doctor(changes, self.clock, lambda _path: 0o700),
            PathWalks(changes, self.clock),
            PathProbe(changes.host, self.echo),
        )

    def app(self, **options: Any) -> WgtuiApp:
        """The application."""
        given = {"clock": self.clock, "title": "relay", "interval": 10_000.0, **options}
        return WgtuiApp(
            lambda: StillSource(self.snapshot()),
            options=UiOptions(**given),
            makers=Makers(changes=self.bench.open, diagnosis=self.diagnosis),
        )


@dataclass
class Diagnosed(Screen):
    """The Diagnose screen as a user sees it."""

    frames: ClassVar[str] = f"{Screen.frames}#|"
    ward: Ward

    @property
    def page(self) -> DiagnoseScreen:
        """The screen."""
        found = [screen for screen in self.app.screen_stack if isinstance(screen, DiagnoseScreen)]
        return found[-1]

    async def pick(self, key: str, typed: str) -> None:
        """Choose an end of the path by typing."""
        walks = self.page.walks
        await self.press(key)
        await self.wait(lambda: self.app.screen is not self.page, "the picker")
        await self.press(*typed, "enter")
        await self.wait(lambda: self.app.screen is self.page, "the choice")
        if self.page.path.is_chosen:
            await self.wait(lambda: self.page.walks > walks, "the walk")

    async def apply(self) -> None:
        """Wait for the review, apply, and wait until it was done."""
        await self.until("[ Apply ]")
        await self.press("a")
        await self.wait(lambda: self.app.screen is self.page, "the end of the change")


@asynccontextmanager
async def diagnosed(
    ward: Ward | None = None, size: tuple[int, int] = (80, 24), **options: Any
) -> AsyncIterator[Diagnosed]:
    """The application, its Diagnose screen open and the host examined."""
    ward = ward or Ward()
    app = ward.app(**options)
    async with app.run_test(size=size) as pilot:
        await first_diagnosis(pilot)
        yield Diagnosed(app, pilot, StillSource(ward.snapshot()), ward)
    assert app.finish_changes(5.0)


async def first_diagnosis(pilot: Pilot[Any]) -> None:
    """Open the Diagnose screen and wait until the host was examined, for pictures too."""
    await first_look(pilot)
    await press(pilot, "o")
    await until(
        pilot, lambda: isinstance(pilot.app.screen, DiagnoseScreen) and pilot.app.screen.report is not None
    )


async def first_path(pilot: Pilot[Any]) -> None:
    """Walk the path from phone to home, for pictures."""
    await first_diagnosis(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, DiagnoseScreen)
    await press(pilot, "tab")
    for key, name in (("f", "phone"), ("t", "home")):
        await press(pilot, key)
        await until(pilot, lambda: pilot.app.screen is not screen)
        await press(pilot, *name, "enter")
        await until(pilot, lambda: pilot.app.screen is screen)
    await until(pilot, lambda: screen.walks > 0)
