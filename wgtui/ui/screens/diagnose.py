"""Diagnose: what the doctor finds, and whether one end reaches another."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from textual import on

from wgtui.domain.doctor import DoctorFix
from wgtui.domain.errors import EditRefused
from wgtui.domain.fixes import ByHand, fix_words
from wgtui.domain.plan import Plan
from wgtui.services.changes import Changes
from wgtui.services.doctor import Doctor
from wgtui.services.transaction import Applied
from wgtui.ui.bindings import bindings_of
from wgtui.ui.diagnose_commands import DIAGNOSE_COMMANDS
from wgtui.ui.diagnose_reader import DiagnoseReader
from wgtui.ui.host_worker import HostWorker
from wgtui.ui.messages import DoctorRead, PathWalked, RunCommand
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.help import diagnose_help
from wgtui.ui.presentation.path_ends import PathEnd, ends_of
from wgtui.ui.presentation.path_walk import PathPage
from wgtui.ui.screens.diagnose_panes import DiagnosePanes

if TYPE_CHECKING:
    from wgtui.ui.app import WgtuiApp

_ENDS = ("origin", "target")


class DiagnoseScreen(DiagnosePanes):
    """The doctor and the path walk of one host; the worker's thread examines and walks."""

    BINDINGS = bindings_of(DIAGNOSE_COMMANDS)  # type: ignore[assignment]
    AUTO_FOCUS = ""
    commands = DIAGNOSE_COMMANDS
    help_topic = staticmethod(diagnose_help)

    def __init__(
        self,
        painter: Painter,
        host: str,
        interface: str,
        worker: HostWorker[DiagnoseReader],
        origin: PathEnd | None = None,
        *,
        asks: bool = False,
    ) -> None:
        """Make the screen.

        Args:
            painter: Draws.
            host: Its name.
            interface: Whose peers paths can be walked between.
            worker: Examines the host.
            origin: Where a path starts at first.
            asks: Whether the path is open, and where it leads is asked at once.
        """
        path = PathPage(interface)
        if origin is not None:
            path = replace(path, origin=origin.value, labels=(origin.label, ""))
        super().__init__(painter, host, path)
        self._worker = worker
        self._asks = asks
        self.walks = 0
        """How many paths were walked."""

    def on_mount(self) -> None:
        """Examine, or ask for the other end of the path."""
        self.findings.activate(True)
        self.is_path = self._asks
        self._show()
        if self._asks:
            self.call_after_refresh(self.action_pick, "target")

    def on_screen_resume(self) -> None:
        """Something may have been done meanwhile."""
        self.look_again()

    # Reading

    @property
    def _app(self) -> WgtuiApp:
        return cast("WgtuiApp", self.app)

    def look_again(self) -> None:
        """Examine the host, or walk the path, as it is now."""
        if not self.is_path:
            self._worker.submit("doctor", self._examine)
        elif self.path.is_chosen:
            self._walk(probe=False)

    def action_look_again(self) -> None:
        """The same, on the operator's order."""
        self.look_again()

    def _examine(self, reader: DiagnoseReader) -> None:
        """Runs in the worker's thread."""
        self.post_message(DoctorRead(reader.examine()))

    @on(DoctorRead)
    def _take_report(self, message: DoctorRead) -> None:
        self.take_report(message.page)

    def _walk(self, *, probe: bool) -> None:
        self.take_path(replace(self.path, is_busy=True))
        self._worker.submit("path", partial(self._walk_in_thread, self.path, probe))

    def _walk_in_thread(self, page: PathPage, probe: bool, reader: DiagnoseReader) -> None:
        """Runs in the worker's thread."""
        self.post_message(PathWalked(reader.probe(page) if probe else reader.walk(page)))

    @on(PathWalked)
    def _take_walk(self, message: PathWalked) -> None:
        page = message.page
        if (page.interface, page.origin, page.target) == (
            self.path.interface,
            self.path.origin,
            self.path.target,
        ):
            self.walks += 1
            self.take_path(page)

    # Choosing

    def action_part(self) -> None:
        """Go to the other part."""
        self.is_path = not self.is_path
        self.large_words = False
        self._show()
        if not self.is_path or (self.path.is_chosen and self.path.walk is None):
            self.look_again()

    def action_pick(self, end: str) -> None:
        """Choose one end of the path."""
        from wgtui.ui.dialogs.picking import PickingDialog

        self.is_path = True
        at = _ENDS.index(end)
        title = ("From where?", "To where?")[at]
        present = (self.path.origin, self.path.target)[at]
        self.app.push_screen(
            PickingDialog(self._painter, title, self._ends, present), partial(self._picked, at)
        )

    def _ends(self) -> tuple[PathEnd, ...]:
        snapshot = self._app.snapshot
        return ends_of(snapshot.device(self.path.interface) if snapshot is not None else None)

    def _picked(self, at: int, end: PathEnd | None) -> None:
        if end is None:
            self._show()
            return
        page = self.path
        if at == 0:
            self.take_path(PathPage(page.interface, end.value, page.target, (end.label, page.labels[1])))
        else:
            self.take_path(PathPage(page.interface, page.origin, end.value, (page.labels[0], end.label)))
        if self.path.is_chosen:
            self._walk(probe=False)

    def action_swap(self) -> None:
        """Walk the other way round."""
        page = self.path
        self.take_path(PathPage(page.interface, page.target, page.origin, page.labels[::-1]))
        if self.path.is_chosen:
            self._walk(probe=False)

    def action_probe(self) -> None:
        """Walk, and ping both ends."""
        if self.path.is_chosen:
            self._walk(probe=True)

    def action_device(self, step: int) -> None:
        """Walk on the next interface, or the previous one for -1."""
        snapshot = self._app.snapshot
        names = [device.name for device in snapshot.devices] if snapshot is not None else []
        if len(names) > 1:
            at = names.index(self.path.interface) if self.path.interface in names else -step
            self.take_path(PathPage(names[(at + step) % len(names)]))

    # Changes

    @property
    def chosen_fix(self) -> DoctorFix | None:
        """What would mend what is shown."""
        if self.is_path:
            return self.path.fix
        return self.selected.fix if self.selected is not None else None

    def action_fix(self) -> None:
        """Mend what is selected, or where the path breaks."""
        fix = self.chosen_fix
        if fix is None:
            return
        if isinstance(fix, ByHand):
            self.notify(fix_words(fix), markup=False)
            return
        clock = self._app.options.clock

        def planner(changes: Changes) -> Plan:
            plan = Doctor(changes, clock, lambda _path: None).plan(fix)
            if plan is None:
                raise EditRefused("This cannot be mended from here.")
            return plan

        self._app.changes.propose(planner, then=self._mended)

    def _mended(self, _applied: Applied) -> None:
        self.look_again()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done here."""
        if not self.is_mounted:
            return True
        path = self.path if self.is_path else None
        offered = {
            "fix": self.chosen_fix is not None and self._app.can_change,
            "swap": path is not None and bool(path.origin or path.target),
            "probe": path is not None and path.is_chosen and not path.is_busy,
            "pick": path is not None,
            "device": path is not None,
            "detail": path is None and self.selected is not None,
        }
        return offered.get(action, True)

    @on(RunCommand)
    async def _run_command(self, message: RunCommand) -> None:
        await self.run_action(message.action)
