"""The Share screen: what it shows, hides, copies, saves and forgets."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from tests.support.share_screen import shared_file, sharing
from tests.support.shared_peers import FULL, GATEWAY, IPV4, SECRET, own_file, private_key
from tests.ui.changing import Desk
from tests.ui.editing import Relay, editing, make_relay
from tests.ui.settling import press, settle
from tests.ui.test_untrusted_text import assert_clean
from tests.ui.world import EVIL_STRINGS, SIZES, StillSource, first_look, relay
from wgtui.adapters.qr_segno import SegnoQrCodes
from wgtui.ui.dialogs.failure import FailureScreen
from wgtui.ui.screens.overview import OverviewScreen
from wgtui.ui.screens.share import ShareScreen

OWN = "/etc/wireguard/peers/wg0/phone.conf"
QR = SegnoQrCodes()


def files(ui: Relay) -> Any:
    """The files of the host."""
    return ui.host._ports.files


def is_on_top(ui: Relay, kind: type[Screen[Any]]) -> bool:
    """Whether such a screen is the one that is seen."""
    return isinstance(ui.app.screen, kind)


def has_code(ui: Relay) -> bool:
    """Whether a code is on the screen: its finder patterns are."""
    return any(mark in ui.text() for mark in ("▀▀▀▀▀", "🬋🬋"))


@pytest.mark.parametrize("size", SIZES)
async def test_from_the_overview_and_back(size: tuple[int, int]) -> None:
    async with editing(size, qr=QR) as ui:
        await ui.select("phone")
        await ui.open("h", "phone on wg0")
        assert has_code(ui) == (size != (60, 20))
        if size == (60, 20):
            assert "The QR code needs 22 rows, you have 20." in ui.everything()
        await ui.press("t")
        await ui.until("PrivateKey = (hidden)", "Endpoint = 198.51.100.2:43155")
        await ui.press("t", "escape")
        assert is_on_top(ui, OverviewScreen)
        assert not has_code(ui)


async def test_a_peer_without_a_file_says_why() -> None:
    async with editing(qr=QR) as ui:
        await ui.select("laptop")
        await ui.open("h", "laptop keeps its private key to itself")
        assert is_on_top(ui, FailureScreen)


async def test_sharing_needs_a_maker_of_codes() -> None:
    async with editing() as ui:
        await ui.select("phone")
        assert not ui.overview.can_edit("share_peer")


async def test_keys_are_shown_only_when_asked_for() -> None:
    async with sharing(FULL, (120, 36)) as ui:
        key = private_key(FULL).reveal()
        await ui.press("t")
        assert key not in ui.text()
        assert SECRET.reveal() not in ui.text()
        await ui.press("r")
        assert f"PrivateKey = {key}" in ui.text()
        assert f"PresharedKey = {SECRET.reveal()}" in ui.text()
        await ui.press("r")
        assert key not in ui.text()
        await ui.press("r", "t", "t")
        assert key not in ui.text()


async def test_nothing_is_left_of_it() -> None:
    async with sharing(IPV4, (120, 36)) as ui:
        screen = ui.app.screen
        assert isinstance(screen, ShareScreen)
        code, words = screen.code, screen.words
        await ui.press("t", "r")
        assert private_key(IPV4).reveal() in ui.text()
        await ui.press("escape")
        assert (screen._shared, screen._compact, screen._modules) == (None, None, ())
        assert (code._rows, words._lines, words._all, words._make(80)) == ([], (), (), ())
        assert not ui.app.clipboard


async def test_it_hides_itself_and_a_key_shows_it_again() -> None:
    async with sharing(IPV4, (120, 36), idle=0.2) as ui:
        await ui.press("t", "r")
        await ui.until("Hidden, because no key was pressed")
        assert private_key(IPV4).reveal() not in ui.text()
        await ui.press("d")
        assert is_on_top(ui, ShareScreen), "the key only showed it again"
        assert "PrivateKey = (hidden)" in ui.text()
        await ui.until("Hidden, because")
        await ui.press("escape")
        assert is_on_top(ui, OverviewScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_a_gateways_file_comes_as_text(size: tuple[int, int]) -> None:
    async with sharing(GATEWAY, size) as ui:
        await ui.until("Phones and the apps refuse such a file", "copy the file itself to the gateway")
        assert not has_code(ui)
        await ui.press("end", *["down"] * 30)
        assert "PersistentKeepalive = 15" in ui.text()


async def test_copying_sends_the_file_and_keeps_none(monkeypatch: pytest.MonkeyPatch) -> None:
    async with sharing(IPV4) as ui:
        written: list[str] = []
        monkeypatch.setattr(ui.app._driver, "write", written.append)
        await ui.press("c")
        sent = next(one for one in written if one.startswith("\x1b]52;c;"))
        assert base64.b64decode(sent[7:-1]).decode() == own_file(IPV4)
        assert sent.endswith("\x07")
        assert "Your terminal may refuse it" in ui.toasts()[-1]
        assert "set-clipboard" in ui.toasts()[-1]
        assert not ui.app.clipboard


async def test_saving_under_a_typed_path() -> None:
    async with sharing(IPV4) as ui:
        await ui.press("s")
        await ui.until("save as ~/phone.conf_")
        await ui.press("ctrl+u", *"/root/given.conf", "enter")
        await ui.wait(lambda: bool(ui.toasts()), "the outcome")
        image = files(ui).read("/root/given.conf")
        assert (image.content.decode(), image.mode) == (own_file(IPV4), 0o600)
        await ui.press("p", "ctrl+u", *"/root/code.png", "enter")
        await ui.wait(lambda: files(ui).read("/root/code.png") is not None)
        assert files(ui).read("/root/code.png").content.startswith(b"\x89PNG")
        await ui.press("v", *"/root/code.svg", "enter")
        await ui.wait(lambda: files(ui).read("/root/code.svg") is not None)
        assert b"<svg" in files(ui).read("/root/code.svg").content
        await ui.press("s", *"~/other.conf")
        await ui.until("save as ~/other.conf_")
        await ui.press("escape", "s", *"/2")
        await ui.until("save as /2_")
        await ui.press("backspace", "escape", "s", "backspace", "backspace", *"ig/x")
        await ui.until("save as ~/phone.coig/x_")


async def test_nothing_is_overwritten_and_escape_saves_nothing() -> None:
    async with sharing(IPV4) as ui:
        before = files(ui).read(OWN)
        await ui.press("s", "ctrl+u", *OWN, "enter")
        await ui.until("exists already, so nothing was written. Give another name.")
        assert files(ui).read(OWN) == before
        await ui.press("escape")
        await ui.press("s", "ctrl+u", *"/root/x", "escape")
        assert is_on_top(ui, ShareScreen)
        await ui.press("escape")
        assert is_on_top(ui, OverviewScreen)
        assert files(ui).read("/root/x") is None


async def test_forgetting_and_its_undo() -> None:
    async with editing(qr=QR) as ui:
        await ui.select("phone")
        await ui.open("h", "phone on wg0")
        before = files(ui).read(OWN)
        await ui.open("d", "Forget the own file of phone", "can still read the private key", "[ Apply ]")
        await ui.press("a")
        await ui.wait(lambda: is_on_top(ui, OverviewScreen))
        assert files(ui).read(OWN) is None
        await ui.open("h", "was deleted here by change 1", "wgtui undo 1")
        with ui.host.changes() as changes:
            changes.transaction.undo(1)
        assert files(ui).read(OWN) == before


@pytest.mark.parametrize("name", EVIL_STRINGS)
async def test_a_hostile_name(name: str) -> None:
    app, host = make_relay(qr=QR)
    async with app.run_test(size=(120, 36)) as pilot:
        await first_look(pilot)
        app.push_screen(ShareScreen(app.painter, replace(shared_file(IPV4), name=name), QR))
        ui = Relay(app, pilot, StillSource(relay()), Desk(), host)
        await settle(pilot)
        assert_clean(ui.lines())
        await ui.press("t", "s")
        assert_clean(ui.lines())


def picture(name: str, *keys: str, **options: Any) -> tuple[Any, Callable[[Pilot[Any]], Any]]:
    """The application, and what opens the screen."""
    app, _ = make_relay(qr=QR, **options)

    async def open_it(pilot: Pilot[Any]) -> None:
        await first_look(pilot)
        app.push_screen(ShareScreen(app.painter, shared_file(name), QR))
        await settle(pilot)
        await press(pilot, *keys)
        await settle(pilot)

    return app, open_it


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_picture(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    app, open_it = picture(IPV4)
    assert snap_compare(app, terminal_size=size, run_before=open_it)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_picture_of_the_text(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    app, open_it = picture(FULL, "t", "p")
    assert snap_compare(app, terminal_size=size, run_before=open_it)
