"""Forwarding & NAT: the switches as they are now, on disk and after a reboot, and who decides besides."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, cast

from textual import on

from wgtui.domain.forwarding import PathLink, SwitchName
from wgtui.domain.snapshot import Snapshot
from wgtui.services.transaction import Applied
from wgtui.ui.bindings import bindings_of
from wgtui.ui.changes.orders import Planner
from wgtui.ui.forwarding_commands import FORWARDING_COMMANDS
from wgtui.ui.forwarding_reader import ForwardingReader
from wgtui.ui.host_worker import HostWorker
from wgtui.ui.messages import ForwardingRead, OpenDevice, OpenRow, RunCommand
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.forwarding import line_of
from wgtui.ui.presentation.forwarding_words import link_line, masquerade_sentences, no_link_text, refusal
from wgtui.ui.presentation.help import forwarding_help
from wgtui.ui.screens.forwarding_panes import ForwardingPanes

if TYPE_CHECKING:
    from wgtui.ui.app import WgtuiApp

_EVERY: Final = 2.0
"""Seconds between two looks at the counters."""


class ForwardingScreen(ForwardingPanes):
    """One interface's switches, read by the worker's thread, which posts what it found."""

    BINDINGS = bindings_of(FORWARDING_COMMANDS)  # type: ignore[assignment]
    AUTO_FOCUS = ""
    commands = FORWARDING_COMMANDS
    help_topic = staticmethod(forwarding_help)

    def __init__(
        self, painter: Painter, host: str, interface: str, worker: HostWorker[ForwardingReader]
    ) -> None:
        """Make the screen; `host` is its name, `worker` reads it."""
        super().__init__(painter, host, interface)
        self._worker = worker

    def on_mount(self) -> None:
        """Read, and go on reading what counts."""
        self._show()
        self.watch(self.app, "snapshot", self._take_snapshot)
        self.set_interval(max(_EVERY, self._app.options.interval), self._count)

    def on_screen_resume(self) -> None:
        """Something may have been done meanwhile."""
        self.look_again()

    # Reading

    @property
    def _app(self) -> WgtuiApp:
        return cast("WgtuiApp", self.app)

    def look_again(self) -> None:
        """Read everything anew."""
        self._worker.submit("whole", partial(self._look, self.interface, True))

    def _count(self) -> None:
        """Read what moves, while it is seen."""
        if self.is_current:
            self._worker.submit("counters", partial(self._look, self.interface, False))

    def _look(self, interface: str, fresh: bool, reader: ForwardingReader) -> None:
        """Runs in the worker's thread."""
        self.post_message(ForwardingRead(reader.look(interface, fresh=fresh)))

    def _take_snapshot(self, snapshot: Snapshot | None) -> None:
        self._show_tabs(snapshot, self._app.options.clock.now())

    @on(ForwardingRead)
    def _take_page(self, message: ForwardingRead) -> None:
        if message.page.interface == self.interface and message.page is not self.page:
            self.take(message.page)

    # Interfaces

    @on(OpenDevice)
    def _open_device(self, message: OpenDevice) -> None:
        self._open(message.name)

    def action_device(self, step: int) -> None:
        """Go to the next interface, or to the previous one for -1; behind the last comes the first."""
        snapshot = self._app.snapshot
        names = [device.name for device in snapshot.devices] if snapshot is not None else []
        if names:
            at = names.index(self.interface) if self.interface in names else -step
            self._open(names[(at + step) % len(names)])

    def _open(self, interface: str) -> None:
        if interface == self.interface:
            return
        self.interface, self.page = interface, None
        self.large_words = False
        self._take_snapshot(self._app.snapshot)
        self._show()
        self.look_again()

    # Changes

    @on(OpenRow)
    def action_turn(self) -> None:
        """Turn the selected switch on, or off."""
        row = self.selected
        if row is None:
            return
        if row.switch is SwitchName.MASQUERADE and not row.target:
            self.action_masquerade()
        else:
            self._turn(row.switch, not row.is_on, row.target)

    def action_masquerade(self) -> None:
        """Turn masquerading on, on an interface of the operator's choice."""
        view = self.view
        if view is None:
            return
        has = {row.target for row in view.rows if row.switch is SwitchName.MASQUERADE and row.is_on}
        links = [link for link in view.path.links if link.name not in has]
        if not links:
            self.notify(no_link_text(bool(view.path.links)), severity="warning", markup=False)
        elif len(links) == 1:
            self._turn(SwitchName.MASQUERADE, True, links[0].name)
        else:
            self._choose_link(links)

    def _choose_link(self, links: list[PathLink]) -> None:
        from wgtui.ui.dialogs.choosing import ChoosingDialog

        glyphs = self._painter.glyphs
        dialog = ChoosingDialog(
            self._painter,
            "Masquerade on which interface?",
            masquerade_sentences(self.interface),
            [link_line(link, glyphs) for link in links],
        )

        def chosen(index: int | None) -> None:
            if index is not None:
                self._turn(SwitchName.MASQUERADE, True, links[index].name)

        self.app.push_screen(dialog, chosen)

    def _turn(self, switch: SwitchName, on: bool, target: str) -> None:
        interface = self.interface
        self._propose(lambda changes: changes.forwarding.switch(interface, switch, on, target))

    def action_fix(self) -> None:
        """Mend what the selected row complains of."""
        row, interface = self.selected, self.interface
        if row is not None and row.fix is not None:
            fix = row.fix
            self._propose(lambda changes: changes.forwarding.fix(interface, fix))

    def action_take_over(self) -> None:
        """Put wgtui's lines in the place of the command that does what the selected row is about."""
        row, view, interface = self.selected, self.view, self.interface
        line = line_of(view, row) if view is not None and row is not None else None
        if line is None:
            return
        if not line.can_be_taken_over:
            self.notify(refusal(line, self._painter.glyphs), severity="warning", markup=False)
            return
        index = line.index
        self._propose(lambda changes: changes.forwarding.take_over(interface, index))

    def _propose(self, planner: Planner) -> None:
        self._app.changes.propose(planner, then=self._done)

    def _done(self, _applied: Applied) -> None:
        self.look_again()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done here."""
        row, view = (self.selected, self.view) if self.is_mounted else (None, None)
        offered = {
            "turn": row is not None,
            "fix": row is not None and row.fix is not None,
            "take_over": row is not None and view is not None and line_of(view, row) is not None,
            "masquerade": view is not None,
            "detail": row is not None,
        }
        return offered.get(action, True)

    @on(RunCommand)
    async def _run_command(self, message: RunCommand) -> None:
        await self.run_action(message.action)
