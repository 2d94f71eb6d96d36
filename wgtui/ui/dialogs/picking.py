"""One of many, found by typing, or something typed that is not among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import ip_address

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.getters import query_one

from wgtui.domain.text import printable
from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import Command, footer_commands
from wgtui.ui.dialogs.base import CANCEL, Dialog
from wgtui.ui.messages import FilterClosed, FilterTyped
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line, Span, Tone, line
from wgtui.ui.presentation.path_ends import PathEnd, end_line
from wgtui.ui.presentation.wrapping import paragraph
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.line_list import LineList
from wgtui.ui.widgets.paragraphs import Paragraphs
from wgtui.ui.widgets.typing_line import TypingLine

_GROUP = "Dialog"
_COMMANDS = (
    Command("choose", "choose", ("enter",), "choose", "Choose what the cursor is on", _GROUP, footer=True),
    Command("down", "scroll(1)", ("down",), "down", "Down", _GROUP),
    Command("up", "scroll(-1)", ("up",), "up", "Up", _GROUP),
    Command("page-down", "page(1)", ("pagedown",), "page down", "Page down", _GROUP),
    Command("page-up", "page(-1)", ("pageup",), "page up", "Page up", _GROUP),
    CANCEL,
)


class _Typed(TypingLine):
    """What is typed."""

    def on_mount(self) -> None:
        """Show the cursor."""
        self._draw()

    @property
    def text(self) -> str:
        """What is typed."""
        return self._text

    def _changed(self) -> None:
        self._draw()
        self.post_message(FilterTyped(self._text))

    def _ended(self, keep: bool) -> None:
        self.post_message(FilterClosed(keep=keep))

    def on_blur(self) -> None:
        """The focus has nowhere else to go."""

    def _draw(self) -> None:
        typed = self._painter.glyphs.text(printable(self._text, 60)) if self._text else ""
        hint = "" if typed else "type a name or an address"
        self.show(
            [line((" ", Tone.TEXT), (f"{typed}_", Tone.STRONG), (f" {hint}" if hint else "", Tone.DIM))]
        )


class PickingDialog(Dialog[PathEnd], inherit_bindings=False):
    """Answers with what was chosen; None after escape."""

    BINDINGS = bindings_of(_COMMANDS)
    AUTO_FOCUS = "#typed"

    typed = query_one("#typed", _Typed)
    items = query_one("#items", LineList)

    def __init__(
        self, painter: Painter, title: str, ends: Callable[[], Sequence[PathEnd]], chosen: str = ""
    ) -> None:
        """Make a dialog.

        Args:
            painter: Draws.
            title: The question, printable.
            ends: What there is to choose from.
            chosen: The value of the one that is proposed.
        """
        super().__init__(painter, title, buttons=())
        self._ends = tuple(ends())
        self._proposed = chosen
        self._shown: tuple[PathEnd, ...] = ()

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        with Vertical(id="dialog"):
            yield Paragraphs(self.painter, self._title_lines, id="title")
            yield _Typed(self.painter, id="typed")
            yield LineList(self.painter, id="items")
            yield KeyBar(self.painter, footer_commands(_COMMANDS), id="keys")

    def on_mount(self) -> None:
        """Show the list."""
        self.items.activate(True)
        self._filter("")
        at = next((index for index, end in enumerate(self._shown) if end.value == self._proposed), 0)
        self.items.move_to(at)

    def on_key(self, event: events.Key) -> None:
        """Type, wherever the focus is."""
        if event.key not in ("enter", "escape"):
            self.typed.on_key(event)

    @on(FilterTyped)
    def _typed_on(self, message: FilterTyped) -> None:
        message.stop()
        self._filter(message.text)

    @on(FilterClosed)
    def _ended(self, message: FilterClosed) -> None:
        message.stop()
        if message.keep:
            self.action_choose()
        else:
            self.dismiss(None)

    def _filter(self, text: str) -> None:
        found = [end for end in self._ends if end.matches(text)]
        address = _address(text)
        if address is not None:
            found.insert(0, address)
        self._shown = tuple(found)
        self.items.move_to(0)
        self.items.show(max(1, len(found)), self._line)

    def _line(self, index: int) -> Line:
        if not self._shown:
            return (Span(" Nothing is called so; an address is taken as well.", Tone.DIM),)
        return end_line(self._shown[index], self.painter.glyphs)

    def action_scroll(self, count: int) -> None:
        """Move the cursor."""
        self.items.move_to(self.items.cursor + count)

    def action_page(self, step: int) -> None:
        """Move the cursor by pages."""
        self.items.move_to(self.items.cursor + step * self.items.page)

    @on(LineList.Moved)
    def _moved(self, message: LineList.Moved) -> None:
        """A click chooses at once."""
        message.stop()
        self.items.move_to(message.index)

    def action_choose(self) -> None:
        """Choose what the cursor is on."""
        if self._shown:
            self.dismiss(self._shown[self.items.cursor])

    def _title_lines(self, width: int) -> Sequence[Line]:
        return paragraph(self.heading, width, Tone.STRONG)


def _address(text: str) -> PathEnd | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return PathEnd(str(address), str(address), "this address")
