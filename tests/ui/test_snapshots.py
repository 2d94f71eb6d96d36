"""Pictures of the screens. A changed picture is to be looked at, then taken over with --snapshot-update."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.map_world import Host, first_map, wait_for_answer
from tests.ui.settling import press
from tests.ui.world import NOW, SIZES, first_look, make_app, relay, snapshot_of
from wgtui.domain.snapshot import Problem, Snapshot

Compare = Callable[..., bool]


def gone() -> Snapshot:
    """The relay after its first device vanished."""
    first, second = relay().devices
    problem = Problem(
        "DeviceGone",
        "No such device",
        "wg0 is gone: the interface was removed or brought down.",
        "`wg-quick up wg0` brings it back.",
        NOW - 65,
    )
    return replace(relay(), devices=(replace(first, problem=problem, read_at=NOW - 65), second))


def compare(compare_picture: Compare, snapshot: Snapshot, size: tuple[int, int], **options: Any) -> bool:
    """Whether the screen on a snapshot looks like its picture."""
    press = options.pop("press", ())
    app, _ = make_app(snapshot, title="relay.example.net", **options)
    return compare_picture(app, terminal_size=size, press=press, run_before=first_look)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_overview(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert compare(snap_compare, relay(), size)


def test_overview_without_colour(snap_compare: Compare) -> None:
    assert compare(snap_compare, relay(), (80, 24), color="none")


def test_overview_in_ascii(snap_compare: Compare) -> None:
    assert compare(snap_compare, relay(), (120, 36), ascii_only=True)


def test_overview_in_sixteen_colours(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "linux")
    monkeypatch.delenv("COLORTERM")
    assert compare(snap_compare, relay(), (80, 24))


def test_overview_in_light_colours(snap_compare: Compare) -> None:
    assert compare(snap_compare, relay(), (80, 24), press=["f9"])


def test_a_device_that_is_gone(snap_compare: Compare) -> None:
    assert compare(snap_compare, gone(), (80, 24))


def test_no_device(snap_compare: Compare) -> None:
    assert compare(snap_compare, snapshot_of(), (80, 24))


def test_paused_and_filtered(snap_compare: Compare) -> None:
    assert compare(snap_compare, relay(), (80, 24), press=["space", "slash", *"phone", "enter"])


def test_large_details(snap_compare: Compare) -> None:
    assert compare(snap_compare, relay(), (80, 24), press=["enter"])


def test_help(snap_compare: Compare) -> None:
    assert compare(snap_compare, relay(), (80, 24), press=["f1"])


def test_command_palette(snap_compare: Compare) -> None:
    assert compare(snap_compare, relay(), (80, 24), press=["ctrl+p"])


def picture_map(
    compare_picture: Compare, size: tuple[int, int], *, keys: tuple[str, ...] = (), **options: Any
) -> bool:
    """Whether the map of the simulated relay looks like its picture."""
    host = Host()
    app, _ = make_app(host.look(), title="relay.example.net", ownership=host.ownership, **options)

    async def before(pilot: Pilot[Any]) -> None:
        await first_map(pilot)
        await press(pilot, *keys)
        if keys:
            await wait_for_answer(pilot)

    return compare_picture(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_allowed_ips(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert picture_map(snap_compare, size)


def test_allowed_ips_with_an_answer(snap_compare: Compare) -> None:
    assert picture_map(snap_compare, (80, 24), keys=("w", *"10.20.7.4"))


def test_allowed_ips_in_ascii_without_colour(snap_compare: Compare) -> None:
    assert picture_map(snap_compare, (80, 24), ascii_only=True, color="none")
