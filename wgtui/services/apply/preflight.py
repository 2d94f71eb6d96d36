"""Whether the host is as a plan expects it, before anything is touched."""

from __future__ import annotations

from collections.abc import Iterator

from wgtui.domain.errors import FileChanged, HostChanged
from wgtui.domain.plan import ConfigureDevice, Plan, RunHooks, SetDevice, SetFile, Step, link_of, sentence
from wgtui.services.apply.standing import Standing
from wgtui.services.apply.taker import StepTaker


def check_before(plan: Plan, taker: StepTaker) -> None:
    """Look at every resource that the host has before the plan.

    Raises:
        FileChanged: A file is not as the plan expects it.
        HostChanged: Something else is not; the text says which step would not fit.
    """
    for step in _first_touches(plan):
        found = taker.standing(step)
        if found in (Standing.BEFORE, Standing.UNKNOWN):
            continue
        if isinstance(step, SetFile) and found is Standing.ELSEWHERE:
            raise FileChanged(
                f"{step.path} was changed by somebody else since it was read; nothing was done.",
                hint="Look at what changed, then try again.",
            )
        raise HostChanged(f"The host has changed, and nothing was done: {_misfit(step, found)}")


def still_to_undo(inverse: Plan, taker: StepTaker) -> Plan:
    """An inverse plan without the steps that have nothing to take back any more.

    Hooks go with their interface: where that was made or deleted since, they have been run, or there is
    nothing for them to work on.
    """
    done = [step for step in _first_touches(inverse) if _is_done(step, taker.standing(step))]
    gone = {id(step) for step in done}
    settled = {step.interface for step in done if isinstance(step, SetDevice)}
    gone |= {id(step) for step in inverse.steps if isinstance(step, RunHooks) and step.interface in settled}
    return Plan(inverse.title, tuple(step for step in inverse.steps if id(step) not in gone), inverse.notes)


def _is_done(step: Step, found: Standing) -> bool:
    if isinstance(step, ConfigureDevice) and found is Standing.UNKNOWN:
        return True  # Endpoints that their peers have left since stay where those are.
    return found in (Standing.AFTER, Standing.ABSENT)


def _first_touches(plan: Plan) -> Iterator[Step]:
    """Steps whose resource no earlier step touches, and whose interface no earlier step makes or deletes."""
    touched: set[str] = set()
    remade: set[str] = set()
    for step in plan.steps:
        if step.resource not in touched and link_of(step) not in remade:
            yield step
        touched.add(step.resource)
        if isinstance(step, SetDevice):
            remade.add(step.interface)


def _misfit(step: Step, found: Standing) -> str:
    if found is Standing.ABSENT:
        return f"there is no interface {link_of(step)} for this step: {sentence(step)}"
    if found is Standing.AFTER:
        return f"this step was taken by somebody else already: {sentence(step)}"
    return f"what this step is about was changed by somebody else: {sentence(step)}"
