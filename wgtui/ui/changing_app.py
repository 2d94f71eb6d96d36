"""The part of the application that changes the host; what it needs is imported when it is needed."""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Callable
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING

from wgtui.ui.host_worker import HostWorker
from wgtui.ui.key_line import AppWithKeyLine
from wgtui.ui.options import UiOptions
from wgtui.ui.painter import Painter

if TYPE_CHECKING:
    from wgtui.domain.keys import PublicKey
    from wgtui.domain.snapshot import Snapshot
    from wgtui.services.changes import Changes, OpenChanges
    from wgtui.services.doctor.diagnosis import Diagnosis
    from wgtui.ui.changes.desk import ChangeDesk
    from wgtui.ui.diagnose_reader import DiagnoseReader
    from wgtui.ui.editors import Editors
    from wgtui.ui.forwarding_reader import ForwardingReader
    from wgtui.ui.presentation.path_ends import PathEnd
    from wgtui.ui.setup.ending import SetupDone


class ChangingApp(AppWithKeyLine):
    """Has a desk for changes, and the keys of the change that waits for its confirmation."""

    options: UiOptions
    """How to look and behave."""

    painter: Painter
    """What every pane draws with."""

    open_changes: OpenChanges | None
    """Opens what changes the host, in a thread of its own; None where nothing can be changed."""

    make_diagnosis: Callable[[], Diagnosis] | None = None
    """Makes what examines the host, in a thread of its own; None where nothing can be."""

    _was_offered = False
    _has_interfaces = False

    waiting_change: int | None = None
    """The journal's entry that waits for its confirmation."""

    @property
    def can_change(self) -> bool:
        """Whether the host can be changed from here."""
        return self.open_changes is not None

    @cached_property
    def changes(self) -> ChangeDesk:
        """Where screens hand in changes."""
        from wgtui.ui.changes.desk import ChangeDesk

        return ChangeDesk(self, self.open_changes or _nothing_to_open)

    @cached_property
    def editors(self) -> Editors:
        """Opens editors of peers and interfaces."""
        from wgtui.ui.editors import Editors

        return Editors(self)

    @cached_property
    def forwarding_worker(self) -> HostWorker[ForwardingReader]:
        """Reads forwarding and NAT; started by the first screen that asks for it."""
        from wgtui.ui.forwarding_reader import ForwardingReader

        opened = self.open_changes or _nothing_to_open
        return HostWorker(lambda: ForwardingReader(opened), partial(self._failed, "packet filter"))

    def show_forwarding(self, interface: str) -> None:
        """Show the forwarding of an interface."""
        from wgtui.ui.screens.forwarding import ForwardingScreen

        if self.can_change and self.screen is self.screen_stack[0]:
            worker = self.forwarding_worker
            self.push_screen(ForwardingScreen(self.painter, self.options.title, interface, worker))

    @cached_property
    def diagnose_worker(self) -> HostWorker[DiagnoseReader]:
        """Examines the host and walks paths; started by the first screen that asks for it."""
        from wgtui.ui.diagnose_reader import DiagnoseReader

        make = self.make_diagnosis
        assert make is not None
        return HostWorker(lambda: DiagnoseReader(make), partial(self._failed, "host"))

    def show_diagnosis(self, interface: str, origin: PathEnd | None = None, *, asks: bool = False) -> None:
        """Show the doctor, or with `asks` the path from `origin`, after asking where it is to lead."""
        from wgtui.ui.screens.diagnose import DiagnoseScreen

        if self.make_diagnosis is not None and self.screen is self.screen_stack[0]:
            title, worker = self.options.title, self.diagnose_worker
            self.push_screen(DiagnoseScreen(self.painter, title, interface, worker, origin, asks=asks))

    @abstractmethod
    def _failed(self, what: str, error: Exception) -> None:
        """Called in the thread of a reader that failed."""

    def look_for_open_changes(self) -> None:
        """See what an earlier run left open. Imports take longer than a frame: another thread does them."""
        if self.can_change:
            threading.Thread(target=self._preload, name="wgtui-preload", daemon=True).start()

    def finish_changes(self, timeout: float | None = None) -> bool:
        """Wait for changes that were begun; returns whether all are done."""
        return "changes" not in self.__dict__ or self.changes.finish(timeout)

    @abstractmethod
    def action_look_again(self) -> None:
        """Read the host now."""

    def action_changes(self) -> None:
        """Show the journal."""
        from wgtui.ui.screens.changes import ChangesScreen

        if not isinstance(self.screen, ChangesScreen):
            self.push_screen(ChangesScreen(self.painter))

    @property
    def is_setting_up(self) -> bool:
        """Whether the wizard is open, perhaps below other screens."""
        return any(screen.has_class("setup") for screen in self.screen_stack)

    def action_setup(self) -> None:
        """Set the host up, question by question."""
        self._open_setup()

    def offer_setup(self, snapshot: Snapshot | None) -> None:
        """Once, at the first look at the host: open the wizard where there is no configuration at all."""
        if snapshot is None or self._was_offered:
            return
        self._was_offered, self._has_interfaces = True, bool(snapshot.devices)
        if self.can_change and not snapshot.devices and snapshot.problem is None:
            self._open_setup(only_bare=True)

    def _open_setup(self, *, only_bare: bool = False) -> None:
        from wgtui.ui.setup.opening import open_wizard

        open_wizard(self, only_bare=only_bare)

    def setup_ended(self, done: SetupDone | None) -> None:
        """The wizard was left, or has set something up."""
        self.action_look_again()
        if done is not None:
            from wgtui.ui.setup.ending import tell_what_is_left

            tell_what_is_left(self, done)

    @abstractmethod
    def wait_for_handshake(self, interface: str, peer: PublicKey | None = None) -> None:
        """Show who of an interface's peers has come."""

    def action_keep(self) -> None:
        """Keep the change that waits for its confirmation."""
        self.changes.watch.keep()

    def action_take_back(self) -> None:
        """Take back the change that waits for its confirmation."""
        self.changes.watch.take_back()

    def _preload(self) -> None:
        for module in ("wgtui.services.changes", "wgtui.ui.changes.desk"):
            import_module(module)
        self.call_later(self._watch_changes)

    def _watch_changes(self) -> None:
        self.changes.watch.start()
        self.changes.run(_has_left_answers, self._tell_of_answers)

    def _tell_of_answers(self, result: object) -> None:
        """Where there are interfaces, the wizard does not open by itself: the way back to it is said."""
        if result is True and self._has_interfaces:
            self.notify("A setup was left before its end. Press I to go on with it.", timeout=10)


def _has_left_answers(changes: Changes) -> bool:
    """Whether the wizard was left with answers; called in the thread of changes."""
    from dataclasses import replace

    from wgtui.domain.setup import Draft

    draft = changes.drafts.load()
    return draft is not None and replace(draft, page="") != Draft()


def _nothing_to_open() -> Changes:
    from wgtui.domain.errors import WgtuiError

    raise WgtuiError("Nothing can be changed from here.")
