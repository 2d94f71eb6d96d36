"""From a screen's wish to the host: review, progress, outcome; with the keyboard alone, at every size."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.services.changing_host import FILE, MARK
from tests.ui.changing import FILE_AFTER, FILE_BEFORE, RISKS, SECRET, Desk, file_plan, long_plan, running
from tests.ui.test_untrusted_text import assert_clean
from tests.ui.world import EVIL_STRINGS, SIZES
from wgtui.domain.errors import HostCommandFailed, WgtuiError
from wgtui.domain.host import FileImage
from wgtui.domain.plan import Plan, RunHooks, SetFile
from wgtui.domain.session import Risk, Severity
from wgtui.ui.dialogs.failure import ConflictScreen, FailureScreen
from wgtui.ui.dialogs.review import ReviewScreen
from wgtui.ui.screens.overview import OverviewScreen


@pytest.mark.parametrize("size", SIZES)
async def test_a_plan_is_read_in_three_ways_and_applied(size: tuple[int, int]) -> None:
    async with running(size=size) as ui:
        ui.propose(file_plan())
        await ui.until("Change the listen port of wg1", "1. Change the file", "Peers find the new port")
        await ui.press("2")
        assert "sysctl -w net.ipv4.conf.all.src_valid_mark=1" in ui.everything()
        await ui.press("v")
        for text in ("- ListenPort = 51821", "+ ListenPort = 4500", "PrivateKey = (hidden)"):
            assert text in ui.everything()
        assert SECRET.reveal() not in ui.text()
        assert "[ Apply ]" in ui.text()
        assert ui.desk.host.sysctls.read(MARK) == "0"
        await ui.press("a")
        await ui.wait(lambda: bool(ui.desk.applied))
        assert ui.desk.host.sysctls.read(MARK) == "1"
        assert ui.toasts() == ["Done, entry 1. To undo it: c for Changes, then u."]
        assert isinstance(ui.app.screen, OverviewScreen)


@pytest.mark.parametrize("keys", [("escape",), ("right", "enter")])
async def test_a_plan_can_be_declined(keys: tuple[str, ...]) -> None:
    async with running() as ui:
        ui.propose(file_plan())
        await ui.until("[ Apply ]")
        await ui.press(*keys)
        await ui.wait(lambda: isinstance(ui.app.screen, OverviewScreen))
        assert ui.desk.host.store.entries == {}
        ui.propose(file_plan())
        await ui.until("[ Apply ]")


async def test_enter_applies_what_is_safe_and_cancels_what_is_not() -> None:
    for risks, applied in (((), 1), (RISKS, 0)):
        async with running(Desk(risks=risks)) as ui:
            ui.propose(file_plan())
            await ui.until("[ Apply ]")
            await ui.press("enter")
            await ui.wait(lambda: isinstance(ui.app.screen, OverviewScreen))
            assert len(ui.desk.applied) == applied


@pytest.mark.parametrize("size", SIZES)
async def test_risks_come_first_and_loud(size: tuple[int, int]) -> None:
    async with running(Desk(risks=RISKS), size=size) as ui:
        ui.propose(file_plan())
        await ui.until("This will cut your own session.", "taken back in 60 seconds unless you confirm it.")
        text = ui.everything()
        assert text.index("cut your own session") < text.index(RISKS[0].text[:20])
        assert text.index(RISKS[1].text[:20]) < text.index("1. Change the file")


async def test_what_may_cut_the_session_is_said_so() -> None:
    async with running(Desk(risks=RISKS[1:])) as ui:
        ui.propose(file_plan())
        await ui.until("This can cut your own session.")


@pytest.mark.parametrize("size", SIZES)
async def test_a_long_plan_scrolls_and_keeps_its_buttons(size: tuple[int, int]) -> None:
    async with running(size=size) as ui:
        ui.propose(long_plan())
        await ui.until("[ Apply ]")
        seen = ui.everything()
        assert "40." not in seen
        for _ in range(40):
            await ui.press("pagedown")
            assert "[ Apply ]" in ui.text()
        assert "40. Run the command of PostUp" in ui.everything()
        await ui.press("home")
        assert "1. Run the command of PostUp" in ui.everything()


async def test_progress_is_shown_and_cannot_be_closed() -> None:
    desk, gate, reached = Desk(), threading.Event(), threading.Event()

    def block(command: str) -> None:
        if command == "echo 20":
            reached.set()
            assert gate.wait(10.0)

    desk.host.hooks.on_run = block
    async with running(desk) as ui:
        ui.propose(long_plan())
        await ui.until("[ Apply ]")
        await ui.press("a")
        await ui.wait(reached.is_set)
        await ui.until("Step 21 of 40")
        await ui.press("escape", "enter", "q")
        assert "Step 21 of 40" in ui.text()
        gate.set()
        await ui.wait(lambda: bool(ui.desk.applied))
        assert isinstance(ui.app.screen, OverviewScreen)


async def test_leaving_waits_for_what_was_begun() -> None:
    desk, gate, reached = Desk(), threading.Event(), threading.Event()

    def block(command: str) -> None:
        if command == "echo 20":
            reached.set()
            assert gate.wait(10.0)

    desk.host.hooks.on_run = block
    async with running(desk) as ui:
        ui.propose(long_plan())
        await ui.until("[ Apply ]")
        await ui.press("a")
        await ui.wait(reached.is_set)
        ui.app.exit()
        assert not ui.app.changes.finish(0.0)
        gate.set()
    assert len(desk.host.hooks.runs) == 40
    assert desk.host.journal().entry(1).state.value == "applied"


async def test_slow_planning_is_told() -> None:
    gate = threading.Event()

    def plan(_changes: object) -> Plan:
        assert gate.wait(10.0)
        return file_plan()

    async with running() as ui:
        ui.propose(plan)
        await ui.until("Looking at the host ...")
        gate.set()
        await ui.until("[ Apply ]")
        assert isinstance(ui.app.screen, ReviewScreen)


async def test_nothing_to_do_is_told() -> None:
    async with running() as ui:
        ui.propose(Plan("Nothing", ()))
        await ui.wait(lambda: bool(ui.toasts()))
        assert ui.toasts() == ["Nothing was to be done: the host is that way already."]
        assert ui.desk.applied[0].number is None


class TestFailures:
    """What cannot be done is told with what was undone and what to do."""

    @pytest.mark.parametrize("size", SIZES)
    async def test_a_step_fails_and_the_rest_is_taken_back(self, size: tuple[int, int]) -> None:
        desk = Desk()
        before = desk.host.state()
        async with running(desk, size=size) as ui:
            error = HostCommandFailed("The kernel said no.", hint="Ask it nicely.")
            desk.host.faults.fail("sysctls.write", error=error)
            ui.propose(file_plan())
            await ui.until("[ Apply ]")
            await ui.press("a")
            await ui.until("A command failed", "The kernel said no.", "was taken back", "Ask it nicely.")
            assert isinstance(ui.app.screen, FailureScreen)
            assert desk.host.state() == before
            await ui.press("c")
            assert "The kernel said no." in ui.app.clipboard
            await ui.press("escape")
            assert isinstance(ui.app.screen, OverviewScreen)
            assert ui.desk.applied == []

    async def test_what_could_not_be_taken_back_is_named(self) -> None:
        desk = Desk()
        async with running(desk) as ui:
            desk.host.faults.fail("sysctls.write")
            desk.host.faults.fail("files.write", after=1, times=9)
            ui.propose(file_plan())
            await ui.until("[ Apply ]")
            await ui.press("a")
            await ui.until("Not taken back: Change the file /etc/wireguard/wg1.conf.")

    async def test_an_error_goes_to_the_log(self, tmp_path: Path) -> None:
        async with running(log_file=tmp_path / "state" / "wgtui.log") as ui:
            ui.app.changes.show_error(WgtuiError("It did not work.", hint="Try again."))
            await ui.until("It did not work.")
            await ui.press("w")
            text = (tmp_path / "state" / "wgtui.log").read_text()
            assert "It did not work.\nTry again.\n" in text

    async def test_planning_fails(self) -> None:
        def plan(_changes: object) -> Plan:
            raise WgtuiError("There is no such file.", hint="Write one.")

        async with running() as ui:
            ui.propose(plan)
            await ui.until("There is no such file.", "Write one.")

    async def test_somebody_else_is_at_work(self) -> None:
        async with running() as ui:
            ui.propose(file_plan())
            await ui.until("[ Apply ]")
            # The lock is freed when services are opened; a planner runs after that.
            lock = ui.desk.host.lock
            transaction = ui.desk.host.transaction
            ui.desk.host.transaction = lambda: _held(transaction(), lock)  # type: ignore[method-assign]
            await ui.press("a")
            await ui.until("Somebody else is at work", "someone else's change")

    async def test_an_unexpected_error_ends_the_screen(self) -> None:
        def plan(_changes: object) -> Plan:
            raise RuntimeError("a defect")

        app = Desk().app()
        with pytest.raises(RuntimeError, match="a defect"):
            async with app.run_test() as pilot:
                app.changes.propose(plan)
                while app.crash is None:
                    await pilot.pause(0.01)
        assert isinstance(app.crash, RuntimeError)


def _held(transaction: Any, lock: Any) -> Any:
    lock.held_for = "someone else's change"
    return transaction


class TestConflicts:
    """Somebody else was faster: three states are shown, nothing is written over."""

    THEIRS = replace(FILE_BEFORE, content=FILE_BEFORE.content + b"# theirs\n")

    @pytest.mark.parametrize("size", SIZES)
    async def test_a_file_changed_since_it_was_read(self, size: tuple[int, int]) -> None:
        async with running(size=size) as ui:
            ui.propose(file_plan())
            await ui.until("[ Apply ]")
            ui.desk.host.files.write(FILE, self.THEIRS)
            await ui.press("a")
            await ui.until("Changed by somebody else", "[ Look again ]")
            assert isinstance(ui.app.screen, ConflictScreen)
            seen = ui.everything()
            for _ in range(6):
                await ui.press("pagedown")
                seen += ui.everything()
            for text in ("+ # theirs", "- ListenPort = 51821", "+ ListenPort = 4500", "nothing was done"):
                assert text in seen
            assert SECRET.reveal() not in seen
            assert ui.desk.host.files.read(FILE) == self.THEIRS

    async def test_looking_again_plans_anew(self) -> None:
        def plan(changes: Any) -> Plan:
            present = changes.host.files.read(FILE)
            return Plan("Add a line", (SetFile(FILE, present, _with_line(present)),))

        async with running() as ui:
            ui.propose(plan)
            await ui.until("[ Apply ]")
            ui.desk.host.files.write(FILE, self.THEIRS)
            await ui.press("a")
            await ui.until("[ Look again ]")
            await ui.press("enter")
            await ui.until("[ Apply ]")
            await ui.press("a")
            await ui.wait(lambda: bool(ui.desk.applied))
            present = ui.desk.host.files.read(FILE)
            assert present is not None
            assert present.content == self.THEIRS.content + b"# ours\n"

    async def test_another_part_of_the_host_changed(self) -> None:
        async with running() as ui:
            ui.propose(file_plan())
            await ui.until("[ Apply ]")
            ui.desk.host.sysctls.write(MARK, "2")
            await ui.press("a")
            await ui.until("Changed by somebody else", "[ Look again ]")
            await ui.press("escape")
            assert ui.desk.host.files.read(FILE) == FILE_BEFORE


def _with_line(image: FileImage) -> FileImage:
    return replace(image, content=image.content + b"# ours\n")


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("size", SIZES)
async def test_evil_text_is_text_everywhere(ascii_only: bool, size: tuple[int, int]) -> None:
    evil = tuple(text.replace("\ud800", "?") for text in EVIL_STRINGS)
    after = FileImage("\n".join(f"# {text}" for text in evil).encode())
    hooks = RunHooks("wg1", FILE, "PostUp", evil, "PreDown", ())
    plan = Plan(" ".join(evil), (SetFile(FILE, FILE_BEFORE, after), hooks), notes=evil)
    risks = tuple(Risk(Severity.MAY, text) for text in evil)
    async with running(Desk(risks=risks), size=size, ascii=ascii_only) as ui:
        ui.propose(plan)
        await ui.until("[ Apply ]")
        for view in "123":
            await ui.press(view)
            for _ in range(60):
                assert_clean(ui.lines())
                if ascii_only:
                    assert ui.text().isascii()
                await ui.press("pagedown")
        ui.desk.host.faults.fail("hooks.run", error=HostCommandFailed(" ".join(evil), hint=evil[0]))
        await ui.press("a")
        await ui.until("[ Close ]")
        assert_clean(ui.lines())


def test_the_file_of_the_plan_is_what_it_says() -> None:
    assert FILE_AFTER.content.count(b"\n") == FILE_BEFORE.content.count(b"\n") + 1
