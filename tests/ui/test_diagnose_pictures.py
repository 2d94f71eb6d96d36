"""Pictures of the Diagnose screen. Look at a changed one, then take it over with --snapshot-update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.diagnose_world import Ward, first_diagnosis, first_path
from tests.ui.world import SIZES
from wgtui.adapters.simulated.packet_filter import DOCKER

Compare = Callable[..., bool]


def compare(snap_compare: Compare, size: tuple[int, int], *, path: bool = False, **options: Any) -> bool:
    """Whether the screen looks like its picture: Docker lets nothing pass from peer to peer."""
    ward = Ward(background=DOCKER)

    async def before(pilot: Pilot[Any]) -> None:
        await (first_path if path else first_diagnosis)(pilot)

    return snap_compare(ward.app(**options), terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_doctor(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert compare(snap_compare, size)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_broken_path(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert compare(snap_compare, size, path=True)


def test_the_doctor_in_ascii_without_colour(snap_compare: Compare) -> None:
    assert compare(snap_compare, (80, 24), ascii=True, color="none")


def test_a_path_in_ascii_without_colour(snap_compare: Compare) -> None:
    assert compare(snap_compare, (80, 24), path=True, ascii=True, color="none")
