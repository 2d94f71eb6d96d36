"""Waiting for handshakes on a simulated host, with packets as a test wants them."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from ipaddress import ip_address
from typing import Any

from textual.pilot import Pilot

from tests.ui.settling import press, settle, until
from tests.ui.world import NOW, Screen, first_look, make_app, opened
from wgtui.adapters.simulated.clock import FakeClock
from wgtui.adapters.simulated.forward_rules import SimulatedForwardRules
from wgtui.adapters.simulated.packet_filter import SimulatedPacketFilter
from wgtui.adapters.simulated.port_watch import (
    SimulatedInitiations,
    simulated_initiation,
)
from wgtui.adapters.simulated.scenarios import demo_world
from wgtui.adapters.simulated.world import SimulatedLinks, SimulatedWireGuard
from wgtui.domain.addresses import Endpoint
from wgtui.domain.device import Peer
from wgtui.domain.errors import PermissionRefused
from wgtui.domain.names import parse_names_file, read_disabled, read_names
from wgtui.domain.port_traffic import PacketKind, PortReading, SeenPacket
from wgtui.domain.snapshot import Snapshot
from wgtui.ports.port_watch import PortWatch
from wgtui.services.first_contact import FirstContact, PortObserver, Surroundings
from wgtui.services.monitor import Monitor
from wgtui.services.peer_names import PeerNames
from wgtui.ui.app import WgtuiApp
from wgtui.ui.screens.waiting import WaitingScreen

CALLER = Endpoint(ip_address("192.0.2.77"), 40112)


class Queue:
    """A `PortWatch` that sees what a test puts in."""

    def __init__(self) -> None:
        self.packets: list[SeenPacket] = []
        self.is_open = False

    def read(self) -> PortReading:
        packets, self.packets = tuple(self.packets), []
        return PortReading(packets)

    def close(self) -> None:
        self.is_open = False


class WaitingHost:
    """The demo's relay, its peers as far as a test says."""

    def __init__(self, *, refused: bool = False) -> None:
        self.clock = FakeClock(NOW)
        self.scenario = demo_world(self.clock)
        self.queue = Queue()
        self.refused = refused
        self._monitor = Monitor(
            SimulatedWireGuard(self.scenario.world),
            self.clock,
            links=SimulatedLinks(self.scenario.world),
            names=PeerNames(self.scenario.files, read_names, parse_names_file, read_disabled),
        )

    def keep(self, *names: str) -> None:
        """Leave only some peers on wg0."""
        state = self.look().device("wg0")
        assert state is not None
        peers = self.scenario.world.devices["wg0"].peers
        for one in state.peers:
            if one.name not in names:
                del peers[one.peer.public_key]

    def peer(self, name: str) -> Peer:
        """A peer of wg0."""
        state = self.look().device("wg0")
        assert state is not None
        return next(one.peer for one in state.peers if one.name == name)

    def change(self, name: str, **values: Any) -> None:
        """Change what the device reports of a peer."""
        peer = self.peer(name)
        self.scenario.world.devices["wg0"].peers[peer.public_key] = replace(peer, **values)

    def call(self, name: str, *, answered: bool = True) -> None:
        """A peer calls."""
        message = simulated_initiation(self.peer(name).public_key)
        self.queue.packets.append(SeenPacket(PacketKind.INITIATION, CALLER, message=message))
        if answered:
            self.queue.packets.append(SeenPacket(PacketKind.RESPONSE, CALLER, outgoing=True))

    def look(self) -> Snapshot:
        """What the monitor sees now."""
        return self._monitor.take()

    def first_contact(self) -> FirstContact:
        """What waits."""

        def watch(port: int) -> PortWatch:
            if self.refused:
                raise PermissionRefused(
                    f"What arrives at UDP port {port} cannot be watched: the kernel refuses packet sockets.",
                    hint="It needs the capability CAP_NET_RAW, which containers often lack.",
                )
            self.queue.is_open = True
            return self.queue

        observer = PortObserver(watch, SimulatedInitiations(), self.clock)
        rules = SimulatedForwardRules()
        surroundings = Surroundings(self.scenario.network, SimulatedPacketFilter(rules), rules)
        return FirstContact(observer, self.clock, surroundings)


@dataclass
class Waiting:
    """The open screen."""

    screen: Screen
    host: WaitingHost

    @property
    def page(self) -> WaitingScreen:
        """The screen itself."""
        top = self.screen.app.screen
        assert isinstance(top, WaitingScreen)
        return top

    def text(self) -> str:
        """The whole screen, its spaces and line ends folded."""
        return " ".join(self.screen.text().split())

    async def press(self, *keys: str) -> None:
        """Press keys and wait until they are handled."""
        await self.screen.press(*keys)

    async def look(self, after: float = 1.0) -> None:
        """Let time pass, and have the host looked at."""
        self.host.clock.advance(after)
        before = self.page.looks
        self.screen.app.snapshot = self.host.look()
        await self.wait_until(lambda: self.page.looks > before)

    async def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        await self.screen.wait(holds)


@contextmanager
def in_utc() -> Iterator[None]:
    """Times of day as in London in winter."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


@asynccontextmanager
async def waiting(
    host: WaitingHost, size: tuple[int, int] = (80, 24), **options: Any
) -> AsyncIterator[Waiting]:
    """The application, waiting for the peers of wg0."""
    with in_utc():
        async with opened(host.look(), size, first_contact=host.first_contact, **options) as screen:
            screen.app.options = replace(screen.app.options, clock=host.clock)
            await screen.press("w")
            shown = Waiting(screen, host)
            await shown.wait_until(lambda: shown.page.looks > 0)
            yield shown


def waiting_app(host: WaitingHost, **options: Any) -> WgtuiApp:
    """The application, for pictures."""
    app, _ = make_app(host.look(), title="relay.example.net", first_contact=host.first_contact, **options)
    app.options = replace(app.options, clock=host.clock)
    return app


async def first_wait(pilot: Pilot[Any], host: WaitingHost) -> None:
    """Open the screen and look twice, six seconds apart, for pictures."""
    await first_look(pilot)
    await press(pilot, "w")
    app = pilot.app
    assert isinstance(app, WgtuiApp)
    for turn in (1, 2):
        screen = app.screen
        assert isinstance(screen, WaitingScreen)
        await until(pilot, partial(_has_looked, screen, turn))
        if turn == 1:
            host.call("new-phone")
            host.call("new-phone")
            host.clock.advance(6)
            app.snapshot = host.look()
    await press(pilot, "g")
    await settle(pilot)


def _has_looked(screen: WaitingScreen, times: int) -> bool:
    return screen.looks >= times
