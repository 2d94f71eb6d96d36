"""Pictures of the Forwarding screen. Look at a changed one, then take it over with --snapshot-update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.forwarding_world import Bench, first_forwarding
from tests.ui.settling import press
from tests.ui.test_forwarding_screen import by_hand
from tests.ui.world import SIZES

Compare = Callable[..., bool]
AT_EVERY_SIZE = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


def picture(compare: Compare, bench: Bench, size: tuple[int, int], *keys: str, **options: Any) -> bool:
    """Whether the screen looks like its picture after some keys."""

    async def before(pilot: Pilot[Any]) -> None:
        await first_forwarding(pilot)
        await press(pilot, *keys)

    return compare(bench.app(**options), terminal_size=size, run_before=before)


@AT_EVERY_SIZE
def test_docker_drops(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, Bench(), size, *["down"] * 3)


@AT_EVERY_SIZE
def test_written_by_hand(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, by_hand(), size, *["down"] * 2)


def test_in_ascii_without_colour(snap_compare: Compare) -> None:
    assert picture(snap_compare, by_hand(), (80, 24), "d", ascii=True, color="none")


def test_choosing_an_interface(snap_compare: Compare) -> None:
    assert picture(snap_compare, Bench(), (80, 24), "n")
