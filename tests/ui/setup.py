"""The application on a simulated host that nobody has set up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.ui.changing import Desk
from tests.ui.editing import Relay
from tests.ui.world import StillSource, first_look, snapshot_of
from wgtui.adapters.simulated.clock import FakeClock
from wgtui.adapters.simulated.scenarios import bare_world
from wgtui.demo import DemoHost
from wgtui.domain.config import read_config
from wgtui.domain.setup import Draft
from wgtui.domain.wgquick import parse
from wgtui.ui.app import WgtuiApp
from wgtui.ui.makers import Makers
from wgtui.ui.options import UiOptions
from wgtui.ui.presentation.setup.words import Step
from wgtui.ui.setup.screen import SetupScreen


class Setup(Relay):
    """The application, and the bare host that it sets up."""

    @property
    def wizard(self) -> SetupScreen:
        """The wizard, wherever it is on the stack."""
        return next(one for one in self.app.screen_stack if isinstance(one, SetupScreen))

    @property
    def draft(self) -> Draft:
        """The answers on disk."""
        with self.host.changes() as changes:
            return changes.drafts.load() or Draft()

    async def at(self, step: Step) -> None:
        """Wait until a page is open."""
        await self.wait(lambda: self.is_open and self.wizard.session.step is step, step.value)
        await self.wait(lambda: self.app.focused is not None, "the focus")

    @property
    def is_open(self) -> bool:
        """Whether the wizard is."""
        return any(isinstance(one, SetupScreen) for one in self.app.screen_stack)

    async def go(self, step: Step) -> None:
        """Go on to a page by the key alone."""
        await self.wait(lambda: self.is_open, "the wizard")
        while self.wizard.session.step is not step:
            await self._turn(self.wizard.session.step)
        await self.at(step)

    async def _turn(self, page: Step) -> None:
        await self.press("ctrl+n")
        await self.wait(lambda: self.wizard.session.step is not page, f"the page after {page}")


def make_bare(host: DemoHost | None = None, **options: Any) -> tuple[WgtuiApp, DemoHost]:
    """The application on a bare host, or on the host of an earlier run."""
    host = host or DemoHost(lambda data: read_config(parse(data)).config, bare_world, sessions=())
    chosen = UiOptions(clock=FakeClock(), title="server", interval=10_000.0, **options)
    makers = Makers(changes=host.changes, first_contact=host.first_contact)
    return WgtuiApp(host.monitor, options=chosen, makers=makers), host


@asynccontextmanager
async def setting_up(
    size: tuple[int, int] = (80, 24), host: DemoHost | None = None, **options: Any
) -> AsyncIterator[Setup]:
    """The application on a bare host, where the wizard opens, or on the host of an earlier run.

    Leaving it is what a dropped session does.
    """
    is_bare = host is None
    app, host = make_bare(host, **options)
    async with app.run_test(size=size) as pilot:
        await first_look(pilot)
        shown = Setup(app, pilot, StillSource(snapshot_of()), Desk(), host)
        if is_bare:
            await shown.at(Step.PREFLIGHT)
        yield shown
    assert app.finish_changes(5.0)


async def add_phone(ui: Setup) -> None:
    """Add a roaming device named phone to the list that is open."""
    await ui.open("a", "Peer 1 of 1", "roaming device")
    await ui.goto("Name")
    await ui.write("phone")
    await ui.press("ctrl+s")
    await ui.at(Step.PEERS)


async def add_home(ui: Setup, title: str = "Peer 2 of 2") -> None:
    """Add a LAN gateway named home."""
    await ui.open("a", title)
    await ui.press("right")
    await ui.goto("Name")
    await ui.write("home")
    await ui.goto("LAN behind it")
    await ui.write("192.168.7.0/24")
    await ui.goto("Its LAN interface")
    await ui.write("eth0")
    await ui.press("ctrl+s")
    await ui.at(Step.PEERS)


async def apply(ui: Setup) -> None:
    """From the last page to the host."""
    await ui.at(Step.REVIEW)
    await ui.open("ctrl+n", "[ Apply ]")
    await ui.press("a")
    await ui.wait(lambda: not ui.is_open, "the end of the wizard")
