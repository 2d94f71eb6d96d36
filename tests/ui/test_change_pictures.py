"""Pictures of the way of a change. Look at a changed one, then take it over with --snapshot-update."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.services.changing_host import FILE
from tests.ui.changing import FILE_BEFORE, RISKS, Desk, file_plan, long_plan
from tests.ui.settling import press
from tests.ui.test_journal_screen import sysctl_plan
from tests.ui.world import SIZES, Screen, StillSource, first_look, relay
from wgtui.domain.errors import HostCommandFailed
from wgtui.domain.host import FileImage
from wgtui.ui.app import WgtuiApp

Compare = Callable[..., bool]
AT_EVERY_SIZE = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times are told in the host's zone."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


async def shown(pilot: Pilot[Any], text: str) -> None:
    """Wait until a text is on the screen."""
    app = pilot.app
    assert isinstance(app, WgtuiApp)
    await Screen(app, pilot, StillSource(relay())).until(text)


def compare(
    snap_compare: Compare,
    desk: Desk,
    size: tuple[int, int],
    steps: Callable[[WgtuiApp, Pilot[Any]], Awaitable[None]],
    **options: Any,
) -> bool:
    """Whether the screen looks like its picture after some steps."""
    app = desk.app(**options)

    async def before(pilot: Pilot[Any]) -> None:
        await first_look(pilot)
        await steps(app, pilot)

    return snap_compare(app, terminal_size=size, run_before=before)


async def review(app: WgtuiApp, pilot: Pilot[Any]) -> None:
    app.changes.propose(lambda _: file_plan())
    await shown(pilot, "[ Apply ]")


async def review_files(app: WgtuiApp, pilot: Pilot[Any]) -> None:
    await review(app, pilot)
    await press(pilot, "3")


async def review_long(app: WgtuiApp, pilot: Pilot[Any]) -> None:
    app.changes.propose(lambda _: long_plan())
    await shown(pilot, "[ Apply ]")


async def applied(app: WgtuiApp, pilot: Pilot[Any]) -> None:
    await review(app, pilot)
    await press(pilot, "a")
    await shown(pilot, "is taken back in 60 s.")


async def failed(app: WgtuiApp, pilot: Pilot[Any]) -> None:
    await review(app, pilot)
    await press(pilot, "a")
    await shown(pilot, "[ Close ]")


async def journal(app: WgtuiApp, pilot: Pilot[Any]) -> None:
    await press(pilot, "c")
    await shown(pilot, "1. Change the file")


def journal_desk() -> Desk:
    desk = Desk()
    desk.settle(sysctl_plan("Set the mark", "0", "1"))
    desk.host.transaction().undo(1)
    desk.host.faults.fail("sysctls.write", error=HostCommandFailed("The kernel said no."))
    with pytest.raises(HostCommandFailed):
        desk.host.transaction().apply(sysctl_plan("Set the mark again", "0", "1"))
    desk.settle(file_plan())
    return desk


@AT_EVERY_SIZE
def test_review_of_a_risk(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert compare(snap_compare, Desk(risks=RISKS), size, review)


def test_review_of_files(snap_compare: Compare) -> None:
    assert compare(snap_compare, Desk(), (80, 24), review_files)


def test_review_of_a_long_plan(snap_compare: Compare) -> None:
    assert compare(snap_compare, Desk(), (80, 24), review_long)


def test_review_without_colour(snap_compare: Compare) -> None:
    assert compare(snap_compare, Desk(risks=RISKS), (80, 24), review, color="none")


def test_review_in_ascii(snap_compare: Compare) -> None:
    assert compare(snap_compare, Desk(risks=RISKS), (120, 36), review, ascii=True)


@AT_EVERY_SIZE
def test_countdown(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert compare(snap_compare, Desk(risks=RISKS), size, applied)


def test_failure(snap_compare: Compare) -> None:
    desk = Desk()
    error = HostCommandFailed("The kernel said no.", hint="Ask it nicely.")
    desk.host.faults.fail("sysctls.write", error=error)
    assert compare(snap_compare, desk, (80, 24), failed)


def test_conflict(snap_compare: Compare) -> None:
    desk = Desk()
    theirs = FileImage(FILE_BEFORE.content + b"# theirs\n", 0o600, 0, 0)

    async def conflict(app: WgtuiApp, pilot: Pilot[Any]) -> None:
        await review(app, pilot)
        desk.host.files.write(FILE, theirs)
        await press(pilot, "a")
        await shown(pilot, "[ Look again ]")

    assert compare(snap_compare, desk, (80, 24), conflict)


@AT_EVERY_SIZE
def test_journal(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert compare(snap_compare, journal_desk(), size, journal)


def test_question_about_what_was_cut_off(snap_compare: Compare) -> None:
    desk = Desk()
    desk.cut_off(file_plan(), after=2)

    async def wait(_app: WgtuiApp, pilot: Pilot[Any]) -> None:
        await shown(pilot, "A change was cut off")

    assert compare(snap_compare, desk, (80, 24), wait)
