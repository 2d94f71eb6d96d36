"""The Changes screen: the journal, one entry in full, undo with its preview and its refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.services.changing_host import FILE, MARK
from tests.ui.changing import FILE_BEFORE, Desk, Running, file_plan, running
from tests.ui.test_untrusted_text import assert_clean
from tests.ui.world import EVIL_STRINGS, SIZES
from wgtui.domain.errors import HostCommandFailed
from wgtui.domain.host import FileImage
from wgtui.domain.journal import EntryState
from wgtui.domain.plan import Plan, SetFile, SetSysctl
from wgtui.ui.dialogs.review import ReviewScreen
from wgtui.ui.screens.changes import ChangesScreen


def sysctl_plan(title: str, before: str, after: str) -> Plan:
    """A plan of one step."""
    return Plan(title, (SetSysctl(MARK, before, after),))


def desk_with(count: int) -> Desk:
    """A host with a journal of many entries."""
    desk = Desk()
    desk.settle(sysctl_plan("Change number 1", "0", "1"))
    for number in range(2, count + 1):
        text = [line.replace("number 1", f"number {number}") for line in desk.host.store.entries[1]]
        desk.host.store.entries[number] = text
    return desk


async def open_journal(ui: Running) -> ChangesScreen:
    """Press the key."""
    await ui.press("c")
    screen = ui.app.screen
    assert isinstance(screen, ChangesScreen)
    return screen


@pytest.mark.parametrize("size", SIZES)
async def test_entries_are_listed_newest_first_with_the_selected_one_in_full(size: tuple[int, int]) -> None:
    desk = Desk()
    desk.settle(file_plan())
    desk.settle(sysctl_plan("Unset the mark", "1", "0"))
    async with running(desk, size=size) as ui:
        await open_journal(ui)
        await ui.until("Unset the mark", "Change the listen port", "● applied", "by root in a test")
        text = ui.everything()
        assert text.index("Unset the mark") < text.index("Change the listen port of wg1")
        assert f"1. Set {MARK} from 1 to 0." in text
        await ui.press("down", "enter")
        await ui.until("1. Change the file /etc/wireguard/wg1.conf.", f"2. Set {MARK} from 0 to 1.")
        await ui.press("escape", "escape")
        assert not isinstance(ui.app.screen, ChangesScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_undo_shows_what_it_would_do_first(size: tuple[int, int]) -> None:
    desk = Desk()
    desk.settle(file_plan())
    async with running(desk, size=size) as ui:
        await open_journal(ui)
        await ui.until("Change the listen port")
        await ui.press("u")
        await ui.until("Undo entry 1", f"1. Set {MARK} from 1 to 0.", "[ Apply ]")
        assert isinstance(ui.app.screen, ReviewScreen)
        await ui.press("a")
        await ui.until("○ undone", "Undo entry 1")
        assert desk.host.files.read(FILE) == FILE_BEFORE
        assert desk.host.journal().entry(1).state is EntryState.UNDONE
        await ui.until("Entry 2 took it back.")
        await ui.press("up")
        await ui.until("It took entry 1 back.")


async def test_what_is_read_after_the_screen_was_left_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(desk_with(3)) as ui:
        answers: list[Callable[[Any], None]] = []
        monkeypatch.setattr(ui.app.changes, "look", lambda _work, done: answers.append(done))
        await open_journal(ui)
        await ui.press("escape")
        assert answers
        for answer in answers:
            answer((1, 2, 3))
        await ui.press("c")
        assert isinstance(ui.app.screen, ChangesScreen)


async def test_entries_that_come_into_view_by_the_layout_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_with(9)
    async with running(desk) as ui:
        answers: list[Callable[[Any], None]] = []
        monkeypatch.setattr(ui.app.changes, "look", lambda _work, done: answers.append(done))
        await open_journal(ui)
        with desk.open() as changes:
            # Entries are there at once, before the table that had nothing to show has got its size.
            monkeypatch.setattr(ui.app.changes, "look", lambda work, done: done(work(changes)))
            answers[-1](changes.journal.numbers())
            await ui.until(*(f"Change number {number}" for number in range(4, 10)))


async def test_undo_is_refused_with_its_reason() -> None:
    desk = Desk()
    desk.settle(file_plan())
    async with running(desk) as ui:
        await open_journal(ui)
        await ui.until("Change the listen port")
        desk.host.files.write(FILE, replace(FILE_BEFORE, content=b"[Interface]\n# theirs\n"))
        await ui.press("u")
        await ui.until("[ Apply ]")
        await ui.press("a")
        await ui.until("Changed by somebody else", "+ # theirs", "nothing was done")
        await ui.press("escape")
        present = desk.host.files.read(FILE)
        assert present is not None
        assert b"theirs" in present.content


async def test_what_was_taken_back_is_not_undone_again() -> None:
    desk = Desk()
    desk.settle(file_plan())
    desk.host.transaction().undo(1)
    async with running(desk) as ui:
        await open_journal(ui)
        await ui.until("Undo entry 1")
        await ui.press("down", "u")
        await ui.until("Entry 1 was taken back already by entry 2.")


async def test_a_change_that_waits_comes_before_the_undoing_of_another() -> None:
    desk = Desk()
    desk.settle(file_plan())
    desk.settle(sysctl_plan("Unset the mark", "1", "0"), confirm_within=60.0)
    async with running(desk) as ui:
        await ui.until("Change 2 is taken back in 60 s.")
        await open_journal(ui)
        await ui.until("◐ waiting")
        await ui.press("down", "u")
        await ui.wait(lambda: bool(ui.toasts()))
        assert ui.toasts() == ["Change 2 waits for its confirmation: it comes first."]
        await ui.press("y")
        await ui.wait(lambda: "◐ waiting" not in ui.text())
        assert desk.host.journal().entry(2).state is EntryState.APPLIED


async def test_why_and_what_was_left_are_told() -> None:
    desk = Desk()
    desk.host.faults.fail("sysctls.write", error=HostCommandFailed("The kernel said no."))
    desk.host.faults.fail("files.write", after=1, times=9)
    with pytest.raises(HostCommandFailed):
        desk.host.transaction().apply(file_plan())
    async with running(desk, size=(120, 36)) as ui:
        await open_journal(ui)
        await ui.until("! partly taken back", "The kernel said no.", "need a hand", "! Change the file")


async def test_an_empty_journal_says_what_it_is_for() -> None:
    async with running() as ui:
        await open_journal(ui)
        await ui.until("Nothing was changed yet", "written down here")


async def test_a_damaged_entry_does_not_hide_the_others() -> None:
    desk = desk_with(3)
    desk.host.store.entries[2] = ['{"event": "nonsense"}']
    async with running(desk) as ui:
        await open_journal(ui)
        await ui.until("Change number 3", "Change number 1", "! unreadable")
        await ui.press("down")
        await ui.until("cannot be understood")


async def test_of_thousands_of_entries_only_the_visible_ones_are_read() -> None:
    desk = desk_with(5000)
    # What was left open is looked for at the start, and reads them all.
    async with running(desk) as ui:
        await ui.wait(lambda: desk.opened > 0 and not ui.app.changes.is_busy)
        desk.host.faults.clear()
        await open_journal(ui)
        await ui.until("Change number 5000", "entry 1 of 5000")
        reads = desk.host.faults.calls.count("journal.read")
        assert 0 < reads < 100
        await ui.press("end")
        await ui.until("Change number 1 ", "entry 5000 of 5000")
        assert desk.host.faults.calls.count("journal.read") < 200


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("size", SIZES)
async def test_evil_text_is_text_everywhere(ascii_only: bool, size: tuple[int, int]) -> None:
    desk = Desk()
    for text in EVIL_STRINGS:
        title = text.replace("\ud800", "?")
        present = desk.host.files.read(FILE)
        desk.settle(Plan(title, (SetFile(FILE, present, FileImage(title.encode(), 0o600, 0, 0)),)))
    async with running(desk, size=size, ascii=ascii_only) as ui:
        await open_journal(ui)
        await ui.until(f"entry 1 of {len(EVIL_STRINGS)}")
        for _ in EVIL_STRINGS:
            await ui.pilot.pause(0.02)
            assert_clean(ui.lines())
            if ascii_only:
                assert ui.text().isascii()
            await ui.press("down")
