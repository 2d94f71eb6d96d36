"""Pictures of the screen that waits. A changed picture is to be looked at, then taken over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.waiting_world import WaitingHost, first_wait, in_utc, waiting_app
from tests.ui.world import SIZES

Compare = Callable[..., bool]


def compare(snap_compare: Compare, size: tuple[int, int], **options: Any) -> bool:
    """Whether the screen looks like its picture: one calls in vain, one is not called, the others came."""
    host = WaitingHost(refused=options.pop("refused", False))
    with in_utc():
        app = waiting_app(host, **options)

        async def before(pilot: Pilot[Any]) -> None:
            await first_wait(pilot, host)

        return snap_compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_waiting(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert compare(snap_compare, size)


def test_waiting_in_ascii_without_colour(snap_compare: Compare) -> None:
    assert compare(snap_compare, (80, 24), ascii_only=True, color="none")


def test_waiting_where_nothing_can_be_watched(snap_compare: Compare) -> None:
    assert compare(snap_compare, (80, 24), refused=True)
