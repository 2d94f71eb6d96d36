"""What all dialogs have in common: a title, a page, buttons and keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widget import Widget

from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import Command, footer_commands
from wgtui.ui.messages import RunCommand
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line, Tone
from wgtui.ui.presentation.wrapping import paragraph
from wgtui.ui.widgets.button_row import ButtonRow, Choice
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.page import Page
from wgtui.ui.widgets.paragraphs import Paragraphs

Answer = TypeVar("Answer")

_GROUP = "Dialog"
PAGE_COMMANDS = (
    Command("page-down-line", "scroll(1)", ("down", "j"), "down", "Down", _GROUP),
    Command("page-up-line", "scroll(-1)", ("up", "k"), "up", "Up", _GROUP),
    Command("page-on", "page(1)", ("pagedown",), "page down", "Page down", _GROUP),
    Command("page-back", "page(-1)", ("pageup",), "page up", "Page up", _GROUP),
    Command("page-top", "scroll(-99999)", ("home", "g"), "top", "Top", _GROUP),
    Command("page-end", "scroll(99999)", ("end", "G"), "end", "End", _GROUP),
)
"""How every page is scrolled."""

CLOSE = Command("close-dialog", "close", ("escape",), "close", "Close it", _GROUP, footer=True)
"""How every dialog is left."""

CANCEL = replace(CLOSE, label="cancel", help="Leave without a change")
"""The same, where something would have been done."""


class Dialog(ModalScreen[Answer]):
    """A page over another screen.

    Subclasses give the title, what stands above the page, the buttons, and handle `ButtonRow.Pressed`.
    """

    BINDINGS = bindings_of((*PAGE_COMMANDS, CLOSE))  # type: ignore[assignment]
    AUTO_FOCUS = "ButtonRow"

    page = query_one("#page", Page)

    def __init__(self, painter: Painter, title: str, *, buttons: Sequence[Choice], chosen: str = "") -> None:
        """Make a dialog; `chosen` names the button that has the focus first: the safe one."""
        super().__init__()
        self.painter = painter
        self.heading = title
        self._buttons = ButtonRow(painter, buttons, chosen=chosen, id="buttons")

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        with Vertical(id="dialog"):
            yield Paragraphs(self.painter, self._title_lines, id="title")
            yield from self.above_page()
            yield Page(self.painter, self.lines, id="page")
            if self._buttons.has_buttons:
                yield self._buttons
                yield KeyBar(self.painter, footer_commands(self.key_commands()), id="keys")

    def above_page(self) -> Sequence[Widget]:
        """What stands between title and page."""
        return ()

    def lines(self, width: int) -> Sequence[Line]:
        """The page at a width."""
        return ()

    def key_commands(self) -> Sequence[Command]:
        """The commands in the footer."""
        return (CLOSE,)

    def action_scroll(self, count: int) -> None:
        """Scroll by lines."""
        self.page.scroll_lines(count)

    def action_page(self, step: int) -> None:
        """Scroll by pages."""
        self.page.scroll_page(step)

    def action_close(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)

    @on(RunCommand)
    async def _run_command(self, message: RunCommand) -> None:
        await self.run_action(message.action)

    def _title_lines(self, width: int) -> Sequence[Line]:
        return paragraph(self.heading, width, Tone.STRONG)
