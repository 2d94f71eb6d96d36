"""Where screens hand in changes: planned, reviewed, applied, and told about."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from wgtui.domain.errors import WgtuiError
from wgtui.services.changes import Changes, OpenChanges
from wgtui.services.transaction import Applied
from wgtui.ui.changes.orders import Conflict, Order, Planner, Proposal, carry_out, examine
from wgtui.ui.changes.thread import ChangeThread
from wgtui.ui.changes.watch import WaitingWatch
from wgtui.ui.changing_app import ChangingApp
from wgtui.ui.presentation.outcome import done_text

if TYPE_CHECKING:
    from wgtui.domain.plan import Plan, Step
    from wgtui.ui.dialogs.working import WorkingDialog

Result = TypeVar("Result")
Then = Callable[[Applied], None]
"""Called in the UI's thread when a change was applied."""

_PATIENCE = 0.4
"""Seconds that planning may take before it is said what is going on."""


class ChangeDesk:
    """Takes one change at a time from a screen to the host. All methods are of the UI's thread.

    Args:
        app: Shows dialogs.
        open_changes: Opens the services of the host, in the thread of changes.
    """

    def __init__(self, app: ChangingApp, open_changes: OpenChanges) -> None:
        self._app = app
        self._thread = ChangeThread(open_changes, app.call_later)
        self._is_open = False
        self._working: WorkingDialog | None = None
        self.watch = WaitingWatch(app, self)

    @property
    def is_busy(self) -> bool:
        """Whether something is being read or done."""
        return self._thread.is_busy

    def propose(self, planner: Planner, then: Then | None = None) -> None:
        """Plan a change, show it, and apply it when the operator says so.

        Args:
            planner: Makes the plan; called in the thread of changes, again after every "look again".
            then: Called when it was applied, or when there was nothing to do.
        """
        self._start(Order(planner), then)

    def undo(self, number: int, then: Then | None = None) -> None:
        """Show what taking back an entry of the journal means, and do it when the operator says so."""
        self._start(Order(lambda changes: changes.transaction.undoing(number), undoes=number), then)

    def look(self, work: Callable[[Changes], Result], done: Callable[[Result], object]) -> None:
        """Read something of the host off the UI's thread; an error is shown as a toast.

        Args:
            work: Called in the thread of changes.
            done: Called in the UI's thread with what it returned, perhaps after the screen that asks was
                left: a screen takes answers by its own `call_later`, which drops them then.
        """

        def finished(result: Result | WgtuiError) -> None:
            if isinstance(result, WgtuiError):
                self._app.notify(str(result), title=result.title, severity="error", markup=False)
            else:
                done(result)

        self._thread.run(work, finished)

    def run(self, work: Callable[[Changes], Result], done: Callable[[Result | WgtuiError], None]) -> None:
        """Do something to the host that needs no review; an error is a result."""
        self._thread.run(work, done)

    def show_error(self, error: WgtuiError) -> None:
        """Show an error large."""
        from wgtui.ui.dialogs.failure import FailureScreen

        self._app.push_screen(FailureScreen(self._app.painter, error, self._app.options.log_file))

    def finish(self, timeout: float | None = None) -> bool:
        """Wait for work that was begun; returns whether all is done. Called after the UI has ended."""
        return self._thread.wait(timeout)

    # From the order to the host

    def _start(self, order: Order, then: Then | None) -> None:
        if self._is_open:
            return
        self._is_open = True
        self._app.set_timer(_PATIENCE, self._say_planning)
        self._thread.run(lambda changes: examine(changes, order), partial(self._examined, order, then))

    def _say_planning(self) -> None:
        if self._is_open and self._working is None and not self._is_reviewing:
            self._show_working("Working out what is to be done")

    @property
    def _is_reviewing(self) -> bool:
        from wgtui.ui.dialogs.review import ReviewScreen

        return any(isinstance(screen, ReviewScreen) for screen in self._app.screen_stack)

    def _examined(self, order: Order, then: Then | None, result: Proposal | WgtuiError) -> None:
        from wgtui.ui.dialogs.review import ReviewScreen

        self._hide_working()
        if isinstance(result, WgtuiError):
            self._is_open = False
            self.show_error(result)
        elif result.plan.is_empty and order.undoes is None:
            self._finished(Applied(None), then)
        else:
            screen = ReviewScreen(self._app.painter, result, self._app.options.confirm_within)
            self._app.push_screen(screen, partial(self._answered, order, then, result))

    def _answered(self, order: Order, then: Then | None, proposal: Proposal, agreed: bool | None) -> None:
        if not agreed:
            self._is_open = False
            return
        plan = proposal.plan
        within = self._app.options.confirm_within if proposal.risks else None
        self._show_working(plan.title, plan)

        def work(changes: Changes) -> Applied | Conflict:
            return carry_out(changes, order, plan, within, self._progress)

        self._thread.run(work, partial(self._carried_out, order, then))

    def _progress(self, index: int, _step: Step) -> None:
        """Called in the thread of changes."""
        self._thread.deliver(partial(self._show_step, index))

    def _show_step(self, index: int) -> None:
        if self._working is not None:
            self._working.step_begun(index)

    def _carried_out(self, order: Order, then: Then | None, result: Applied | Conflict | WgtuiError) -> None:
        from wgtui.ui.dialogs.failure import ConflictScreen

        self._hide_working()
        self._app.action_look_again()
        if isinstance(result, Applied):
            self._finished(result, then)
            return
        self._is_open = False
        if isinstance(result, Conflict):
            screen = ConflictScreen(self._app.painter, result)
            self._app.push_screen(screen, lambda again: self._start(order, then) if again else None)
        else:
            self.show_error(result)

    def _finished(self, applied: Applied, then: Then | None) -> None:
        self._is_open = False
        text = done_text(applied.number, waits=applied.deadline is not None)
        self._app.notify(text, markup=False)
        if applied.number is not None and applied.deadline is not None:
            self.watch.wait_for(applied.number, applied.deadline)
        if then is not None:
            then(applied)

    def _show_working(self, title: str, plan: Plan | None = None) -> None:
        from wgtui.ui.dialogs.working import WorkingDialog

        self._working = WorkingDialog(self._app.painter, title, plan)
        self._app.push_screen(self._working)

    def _hide_working(self) -> None:
        working, self._working = self._working, None
        if working is not None and working.is_attached:
            working.dismiss(None)
