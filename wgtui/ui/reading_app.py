"""The part of the application that reads the host: a thread for each kind of screen, and these screens."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from wgtui.crash_log import default_log, log_error
from wgtui.domain.errors import WgtuiError
from wgtui.domain.text import printable
from wgtui.ui.host_worker import Closable, HostWorker
from wgtui.ui.makers import Makers
from wgtui.ui.options import UiOptions
from wgtui.ui.painting_app import PaintingApp
from wgtui.ui.readers import config_reader, diagnose_reader, forwarding_reader, map_reader

if TYPE_CHECKING:
    from wgtui.domain.keys import PublicKey
    from wgtui.ui.presentation.path_ends import PathEnd

Made = TypeVar("Made")
Reader = TypeVar("Reader", bound=Closable)


class ReadingApp(PaintingApp):
    """Has a worker for each kind of screen. Its thread starts when the first screen asks it something."""

    def __init__(self, options: UiOptions, makers: Makers) -> None:
        """Prepare the workers of what can be made; the others are None."""
        super().__init__(options)
        self._failure = ""
        self._stops: list[Callable[[], None]] = []
        self.map_worker = self._worker("map", makers.ownership, map_reader)
        """Reads the map of allowed IPs."""
        self.contact_worker = self._worker("port", makers.first_contact, lambda make: make())
        """Waits for first handshakes."""
        self.judge_worker = self._worker("peer", makers.peer_judge, lambda make: make())
        """Judges the selected peer."""
        self.config_worker = self._worker("file", makers.changes, config_reader)
        """Reads interfaces' files."""
        self.forwarding_worker = self._worker("packet filter", makers.changes, forwarding_reader)
        """Reads forwarding and NAT."""
        self.diagnose_worker = self._worker("host", makers.diagnosis, diagnose_reader)
        """Examines the host and walks paths."""

    def _worker(
        self, what: str, maker: Made | None, reader: Callable[[Made], Reader]
    ) -> HostWorker[Reader] | None:
        if maker is None:
            return None
        worker = HostWorker(partial(reader, maker), partial(self._failed, what))
        self._stops.append(worker.stop)
        return worker

    def stop_reading(self) -> None:
        """End the workers' threads."""
        for stop in self._stops:
            stop()

    def action_allowed_ips(self) -> None:
        """Show the map of allowed IPs, or go back from it."""
        from wgtui.ui.screens.allowed_ips import AllowedIpsScreen

        if isinstance(self.screen, AllowedIpsScreen):
            self.screen.dismiss()
        elif self._is_at_overview and self.map_worker is not None:
            self.push_screen(AllowedIpsScreen(self.painter, self.options.title, self.map_worker))

    def show_config(self, interface: str) -> None:
        """Show the file of an interface."""
        from wgtui.ui.screens.config import ConfigScreen

        if self.config_worker is not None and self._is_at_overview:
            self.push_screen(ConfigScreen(self.painter, self.options.title, interface, self.config_worker))

    def show_forwarding(self, interface: str) -> None:
        """Show the forwarding of an interface."""
        from wgtui.ui.screens.forwarding import ForwardingScreen

        if self.forwarding_worker is not None and self._is_at_overview:
            worker = self.forwarding_worker
            self.push_screen(ForwardingScreen(self.painter, self.options.title, interface, worker))

    def show_diagnosis(self, interface: str, origin: PathEnd | None = None, *, asks: bool = False) -> None:
        """Show the doctor, or with `asks` the path from `origin`, after asking where it is to lead."""
        from wgtui.ui.screens.diagnose import DiagnoseScreen

        if self.diagnose_worker is not None and self._is_at_overview:
            title, worker = self.options.title, self.diagnose_worker
            self.push_screen(DiagnoseScreen(self.painter, title, interface, worker, origin, asks=asks))

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

    @property
    def _is_at_overview(self) -> bool:
        return self.screen is self.screen_stack[0]

    def _failed(self, what: str, error: Exception) -> None:
        """Called in the thread of a worker, at every look for as long as it lasts; told once."""
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
