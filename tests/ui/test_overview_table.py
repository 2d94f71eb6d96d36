"""The peer table: what it shows, and that the selection is a peer, not a row."""

from __future__ import annotations

import pytest

from tests.ui.settling import settle
from tests.ui.world import SIZES, crowd, device_state, opened, peer_state, relay, relay_peers, snapshot_of
from wgtui.domain.snapshot import Rate
from wgtui.ui.messages import FilterTyped


@pytest.mark.parametrize("size", SIZES)
async def test_shows_every_state_in_words(size: tuple[int, int]) -> None:
    async with opened(relay(), size) as screen:
        rows = "\n".join(screen.rows())
        for words in ("● active", "◐ ageing", "○ idle", "· never", "? waiting", "home-gateway"):
            assert words in rows
        assert max(map(len, screen.lines())) <= size[0]


@pytest.mark.parametrize("size", SIZES)
async def test_the_detail_says_what_to_make_of_the_selected_peer(size: tuple[int, int]) -> None:
    async with opened(relay(), size) as screen:
        assert "Active: the latest handshake was 42" in screen.text()
        await screen.press("end")
        await screen.press("/", *"new-phone", "enter")
        text = " ".join(" ".join(line.split()) for line in screen.lines())
        assert "Waiting: it has no endpoint" in text


async def test_selection_follows_the_peer_through_sorting() -> None:
    async with opened(relay()) as screen:
        await screen.press("down", "down")
        chosen = screen.selected()
        for _ in range(6):
            await screen.press("s")
            assert screen.selected() == chosen
        await screen.press("r")
        assert screen.selected() == chosen


async def test_selection_follows_the_peer_when_others_come_and_go() -> None:
    peers = relay_peers()
    async with opened(snapshot_of(device_state("wg0", peers))) as screen:
        await screen.press("down", "down", "down")
        chosen = screen.selected()
        first = screen.names()[0]
        rest = [state for state in peers if state.name != first]
        await screen.show(snapshot_of(device_state("wg0", rest), number=2))
        assert screen.selected() == chosen
        assert first not in screen.names()


async def test_a_peer_that_comes_back_is_selected_again() -> None:
    peers = relay_peers()
    async with opened(snapshot_of(device_state("wg0", peers))) as screen:
        await screen.press("down")
        chosen = screen.selected()
        rest = [state for state in peers if state.name != chosen]
        await screen.show(snapshot_of(device_state("wg0", rest), number=2))
        assert screen.selected() != chosen
        await screen.show(snapshot_of(device_state("wg0", peers), number=3))
        assert screen.selected() == chosen


async def test_filter_narrows_by_name_key_address_endpoint_and_allowed_ip() -> None:
    async with opened(relay()) as screen:
        key = str(relay_peers()[4].peer.public_key)[:12]
        for typed, expected in (
            ("GATE", ["home-gateway"]),
            (key, ["old-laptop"]),
            ("2001:db8", ["phone"]),
            ("192.168.2", ["home-gateway"]),
            ("10.0.0.4/", ["phone"]),
            ("laptop old", ["old-laptop"]),
        ):
            screen.overview.post_message(FilterTyped(typed))
            await settle(screen.pilot)
            assert screen.names() == expected


async def test_escape_clears_the_filter_and_keeps_the_selection() -> None:
    async with opened(relay()) as screen:
        await screen.press("/", *"phone")
        assert "2 of 8 peers" in screen.text()
        await screen.press("enter", "down")
        chosen = screen.selected()
        await screen.press("escape")
        assert len(screen.names()) == 8
        assert screen.selected() == chosen


async def test_while_the_filter_is_typed_letters_are_text() -> None:
    async with opened(relay()) as screen:
        await screen.press("/", "q", "s", "r", "?", "space", "x")
        assert "qsr? x" in screen.text()
        await screen.press("ctrl+u", *"tab", "backspace", "enter")
        assert "filter ta " in screen.text()


async def test_a_filter_without_a_match_says_so() -> None:
    async with opened(relay()) as screen:
        await screen.press("/", *"zzz", "enter")
        assert screen.names() == []
        assert "0 of 8 peers" in screen.text()
        await screen.press("enter", "down", "end", "pageup")


