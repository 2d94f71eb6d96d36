"""Pictures of the editors. A changed picture is to be looked at, then taken over with --snapshot-update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.changing import Desk
from tests.ui.editing import Relay, make_relay
from tests.ui.world import SIZES, StillSource, first_look, relay

Compare = Callable[..., bool]


def compare(
    snap_compare: Compare, size: tuple[int, int], key: str, title: str, *then: str, **options: Any
) -> bool:
    """Whether the editor that a key opens looks like its picture after some more keys."""
    app, host = make_relay(**options)

    async def open_it(pilot: Pilot[Any]) -> None:
        await first_look(pilot)
        ui = Relay(app, pilot, StillSource(relay()), Desk(), host)
        await ui.select("office-gateway")
        await ui.open(key, title)
        await ui.press(*then)

    return snap_compare(app, terminal_size=size, run_before=open_it)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_peer(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert compare(snap_compare, size, "e", "Edit office-gateway of wg0", "tab", "tab", "tab")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_new_peer(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert compare(snap_compare, size, "a", "Add a peer to wg0", "right", "ctrl+s")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_interface(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert compare(snap_compare, size, "i", "Edit wg0", "tab", "tab", "9", "tab")


def test_peer_in_ascii(snap_compare: Compare) -> None:
    assert compare(snap_compare, (80, 24), "e", "Edit office-gateway of wg0", ascii=True)


def test_peer_without_colour(snap_compare: Compare) -> None:
    assert compare(snap_compare, (80, 24), "e", "Edit office-gateway of wg0", color="none")
