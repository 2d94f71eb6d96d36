"""Waiting for the first handshake, as a user sees it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from unittest.mock import patch

import pytest

from tests.ui.settling import press, settle
from tests.ui.test_untrusted_text import assert_clean
from tests.ui.waiting_world import CALLER, WaitingHost, waiting
from tests.ui.world import EVIL_STRINGS, SIZES, opened
from wgtui import wiring
from wgtui.adapters.clock import SystemClock
from wgtui.domain.port_traffic import PacketKind, SeenPacket
from wgtui.ui.app import WgtuiApp
from wgtui.ui.makers import Makers
from wgtui.ui.options import UiOptions
from wgtui.ui.screens.overview import OverviewScreen
from wgtui.ui.screens.share import ShareScreen
from wgtui.ui.screens.waiting import WaitingScreen


def one_phone() -> WaitingHost:
    """A host that waits for one peer."""
    host = WaitingHost()
    host.keep("new-phone")
    return host


@pytest.mark.parametrize("size", SIZES)
async def test_it_says_what_is_waited_for_and_why_nothing_comes(size: tuple[int, int]) -> None:
    async with waiting(one_phone(), size) as shown:
        text = shown.text()
        assert "wg0 First handshake 0 of 1 peer shook hands" in text
        assert "UDP 43155: no packet came yet." in text
        assert "? waiting new-phone" in text
        assert "1. It is not started yet" in text
        assert max(map(len, shown.screen.lines())) <= size[0]


async def test_calls_move_the_count_and_change_the_reason() -> None:
    host = one_phone()
    async with waiting(host) as shown:
        assert "No packet has arrived at UDP port 43155 since 00:00:00." in shown.text()
        host.call("new-phone")
        await shown.look()
        assert "1 packet came: 1 call." in shown.text()
        assert "◐ calling" in shown.text()
        host.call("new-phone")
        await shown.look(5.0)
        assert "2 packets came: 2 calls." in shown.text()
        assert f"It calls from {CALLER} and is answered, but it does not go on" in shown.text()
        assert "1. The preshared key differs" in shown.text()


async def test_what_is_not_wireguard_is_said_with_its_sender() -> None:
    host = one_phone()
    async with waiting(host) as shown:
        host.queue.packets.append(SeenPacket(PacketKind.OTHER, CALLER))
        await shown.look()
        assert "1 packet came: 1 not WireGuard's." in shown.text()
        assert f"UDP packets arrive at port 43155 from {CALLER}" in shown.text()


async def test_the_first_handshake_is_said_plainly_and_rings_once() -> None:
    host = one_phone()
    async with waiting(host) as shown:
        with patch.object(shown.screen.app, "bell") as bell:
            host.change("new-phone", endpoint=CALLER, latest_handshake=host.clock.now() + 1, rx_bytes=180)
            await shown.look()
            assert (
                "new-phone shook hands at 00:00:01. Those were all: esc goes to the Overview." in shown.text()
            )
            assert "1 of 1 peer shook hands" in shown.text()
            await shown.look()
            await shown.look()
            assert bell.call_count == 1
        await shown.press("escape")
        assert isinstance(shown.screen.app.screen, OverviewScreen)


async def test_peers_that_shook_hands_before_ring_nothing() -> None:
    host = WaitingHost()
    async with waiting(host) as shown:
        with patch.object(shown.screen.app, "bell") as bell:
            await shown.look()
            assert bell.call_count == 0


async def test_who_needs_eyes_comes_first_and_the_selection_stays_with_its_peer() -> None:
    host = WaitingHost()
    async with waiting(host) as shown:
        states = [row.contact.stage.is_there for row in shown.page.rows.rows]
        assert states == sorted(states)
        await shown.press("g")
        selected = shown.page.rows.selected
        assert selected is not None
        host.change(selected.peer.name, latest_handshake=host.clock.now(), endpoint=CALLER, rx_bytes=180)
        await shown.look()
        again = shown.page.rows.selected
        assert again is not None
        assert again.peer.name == selected.peer.name
        assert shown.page.rows.cursor > 0


async def test_nothing_new_paints_nothing() -> None:
    host = one_phone()
    async with waiting(host) as shown:
        await shown.look()
        painted: list[object] = []
        with patch.object(shown.screen.app, "_display", lambda *update: painted.append(update)):
            for _ in range(3):
                await shown.look()
        assert not painted


async def test_where_the_port_cannot_be_watched_it_says_so_and_f5_tries_again() -> None:
    host = WaitingHost(refused=True)
    host.keep("new-phone")
    async with waiting(host) as shown:
        assert "cannot be watched" in shown.text()
        assert "CAP_NET_RAW" in shown.text()
        assert "Only what WireGuard itself counts is known." in shown.text()
        host.refused = False
        await shown.look()
        assert "cannot be watched" in shown.text(), "not before it is asked for"
        await shown.press("f5")
        await shown.wait_until(lambda: "no packet came yet" in shown.text())


async def test_the_port_is_watched_only_while_the_screen_is_open() -> None:
    host = one_phone()
    async with waiting(host) as shown:
        assert host.queue.is_open
        await shown.press("escape")
        await shown.wait_until(lambda: not host.queue.is_open)
        await shown.press("w")
        await shown.wait_until(lambda: host.queue.is_open)


async def test_an_interface_that_is_down_says_so() -> None:
    host = one_phone()
    async with waiting(host) as shown:
        host.scenario.world.devices["wg0"].up = False
        await shown.look()
        assert "wg0 is down." in shown.text()
        assert "· off new-phone" in shown.text()
        host.scenario.world.delete("wg0")
        await shown.look()
        assert "wg0 is down." in shown.text()


async def test_enter_shows_the_reasons_large_and_escape_goes_back_step_by_step() -> None:
    async with waiting(one_phone(), (60, 20)) as shown:
        await shown.press("enter")
        assert not shown.page.table.display or shown.page.table.size.height == 0
        assert "router in front of this host" in shown.text()
        await shown.press("escape")
        assert shown.page.table.size.height > 1
        await shown.press("o")
        assert len(shown.screen.app.screen_stack) == 1


async def test_the_overview_hands_over_its_selected_peer() -> None:
    host = WaitingHost()
    async with opened(host.look(), first_contact=host.first_contact) as screen:
        name = screen.selected()
        await screen.press("w")
        page = screen.app.screen
        assert isinstance(page, WaitingScreen)
        while page.looks == 0:
            await screen.pilot.pause(0.01)
        assert page.rows.selected is not None
        assert page.rows.selected.peer.name == name


async def test_without_what_watches_there_is_no_such_screen() -> None:
    host = WaitingHost()
    async with opened(host.look()) as screen:
        await screen.press("w")
        assert isinstance(screen.app.screen, OverviewScreen)


async def test_keys_that_are_typed_before_the_first_frame_leave_a_live_screen() -> None:
    demo = wiring.demo()
    options = UiOptions(clock=SystemClock(), title="demo", interval=0.05)
    app = WgtuiApp(demo.monitor, options=options, makers=Makers(first_contact=demo.first_contact))
    # A screen that is covered before it is painted keeps to itself what is to be done after that.
    with patch.object(app, "call_after_refresh"):
        running = app.run_test(size=(80, 24))
        pilot = await running.__aenter__()
    try:
        deadline = time.monotonic() + 20.0
        app.wait_for_handshake("wg0")
        while app.snapshot is None or app.snapshot.number < 5:
            assert time.monotonic() < deadline
            await pilot.pause(0.02)
    finally:
        await running.__aexit__(None, None, None)


async def test_help_tells_of_it() -> None:
    async with waiting(one_phone(), (120, 36)) as shown:
        await shown.press("f1")
        assert "Share the selected peer's own file" in shown.text()


async def test_the_share_screen_is_one_key_away_and_a_handshake_is_told_over_it() -> None:
    demo = wiring.demo()
    wg0 = demo.scenario.world.devices["wg0"]
    key = next(one for one, peer in wg0.peers.items() if str(peer.allowed_ips[0]) == "5.5.5.4/32")
    came = wg0.peers[key].latest_handshake
    wg0.peers = {key: replace(wg0.peers[key], latest_handshake=None, endpoint=None)}
    demo.scenario.world.on_read = lambda: None
    options = UiOptions(clock=SystemClock(), title="demo", interval=0.05, qr=wiring.qr_codes())
    makers = Makers(changes=demo.changes, first_contact=demo.first_contact)
    app = WgtuiApp(demo.monitor, options=options, makers=makers)

    async def until(holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20.0
        while not holds():
            assert time.monotonic() < deadline
            await pilot.pause(0.02)

    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: app.snapshot is not None)
        await press(pilot, "w")
        await until(lambda: isinstance(app.screen, WaitingScreen) and app.screen.looks > 0)
        await press(pilot, "h")
        await until(lambda: isinstance(app.screen, ShareScreen))
        wg0.peers[key] = replace(wg0.peers[key], latest_handshake=came, endpoint=CALLER)
        await until(lambda: any("phone shook hands" in one.message for one in app._notifications))
        await press(pilot, "escape")
        await until(lambda: isinstance(app.screen, WaitingScreen))


@pytest.mark.parametrize("name", EVIL_STRINGS, ids=range(len(EVIL_STRINGS)))
async def test_names_are_made_harmless(name: str) -> None:
    host = one_phone()
    async with waiting(host) as shown:
        snapshot = host.look()
        devices = tuple(
            replace(device, peers=tuple(replace(one, name=name) for one in device.peers))
            for device in snapshot.devices
        )
        before = shown.page.looks
        host.call("new-phone")
        shown.screen.app.snapshot = replace(snapshot, devices=devices)
        await shown.wait_until(lambda: shown.page.looks > before)
        await settle(shown.screen.pilot)
        assert_clean(shown.screen.lines())
