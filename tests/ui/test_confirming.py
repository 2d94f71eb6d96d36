"""Changes that wait for their confirmation, and those that were cut off."""

from __future__ import annotations

import pytest

from tests.services.changing_host import FILE, MARK
from tests.ui.changing import FILE_BEFORE, RISKS, Desk, Running, file_plan, running
from tests.ui.world import SIZES
from wgtui.domain.errors import WgtuiError
from wgtui.domain.journal import EntryState
from wgtui.ui.dialogs.failure import FailureScreen
from wgtui.ui.dialogs.question import Question
from wgtui.ui.runner import _finish_changes
from wgtui.ui.widgets.countdown_bar import CountdownBar


async def apply(ui: Running) -> None:
    """Apply a risky change."""
    ui.propose(file_plan())
    await ui.until("[ Apply ]")
    await ui.press("a")
    await ui.until("Change 1 is taken back in 60 s.")


def state(desk: Desk, number: int = 1) -> EntryState:
    """How an entry stands."""
    return desk.host.journal().entry(number).state


@pytest.mark.parametrize("size", SIZES)
async def test_the_countdown_is_on_every_screen(size: tuple[int, int]) -> None:
    async with running(Desk(risks=RISKS), size=size) as ui:
        await apply(ui)
        assert ui.desk.host.reverters.armed == {1: 60.0}
        for key, back in (("f1", "escape"), ("c", "escape"), ("ctrl+p", "escape")):
            await ui.press(key)
            await ui.until("Change 1 is taken back in 60 s.")
            await ui.press(back)
        ui.desk.host.clock.advance(17.0)
        await ui.until("Change 1 is taken back in 43 s. Press y to keep it, or u to take it back now.")
        assert ui.text().count("taken back in") == 1


async def test_y_keeps_it() -> None:
    async with running(Desk(risks=RISKS)) as ui:
        await apply(ui)
        await ui.press("y")
        await ui.wait(lambda: "Change 1 is confirmed and stays." in ui.toasts())
        assert state(ui.desk) is EntryState.APPLIED
        assert "taken back in" not in ui.text()
        await ui.press("y", "u")
        assert state(ui.desk) is EntryState.APPLIED


async def test_u_takes_it_back() -> None:
    async with running(Desk(risks=RISKS)) as ui:
        await apply(ui)
        await ui.press("u")
        await ui.wait(lambda: any("was taken back" in toast for toast in ui.toasts()))
        assert state(ui.desk) is EntryState.REVERTED
        assert ui.desk.host.files.read(FILE) == FILE_BEFORE
        assert not ui.app.screen.query(CountdownBar)


async def test_function_keys_work_in_dialogs_and_while_typing() -> None:
    async with running(Desk(risks=RISKS)) as ui:
        await apply(ui)
        await ui.press("slash", "y")
        await ui.until("Press f7 to keep it, or f8 to take it back now.")
        assert ui.overview.peers.filter == "y"
        await ui.press("escape")
        ui.app.changes.show_error(WgtuiError("Something else."))
        await ui.until("Something else.", "Press f7 to keep it")
        await ui.press("f7")
        await ui.wait(lambda: state(ui.desk) is EntryState.APPLIED)


async def test_the_deadline_passes_and_the_journal_tells_what_became_of_it() -> None:
    async with running(Desk(risks=RISKS)) as ui:
        await apply(ui)
        ui.desk.host.clock.advance(61.0)
        await ui.until("Change 1 is being taken back now.")
        assert ui.desk.host.transaction().revert_at_deadline(1)
        text = "Change 1 was taken back. It was not confirmed in time."
        await ui.wait(lambda: text in ui.toasts())
        assert not ui.app.screen.query(CountdownBar)


async def test_somebody_else_confirms_it() -> None:
    async with running(Desk(risks=RISKS)) as ui:
        await apply(ui)
        ui.desk.host.transaction().confirm(1)
        ui.desk.host.clock.advance(4.0)
        await ui.wait(lambda: "Change 1 is confirmed and stays." in ui.toasts())


async def test_what_is_taken_back_only_in_part_is_told_large() -> None:
    async with running(Desk(risks=RISKS)) as ui:
        await apply(ui)
        ui.desk.host.faults.fail("files.write", times=99)
        await ui.press("u")
        await ui.until("Not taken back: Change the file /etc/wireguard/wg1.conf.")
        await ui.wait(lambda: state(ui.desk) is EntryState.PARTLY_REVERTED)
        assert isinstance(ui.app.screen, FailureScreen)


async def test_one_that_waits_is_found_at_the_start() -> None:
    desk = Desk()
    desk.settle(file_plan(), confirm_within=60.0)
    desk.host.clock.advance(20.0)
    async with running(desk) as ui:
        await ui.until("Change 1 is taken back in 40 s.")
        await ui.press("y")
        await ui.wait(lambda: state(desk) is EntryState.APPLIED)


class TestCutOff:
    """An entry of a process that is gone is offered for taking back or completion."""

    @staticmethod
    def desk() -> Desk:
        desk = Desk()
        desk.cut_off(file_plan(), after=2)
        assert desk.host.files.read(FILE) != FILE_BEFORE
        return desk

    @pytest.mark.parametrize("size", SIZES)
    async def test_it_is_taken_back(self, size: tuple[int, int]) -> None:
        desk = self.desk()
        async with running(desk, size=size) as ui:
            await ui.until("A change was cut off", "Change the listen port of wg1", "1 of its 2 steps")
            assert isinstance(ui.app.screen, Question)
            await ui.press("enter")
            await ui.wait(lambda: bool(ui.toasts()))
            assert state(desk) is EntryState.REVERTED
            assert desk.host.files.read(FILE) == FILE_BEFORE

    async def test_it_is_completed(self) -> None:
        desk = self.desk()
        async with running(desk) as ui:
            await ui.until("A change was cut off")
            await ui.press("right", "enter")
            await ui.wait(lambda: bool(ui.toasts()))
            assert state(desk) is EntryState.APPLIED
            assert desk.host.sysctls.read(MARK) == "1"

    async def test_it_is_left_for_later(self) -> None:
        desk = self.desk()
        async with running(desk) as ui:
            await ui.until("A change was cut off")
            await ui.press("escape")
            assert state(desk) is EntryState.UNFINISHED
            ui.propose(file_plan())
            await ui.until("[ Apply ]")
            await ui.press("a")
            await ui.until("An earlier change is open", "wgtui undo 1")

    async def test_one_that_is_being_applied_by_another_wgtui_is_not_asked_about(self) -> None:
        desk = self.desk()
        async with running(desk) as ui:
            await ui.wait(lambda: desk.opened > 0 and not ui.app.changes.is_busy)
            desk.host.transaction().confirm(1)
            await ui.wait(lambda: desk.opened > 1)
            await ui.pilot.pause(0.2)
            assert not isinstance(ui.app.screen, Question)


async def test_leaving_tells_what_still_waits(capfd: pytest.CaptureFixture[str]) -> None:
    async with running(Desk(risks=RISKS)) as ui:
        await apply(ui)
    _finish_changes(ui.app)
    said = capfd.readouterr().err
    assert "change 1 still waits for its confirmation. Keep it with: wgtui confirm 1." in said
