"""Pictures of the setup wizard. A changed one is to be looked at, then taken over with --snapshot-update."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.changing import Desk
from tests.ui.setup import Setup, add_home, add_phone, make_bare
from tests.ui.world import SIZES, StillSource, first_look, snapshot_of
from wgtui.adapters.simulated.host_facts import PLAIN_HOST
from wgtui.domain.setup.facts import KernelSupport
from wgtui.ui.presentation.setup.words import Step

Compare = Callable[..., bool]
Way = Callable[[Setup], Awaitable[None]]

BROKEN = replace(
    PLAIN_HOST, support=KernelSupport.REMOVED, systemd=False, container="lxc", programs=frozenset(("wg",))
)

sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


def compare(snap_compare: Compare, size: tuple[int, int], way: Way, **options: Any) -> bool:
    """Whether the wizard looks like its picture at the end of a way."""
    app, host = make_bare(**options)

    async def go(pilot: Pilot[Any]) -> None:
        await first_look(pilot)
        ui = Setup(app, pilot, StillSource(snapshot_of()), Desk(), host)
        await ui.at(Step.PREFLIGHT)
        await way(ui)

    return snap_compare(app, terminal_size=size, run_before=go)


@sizes
def test_preflight(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def way(ui: Setup) -> None:
        ui.host.inspector.facts = BROKEN
        await ui.press("r")
        await ui.until("Not yet")
        ui.app.clear_notifications()

    assert compare(snap_compare, size, way)


@sizes
def test_scenarios(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def way(ui: Setup) -> None:
        await ui.go(Step.SCENARIO)
        await ui.press("4")

    assert compare(snap_compare, size, way)


@sizes
def test_network(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def way(ui: Setup) -> None:
        await ui.go(Step.NETWORK)
        await ui.replace("IPv4 address", "192.168.2.0/24")
        await ui.replace("Listen port", "99999")
        await ui.press("tab")

    assert compare(snap_compare, size, way)


@sizes
def test_forwarding(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def way(ui: Setup) -> None:
        await ui.go(Step.SCENARIO)
        await ui.press("4")
        await ui.go(Step.FORWARDING)
        await ui.goto("Masquerade on")

    assert compare(snap_compare, size, way)


@sizes
def test_peers(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def way(ui: Setup) -> None:
        await ui.go(Step.PEERS)
        await add_phone(ui)
        await add_home(ui)

    assert compare(snap_compare, size, way)


@sizes
def test_peer(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def way(ui: Setup) -> None:
        await ui.go(Step.PEERS)
        await ui.open("a", "Peer 1 of 1")
        await ui.press("right", "ctrl+s")
        await ui.until("A LAN gateway has a LAN behind it.")

    assert compare(snap_compare, size, way)


@sizes
def test_review(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def way(ui: Setup) -> None:
        await ui.go(Step.PEERS)
        await add_phone(ui)
        await add_home(ui)
        await ui.go(Step.REVIEW)

    assert compare(snap_compare, size, way)


def test_network_in_ascii(snap_compare: Compare) -> None:
    async def way(ui: Setup) -> None:
        await ui.go(Step.PEERS)
        await add_phone(ui)
        await add_home(ui)

    assert compare(snap_compare, (80, 24), way, ascii=True)


def test_scenarios_without_colour(snap_compare: Compare) -> None:
    async def way(ui: Setup) -> None:
        await ui.go(Step.SCENARIO)

    assert compare(snap_compare, (80, 24), way, color="none")
