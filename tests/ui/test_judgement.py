"""The Overview judges the peer under the cursor, and says where its values came from."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from tests.ui.settling import press, until
from wgtui import wiring
from wgtui.adapters.clock import SystemClock
from wgtui.services.judging.peer_judge import PeerJudge
from wgtui.ui.app import WgtuiApp
from wgtui.ui.dialogs.why import WhyScreen
from wgtui.ui.makers import Makers
from wgtui.ui.options import UiOptions
from wgtui.ui.screens.allowed_ips import AllowedIpsScreen
from wgtui.ui.screens.overview import OverviewScreen


class Watching(PeerJudge):
    """Counts what it is asked."""

    def __init__(self, judge: PeerJudge) -> None:
        self.__dict__.update(judge.__dict__)
        self.looks = 0
        self.rests = 0

    def look(self, *arguments: object) -> object:  # type: ignore[override]
        """Count a look."""
        self.looks += 1
        return super().look(*arguments)  # type: ignore[arg-type]

    def rest(self) -> None:
        """Count a rest."""
        self.rests += 1
        super().rest()


class Opened:
    """The demo's Overview."""

    def __init__(self, app: WgtuiApp, pilot: Pilot[None], judges: list[Watching]) -> None:
        self.app = app
        self.pilot = pilot
        self.judges = judges

    @property
    def detail(self) -> str:
        """The pane about the peer, as text."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, OverviewScreen)
        return "\n".join("".join(span.text for span in line) for line in screen.detail.lines)

    async def select(self, name: str) -> None:
        """Put the cursor on a peer."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, OverviewScreen)
        await self.until(lambda: any(row.name == name for row in screen.peers.rows))
        at = next(index for index, row in enumerate(screen.peers.rows) if row.name == name)
        await press(self.pilot, "home", *(["down"] * at))

    async def until(self, done: Callable[[], bool]) -> None:
        """Wait for something."""
        await until(self.pilot, done, lambda: self.detail)


@asynccontextmanager
async def demo(size: tuple[int, int] = (120, 36)) -> AsyncIterator[Opened]:
    host = wiring.demo()
    judges: list[Watching] = []

    def judge() -> PeerJudge:
        judges.append(Watching(host.peer_judge()))
        return judges[-1]

    app = WgtuiApp(
        host.monitor,
        options=UiOptions(clock=SystemClock(), title="demo", interval=0.2),
        makers=Makers(ownership=host.ownership_map, changes=host.changes, peer_judge=judge),
    )
    async with app.run_test(size=size) as pilot:
        yield Opened(app, pilot, judges)


def in_one_line(text: str) -> str:
    """Without the breaks that a narrow pane makes."""
    return " ".join(text.split())


async def test_a_peer_that_lost_its_address_is_told_who_has_it_and_what_to_do() -> None:
    async with demo() as shown:
        await shown.select("camera")
        await shown.until(lambda: "It owns no address" in in_one_line(shown.detail))
        told = in_one_line(shown.detail)
        assert "belongs to new- phone on the running interface" in told
        assert "Because: Another peer has them" in told
        assert "Do: Decide whose 5.5.5.10/32 is" in told


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_the_small_pane_says_why_in_place_of_the_plot(size: tuple[int, int]) -> None:
    async with demo(size) as shown:
        await shown.select("camera")
        await shown.until(lambda: "It owns no address" in shown.detail)
        assert "rekey" not in shown.detail


async def test_a_peer_that_is_well_has_its_ruler_and_no_causes() -> None:
    async with demo() as shown:
        await shown.select("laptop")
        await shown.until(lambda: bool(shown.judges) and shown.judges[0].looks > 2)
        assert "Active: the latest handshake was" in in_one_line(shown.detail)
        assert "Likely:" not in shown.detail
        assert "120 rekey" in shown.detail


async def test_why_has_all_causes_and_the_origin_of_every_value() -> None:
    async with demo((80, 24)) as shown:
        await shown.select("home-gateway")
        await press(shown.pilot, "W")
        await shown.until(lambda: isinstance(shown.app.screen, WhyScreen))
        screen = shown.app.screen
        assert isinstance(screen, WhyScreen)
        text = "\n".join("".join(span.text for span in line) for line in screen.lines(80))
        assert "Verdict        active" in text
        assert "192.168.2.0/24  Line " in text
        for label in ("Name", "Endpoint", "Keepalive", "Preshared key", "Listen port", "MTU"):
            assert f"\n{label}" in text
        await press(shown.pilot, "escape")
        await shown.until(lambda: isinstance(shown.app.screen, OverviewScreen))


async def test_nobody_watches_the_port_while_another_screen_is_in_front() -> None:
    async with demo() as shown:
        await shown.select("new-phone")
        await shown.until(lambda: bool(shown.judges) and shown.judges[0].looks > 1)
        judge = shown.judges[0]
        await press(shown.pilot, "f1")
        await shown.until(lambda: judge.rests > 0)
        looks = judge.looks
        number = shown.app.snapshot.number if shown.app.snapshot else 0
        await shown.until(lambda: shown.app.snapshot is not None and shown.app.snapshot.number > number + 3)
        assert judge.looks == looks
        await press(shown.pilot, "escape")
        await shown.until(lambda: judge.looks > looks)


async def test_a_paused_table_keeps_its_judgement() -> None:
    async with demo() as shown:
        await shown.select("camera")
        await shown.until(lambda: "It owns no address" in in_one_line(shown.detail))
        await press(shown.pilot, "space")
        judge = shown.judges[0]
        await shown.until(lambda: shown.app.screen_stack[0].live_snapshot is None)  # type: ignore[attr-defined]
        looks = judge.looks
        number = shown.app.snapshot.number if shown.app.snapshot else 0
        await shown.until(lambda: shown.app.snapshot is not None and shown.app.snapshot.number > number + 3)
        assert judge.looks <= looks + 1
        assert judge.rests
        assert "It owns no address" in in_one_line(shown.detail)


async def test_the_map_says_why_too() -> None:
    async with demo((80, 24)) as shown:
        await shown.select("home-gateway")
        await press(shown.pilot, "m")
        await shown.until(lambda: isinstance(shown.app.screen, AllowedIpsScreen))
        screen = shown.app.screen
        assert isinstance(screen, AllowedIpsScreen)
        await shown.until(lambda: screen.rows.selected is not None)
        assert screen.rows.selected is not None
        name = screen.rows.selected.name
        await press(shown.pilot, "W")
        await shown.until(lambda: isinstance(shown.app.screen, WhyScreen))
        why = shown.app.screen
        assert isinstance(why, WhyScreen)
        text = "\n".join("".join(span.text for span in line) for line in why.lines(80))
        assert "Allowed IPs" in text
        assert name in text
        await shown.until(lambda: shown.judges[0].rests > 0)
