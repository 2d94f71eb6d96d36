"""The application on a relay whose file and kernel differ, with a scripted editor."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from textual.pilot import Pilot

from tests.services.drift_host import FILE, NOW, Relay
from tests.ui.settling import press, until
from tests.ui.world import Screen, StillSource, device_state, first_look, peer_state, snapshot_of
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.simulated.clock import FakeClock
from wgtui.adapters.simulated.config_files import SimulatedConfigFiles
from wgtui.adapters.simulated.forward_rules import SimulatedForwardRules
from wgtui.adapters.simulated.host_facts import SimulatedInspector, foreseeable
from wgtui.adapters.simulated.packet_filter import SimulatedPacketFilter
from wgtui.adapters.simulated.world import SimulatedLinks
from wgtui.domain.forwarding.sysctl_files import OWN_FILE
from wgtui.domain.host import FileImage
from wgtui.services.changes import Changes
from wgtui.services.setup import SetupTools
from wgtui.ui.app import WgtuiApp
from wgtui.ui.makers import Makers
from wgtui.ui.options import UiOptions
from wgtui.ui.screens.config import ConfigScreen

PATH = "/etc/wireguard/wg0.conf"
SNAPSHOT = snapshot_of(device_state("wg0", [peer_state(1, "home"), peer_state(2, "phone")]))


class UnsuspendedApp(WgtuiApp):
    """Without a terminal there is nothing to hand over to an editor."""

    @contextmanager
    def terminal_lent(self) -> Iterator[None]:
        """Go on."""
        yield


@dataclass
class ScriptedEditor:
    """A `TextEditor` that does what it was told, in turn."""

    turns: list[Callable[[bytes], bytes]] = field(default_factory=list)
    seen: list[bytes] = field(default_factory=list)

    def edit(self, content: bytes, name: str) -> bytes:
        """The next turn."""
        assert name == "wg0.conf"
        self.seen.append(content)
        return self.turns.pop(0)(content)


@dataclass
class Bench:
    """The relay, and the application on it."""

    relay: Relay = field(default_factory=Relay)
    editor: ScriptedEditor = field(default_factory=ScriptedEditor)

    def write(self, content: bytes) -> None:
        """Change the file behind wgtui's back."""
        self.relay.files.write(PATH, FileImage(content))

    @property
    def text(self) -> str:
        """The file."""
        return self.relay.files.files[PATH].content.decode("utf-8", "replace")

    def open(self) -> Changes:
        """The services of the host."""
        relay = self.relay
        return Changes(
            host=relay.context.host,
            context=relay.context,
            config_dir="/etc/wireguard",
            configs=SimulatedConfigFiles(),
            links=SimulatedLinks(relay.world),
            keypairs=NaclKeypairs(),
            journal=relay.journal,
            transaction=relay.transaction,
            risks=lambda _plan: (),
            tools=SetupTools(SimulatedInspector(), foreseeable, "/var/lib/wgtui", OWN_FILE),
            packet_filter=SimulatedPacketFilter(SimulatedForwardRules()),
        )

    def app(self, **options: Any) -> WgtuiApp:
        """The application."""
        chosen = UiOptions(
            clock=FakeClock(NOW), title="relay", interval=10_000.0, editor=self.editor, **options
        )
        return UnsuspendedApp(lambda: StillSource(SNAPSHOT), options=chosen, makers=Makers(changes=self.open))


@dataclass
class ConfigView(Screen):
    """The Config screen as a user sees it."""

    bench: Bench

    @property
    def config(self) -> ConfigScreen:
        """The screen."""
        found = [screen for screen in self.app.screen_stack if isinstance(screen, ConfigScreen)]
        return found[-1]


@asynccontextmanager
async def opened_config(
    bench: Bench | None = None, size: tuple[int, int] = (80, 24), **options: Any
) -> AsyncIterator[ConfigView]:
    """The application, its Config screen open and everything compared."""
    bench = bench or Bench()
    app = bench.app(**options)
    async with app.run_test(size=size) as pilot:
        await first_config(pilot)
        yield ConfigView(app, pilot, StillSource(SNAPSHOT), bench)
    assert app.changes.finish(5.0)


async def first_config(pilot: Pilot[Any]) -> None:
    """Open the Config screen and wait until it has all, for pictures too."""
    await first_look(pilot)
    await press(pilot, "v")
    await until(pilot, lambda: _is_complete(pilot.app))


def _is_complete(app: Any) -> bool:
    page = app.screen.page if isinstance(app.screen, ConfigScreen) else None
    return page is not None and (page.opened is None or page.comparison is not None or bool(page.problem))


__all__ = ["FILE", "PATH", "Bench", "ConfigView", "first_config", "opened_config"]