async def test_sorting_by_rate_puts_the_fastest_first_and_says_so() -> None:
    async with opened(relay()) as screen:
        while "sorted by ↓ down" not in screen.text():
            await screen.press("s")
        assert screen.names()[:3] == ["home-gateway", "laptop", "phone"]
        await screen.press("r")
        assert screen.names()[-1] == "home-gateway"


async def test_a_click_on_a_title_sorts_and_a_second_one_reverses() -> None:
    async with opened(relay()) as screen:
        await screen.pilot.click("#peers", offset=(12, 0))
        await settle(screen.pilot)
        names = screen.names()
        assert names[:-1] == sorted(names[:-1])
        await screen.pilot.click("#peers", offset=(12, 0))
        await settle(screen.pilot)
        assert screen.names() == names[::-1]


async def test_a_click_selects_and_a_double_click_opens_the_details() -> None:
    async with opened(relay()) as screen:
        await screen.pilot.click("#peers", offset=(12, 3))
        await settle(screen.pilot)
        assert screen.selected() == screen.names()[2]
        await screen.pilot.click("#peers", offset=(12, 3), times=2)
        await settle(screen.pilot)
        assert screen.overview.large_detail


async def test_pause_freezes_the_table_but_not_the_tabs() -> None:
    before = snapshot_of(device_state("wg0", [peer_state(1, "laptop", rate=Rate(1000, 0))]))
    after = snapshot_of(
        device_state("wg0", [peer_state(1, "laptop", rate=Rate(5_000_000, 0))]),
        number=2,
        taken_at=before.taken_at + 7,
    )
    async with opened(before) as screen:
        await screen.press("space")
        rows = screen.rows()
        await screen.show(after)
        assert "PAUSED 7 s" in screen.text()
        assert screen.rows() == rows
        assert "4.8 MiB/s" in screen.lines()[0]
        await screen.press("space")
        assert "PAUSED" not in screen.text()
        assert "4.8 MiB/s" in screen.rows()[0]


async def test_enter_shows_the_peer_large_and_escape_goes_back() -> None:
    async with opened(relay(), (60, 20)) as screen:
        await screen.press("enter")
        text = screen.text()
        assert "Public key" in text or "Transfer" in text
        await screen.press("pagedown", "pagedown")
        assert "Public key" in screen.text()
        await screen.press("escape")
        assert "laptop" in "\n".join(screen.rows())


@pytest.mark.parametrize("size", SIZES)
async def test_ten_thousand_peers_open_scroll_and_filter(size: tuple[int, int]) -> None:
    async with opened(crowd(10_000), size) as screen:
        page = screen.overview.table.page
        await screen.press("end")
        assert screen.overview.peers.cursor == 9_999
        assert screen.overview.table.top == 10_000 - page
        await screen.press("home", "pagedown")
        assert screen.overview.peers.cursor == page - 1
        await screen.press("/", *"09123", "enter")
        assert screen.names() == ["peer-09123"]


async def test_the_wheel_and_the_scrollbar_move() -> None:
    async with opened(crowd(200)) as screen:
        table = screen.overview.table
        await screen.pilot._post_mouse_events([_wheel()], "#peers", offset=(5, 5), button=0)
        await settle(screen.pilot)
        assert screen.overview.peers.cursor == 3
        await screen.pilot.click("#peers", offset=(79, table.size.height - 1))
        await settle(screen.pilot)
        assert screen.overview.peers.cursor == 199


def _wheel() -> type:
    from textual.events import MouseScrollDown

    return MouseScrollDown


async def test_resizing_while_open_keeps_everything_in_place() -> None:
    async with opened(relay(), (120, 36)) as screen:
        await screen.press("down")
        chosen = screen.selected()
        for size in ((60, 20), (200, 60), (40, 10), (1, 1), (80, 24)):
            await screen.pilot.resize_terminal(*size)
            await settle(screen.pilot)
            assert screen.selected() == chosen
            assert max(map(len, screen.lines()), default=0) <= size[0]
        assert "● active" in screen.text()
