"""What an interface was brought up with: from the record of its `up`, or from its file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wgtui.domain.config import QuickSettings
from wgtui.domain.host import DnsSettings
from wgtui.domain.plan import Plan, RunHooks, SetAddress, SetDns, SetGuard, SetRule, SetSysctl


@dataclass(frozen=True, slots=True)
class HookCommands:
    """The commands of all hooks, and the file that they stand in."""

    path: str
    pre_up: tuple[str, ...] = ()
    post_up: tuple[str, ...] = ()
    pre_down: tuple[str, ...] = ()
    post_down: tuple[str, ...] = ()

    def step(self, interface: str, hook: str, commands: tuple[str, ...]) -> Iterator[RunHooks]:
        """The step that runs a hook's commands and takes nothing back; none where there are none."""
        if commands:
            yield RunHooks(interface, self.path, hook, commands)

    def mention(self, text: str) -> bool:
        """Whether a command names something, such as an address that it adds."""
        every = (*self.pre_up, *self.post_up, *self.pre_down, *self.post_down)
        return any(text in command for command in every)


def hooks_of(quick: QuickSettings, path: str) -> HookCommands:
    """The hooks of a file."""
    return HookCommands(path, quick.pre_up, quick.post_up, quick.pre_down, quick.post_down)


class Record:
    """What the plan of an `up` did.

    Args:
        plan: It, as it was applied.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    @property
    def tables(self) -> frozenset[int]:
        """The tables of its default routes."""
        rules = (step.rule for step in self._plan.steps if isinstance(step, SetRule))
        return frozenset(rule.table for rule in rules if rule.invert)

    @property
    def has_guard(self) -> bool:
        """Whether it made packet filter rules."""
        return any(isinstance(step, SetGuard) for step in self._plan.steps)

    @property
    def dns(self) -> DnsSettings | None:
        """The DNS servers that it set."""
        return next((step.after for step in self._plan.steps if isinstance(step, SetDns)), None)

    @property
    def sysctls(self) -> tuple[SetSysctl, ...]:
        """The kernel settings that it changed."""
        return tuple(step for step in self._plan.steps if isinstance(step, SetSysctl))

    @property
    def addresses(self) -> frozenset[object]:
        """The addresses that it added."""
        steps = (step for step in self._plan.steps if isinstance(step, SetAddress))
        return frozenset(step.address.interface for step in steps if step.present)

    @property
    def hooks(self) -> HookCommands:
        """The hooks of its file at that time."""
        hooks = HookCommands("")
        for step in self._plan.steps:
            if not isinstance(step, RunHooks):
                continue
            if step.hook == "PreUp":
                hooks = HookCommands(
                    step.config_path, step.commands, hooks.post_up, hooks.pre_down, step.undo_commands
                )
            elif step.hook == "PostUp":
                hooks = HookCommands(
                    step.config_path, hooks.pre_up, step.commands, step.undo_commands, hooks.post_down
                )
        return hooks
