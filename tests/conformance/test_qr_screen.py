"""Every QR code that the Share screen draws, read by `zbarimg`, gives exactly the text that was meant."""

from __future__ import annotations

import pytest

from tests.support.needs import needs
from tests.support.pixels import DARK, LIGHT, Look, of_strips, read_code
from tests.support.share_screen import sharing
from tests.support.shared_peers import EXPECTED, FULL, IPV4
from tests.ui.editing import Relay

pytestmark = needs("zbarimg")

SIZES = ((160, 90), (100, 45), (45, 45), (80, 30))
"""Two cells, half blocks, quadrants, sextants."""


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A 24-bit terminal."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)


def read(ui: Relay, look: Look = DARK) -> str:
    """What is read on the whole screen."""
    return read_code(of_strips(ui.app.screen._compositor.render_strips(), look), look)


@pytest.mark.parametrize("name", [IPV4, FULL])
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_rendition(name: str, size: tuple[int, int]) -> None:
    async with sharing(name, size) as ui:
        assert read(ui) == EXPECTED[name], ui.text()


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_in_light_colours(size: tuple[int, int]) -> None:
    async with sharing(IPV4, size) as ui:
        await ui.press("f9")
        assert ui.app.theme == "wgtui-light"
        assert read(ui, LIGHT) == EXPECTED[IPV4]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_in_sixteen_colours(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "screen")
    monkeypatch.delenv("COLORTERM")
    async with sharing(IPV4, size) as ui:
        assert read(ui) == EXPECTED[IPV4]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_without_colours(size: tuple[int, int]) -> None:
    async with sharing(IPV4, size, color="none") as ui:
        assert read(ui, DARK) == EXPECTED[IPV4]
        await ui.press("i")
        assert read(ui, LIGHT) == EXPECTED[IPV4]


@pytest.mark.parametrize("color", ["auto", "none"])
async def test_in_ascii(color: str) -> None:
    async with sharing(IPV4, (160, 90), ascii=True, color=color) as ui:
        assert ui.text().isascii()
        assert read(ui) == EXPECTED[IPV4]


async def test_it_grows_and_shrinks_with_the_window() -> None:
    async with sharing(IPV4, (80, 24)) as ui:
        assert read(ui) == EXPECTED[IPV4]
        for size in ((140, 70), (66, 35), (60, 20), (80, 24)):
            await ui.pilot.resize_terminal(*size)
            await ui.pilot.pause()
            await ui.pilot.pause()
            assert read(ui) == ("" if size == (60, 20) else EXPECTED[IPV4]), ui.text()
