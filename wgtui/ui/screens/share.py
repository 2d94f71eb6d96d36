"""Share: a peer's own file as a QR code or text, copied, saved, and forgotten."""

from __future__ import annotations

import base64
import os
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.getters import query_one
from textual.screen import Screen
from textual.timer import Timer

from wgtui.domain.errors import NothingToShare, WgtuiError
from wgtui.domain.sharing import Compact, Modules, compact_file, renditions_for, smallest_fit
from wgtui.ports.qr import QrCodes
from wgtui.services.sharing import Kind, SharedFile
from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import APP_COMMANDS, footer_commands
from wgtui.ui.messages import PathTyped, RunCommand
from wgtui.ui.painter import Painter
from wgtui.ui.presentation import share as words
from wgtui.ui.presentation.cells import Line
from wgtui.ui.presentation.glyphs import ASCII
from wgtui.ui.presentation.help import share_help
from wgtui.ui.share_commands import SHARE_COMMANDS
from wgtui.ui.widgets.code_pane import CodePane
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.page import Page
from wgtui.ui.widgets.path_line import PathLine

if TYPE_CHECKING:
    from wgtui.ui.app import WgtuiApp

IDLE: Final = 300.0
"""Seconds without a key after which the screen hides what it shows."""

_AROUND: Final = 1
"""Rows that the code cannot have: the keys."""


class View(Enum):
    """What is shown."""

    CODE = auto()
    TEXT = auto()
    HIDDEN = auto()


class SecretPage(Page):
    """A page of which nothing is left when it is gone."""

    def on_unmount(self) -> None:
        """Keep nothing."""
        self._make = _no_lines
        self._all = self._lines = ()


