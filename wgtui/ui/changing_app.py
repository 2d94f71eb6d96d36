"""The part of the application that changes the host; what it needs is imported when it is needed."""

from __future__ import annotations

import threading
from abc import abstractmethod
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

from wgtui.ui.makers import Makers
from wgtui.ui.options import UiOptions
from wgtui.ui.reading_app import ReadingApp

if TYPE_CHECKING:
    from wgtui.domain.snapshot import Snapshot
    from wgtui.services.changes import Changes
    from wgtui.ui.changes.desk import ChangeDesk
    from wgtui.ui.editors import Editors
    from wgtui.ui.setup.ending import SetupDone


class ChangingApp(ReadingApp):
    """Has a desk for changes, and the keys of the change that waits for its confirmation."""

    waiting_change: int | None = None
    """The journal's entry that waits for its confirmation."""

    def __init__(self, options: UiOptions, makers: Makers) -> None:
        """Prepare; nothing is opened before it is needed."""
        super().__init__(options, makers)
        self._open_changes = makers.changes
        self._was_offered = False
        self._has_interfaces = False

    @property
    def can_change(self) -> bool:
        """Whether the host can be changed from here."""
        return self._open_changes is not None

    @cached_property
    def changes(self) -> ChangeDesk:
        """Where screens hand in changes."""
        from wgtui.ui.changes.desk import ChangeDesk

        return ChangeDesk(self, self._open_changes or _nothing_to_open)

    @cached_property
    def editors(self) -> Editors:
        """Opens editors of peers and interfaces."""
        from wgtui.ui.editors import Editors

        return Editors(self)

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
