"""Text that wraps: every paint of it is made for the width at hand, the first one too."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.strip import Strip

from tests.ui.settling import settle
from wgtui.ui.painter import Painter
from wgtui.ui.palette import Colors, Palette
from wgtui.ui.presentation.cells import Line, line
from wgtui.ui.presentation.glyphs import UTF8
from wgtui.ui.widgets.paragraphs import Paragraphs


class _Recorded(Paragraphs):
    """Keeps what was painted."""

    painted: list[str]

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        self.painted.append(strip.text.rstrip())
        return strip


def _told(width: int) -> list[Line]:
    return [line(f"made for {width}"), line(f"{width} columns")]


class _Host(App[None]):
    CSS = "Paragraphs { height: auto; } #label { width: 20; height: 1; }"

    def compose(self) -> ComposeResult:
        painter = Painter(Palette(Colors.NONE, {}), UTF8)
        with Vertical():
            for name in ("text", "label"):
                pane = _Recorded(painter, _told, id=name)
                pane.painted = []
                yield pane


async def test_the_first_paint_is_made_for_the_width() -> None:
    app = _Host()
    async with app.run_test(size=(70, 20)) as pilot:
        await settle(pilot)
        text, label = (app.query_one(f"#{name}", _Recorded) for name in ("text", "label"))
        assert set(text.painted) == {"made for 70", "70 columns"}
        assert set(label.painted) == {"made for 20"}
        text.painted.clear()
        await pilot.resize_terminal(50, 20)
        await settle(pilot)
        assert set(text.painted) == {"made for 50", "50 columns"}