class ShareScreen(Screen[None]):
    """One peer's own file. Nothing of it is kept when the screen is left.

    Args:
        painter: Draws.
        shared: The file.
        codes: Makes QR codes.
        idle: Seconds without a key after which everything is hidden.
    """

    BINDINGS = bindings_of(SHARE_COMMANDS)  # type: ignore[assignment]
    AUTO_FOCUS = ""

    code = query_one("#code", CodePane)
    words = query_one("#words", SecretPage)
    path = query_one("#path", PathLine)

    commands = SHARE_COMMANDS
    help_topic = staticmethod(share_help)

    def __init__(self, painter: Painter, shared: SharedFile, codes: QrCodes, *, idle: float = IDLE) -> None:
        super().__init__()
        self._painter = painter
        self._shared: SharedFile | None = shared
        self._codes = codes
        self._idle = idle
        self._timer: Timer | None = None
        self._compact, self._modules, self._problem = _code_of(shared, codes)
        self._revealed = False
        self._inverted = False
        self._saving = False
        self._renditions = renditions_for(os.environ.get("TERM", ""), ascii_only=painter.glyphs is ASCII)
        is_for_phones = self._compact is not None and not self._compact.has_hooks
        self._view = View.CODE if is_for_phones else View.TEXT
        self._view_before = self._view

    def compose(self) -> ComposeResult:
        """Lay out: code and words, the path to save to, the keys."""
        painter = self._painter
        with Container(id="body"):
            yield CodePane(painter, id="code")
            yield SecretPage(painter, id="words")
        yield PathLine(painter, id="path")
        yield KeyBar(painter, footer_commands((*SHARE_COMMANDS, *APP_COMMANDS)), id="keys")

    def on_mount(self) -> None:
        """Begin to count idle seconds."""
        self._stay_awake()
        self._show()

    def on_unmount(self) -> None:
        """Forget everything; the panes do so by themselves."""
        self._shared = self._compact = None
        self._modules = ()

    def on_resize(self, _event: events.Resize) -> None:
        """Another size may fit now."""
        self.call_after_refresh(self._show)

    # Showing

    def _show(self) -> None:
        shared = self._shared
        if shared is None or not self.is_mounted:
            return
        has_code = False
        if self._view is View.HIDDEN:
            self.words.say(lambda width: words.hidden_lines(shared, round(self._idle / 60), width))
        elif self._view is View.CODE and self._compact is not None and self._modules:
            has_code = self._show_code(shared, self._compact)
        else:
            self._show_text(shared)
        self.set_class(not has_code, "-codeless")
        if not has_code:
            self.remove_class("-beside", "-wordless")
            self.code.clear()

    def _show_code(self, shared: SharedFile, compact: Compact) -> bool:
        """Show the code, or say why not; returns whether it is shown."""
        columns, rows = self.app.size
        placed = words.place_code(len(self._modules), columns, rows - _AROUND, self._renditions)
        fit = placed.fit
        if fit is None:
            need, terminal = smallest_fit(len(self._modules), self._renditions), (columns, rows)
            self.words.say(lambda width: words.too_small_lines(shared, need, terminal, _AROUND, width))
            return False
        self.code.show(self._modules, fit, invert=self._inverted)
        self.set_class(placed.beside, "-beside")
        self.set_class(not placed.words, "-wordless")
        colourless = self.code.is_colourless
        self.words.say(lambda width: words.code_words(shared, compact, fit, width, colourless=colourless))
        return True

    def _show_text(self, shared: SharedFile) -> None:
        revealed, glyphs = self._revealed, self._painter.glyphs
        said = words.text_remarks(self._compact, self._problem, revealed=revealed)
        self.words.say(
            lambda width: words.text_lines(shared, said, width, glyphs, revealed=revealed), keep_place=True
        )

    # Idle

    def _stay_awake(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(self._idle, self._hide)

    def _hide(self) -> None:
        if self._view is not View.HIDDEN:
            self._view_before, self._view = self._view, View.HIDDEN
            self._revealed = False
            self._show()

    def on_key(self, event: events.Key) -> None:
        """Any key shows what was hidden; while a path is typed, keys write it."""
        self._stay_awake()
        if self._view is View.HIDDEN and event.key not in ("escape", "q", "ctrl+q"):
            self._view = self._view_before
            self._show()
        elif self._saving:
            self.path.on_key(event)
        else:
            return
        event.stop()
        event.prevent_default()

    # Actions

    def action_view(self) -> None:
        """Show the code, or the text."""
        self._view = View.TEXT if self._view is View.CODE else View.CODE
        self._revealed = False
        self._show()

    def action_reveal(self) -> None:
        """Show the keys in the text, or hide them."""
        self._revealed = not self._revealed
        self._show()

    def action_invert(self) -> None:
        """Turn dark and light round."""
        self._inverted = not self._inverted
        self._show()

    def action_copy(self) -> None:
        """Send the file to the terminal's clipboard.

        Not by Textual's `copy_to_clipboard`, which keeps a copy for as long as the program runs.
        """
        driver = self.app._driver
        if self._shared is not None and driver is not None:
            driver.write(f"\x1b]52;c;{base64.b64encode(self._shared.content).decode()}\x07")
            self.notify(words.COPIED, timeout=8, markup=False)

    def action_scroll(self, step: int) -> None:
        """Scroll by lines."""
        self.words.scroll_lines(step)

    def action_page(self, step: int) -> None:
        """Scroll by pages."""
        self.words.scroll_page(step)

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()

    def action_forget_file(self) -> None:
        """Review the deletion of the file on this host."""
        shared = self._shared
        if shared is not None:
            self._app.changes.propose(
                lambda changes: changes.sharing.forgetting(shared.interface, shared.public_key),
                then=lambda applied: self._leave() if applied.number is not None else None,
            )

    def _leave(self) -> None:
        if self.is_current:
            self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done now."""
        offered = {
            "reveal": self._view is View.TEXT,
            "invert": self._view is View.CODE and self.code.is_colourless if self.is_mounted else False,
            "save": parameters in ((), (Kind.CONF.value,)) or bool(self._modules),
            "view": bool(self._modules),
        }
        return offered.get(action, True)

    # Saving

    def action_save(self, ending: str) -> None:
        """Ask for the path of a file or a picture."""
        if self._shared is not None:
            self._saving = True
            self.path.ask(words.proposed_path(self._shared, Kind(ending)))
            # At once: keys of the same burst must not meet the screen's own bindings.
            self.set_focus(self.path)

    @on(PathTyped)
    def _path_typed(self, message: PathTyped) -> None:
        if not self._saving:
            return
        self._saving = False
        self.set_focus(None)
        self.path.close()
        if message.path and self._shared is not None:
            self._save(self._shared, message.path)

    def _save(self, shared: SharedFile, typed: str) -> None:
        """Write it in the thread of changes; the ending of the path decides what it is."""
        path = Path(typed).expanduser().absolute()
        kind = next((kind for kind in Kind if path.suffix.lower() == kind.value), Kind.CONF)
        try:
            content = shared.rendered(kind, self._codes)
        except NothingToShare as error:
            self._app.changes.show_error(error)
            return

        def done(result: WgtuiError | None) -> None:
            if isinstance(result, WgtuiError):
                self._app.changes.show_error(result)
            else:
                self._app.notify(words.saved_text(str(path)), timeout=8, markup=False)

        self._app.changes.run(lambda changes: changes.sharing.save(str(path), content), done)

    @property
    def _app(self) -> WgtuiApp:
        return cast("WgtuiApp", self.app)

    @on(RunCommand)
    async def _run_command(self, message: RunCommand) -> None:
        await self.run_action(message.action)


def _no_lines(_width: int) -> tuple[Line, ...]:
    return ()


def _code_of(shared: SharedFile, codes: QrCodes) -> tuple[Compact | None, Modules, str]:
    """The text of a file's code, its modules, and why there are none."""
    compact: Compact | None = None
    try:
        compact = compact_file(shared.content)
        return compact, codes.modules(compact.text), ""
    except NothingToShare as error:
        return compact, (), str(error)
