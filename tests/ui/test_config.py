"""The Config screen: the file, its problems, the differences and both ways out, with the keyboard alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.services.drift_host import FILE, HOME, MUTATIONS, SECRET
from tests.services.interface_host import PRIVATE_KEY
from tests.ui.config_world import PATH, Bench, first_config, opened_config
from tests.ui.settling import press, settle
from tests.ui.test_untrusted_text import assert_clean
from tests.ui.world import EVIL_STRINGS, SIZES
from wgtui.domain.drift import DriftKind
from wgtui.domain.errors import EditorFailed, PermissionRefused
from wgtui.domain.host import FileImage
from wgtui.domain.keys import PrivateKey
from wgtui.ui.dialogs.failure import ConflictScreen, FailureScreen
from wgtui.ui.dialogs.question import Question
from wgtui.ui.dialogs.refused import RefusedScreen
from wgtui.ui.screens.config import ConfigScreen
from wgtui.ui.screens.overview import OverviewScreen

Compare = Callable[..., bool]


def drifted(*kinds: DriftKind) -> Bench:
    bench = Bench()
    for kind in kinds or (DriftKind.KEEPALIVE, DriftKind.PEER_UNKNOWN, DriftKind.MTU):
        MUTATIONS[kind](bench.relay)
    return bench


def broken() -> Bench:
    bench = Bench()
    bench.write(FILE.replace("MTU = 1380", "MTUU = 1380").encode())
    return bench


@pytest.mark.parametrize("size", SIZES)
async def test_the_file_is_shown_with_numbers_and_without_secrets(size: tuple[int, int]) -> None:
    async with opened_config(size=size) as view:
        await view.until("1 # The relay at the harbour", "3 PrivateKey = (hidden)", "no problems")
        assert "File, kernel and boot agree." in view.text()
        await view.press("G")
        await view.until("line 25 of 25")
        for secret in (PRIVATE_KEY, SECRET.reveal()):
            assert secret not in view.text()
        await view.press("escape")
        assert isinstance(view.app.screen, OverviewScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_differences_are_counted_marked_and_ended_either_way(size: tuple[int, int]) -> None:
    async with opened_config(drifted(), size) as view:
        assert "≠ 3 differences between file, kernel and boot" in view.text()
        await view.press("tab")
        await view.until("The file names an MTU of 1380, but wg0 has 1400.")
        assert view.config.file.cursor == FILE.splitlines().index("MTU = 1380")
        await view.press("f")
        await view.until("Keep the file's on wg0", "[ Apply ]")
        await view.press("a")
        await view.until("2 differences")
        link = view.bench.relay.network.link("wg0")
        assert link is not None
        assert link.mtu == 1380
        await view.press("K")
        await view.until("[ Apply ]")
        await view.press("a")
        await view.until("1 difference between")
        assert view.bench.text == FILE.replace("PersistentKeepalive = 15", "").replace(
            "Endpoint = home.example.com:7\n\n", "Endpoint = home.example.com:7\n"
        )


async def test_a_difference_that_no_file_can_say_offers_one_way() -> None:
    async with opened_config(drifted(DriftKind.ROUTE_MISSING)) as view:
        await view.until("Keep the kernel's: A file cannot say that")
        await view.press("K")
        assert isinstance(view.app.screen, ConfigScreen)


async def test_a_change_by_somebody_else_is_seen() -> None:
    async with opened_config() as view:
        view.bench.relay.set_peer(HOME, persistent_keepalive=77)
        snapshot = view.app.snapshot
        assert snapshot is not None
        device = snapshot.devices[0]
        await view.show(replace(snapshot, devices=(replace(device, mtu=1300),)))
        await view.until("1 difference", "every 77 s on wg0")


async def test_problems_are_marked_and_told_at_the_cursor() -> None:
    async with opened_config(broken()) as view:
        assert "1 error" in view.text()
        (marked,) = [line for line in view.lines() if "MTUU" in line]
        assert marked.startswith("!")
        assert "MTUU" not in view.everything().partition("26 of")[2]
        await view.press("n")
        await view.until("line 6 of 25")
        assert "! " in "\n".join(view.lines()[14:])


async def test_search_goes_through_the_file_and_finds_no_secret() -> None:
    async with opened_config() as view:
        await view.press("slash", *"allowed", "enter")
        await view.until("line 12 of 25")
        await view.press("n")
        await view.until("line 19 of 25")
        await view.press("N", "N")
        await view.until("line 25 of 25")
        await view.press("escape", "g", "slash", *PRIVATE_KEY[:8])
        await view.until(PRIVATE_KEY[:8])
        assert view.config.file.cursor == 0
        await view.press("escape", "escape")
        assert isinstance(view.app.screen, OverviewScreen)


async def test_without_a_file_one_is_written_from_what_runs() -> None:
    bench = Bench()
    bench.relay.files.remove(PATH)
    async with opened_config(bench) as view:
        await view.until("wg0 has no file", "Press w")
        await view.press("w")
        await view.until("Write a file of wg0 from what runs", "[ Apply ]")
        await view.press("a")
        await view.until("1 [Interface]", "2 PrivateKey = (hidden)")
        assert bench.text.startswith(f"[Interface]\nPrivateKey = {clamped(PRIVATE_KEY)}\n")


def clamped(text: str) -> str:
    return PrivateKey.parse(text).clamped().reveal()


async def test_a_file_that_is_closed_to_us_is_told() -> None:
    bench = Bench()

    def refuse(path: str) -> FileImage | None:
        raise PermissionRefused(f"{path} is closed to you.", hint="Use sudo.")

    bench.relay.files.read = refuse  # type: ignore[method-assign]
    async with opened_config(bench) as view:
        await view.until("is closed to you. Use sudo.")


# The operator's own editor


async def test_an_edit_is_checked_reviewed_and_applied_to_what_runs() -> None:
    bench = Bench()
    bench.editor.turns = [lambda text: text.replace(b"= 15", b"= 25")]
    async with opened_config(bench) as view:
        await view.press("E")
        await view.until("Change the file of wg0", "[ Apply ]")
        assert bench.editor.seen == [FILE.encode()]
        assert bench.text == FILE
        await view.press("a")
        await view.wait(lambda: "= 25" in bench.text)
        await view.until("File, kernel and boot agree.")
        peer = bench.relay.context.host.wireguard.read("wg0").peer(HOME)
        assert peer is not None
        assert peer.persistent_keepalive == 25


async def test_a_refused_edit_is_edited_again_or_discarded() -> None:
    bench = Bench()
    bench.editor.turns = [
        lambda text: text.replace(b"= 15", b"= never"),
        lambda text: text.replace(b"= never", b"= ever"),
        lambda text: text,
    ]
    async with opened_config(bench) as view:
        await view.press("E")
        await view.until("The edited file is refused", "line 14:", "[ Edit again ]", "Discard")
        await view.press("enter")
        await view.wait(lambda: len(bench.editor.seen) == 2)
        assert b"= never" in bench.editor.seen[1]
        await view.wait(lambda: isinstance(view.app.screen, RefusedScreen))
        await view.press("right", "enter")
        await view.wait(lambda: isinstance(view.app.screen, ConfigScreen))
        await view.press("E")
        assert bench.editor.seen[2] == FILE.encode(), "nothing is left of it"
        assert bench.text == FILE
        assert view.toasts()[-1] == "The file was not edited, so there is nothing to apply."


async def test_an_edit_that_was_not_applied_is_kept() -> None:
    bench = Bench()
    bench.editor.turns = [lambda text: text.replace(b"= 15", b"= 25"), lambda text: text]
    async with opened_config(bench) as view:
        await view.press("E")
        await view.until("[ Apply ]")
        await view.press("escape", "E")
        await view.wait(lambda: isinstance(view.app.screen, Question))
        await view.press("enter")
        await view.until("[ Apply ]")
        assert b"= 25" in bench.editor.seen[1]
        assert bench.text == FILE


async def test_a_file_that_changed_underneath_is_shown_three_ways_and_kept() -> None:
    bench = Bench()
    theirs = FILE.replace("MTU = 1380", "MTU = 1400")

    def edit(text: bytes) -> bytes:
        bench.write(theirs.encode())
        return text.replace(b"= 15", b"= 25")

    bench.editor.turns = [edit, lambda text: text.replace(b"1380", b"1400")]
    async with opened_config(bench, (120, 36)) as view:
        await view.press("E")
        await view.wait(lambda: isinstance(view.app.screen, ConflictScreen))
        assert bench.text == theirs
        await view.press("l")
        await view.until("Change the file of wg0", "[ Apply ]")
        assert bench.text == theirs
        await view.press("a")
        await view.wait(lambda: bench.text == theirs.replace("= 15", "= 25"))


async def test_a_file_that_changes_while_it_is_reviewed_is_kept_too() -> None:
    bench = Bench()
    bench.editor.turns = [lambda text: text.replace(b"= 15", b"= 25")]
    async with opened_config(bench) as view:
        await view.press("E")
        await view.until("[ Apply ]")
        theirs = FILE.replace("MTU = 1380", "MTU = 1400")
        bench.write(theirs.encode())
        await view.press("a")
        await view.wait(lambda: isinstance(view.app.screen, ConflictScreen))
        assert bench.text == theirs


async def test_an_editor_that_fails_changes_nothing() -> None:
    bench = Bench()

    def fail(_text: bytes) -> bytes:
        raise EditorFailed("nano was ended by SIGKILL. Nothing was changed.")

    bench.editor.turns = [fail]
    async with opened_config(bench) as view:
        await view.press("E")
        await view.wait(lambda: isinstance(view.app.screen, FailureScreen))
        assert "nano was ended by SIGKILL" in view.everything()
        assert bench.text == FILE


# Looks


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_evil_text_is_shown_as_text(size: tuple[int, int], ascii_only: bool) -> None:
    bench = drifted(DriftKind.KEEPALIVE, DriftKind.PEER_UNKNOWN)
    lines = [f"# {text}".encode("utf-8", "surrogatepass").replace(b"\n", b" ") for text in EVIL_STRINGS]
    name = EVIL_STRINGS[5].encode()
    bench.write(
        b"\n".join([FILE.encode().replace(b"home\n", name + b"\n"), *lines, b"\xff\xfe\x80 = \x1b[2J"])
    )
    async with opened_config(bench, size, ascii=ascii_only) as view:
        assert_clean(view.lines())
        for _ in range(len(EVIL_STRINGS) + 3):
            await view.press("pagedown")
            assert_clean(view.lines())
        await view.press("tab", "G")
        assert_clean(view.lines())
        if ascii_only:
            assert view.text().isascii()


async def test_a_large_file_opens_without_a_stall() -> None:
    bench = Bench()
    block = "[Peer]\nPublicKey = {}\nAllowedIPs = 10.{}.{}.0/24\n# " + "x" * 900 + "\n\n"
    keys = (PrivateKey(number.to_bytes(32, "big")) for number in range(1, 10_001))
    blocks = [block.format(key.reveal(), n >> 8, n & 255) for n, key in enumerate(keys)]
    bench.write((FILE.partition("[Peer]")[0] + "".join(blocks)).encode())
    app = bench.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "v")
        longest, last, deadline = 0.0, time.monotonic(), time.monotonic() + 120
        screen = app.screen
        while not (isinstance(screen, ConfigScreen) and screen.page and screen.page.comparison):
            await pilot.pause(0.01)
            screen = app.screen
            now = time.monotonic()
            longest, last = max(longest, now - last), now
            assert now < deadline
        assert screen.page.count > 50_000
        assert longest < 2.0
        began = time.monotonic()
        await press(pilot, "G", "g", "pagedown", "slash", "A", "l", "l", "enter", "n")
        assert time.monotonic() - began < 5.0


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_picture(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(drifted().app(), terminal_size=size, press=["tab"], run_before=first_config)


def test_picture_of_problems_in_ascii(snap_compare: Compare) -> None:
    app = broken().app(ascii=True)
    assert snap_compare(app, terminal_size=(80, 24), press=["n"], run_before=first_config)


def test_picture_without_colour(snap_compare: Compare) -> None:
    assert snap_compare(drifted().app(color="none"), terminal_size=(80, 24), run_before=first_config)


async def test_what_writes_the_file_anew_is_taken_out_after_a_review() -> None:
    bench = Bench()
    claimed = "# Note: Do not edit this file directly.\n# Your changes will be overwritten!\n" + FILE.replace(
        "[Interface]\n", "[Interface]\nSaveConfig = true\n", 1
    )
    bench.write(claimed.encode())
    async with opened_config(bench) as view:
        await view.until("wg-easy writes this file anew", "2 warnings")
        await view.press("o")
        await view.until("Adopt wg0", "does not stop wg-easy", "[ Apply ]")
        assert bench.text == claimed
        await view.press("a")
        await view.until("no problems")
        assert bench.text == FILE
        await view.press("o")
        assert isinstance(view.app.screen, ConfigScreen)


async def test_a_program_that_leaves_no_line_to_take_out_is_told_so() -> None:
    bench = Bench()
    blocks = FILE.split("[Peer]\n")
    bench.write("[Peer]\n# peer_home\n".join(blocks).encode())
    async with opened_config(bench) as view:
        await view.press("o")
        await view.until("linuxserver/wireguard leaves no such line")
