"""The application on a simulated relay whose peers and interfaces can be edited."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.ui.changing import Desk, Running
from tests.ui.settling import settle
from tests.ui.world import StillSource, first_look, relay
from wgtui.adapters.simulated.clock import FakeClock
from wgtui.demo import DemoHost
from wgtui.domain.config import read_config
from wgtui.domain.editing import FilePeer
from wgtui.domain.wgquick import parse
from wgtui.services.transaction import Applied
from wgtui.ui.app import WgtuiApp
from wgtui.ui.makers import Makers
from wgtui.ui.options import UiOptions
from wgtui.ui.screens.form import FormScreen


@dataclass
class Relay(Running):
    """The application, and the relay that it edits."""

    host: DemoHost

    @property
    def form(self) -> FormScreen:
        """The form on the screen."""
        screen = self.app.screen
        assert isinstance(screen, FormScreen)
        return screen

    async def select(self, name: str) -> None:
        """Put the cursor on a peer by its name."""
        rows = self.overview.peers.rows
        self.overview._move_to(next(place for place, row in enumerate(rows) if row.name == name))
        await settle(self.pilot)

    def selected(self) -> str:
        """The name of the peer under the cursor."""
        state = self.overview.peers.selected
        return state.name if state is not None else ""

    async def open(self, key: str, *texts: str) -> None:
        """Press a key that opens something, and wait until these texts are there."""
        await self.press(key)
        await self.until(*texts)

    async def write(self, text: str) -> None:
        """Type a text."""
        await self.press(*text)

    async def goto(self, label: str) -> None:
        """Go to the field with this label by the tab key alone."""
        for _ in range(40):
            focused = self.app.focused
            nodes = focused.ancestors_with_self if focused else []
            if any(getattr(node, "label", None) == label for node in nodes):
                return
            await self.press("tab")
        raise AssertionError(f"no field {label}:\n{self.text()}")

    async def replace(self, label: str, text: str) -> None:
        """Type another text into a field of one line."""
        await self.goto(label)
        await self.press("end", "ctrl+u")
        await self.write(text)

    async def apply(self, *texts: str) -> None:
        """Submit the form, look for texts in the review, and apply it."""
        await self.open("ctrl+s", "[ Apply ]", *texts)
        await self.press("a")
        await self.wait(lambda: bool(self.toasts()), "the outcome")

    def file(self, interface: str = "wg0") -> str:
        """An interface's file."""
        return self.host.scenario.files.read(interface).decode()

    def peer(self, name: str, interface: str = "wg0") -> FilePeer:
        """A peer of a file."""
        with self.host.changes() as changes:
            return changes.peers.find(interface, name)

    def live(self, name: str) -> Any:
        """A peer of the running wg0, by its name in the file; None where the device has none."""
        key = self.peer(name).public_key
        return self.host.scenario.world.devices["wg0"].peers.get(key)


def make_relay(**options: Any) -> tuple[WgtuiApp, DemoHost]:
    """The application on the demo's relay."""
    host = DemoHost(lambda data: read_config(parse(data)).config)
    chosen = UiOptions(clock=FakeClock(), title="relay", interval=10_000.0, **options)
    return WgtuiApp(host.monitor, options=chosen, makers=Makers(changes=host.changes)), host


@asynccontextmanager
async def editing(size: tuple[int, int] = (80, 24), **options: Any) -> AsyncIterator[Relay]:
    """The application, open on the demo's relay, with no operator's session to be cut."""
    app, host = make_relay(**options)
    async with app.run_test(size=size) as pilot:
        await first_look(pilot)
        yield Relay(app, pilot, StillSource(relay()), Desk(), host)
    assert app.changes.finish(5.0)


__all__ = ["Applied", "Relay", "editing", "make_relay"]
