"""The application: help, palette, themes, its data, its end."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from textual.message import Message

from tests.ui.settling import settle
from tests.ui.world import SIZES, StillSource, first_look, make_app, opened, relay
from wgtui.domain.snapshot import Snapshot
from wgtui.ui.app import STYLES_DIR, WgtuiApp
from wgtui.ui.commands import ALL_COMMANDS, key_label
from wgtui.ui.messages import SnapshotTaken
from wgtui.ui.poller import Poller
from wgtui.ui.screens.help import HelpScreen


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_help_names_every_key_and_scrolls(size: tuple[int, int], key: str) -> None:
    async with opened(relay(), size) as screen:
        await screen.press(key)
        seen: set[str] = set()
        for _ in range(6):
            seen.update(screen.lines())
            await screen.press("pagedown")
        text = "\n".join(seen)
        for command in ALL_COMMANDS:
            if not command.name.startswith("device-"):
                assert key_label(command.keys[0]) in text
        assert "no endpoint is known" in text
        await screen.press("escape")
        assert not isinstance(screen.app.screen, HelpScreen)


async def test_the_footer_fits_and_keeps_help_and_the_way_out() -> None:
    labels = [command.label for command in ALL_COMMANDS if command.footer]
    async with opened(relay(), (80, 24)) as screen:
        assert all(label in screen.lines()[-1] for label in labels)
    async with opened(relay(), (60, 20)) as screen:
        shown = screen.lines()[-1].rstrip()
        assert shown.endswith("? help  q quit")
        assert {"filter", "add", "edit"} <= set(shown.split())


async def test_a_click_in_the_footer_runs_the_command() -> None:
    async with opened(relay()) as screen:
        at = screen.lines()[-1].index("pause")
        await screen.pilot.click("#keys", offset=(at, 0))
        await settle(screen.pilot)
        assert "PAUSED" in screen.text()


async def test_the_palette_runs_the_same_commands() -> None:
    async with opened(relay()) as screen:
        await screen.press("ctrl+p")
        await screen.press(*"pause")
        await screen.app.workers.wait_for_complete()
        await settle(screen.pilot)
        await screen.press("enter")
        await settle(screen.pilot)
        assert "PAUSED" in screen.text()


async def test_no_key_does_two_things() -> None:
    keys = [key for command in ALL_COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))


async def test_q_leaves_with_code_zero() -> None:
    async with opened(relay()) as screen:
        await screen.press("q")
    assert screen.app.return_code == 0


async def test_themes_change_and_keep_everything_readable() -> None:
    async with opened(relay()) as screen:
        before = screen.text()
        for _ in range(3):
            await screen.press("f9")
            assert screen.text() == before


@pytest.mark.parametrize("color", ["auto", "none"])
async def test_without_colour_nothing_is_coloured_and_nothing_is_lost(
    color: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if color == "auto":
        monkeypatch.setenv("NO_COLOR", "1")
    async with opened(relay(), color=color) as screen:
        assert "● active" in screen.text()
        strips = screen.app.screen._compositor.render_strips()
        styles = [segment.style for strip in strips for segment in strip if segment.style]
        for style in styles:
            for tint in (style.color, style.bgcolor):
                assert tint is None or tint.is_default
        assert any(style.reverse for style in styles)


async def test_sixteen_colours_use_only_the_terminals_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "linux")
    monkeypatch.delenv("COLORTERM")
    async with opened(relay()) as screen:
        strips = screen.app.screen._compositor.render_strips()
        colors = {
            tint
            for strip in strips
            for segment in strip
            if segment.style
            for tint in (segment.style.color, segment.style.bgcolor)
            if tint
        }
        assert all(tint.is_default or (tint.number is not None and tint.number < 16) for tint in colors)


async def test_ascii_mode_draws_nothing_else() -> None:
    for size in SIZES:
        async with opened(relay(), size, ascii_only=True) as screen:
            for keys in ((), ("enter",), ("question_mark",)):
                await screen.press(*keys)
                assert screen.text().isascii()


async def test_looks_do_not_pile_up_while_the_screen_is_stuck() -> None:
    looked = threading.Event()

    class Restless(StillSource):
        def take(self) -> Snapshot:
            self.snapshot = replace(self.snapshot, number=self.snapshot.number + 1)
            if self.snapshot.number > 20:
                looked.set()
            return self.snapshot

    app, _ = make_app(relay())
    app.poller = Poller(lambda: Restless(relay()), 0.0)
    seen: list[Message] = []
    async with app.run_test(message_hook=seen.append) as pilot:
        await first_look(pilot)
        seen.clear()
        # The event loop stands still, as it does while a terminal takes no output.
        assert looked.wait(20.0)
        app.poller.stop()
        await settle(pilot)
        assert sum(isinstance(message, SnapshotTaken) for message in seen) <= 1
        assert app.snapshot is app.poller.latest


async def test_the_source_is_made_used_and_closed_in_one_thread_of_its_own() -> None:
    threads: dict[str, int] = {}
    app, source = make_app(relay())

    class Recorder:
        def __init__(self) -> None:
            threads["made"] = threading.get_ident()

        def take(self) -> object:
            threads["take"] = threading.get_ident()
            return source.take()

        def close(self) -> None:
            threads["close"] = threading.get_ident()

        def dismiss(self, name: str) -> None:
            threads["dismiss"] = threading.get_ident()

    app = WgtuiApp(Recorder, options=app.options)  # type: ignore[arg-type]
    async with app.run_test() as pilot:
        await settle(pilot)
    app.poller.stop(5.0)
    assert set(threads) == {"made", "take", "close"}
    assert len(set(threads.values())) == 1
    assert threading.get_ident() not in threads.values()


def test_the_styles_are_found_and_short() -> None:
    sheets = [Path(str(path)) for path in WgtuiApp.CSS_PATH]
    assert all(path.is_file() and path.parent == STYLES_DIR for path in sheets)
    assert all(len(path.read_text().splitlines()) <= 150 for path in sheets)


async def test_a_second_that_passes_while_the_application_ends_harms_nothing() -> None:
    async with opened(relay()) as screen:
        app = screen.app
    app._tick()
    app.on_snapshot_taken()
