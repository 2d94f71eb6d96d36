"""Config: the file with its problems, what differs from what runs, and both ways out."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events, on

from wgtui.domain.keys import PublicKey
from wgtui.domain.snapshot import Snapshot
from wgtui.services.drift import plan_adopting
from wgtui.ui.bindings import bindings_of
from wgtui.ui.config_commands import CONFIG_COMMANDS
from wgtui.ui.config_reader import ConfigReader
from wgtui.ui.external_edit import ExternalEdit
from wgtui.ui.host_worker import HostWorker
from wgtui.ui.messages import ConfigExamined, ConfigRead, FilterClosed, FilterTyped, RunCommand
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.config_page import section_at
from wgtui.ui.presentation.config_search import marked_lines, next_match, step_to
from wgtui.ui.presentation.config_words import signature
from wgtui.ui.presentation.help import config_help
from wgtui.ui.screens.config_panes import ConfigPanes

if TYPE_CHECKING:
    from wgtui.ui.app import WgtuiApp

_SHIFT = 16
"""Characters that long lines are shifted at once."""


class ConfigScreen(ConfigPanes):
    """One interface's file. It reads nothing itself: the worker's thread does, and posts what it found."""

    BINDINGS = bindings_of(CONFIG_COMMANDS)  # type: ignore[assignment]
    AUTO_FOCUS = ""
    commands = CONFIG_COMMANDS
    help_topic = staticmethod(config_help)

    def __init__(self, painter: Painter, host: str, interface: str, worker: HostWorker[ConfigReader]) -> None:
        """Make the screen; `host` is its name, `worker` reads it."""
        super().__init__(painter, host, interface)
        self._worker = worker
        self._typing = False
        self._seen: object = None
        self._external = ExternalEdit(self, painter, worker)

    def on_mount(self) -> None:
        """Read the file, and follow the application's snapshots."""
        self.file.activate(True)
        self._show()
        self.watch(self.app, "snapshot", self._take_snapshot)

    def on_screen_resume(self) -> None:
        """Something may have been done meanwhile."""
        self.look_again()

    # Reading

    @property
    def _app(self) -> WgtuiApp:
        return cast("WgtuiApp", self.app)

    @property
    def _now(self) -> float:
        return self._app.options.clock.now()

    def look_again(self) -> None:
        """Read the file and what runs anew."""
        self._worker.submit("read", self._read)

    def _read(self, reader: ConfigReader) -> None:
        """Runs in the worker's thread: first the file, which is there at once, then the comparison."""
        page = reader.read(self.interface)
        self.post_message(ConfigRead(page))
        if page.opened is not None:
            self.post_message(ConfigRead(reader.compare(page, self._now)))

    def _take_snapshot(self, snapshot: Snapshot | None) -> None:
        """Compare anew when what runs was changed, by whomever."""
        seen = signature(snapshot, self.interface)
        if seen != self._seen:
            if self._seen is not None:
                self.look_again()
            self._seen = seen

    @on(ConfigRead)
    def _take_page(self, message: ConfigRead) -> None:
        self.take(message.page)

    # Search

    def action_search(self) -> None:
        """Type what to search for."""
        self._typing = True
        # At once: keys of the same burst must not meet the screen's own bindings.
        self.set_focus(self.status)
        self.status.edit()

    def on_key(self, event: events.Key) -> None:
        """Type on: keys of one burst reach the screen before a binding could move the focus."""
        if self._typing:
            self.status.on_key(event)
        elif event.key == "slash":
            self.action_search()
        else:
            return
        event.stop()
        event.prevent_default()

    @on(FilterTyped)
    def _search_typed(self, message: FilterTyped) -> None:
        self._go_to_match(message.text, self.file.cursor, 1)

    @on(FilterClosed)
    def _search_closed(self, message: FilterClosed) -> None:
        if self._typing:
            self._typing = False
            self.set_focus(None)
            self.status.close(message.keep)

    def action_next(self, step: int) -> None:
        """Go to the next match, else to the next mark."""
        if self.page is None or self.page.document is None:
            return
        if self.status.text:
            self._go_to_match(self.status.text, self.file.cursor + step, step)
            return
        at = step_to(marked_lines(self.page, self._differing), self.file.cursor, step)
        if at is not None:
            self._activate(self.file)
            self._move_to(at)

    def _go_to_match(self, text: str, start: int, step: int) -> None:
        document = self.page.document if self.page is not None else None
        if document is not None and text:
            at = next_match(document, text, start, step)
            if at is not None:
                self._activate(self.file)
                self._move_to(at)

    # Changes

    def action_keep_file(self) -> None:
        """Bring what runs in line with the file, in the selected difference."""
        chosen, interface, now = self.selected, self.interface, self._now
        if chosen is not None:
            self._app.changes.propose(lambda changes: changes.drift.keep_file(interface, chosen, now))

    def action_keep_kernel(self) -> None:
        """Bring the file in line with what runs, in the selected difference."""
        chosen, interface, now = self.selected, self.interface, self._now
        if chosen is not None:
            self._app.changes.propose(lambda changes: changes.drift.keep_kernel(interface, chosen, now))

    def action_write(self) -> None:
        """Write a file from what runs."""
        interface = self.interface
        self._app.changes.propose(lambda changes: plan_adopting(changes.editor, interface))

    def action_take_over(self) -> None:
        """Take out what lets a program, or wg-quick down, write the file anew."""
        interface = self.interface
        self._app.changes.propose(lambda changes: changes.ways_out.ending_claims(interface))

    def action_edit(self) -> None:
        """Open the form of what is under the cursor."""
        document = self.page.document if self.page is not None else None
        section = section_at(document, self.file.cursor) if document is not None else None
        editors = self._app.editors
        if isinstance(section, PublicKey):
            editors.edit_peer(self.interface, section)
        elif section is not None:
            editors.edit_interface(self.interface)

    def action_edit_file(self) -> None:
        """Edit the file in the operator's own editor."""
        if self.page is not None and self.page.opened is not None:
            self._external.begin(self.page.opened)

    @on(ConfigExamined)
    def _examined(self, message: ConfigExamined) -> None:
        self._external.examined(message.examined)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done here."""
        page, chosen = self.page, self.selected if self.is_mounted else None
        offered = {
            "keep_file": chosen is not None,
            "keep_kernel": chosen is not None and chosen.keeps_kernel,
            "write": page is not None and page.opened is None and page.problem is None and page.is_up,
            "edit_file": page is not None and page.opened is not None,
            "edit": page is not None and page.opened is not None,
            "take_over": page is not None and page.is_claimed,
        }
        return offered.get(action, True)

    def action_back(self) -> None:
        """Drop the search, else leave."""
        if self.status.text:
            self.status.close(False)
        else:
            self.dismiss()

    @on(RunCommand)
    async def _run_command(self, message: RunCommand) -> None:
        await self.run_action(message.action)
