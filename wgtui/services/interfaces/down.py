"""`down`: the plan that takes an interface away with all that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator

from wgtui.domain.config import read_config
from wgtui.domain.errors import DeviceGone
from wgtui.domain.grammar import Severity
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.host import DnsSettings
from wgtui.domain.plan import (
    Plan,
    RunHooks,
    SetDevice,
    SetDns,
    SetRule,
    SetSysctl,
    Step,
)
from wgtui.domain.text import printable
from wgtui.domain.tunnel import SRC_VALID_MARK, TableWord, has_default_tunnel, rule_pairs
from wgtui.domain.wgquick import parse
from wgtui.services.interfaces.context import PlannerContext
from wgtui.services.interfaces.defaults import default_tables
from wgtui.services.interfaces.guard import guard_for, guard_steps
from wgtui.services.interfaces.image import image_of
from wgtui.services.interfaces.names import dns_of
from wgtui.services.interfaces.record import HookCommands, Record, hooks_of
from wgtui.services.interfaces.saving import save_steps
from wgtui.services.interfaces.source import Source
from wgtui.services.interfaces.units import driving_unit, stop_steps, unit_of


def plan_down(
    context: PlannerContext, interface: str, source: Source | None, made: Plan | None = None
) -> Plan:
    """Plan to take an interface down. Nothing is touched.

    What is recorded is removed, and nothing else. Without a record it is done `wg-quick`'s way, from
    the file as it is now, but for what other tunnels need. An active `wg-quick@.service` is stopped instead.

    Args:
        context: The host.
        interface: Its name.
        source: Its file; None where there is none.
        made: All that wgtui did to it, in order; None for tunnels that something else brought up.

    Raises:
        DeviceGone: It is not up.
        WgtuiError: The host cannot be read.
    """
    title = f"Take {interface} down"
    state = driving_unit(context, interface, source)
    if state is not None and state.active:
        note = f"{interface} is stopped by its unit {unit_of(interface)}, so wg-quick does all of it."
        return Plan(title, stop_steps(interface, state), (note,))
    if interface not in context.host.wireguard.names():
        raise DeviceGone(f"{interface} is not up.", hint=f"Bring it up with: wgtui up {interface}.")
    removing = _Removing(context, interface, source, Record(made, interface) if made else None)
    steps = tuple(removing.steps())
    return Plan(title, steps, tuple(removing.notes))


class _Removing:
    """Puts the steps together, in `wg-quick`'s order."""

    def __init__(
        self, context: PlannerContext, interface: str, source: Source | None, record: Record | None
    ) -> None:
        host = context.host
        self._context = context
        self._host = host
        self._name = interface
        self._record = record
        self._source = source
        data = source.data if source else b""
        self._reading = read_config(parse(data), service_port=context.service_port)
        self._quick = self._reading.config.quick
        self._device = host.wireguard.read(interface)
        self._rules = host.network.rules()
        automatic = self._quick.table in ("", TableWord.AUTO.value)
        routes = host.network.routes(link=interface)
        self._pairs = rule_pairs(
            self._rules, default_tables(self._device, routes, record, automatic=automatic)
        )
        self._going = [rule for pair in self._pairs for rule in pair.rules]
        self.notes = list(self._first_notes())

    def steps(self) -> Iterator[Step]:
        """All steps, that which may fail first: a failing PreDown leaves the tunnel up.

        `notes` is complete once they were taken.
        """
        hooks = self._hooks()
        has_hooks = bool(hooks.pre_up or hooks.post_up)
        image, others = image_of(self._context, self._device, self._own_addresses(), has_hooks=has_hooks)
        yield from hooks.step(self._name, "PreDown", hooks.pre_down)
        yield from self._save(hooks)
        yield from others
        if hooks.post_up:
            # Taken back, what hooks may have made is made after them, where it is still missing.
            yield RunHooks(self._name, hooks.path, "PreDown", (), "PostUp", hooks.post_up)
        yield from (SetRule(rule, present=False) for rule in self._going)
        yield from self._guard()
        yield from self._dns()
        yield from self._sysctls()
        if hooks.pre_up:
            # Taken back, the device is made first, for the commands expect it.
            yield RunHooks(self._name, hooks.path, "PostDown", (), "PreUp", hooks.pre_up)
        yield SetDevice(self._name, image, None)
        yield from hooks.step(self._name, "PostDown", hooks.post_down)

    def _first_notes(self) -> Iterator[str]:
        if self._record is not None and self._source is not None:
            now, then = hooks_of(self._quick, self._source.path), self._record.hooks
            if (now.pre_down, now.post_down) != (then.pre_down, then.post_down):
                yield (
                    f"The hooks of {self._name} were changed since it was brought up. "
                    "PreDown and PostDown are run as they were then."
                )
        elif self._record is None and self._source is None:
            yield f"There is no file of {self._name}, so no PreDown and PostDown are run."

    def _save(self, hooks: HookCommands) -> Iterator[Step]:
        if self._source is None or not self._quick.save_config:
            return
        if self._reading.findings.count(Severity.ERROR):
            path = printable(self._source.path, 4096)
            self.notes.append(f"{path} has errors, so it is not brought up to date with {self._name}.")
            return
        config, marks = self._reading.config, {pair.into.table for pair in self._pairs}
        yield from save_steps(self._context, self._source, config, self._device, hooks, marks, self.notes)

    def _hooks(self) -> HookCommands:
        if self._record is not None:
            return self._record.hooks
        return hooks_of(self._quick, self._source.path if self._source else "")

    def _guard(self) -> Iterator[Step]:
        sending = [pair.into for pair in self._pairs]
        mark = next((rule.table for rule in sending), self._device.fwmark)
        addresses = self._host.network.addresses(self._name)
        guard = guard_for(self._name, mark, addresses, {rule.family for rule in sending})
        return iter(guard_steps(self._context, self._name, guard, None))

    def _dns(self) -> Iterator[Step]:
        wanted = self._record.dns if self._record is not None else dns_of(self._quick)
        resolvconf = self._host.resolvconf
        if wanted is not None and resolvconf.is_available():
            present: DnsSettings = resolvconf.read(self._name) or wanted
            yield SetDns(self._name, present, None)

    def _sysctls(self) -> Iterator[Step]:
        before = self._record.before(SRC_VALID_MARK) if self._record is not None else None
        left = [rule for rule in self._rules if rule not in self._going]
        if before is None or not self._going or has_default_tunnel(left, 4):
            return
        if self._host.sysctls.read(SRC_VALID_MARK) == "1":
            yield SetSysctl(SRC_VALID_MARK, "1", before)

    def _own_addresses(self) -> frozenset[InterfaceAddress]:
        recorded = self._record.addresses if self._record is not None else frozenset[InterfaceAddress]()
        return recorded | frozenset(self._quick.addresses)
