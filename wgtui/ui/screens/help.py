"""Help: every key, and what the screens' words and marks mean."""

from __future__ import annotations

from typing import Final

from textual import events, on
from textual.app import ComposeResult
from textual.getters import query_one
from textual.screen import Screen

from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import Command
from wgtui.ui.messages import RunCommand
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.help import HelpTopic, help_lines
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.line_pane import LinePane

_GROUP: Final = "Help"

HELP_COMMANDS: Final = (
    Command("close-help", "close", ("escape", "q", "question_mark", "f1", "enter"), "close", "Close", _GROUP),
    Command("help-down", "scroll(1)", ("down", "j"), "down", "Down", _GROUP),
    Command("help-up", "scroll(-1)", ("up", "k"), "up", "Up", _GROUP),
    Command("help-page-down", "page(1)", ("pagedown", "space"), "page down", "Page down", _GROUP),
    Command("help-page-up", "page(-1)", ("pageup",), "page up", "Page up", _GROUP),
    Command("help-top", "scroll(-9999)", ("home", "g"), "top", "Top", _GROUP),
    Command("help-end", "scroll(9999)", ("end", "G"), "end", "End", _GROUP),
)
"""What can be done here."""


class HelpPage(LinePane):
    """The page, scrolled by lines."""

    def __init__(self, painter: Painter, topic: HelpTopic, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(painter, id=id)
        self._topic = topic
        self._all = help_lines(topic, 76)
        self._offset = 0

    def on_resize(self, event: events.Resize) -> None:
        """Wrap to the new width."""
        self._all = help_lines(self._topic, max(24, event.size.width - 2))
        self.scroll_lines(0)

    def scroll_lines(self, count: int) -> None:
        """Scroll down by lines, up when negative."""
        height = self.size.height
        self._offset = max(0, min(self._offset + count, len(self._all) - height))
        self.show(self._all[self._offset : self._offset + height])

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        event.stop()
        self.scroll_lines(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up."""
        event.stop()
        self.scroll_lines(-3)


class HelpScreen(Screen[None]):
    """A page over everything; escape closes it."""

    BINDINGS = bindings_of(HELP_COMMANDS)  # type: ignore[assignment]
    AUTO_FOCUS = ""

    page = query_one("#page", HelpPage)

    def __init__(self, painter: Painter, topic: HelpTopic) -> None:
        super().__init__(id="help")
        self._painter = painter
        self._topic = topic

    def compose(self) -> ComposeResult:
        """A page and the keys."""
        yield HelpPage(self._painter, self._topic, id="page")
        yield KeyBar(self._painter, (HELP_COMMANDS[0], *HELP_COMMANDS[3:5]), id="keys")

    def action_close(self) -> None:
        """Back to where the help was asked for."""
        self.dismiss()

    def action_scroll(self, count: int) -> None:
        """Scroll by lines."""
        self.page.scroll_lines(count)

    def action_page(self, step: int) -> None:
        """Scroll by pages."""
        self.page.scroll_lines(step * max(1, self.page.size.height - 2))

    @on(RunCommand)
    async def _run_command(self, message: RunCommand) -> None:
        await self.run_action(message.action)
