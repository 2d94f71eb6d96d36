"""What an interface was brought up with: from the record of that, or from its file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from wgtui.domain.addresses import Address, Prefix
from wgtui.domain.config import QuickSettings, read_config
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.host import DnsSettings, FileImage
from wgtui.domain.network import MAIN_TABLE
from wgtui.domain.plan import (
    DeviceImage,
    Plan,
    RunHooks,
    SetAddress,
    SetDevice,
    SetDns,
    SetFile,
    SetForwardRules,
    SetRoute,
    SetSysctl,
)
from wgtui.domain.wgquick import parse

HOOKS: Final = ("PreUp", "PostUp", "PreDown", "PostDown")
"""All hooks, in the order of `HookCommands`."""

RouteKey = tuple[Prefix, int, str, Address | None, int]
"""What tells two routes apart, as `Route.key` has it."""


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
    """What was done to an interface since it was made.

    Args:
        plan: All of it, in order; steps about other things are passed over.
        interface: Its name.
    """

    def __init__(self, plan: Plan, interface: str) -> None:
        self._steps = plan.steps
        self._interface = interface

    @property
    def tables(self) -> frozenset[int]:
        """The tables of its default routes, those that went again among them."""
        added = {(prefix.prefixlen, table) for prefix, table, *_ in self.routes}
        for image in self._images():
            added |= {(route.destination.prefixlen, route.table) for route in image.routes}
        return frozenset(table for length, table in added if length == 0 and table != MAIN_TABLE)

    @property
    def routes(self) -> frozenset[RouteKey]:
        """Identities of the routes that were added for it."""
        added = (step.route for step in self._steps if isinstance(step, SetRoute) and step.present)
        return frozenset(route.key for route in added if route.link == self._interface)

    @property
    def dns(self) -> DnsSettings | None:
        """The DNS servers that are set."""
        steps = [step for step in self._steps if isinstance(step, SetDns)]
        own = [step for step in steps if step.interface == self._interface]
        return own[-1].after if own else None

    def before(self, sysctl: str) -> str | None:
        """The value that a kernel setting had before it was set to 1; None where that was not done."""
        steps = (step for step in self._steps if isinstance(step, SetSysctl))
        return next((step.before for step in steps if step.name == sysctl and step.after == "1"), None)

    @property
    def addresses(self) -> frozenset[InterfaceAddress]:
        """The addresses that it was given."""
        given: set[InterfaceAddress] = set()
        for image in self._images():
            given |= {address.interface for address in image.addresses}
        for step in self._steps:
            if isinstance(step, SetAddress) and step.interface == self._interface:
                (given.add if step.present else given.discard)(step.address.interface)
        return frozenset(given)

    @property
    def hooks(self) -> HookCommands:
        """The hooks of its file when it was brought up, with what was changed of them and done at once."""
        path, commands = "", dict[str, tuple[str, ...]]()
        for step in self._steps:
            if isinstance(step, RunHooks) and step.interface == self._interface and not _replaces(step):
                path = step.config_path
                runs = ((step.hook, step.commands), (step.undo_hook, step.undo_commands))
                commands |= {hook: texts for hook, texts in runs if texts}
        hooks = HookCommands(path, *(commands.get(hook, ()) for hook in HOOKS))
        for before, after in self._done_at_once():
            hooks = _edited(hooks, before, after)
        return hooks

    def _done_at_once(self) -> Iterator[tuple[HookCommands, HookCommands]]:
        """The hooks before and after each edit of the file whose rules were put in force with it.

        Such an edit is a step for the file with one for the rules right behind it.
        """
        for step, following in pairwise(self._steps):
            if (
                isinstance(step, SetFile)
                and isinstance(following, SetForwardRules)
                and following.interface == self._interface
                and step.before is not None
                and step.after is not None
            ):
                yield _hooks_in(step.path, step.before), _hooks_in(step.path, step.after)

    def _images(self) -> Iterator[DeviceImage]:
        for step in self._steps:
            if isinstance(step, SetDevice) and step.interface == self._interface and step.after:
                yield step.after


def _hooks_in(path: str, image: FileImage) -> HookCommands:
    return hooks_of(read_config(parse(image.content)).config.quick, path)


def _replaces(step: RunHooks) -> bool:
    """Whether commands are only taken back because other rules stand in for them."""
    return (step.hook, step.undo_hook) == ("PostDown", "PostUp")


def _edited(hooks: HookCommands, before: HookCommands, after: HookCommands) -> HookCommands:
    """Hooks with what an edit changed: commands that it removed go, and those that it added come."""
    return HookCommands(
        hooks.path or after.path,
        _merged(hooks.pre_up, before.pre_up, after.pre_up),
        _merged(hooks.post_up, before.post_up, after.post_up),
        _merged(hooks.pre_down, before.pre_down, after.pre_down),
        _merged(hooks.post_down, before.post_down, after.post_down),
    )


def _merged(commands: tuple[str, ...], before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    if commands == before:
        return after
    kept = tuple(text for text in commands if text not in before or text in after)
    return (*kept, *(text for text in after if text not in before and text not in kept))
