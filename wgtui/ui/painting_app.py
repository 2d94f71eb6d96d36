"""The part of the application that paints: colours, themes, the terminal, and leaving it in order."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Final, cast

from rich.color import ColorSystem
from rich.console import RenderableType
from textual import events
from textual._compositor import CompositorUpdate
from textual.screen import Screen

from wgtui.ui.driver import SteadyDriver
from wgtui.ui.environment import is_utf8, terminal_colors
from wgtui.ui.key_line import AppWithKeyLine
from wgtui.ui.options import UiOptions
from wgtui.ui.painter import Painter
from wgtui.ui.palette import VARIABLE_DEFAULTS, Colors, Palette
from wgtui.ui.presentation.glyphs import ASCII, UTF8
from wgtui.ui.terminal import Prepared, Screenful
from wgtui.ui.themes import DARK, TERMINAL, THEME_CYCLE, own_themes

_SYSTEMS: Final = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
}


class PaintingApp(AppWithKeyLine):
    """Writes to the terminal only what changed, in the colours that it has."""

    def __init__(self, options: UiOptions) -> None:
        """Look at the terminal."""
        self.options = options
        """How to look and behave."""
        self._colors = terminal_colors(os.environ, options.color)
        ascii_only = options.ascii or not is_utf8(getattr(sys.__stderr__, "encoding", None))
        self.painter = Painter(Palette(self._colors, {}), ASCII if ascii_only else UTF8)
        """What every pane draws with."""
        # With colours of the terminal, Textual's filters must know before its constructor sets them up.
        super().__init__(driver_class=SteadyDriver, ansi_color=None if self._colors is Colors.RGB else True)
        self.crash: Exception | None = None
        """The first defect that ended the application."""
        self.leaving: int | None = None
        """The exit code, once the application was told to leave."""
        self._event_loop: asyncio.AbstractEventLoop | None = None
        system = None if self._colors is Colors.NONE else _SYSTEMS.get(self.console.color_system or "")
        self._screenful = Screenful(system, ascii_only=ascii_only)
        self.animation_level = "none"
        for theme in own_themes():
            self.register_theme(theme)
        self.theme = DARK if self._colors is Colors.RGB else TERMINAL
        self.set_class(ascii_only, "-ascii")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own variables, for themes that do not define them."""
        return dict(VARIABLE_DEFAULTS)

    def watch_theme(self, _theme: str) -> None:
        """Take the tones from the theme."""
        theme = self.current_theme
        colors = self._colors
        if colors is not Colors.NONE:
            colors = Colors.ANSI if theme.ansi else Colors.RGB
        self.painter.palette = Palette(colors, theme.variables)

    def action_next_theme(self) -> None:
        """Step through the themes."""
        if self._colors is Colors.RGB:
            at = THEME_CYCLE.index(self.theme) if self.theme in THEME_CYCLE else -1
            self.theme = THEME_CYCLE[(at + 1) % len(THEME_CYCLE)]

    def action_redraw(self) -> None:
        """Paint every cell again, whatever the terminal shows."""
        self._screenful.forget()
        self.screen.refresh(layout=True)
        self.refresh()

    def on_mount(self) -> None:
        """Be ready to leave and, after another program had the terminal, to paint again."""
        self._event_loop = asyncio.get_running_loop()
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())
        if self.leaving is not None:
            # The signal came while Textual was starting.
            self.exit(return_code=self.leaving)

    def on_resize(self, _event: events.Resize) -> None:
        """Terminals move or lose what they show when they are resized."""
        self._screenful.forget()

    def leave(self, code: int) -> None:
        """End the application with an exit code; may be called in any thread and in a signal handler."""
        self.leaving = self.leaving or code
        if isinstance(self._driver, SteadyDriver):
            self._driver.hurry()
        if self._event_loop is not None:
            self._event_loop.call_soon_threadsafe(lambda: self.exit(return_code=code))

    @contextmanager
    def terminal_lent(self) -> Iterator[None]:
        """Lend the terminal to another program; raises `SuspendNotSupported`.

        What is raised within leaves the terminal to the other program.
        """
        lending = self._driver.lending() if isinstance(self._driver, SteadyDriver) else nullcontext()
        with lending, self.suspend():
            yield

    def terminal_lost(self) -> None:
        """The terminal hung up; may be called in any thread."""
        if isinstance(self._driver, SteadyDriver):
            self._driver.stop_input()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Write only what changed; see `wgtui.ui.terminal`."""
        writes = self._running and not self._batch_count and not self.is_headless
        update: object = renderable
        if writes and isinstance(update, CompositorUpdate):
            sequence = self._screenful.difference(update, *self.size)
            if sequence == "":
                self.post_display_hook()
                return
            update = update if sequence is None else Prepared(sequence)
        super()._display(screen, cast("RenderableType | None", update))

    def _set_pointer_shape(self, shape: str) -> None:
        """The pointer stays as it is: few terminals know the sequence, and others may print it."""

    def _handle_exception(self, error: Exception) -> None:
        self.crash = self.crash or error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End, without the traceback with locals that Textual would print; the runner reports the crash."""
        self._close_messages_no_wait()
