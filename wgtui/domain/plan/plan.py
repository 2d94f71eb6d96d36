"""An ordered change to the host that can be read before and taken back after."""

from __future__ import annotations

from dataclasses import dataclass

from wgtui.domain.plan.steps import RunHooks, Step


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in the order in which they are taken.

    Attributes:
        title: What it is for, a sentence without a full stop, such as "Bring wg0 up".
        steps: Each is possible once the ones before it were taken.
        notes: Whole sentences that the operator should read before.
    """

    title: str
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.steps

    @property
    def told(self) -> tuple[Step, ...]:
        """The steps that somebody has to read: a hook without commands only stands for its opposite."""
        return tuple(step for step in self.steps if not isinstance(step, RunHooks) or step.commands)

    def inverse(self, title: str) -> Plan:
        """The plan that takes this one back."""
        return Plan(title, tuple(step.inverse() for step in reversed(self.steps)))
