"""What is done in the thread of changes: look at a plan, carry it out, see what stands in its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wgtui.domain.errors import FileChanged, HostChanged, WgtuiError
from wgtui.domain.host import FileImage
from wgtui.domain.plan import Plan, SetFile
from wgtui.domain.session import Risk
from wgtui.services.changes import Changes
from wgtui.services.transaction import Applied, Progress

Planner = Callable[[Changes], Plan]
"""Makes a plan for the host as it is now."""


@dataclass(frozen=True, slots=True)
class Order:
    """Something to be done, before it is known what that means on this host.

    Attributes:
        plan: Makes the plan, or only a preview of it.
        undoes: The entry that is taken back; None for a change.
    """

    plan: Planner
    undoes: int | None = None

    def carry_out(
        self, changes: Changes, plan: Plan, confirm_within: float | None, progress: Progress
    ) -> Applied:
        """Apply the plan, or take the entry back."""
        transaction = changes.transaction
        if self.undoes is not None:
            return transaction.undo(self.undoes, confirm_within=confirm_within, progress=progress)
        return transaction.apply(plan, confirm_within=confirm_within, progress=progress)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan that waits for the operator's word.

    Attributes:
        plan: What would be done.
        risks: How that can cut the operator's own session.
    """

    plan: Plan
    risks: tuple[Risk, ...] = ()


@dataclass(frozen=True, slots=True)
class FileConflict:
    """A file that is not what it was when the plan was made.

    Attributes:
        path: The file.
        read: What it was then.
        present: What it is now.
        wanted: What it was to become.
    """

    path: str
    read: FileImage | None
    present: FileImage | None
    wanted: FileImage | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """The host is not as the plan expects it, and nothing was done.

    Attributes:
        error: In words.
        files: Those that differ.
    """

    error: WgtuiError
    files: tuple[FileConflict, ...] = ()


def examine(changes: Changes, order: Order) -> Proposal:
    """Make the plan and look for risks."""
    plan = order.plan(changes)
    return Proposal(plan, () if plan.is_empty else tuple(changes.risks(plan)))


def carry_out(
    changes: Changes, order: Order, plan: Plan, confirm_within: float | None, progress: Progress
) -> Applied | Conflict:
    """Apply; where somebody else was faster, tell what they did."""
    try:
        return order.carry_out(changes, plan, confirm_within, progress)
    except (FileChanged, HostChanged) as error:
        return Conflict(error, _conflicts(changes, plan))


def _conflicts(changes: Changes, plan: Plan) -> tuple[FileConflict, ...]:
    """Files of the plan that differ from what it expects; the first step on each counts."""
    found: dict[str, FileConflict | None] = {}
    for step in plan.steps:
        if not isinstance(step, SetFile) or step.path in found:
            continue
        try:
            present = changes.host.files.read(step.path)
        except WgtuiError:
            continue
        same = present is None if step.before is None else step.before.same_as(present)
        found[step.path] = None if same else FileConflict(step.path, step.before, present, step.after)
    return tuple(conflict for conflict in found.values() if conflict is not None)
