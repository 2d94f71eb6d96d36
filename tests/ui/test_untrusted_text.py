"""Names and messages come from others: they reach the screen as text, whatever is in them."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from tests.ui.settling import settle
from tests.ui.world import EVIL_STRINGS, NOW, SIZES, device_state, opened, peer_state, snapshot_of
from wgtui.domain.snapshot import Problem, Snapshot
from wgtui.ui.messages import SelectRow


def evil_snapshot() -> Snapshot:
    peers = [peer_state(number, name) for number, name in enumerate(EVIL_STRINGS)]
    problem = Problem("DeviceError", EVIL_STRINGS[5], " ".join(EVIL_STRINGS), EVIL_STRINGS[0], NOW)
    return snapshot_of(
        device_state("wg0", peers, problem=problem),
        replace(device_state("evil\x1b]0;", peers), name="evil\x1b]0;[/x]"),
        problem=problem,
    )


def assert_clean(lines: list[str]) -> None:
    """No control, bidirectional, zero-width or unassigned character in any line."""
    for line in lines:
        for character in line:
            category = unicodedata.category(character)
            assert category not in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp"), (hex(ord(character)), line)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_every_place_shows_evil_text_as_text(size: tuple[int, int], ascii_only: bool) -> None:
    async with opened(evil_snapshot(), size, ascii_only=ascii_only) as screen:
        for _ in range(2):
            for row in range(len(EVIL_STRINGS)):
                screen.overview.post_message(SelectRow(row))
                await settle(screen.pilot)
                assert_clean(screen.lines())
            await screen.press("enter")
            assert_clean(screen.lines())
            await screen.press("enter", "tab")
        if ascii_only:
            assert screen.text().isascii()


@pytest.mark.parametrize("text", EVIL_STRINGS)
async def test_an_evil_title_and_an_evil_empty_state(text: str) -> None:
    problem = Problem("DeviceError", text, text, text, NOW)
    async with opened(snapshot_of(problem=problem)) as screen:
        assert_clean(screen.lines())


@pytest.mark.parametrize("text", EVIL_STRINGS[:4])
async def test_markup_in_a_name_stays_literal(text: str) -> None:
    async with opened(snapshot_of(device_state("wg0", [peer_state(1, text)]))) as screen:
        assert text[:16] in screen.text()
        await screen.press("/", *"[")
        assert_clean(screen.lines())


async def test_a_pasted_filter_is_cut_to_its_first_line_and_cleaned() -> None:
    from textual.events import Paste

    async with opened(snapshot_of(device_state("wg0", [peer_state(1, "laptop")]))) as screen:
        await screen.press("/")
        screen.overview.status.post_message(Paste("lap\x1b]0;x\x07\nsecond"))
        await settle(screen.pilot)
        assert_clean(screen.lines())
        assert "second" not in screen.text()
