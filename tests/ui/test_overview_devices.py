"""Devices: tabs, and what is said when one is gone, refused, down, or not there at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.settling import settle
from tests.ui.world import NOW, SIZES, device_state, opened, peer_state, relay, relay_peers, snapshot_of
from wgtui.domain.names import FileClaims
from wgtui.domain.snapshot import Problem

GONE = Problem(
    "DeviceGone", "No such device", "wg0 is gone: the interface was removed.", "Bring it back.", NOW - 5
)
REFUSED = Problem(
    "PermissionRefused", "Not permitted", "Reading wg0 needs CAP_NET_ADMIN.", "Run it with sudo.", NOW - 5
)


@pytest.mark.parametrize("key", ["]", "tab", "2"])
async def test_keys_open_another_device(key: str) -> None:
    async with opened(relay()) as screen:
        await screen.press({"]": "right_square_bracket"}.get(key, key))
        assert screen.names() == ["visitor"]
        await screen.press("left_square_bracket")
        assert "home-gateway" in screen.names()


async def test_a_click_opens_another_device() -> None:
    async with opened(relay()) as screen:
        await screen.pilot.click("#tabs", offset=(screen.lines()[0].index("wg1"), 0))
        await settle(screen.pilot)
        assert screen.names() == ["visitor"]


async def test_each_device_keeps_its_own_selection_and_filter() -> None:
    async with opened(relay()) as screen:
        await screen.press("down", "down")
        chosen = screen.selected()
        await screen.press("tab", "tab")
        assert screen.selected() == chosen


@pytest.mark.parametrize("size", SIZES)
async def test_a_vanished_device_is_a_state_with_its_last_peers(size: tuple[int, int]) -> None:
    async with opened(relay(), size) as screen:
        gone = device_state("wg0", relay_peers(), problem=GONE, read_ago=5)
        await screen.show(snapshot_of(gone, number=2))
        text = " ".join(" ".join(line.split()) for line in screen.lines())
        assert "! gone" in text
        assert "wg0 is gone: the interface was removed." in text
        assert "Bring it back." in text
        assert "as they were 5 seconds ago" in text
        assert "home-gateway" in screen.names()
        await screen.press("x")
        await settle(screen.pilot)
        assert screen.app.poller is not None
        await screen.show(snapshot_of(device_state("wg0", relay_peers()), number=3))
        assert "gone" not in screen.text()


async def test_refused_permission_says_what_to_do() -> None:
    refused = device_state("wg0", problem=REFUSED, readable=False)
    async with opened(snapshot_of(refused)) as screen:
        text = screen.text()
        assert "! no permission" in text
        assert "Run it with sudo." in text


@pytest.mark.parametrize("size", SIZES)
async def test_without_any_device_it_says_what_was_looked_for_and_what_to_do(size: tuple[int, int]) -> None:
    async with opened(snapshot_of(), size) as screen:
        text = screen.text()
        assert "No WireGuard interface on this host" in text
        assert "wgtui --demo" in text
        assert "sudo wgtui lab relay" in text
        assert "q quit" in text
        await screen.press("down", "enter", "tab", "s", "r", "space", "1")
        await screen.show(relay())
        assert "home-gateway" in screen.names()


async def test_a_listing_that_fails_says_why() -> None:
    problem = Problem("PermissionRefused", "Not permitted", "Interfaces cannot be listed.", "Use sudo.", NOW)
    async with opened(snapshot_of(problem=problem)) as screen:
        assert "Not permitted" in screen.text()
        assert "Interfaces cannot be listed." in screen.text()
        assert "Use sudo." in screen.text()


async def test_a_device_that_is_down_or_only_a_file_says_how_to_bring_it_up() -> None:
    down = device_state("wg0", [peer_state(1, "laptop")], up=False)
    absent = device_state("wg1", readable=False, up=None)
    async with opened(snapshot_of(down, absent)) as screen:
        assert "▼ down" in screen.text()
        assert "ip link set wg0 up" in screen.text()
        await screen.press("2")
        assert "wg-quick up wg1" in screen.text()


async def test_many_devices_keep_the_open_one_in_sight() -> None:
    devices = [device_state(f"wg{number}", [peer_state(number)]) for number in range(14)]
    async with opened(snapshot_of(*devices)) as screen:
        for number in range(14):
            assert f" wg{number} " in screen.lines()[0]
            await screen.press("right_square_bracket")


async def test_the_device_that_can_be_read_and_has_peers_opens_first() -> None:
    refused = device_state("wg0", problem=REFUSED, readable=False)
    async with opened(snapshot_of(refused, device_state("wg1", [peer_state(1, "laptop")]))) as screen:
        assert screen.names() == ["laptop"]


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        (FileClaims("wg-easy", save_config=True), "wg-easy writes this file anew: edits would be lost."),
        (FileClaims(save_config=True), "SaveConfig: taking wg0 down drops names and comments."),
    ],
)
@pytest.mark.parametrize("size", SIZES)
async def test_who_else_writes_the_file_is_said_with_a_way_out(
    size: tuple[int, int], claims: FileClaims, said: str
) -> None:
    device = replace(device_state("wg0", [peer_state(1, "laptop")]), claims=claims)
    async with opened(snapshot_of(device), size=size) as screen:
        text = " ".join(screen.text().split())
        assert said in text
        assert "See: wgtui adopt wg0." in text
        assert screen.names() == ["laptop"]
