"""The Textual application: data in, screens out, and an orderly end."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar, Final, cast

from rich.color import ColorSystem
from rich.console import RenderableType
from textual import events
from textual._compositor import CompositorUpdate
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.reactive import var
from textual.screen import Screen

from wgtui.crash_log import default_log, log_error
from wgtui.domain.errors import WgtuiError
from wgtui.domain.snapshot import Snapshot
from wgtui.domain.text import printable
from wgtui.ui.bindings import bindings_of
from wgtui.ui.changing_app import ChangingApp
from wgtui.ui.commands import APP_COMMANDS, Command
from wgtui.ui.driver import SteadyDriver
from wgtui.ui.environment import is_utf8, terminal_colors
from wgtui.ui.host_worker import HostWorker
from wgtui.ui.messages import SnapshotTaken
from wgtui.ui.options import UiOptions
from wgtui.ui.painter import Painter
from wgtui.ui.palette import VARIABLE_DEFAULTS, Colors, Palette
from wgtui.ui.poller import Poller, SnapshotSource
from wgtui.ui.presentation.glyphs import ASCII, UTF8
from wgtui.ui.readers import config_reader, map_reader
from wgtui.ui.runner import run
from wgtui.ui.screens.overview import OverviewScreen
from wgtui.ui.terminal import Prepared, Screenful
from wgtui.ui.themes import DARK, TERMINAL, THEME_CYCLE, own_themes

if TYPE_CHECKING:
    from wgtui.domain.keys import PublicKey
    from wgtui.services.changes import OpenChanges
    from wgtui.services.doctor.diagnosis import Diagnosis
    from wgtui.services.first_contact import FirstContact
    from wgtui.services.judging.peer_judge import PeerJudge
    from wgtui.services.ownership_map import OwnershipMap

__all__ = ["STYLES_DIR", "WgtuiApp", "run"]

_PACKAGE = Path(__file__).resolve().parent.parent
STYLES_DIR = next(
    (path for path in (_PACKAGE / "styles", _PACKAGE.parent / "styles") if path.is_dir()), _PACKAGE / "styles"
)
"""The style sheets: inside the package when installed, beside it in the source tree."""

_SYSTEMS: Final = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
}

_FIRST_LOOK = 0.15
"""Seconds that the first frame may wait for the first look at the host."""


class WgtuiApp(ChangingApp):
    """Shows what a snapshot source sees."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [
        STYLES_DIR / f"{name}.tcss"
        for name in (
            *("base", "terminal", "overview", "allowed_ips", "help"),
            *("forms", "dialogs", "changes", "config", "share", "setup", "forwarding", "waiting"),
            "diagnose",
        )
    ]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(APP_COMMANDS)]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (120, "-wide"), (160, "-widest")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-short"),
        (24, "-medium"),
        (45, "-tall"),
    ]
    ENABLE_COMMAND_PALETTE = True
    ALLOW_SELECT = False

    snapshot: var[Snapshot | None] = var(None)
    """The newest look at the host."""

    def __init__(
        self,
        source: Callable[[], SnapshotSource],
        *,
        options: UiOptions,
        poller: Poller | None = None,
        ownership: Callable[[], OwnershipMap] | None = None,
        open_changes: OpenChanges | None = None,
        first_contact: Callable[[], FirstContact] | None = None,
        diagnosis: Callable[[], Diagnosis] | None = None,
        peer_judge: Callable[[], PeerJudge] | None = None,
    ) -> None:
        """Make the application.

        Args:
            source: Makes what the poll thread reads; called once, in that thread.
            options: How to look and behave.
            poller: A poll thread that runs already, in place of one for `source`.
            ownership: Makes what the map of allowed IPs is read with, in a thread of its own; without it
                there is no map.
            open_changes: Opens what changes the host, in a thread of its own; without it nothing can be.
            first_contact: Makes what waits for first handshakes, in a thread of its own; without it nobody
                is waited for.
            diagnosis: Makes what examines the host, in a thread of its own; without it nothing is.
            peer_judge: Makes what judges the selected peer, likewise.
        """
        self.options = options
        self._colors = terminal_colors(os.environ, options.color)
        ascii_only = options.ascii or not is_utf8(getattr(sys.__stderr__, "encoding", None))
        self.painter = Painter(Palette(self._colors, {}), ASCII if ascii_only else UTF8)
        self.poller = poller or Poller(source, options.interval, options.log_file)
        self._told = threading.Event()
        """Whether a `SnapshotTaken` is on its way."""
        self._failure = ""
        self._following = False
        self.map_worker = (
            None if ownership is None else HostWorker(map_reader(ownership), partial(self._failed, "map"))
        )
        self.contact_worker = (
            None if first_contact is None else HostWorker(first_contact, partial(self._failed, "port"))
        )
        self.judge_worker = (
            None if peer_judge is None else HostWorker(peer_judge, partial(self._failed, "peer"))
        )
        self.config_worker = (
            None
            if open_changes is None
            else HostWorker(config_reader(open_changes), partial(self._failed, "file"))
        )
        # With colours of the terminal, Textual's filters must know before its constructor sets them up.
        super().__init__(driver_class=SteadyDriver, ansi_color=None if self._colors is Colors.RGB else True)
        self.open_changes = open_changes
        self.make_diagnosis = diagnosis
        self.crash: Exception | None = None
        self.leaving: int | None = None
        self._event_loop: asyncio.AbstractEventLoop | None = None
        system = None if self._colors is Colors.NONE else _SYSTEMS.get(self.console.color_system or "")
        self._screenful = Screenful(system, ascii_only=ascii_only)
        self.animation_level = "none"
        self.title = "wgtui"
        for theme in own_themes():
            self.register_theme(theme)
        self.theme = DARK if self._colors is Colors.RGB else TERMINAL
        self.set_class(ascii_only, "-ascii")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own variables, for themes that do not define them."""
        return dict(VARIABLE_DEFAULTS)

    def get_default_screen(self) -> Screen[None]:
        """The Overview is at the bottom of the stack."""
        return OverviewScreen(self.painter, self.options.title)

    def on_mount(self) -> None:
        """Start looking at the host."""
        self._event_loop = asyncio.get_running_loop()
        if self.leaving is not None:
            # The signal came while Textual was starting.
            self.exit(return_code=self.leaving)
            return
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())
        self.poller.start()
        self.snapshot = self.poller.wait_first(_FIRST_LOOK)
        self.set_interval(1.0, self._tick)
        self.call_after_refresh(self._follow)
        # Keys that were typed ahead may cover the screen before it is painted: it does not call back then.
        self.set_timer(0.5, self._follow)

    def _follow(self) -> None:
        """The first frame is painted: take every further look, and settle."""
        if self._following:
            return
        self._following = True
        self.poller.deliver_to(self._deliver)
        self.look_for_open_changes()
        self.offer_setup(self.snapshot)
        _settle_memory()

    def _deliver(self, _snapshot: Snapshot) -> None:
        """Called in the poll thread. While the screen waits for a stalled terminal, one message waits too."""
        if not self._told.is_set():
            self._told.set()
            self.post_message(SnapshotTaken())

    def on_unmount(self) -> None:
        """Stop looking."""
        self.poller.stop()
        lazy = [self.__dict__.get(name) for name in ("forwarding_worker", "diagnose_worker")]
        eager = self.map_worker, self.config_worker, self.contact_worker, self.judge_worker
        for worker in (*eager, *lazy):
            if worker is not None:
                worker.stop()

    def on_snapshot_taken(self) -> None:
        """Show the newest look at the host."""
        self._told.clear()
        # While the application ends, the panes go before their screen does.
        if self.is_running:
            self.snapshot = self.poller.latest
            self.offer_setup(self.snapshot)

    def watch_theme(self, _theme: str) -> None:
        """Take the tones from the theme."""
        theme = self.current_theme
        colors = self._colors
        if colors is not Colors.NONE:
            colors = Colors.ANSI if theme.ansi else Colors.RGB
        self.painter.palette = Palette(colors, theme.variables)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The command palette's list: the same commands as everywhere."""
        own: tuple[Command, ...] = getattr(screen, "commands", ())
        for command in (*own, *APP_COMMANDS):
            asked: DOMNode = self if command.action.startswith("app.") else screen
            name = command.action.removeprefix("app.")
            if command.palette and asked.check_action(name, ()):
                yield SystemCommand(command.help, "", self._runner(command.action))

    def _runner(self, action: str) -> Callable[[], None]:
        async def run() -> None:
            await self.screen.run_action(action)

        return run  # type: ignore[return-value]

    def dismiss(self, name: str) -> None:
        """Forget a device that is gone."""
        self.poller.dismiss(name)

    def action_look_again(self) -> None:
        """Read the host now."""
        self.poller.wake()
        look_again: Callable[[], None] = getattr(self.screen, "look_again", lambda: None)
        look_again()

    def action_redraw(self) -> None:
        """Paint every cell again, whatever the terminal shows."""
        self._screenful.forget()
        self.screen.refresh(layout=True)
        self.refresh()

    def on_resize(self, _event: events.Resize) -> None:
        """Terminals move or lose what they show when they are resized."""
        self._screenful.forget()

    def action_next_theme(self) -> None:
        """Step through the themes."""
        if self._colors is Colors.RGB:
            at = THEME_CYCLE.index(self.theme) if self.theme in THEME_CYCLE else -1
            self.theme = THEME_CYCLE[(at + 1) % len(THEME_CYCLE)]

    def action_help(self) -> None:
        """Show the help screen."""
        from wgtui.ui.presentation.help import overview_help
        from wgtui.ui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            topic = getattr(self.screen, "help_topic", overview_help)
            self.push_screen(HelpScreen(self.painter, topic(self.painter.glyphs)))

    def action_allowed_ips(self) -> None:
        """Show the map of allowed IPs, or go back from it."""
        from wgtui.ui.screens.allowed_ips import AllowedIpsScreen

        if isinstance(self.screen, AllowedIpsScreen):
            self.screen.dismiss()
        elif self.screen is self.screen_stack[0] and self.map_worker is not None:
            self.push_screen(AllowedIpsScreen(self.painter, self.options.title, self.map_worker))

    def show_config(self, interface: str) -> None:
        """Show the file of an interface."""
        from wgtui.ui.screens.config import ConfigScreen

        if self.config_worker is not None and self.screen is self.screen_stack[0]:
            self.push_screen(ConfigScreen(self.painter, self.options.title, interface, self.config_worker))

    def wait_for_handshake(self, interface: str, peer: PublicKey | None = None) -> None:
        """Show who of an interface's peers has come, and what keeps the others.

        Args:
            interface: Its name.
            peer: The one to be selected; None for whoever needs eyes most.
        """
        from wgtui.ui.screens.waiting import WaitingScreen

        if self.contact_worker is not None and not isinstance(self.screen, WaitingScreen):
            title = self.options.title
            self.push_screen(WaitingScreen(self.painter, title, interface, self.contact_worker, peer))

    def _failed(self, what: str, error: Exception) -> None:
        """Called in the thread of a reader, at every look for as long as it lasts; told once."""
        text = (
            f"Reading the {what} failed inside wgtui ({type(error).__name__}). "
            "This is a bug: please report it."
        )
        if isinstance(error, WgtuiError):
            text = printable(str(error), 400)
        if text == self._failure:
            return
        self._failure = text
        with suppress(OSError):
            log_error(error, self.options.log_file or default_log())
        self.notify(text, severity="error", markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What waits can be kept or taken back; maps and changes need what they are made with."""
        offered = {
            "allowed_ips": self.map_worker is not None,
            "changes": self.can_change,
            "setup": self.can_change and not self.is_setting_up,
            "keep": self.waiting_change is not None,
            "take_back": self.waiting_change is not None,
        }
        return offered.get(action, True)

    def _tick(self) -> None:
        if not self.is_running:
            return
        screen = self.screen
        now = self.options.clock.now()
        if isinstance(screen, OverviewScreen) and abs(now - screen.now) >= 1.5 and self.snapshot:
            screen.tick(now)

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


def _settle_memory() -> None:
    """What exists after the first frame stays: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.enable()
