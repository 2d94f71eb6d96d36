"""The Textual application: data in, screens out, and an orderly end."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable
from pathlib import Path, PurePath
from typing import ClassVar, Final

from textual.app import SystemCommand
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.reactive import var
from textual.screen import Screen

from wgtui.domain.snapshot import Snapshot
from wgtui.ui.bindings import bindings_of
from wgtui.ui.changing_app import ChangingApp
from wgtui.ui.commands import APP_COMMANDS, Command
from wgtui.ui.makers import Makers
from wgtui.ui.messages import SnapshotTaken
from wgtui.ui.options import UiOptions
from wgtui.ui.poller import Poller, SnapshotSource
from wgtui.ui.runner import run
from wgtui.ui.screens.overview import OverviewScreen

__all__ = ["STYLES_DIR", "WgtuiApp", "run"]

_PACKAGE = Path(__file__).resolve().parent.parent
STYLES_DIR = next(
    (path for path in (_PACKAGE / "styles", _PACKAGE.parent / "styles") if path.is_dir()), _PACKAGE / "styles"
)
"""The style sheets: inside the package when installed, beside it in the source tree."""

_FIRST_LOOK: Final = 0.15
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
        makers: Makers | None = None,
    ) -> None:
        """Make the application.

        Args:
            source: Makes what the poll thread reads; called once, in that thread.
            options: How to look and behave.
            poller: A poll thread that runs already, in place of one for `source`.
            makers: Make what else the host is read and changed with; without them it is only looked at.
        """
        super().__init__(options, makers or Makers())
        self.poller = poller or Poller(source, options.interval, options.log_file)
        self._told = threading.Event()
        """Whether a `SnapshotTaken` is on its way."""
        self._following = False
        self.title = "wgtui"

    def get_default_screen(self) -> Screen[None]:
        """The Overview is at the bottom of the stack."""
        return OverviewScreen(self.painter, self.options.title)

    def on_mount(self) -> None:
        """Start looking at the host."""
        if self.leaving is not None:
            return
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
        self.stop_reading()

    def on_snapshot_taken(self) -> None:
        """Show the newest look at the host."""
        self._told.clear()
        # While the application ends, the panes go before their screen does.
        if self.is_running:
            self.snapshot = self.poller.latest
            self.offer_setup(self.snapshot)

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

    def action_help(self) -> None:
        """Show the help screen."""
        from wgtui.ui.presentation.help import overview_help
        from wgtui.ui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            topic = getattr(self.screen, "help_topic", overview_help)
            self.push_screen(HelpScreen(self.painter, topic(self.painter.glyphs)))

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


def _settle_memory() -> None:
    """What exists after the first frame stays: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.enable()
