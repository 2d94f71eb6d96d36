"""`sync`: the plan that brings a running interface in line with its file, and sends only what differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wgtui.domain.addresses import Prefix
from wgtui.domain.applying import applied, undoing
from wgtui.domain.change import DeviceChange
from wgtui.domain.config import InterfaceConfig
from wgtui.domain.device import Device
from wgtui.domain.diff import diff
from wgtui.domain.errors import DeviceGone
from wgtui.domain.host import DnsSettings
from wgtui.domain.network import LinkAddress, LinkSettings
from wgtui.domain.plan import ConfigureDevice, Plan, SetAddress, SetDns, SetGuard, SetLink, Step
from wgtui.domain.tunnel import (
    RulePair,
    TableWord,
    address_changes,
    default_families,
    link_addresses,
    loses_all_ipv4,
    rule_pairs,
)
from wgtui.services.interfaces.context import PlannerContext
from wgtui.services.interfaces.defaults import DefaultRoute, StandingDefaults, default_tables
from wgtui.services.interfaces.facts import Endpoints, look_up, missing_names, own_key, table_of
from wgtui.services.interfaces.guard import guard_for, guard_steps
from wgtui.services.interfaces.names import dns_of
from wgtui.services.interfaces.reconcile import RouteReconciliation
from wgtui.services.interfaces.record import Record, hooks_of
from wgtui.services.interfaces.refusals import refuse_ipv6_below_its_mtu
from wgtui.services.interfaces.routes import route_steps
from wgtui.services.interfaces.source import Source, accepted_config


def plan_sync(context: PlannerContext, source: Source, made: Plan | None = None) -> Plan:
    """Plan to bring a running interface in line with its file. Nothing is touched; no hooks are run.

    What the file does not mention stays: keys, port, mark, MTU. Peers that agree keep their sessions.
    Addresses and routes that a hook of the file names stay too. Rules and mark are left alone unless a
    default route comes or goes, or somebody took rules away.

    Args:
        context: The host.
        source: The file.
        made: All that wgtui did to it, in order; None for tunnels that something else brought up.

    Returns:
        The plan, empty where there is nothing to do.

    Raises:
        DeviceGone: The interface is not up.
        ConfigRefused: The file is refused; the text says where and why.
        NetworkError: A route that the tunnel needs is taken.
        WgtuiError: The host cannot be read.
    """
    name = source.interface
    config = accepted_config(context, source)
    if name not in context.host.wireguard.names():
        raise DeviceGone(f"{name} is not up.", hint=f"Bring it up with: wgtui up {name}.")
    key = own_key(context, config)
    endpoints = look_up(context, config.peers(key))
    syncing = _Syncing(context, source, config, endpoints, Record(made, name) if made else None)
    steps = tuple(syncing.steps())
    return Plan(f"Bring {name} in line with its file", steps, tuple(syncing.notes))


class _Syncing:
    """Puts the steps together."""

    def __init__(
        self,
        context: PlannerContext,
        source: Source,
        config: InterfaceConfig,
        endpoints: Endpoints,
        record: Record | None,
    ) -> None:
        host = context.host
        self._context = context
        self._name = source.interface
        self._config = config
        self._record = record
        self._hooks = hooks_of(config.quick, source.path)
        self._table = table_of(context, config, source.path)
        self._device = host.wireguard.read(self._name)
        self._routes = host.network.routes(link=self._name)
        self._pairs = self._find_pairs()
        self._change = self._with_mark_of_default(
            diff(config, self._device, endpoints.get, context.public_key_of)
        )
        self._after = applied(self._device, self._change)
        self._wants = default_families(_prefixes(self._after), self._table)
        self._defaults = StandingDefaults(
            self._pairs, self._routes, self._device.fwmark, self._after.fwmark, self._wants
        )
        self._link = self._read_link()
        self._addresses = host.network.addresses(self._name)
        self._mtu = self._link.mtu if config.quick.mtu is None else config.quick.mtu
        self.notes = [
            f"The endpoint {missing} was not found; the peer keeps the one it has."
            for missing in missing_names(endpoints)
        ]

    def steps(self) -> Iterator[Step]:
        """All steps. `notes` is complete once they were taken."""
        name, prefixes, defaults = self._name, _prefixes(self._after), self._defaults
        refuse_ipv6_below_its_mtu(name, self._mtu, prefixes, self._table)
        coming = defaults.coming
        default = DefaultRoute(self._context, name, coming, self._after.fwmark) if coming else None
        yield from defaults.removals()
        yield from self._configure(default)
        changes = self._address_changes()
        yield from self._addresses_and_routes(changes, prefixes)
        yield from defaults.repairs()
        guard = self._guard(default, changes) if defaults.is_changed or changes else ()
        yield from guard if default is None else default.steps(guard, defaults.going)

    def _addresses_and_routes(
        self, changes: list[tuple[LinkAddress, bool]], prefixes: list[Prefix]
    ) -> Iterator[Step]:
        routes = RouteReconciliation(
            self._context,
            self._name,
            self._table,
            prefixes,
            self._hooks,
            self._record,
            self._procedure_tables(),
        )
        kept, stale, missing = routes.differences(self._addresses, changes)
        yield from route_steps(stale, present=False)
        # Without its last IPv4 address a link loses its IPv4 routes, so those that stay are made again, and
        # so are they when this is undone.
        ipv4 = [route for route in kept if route.destination.version == 4]
        lost = [route for route in ipv4 if route not in self._defaults.going_routes]
        lost = lost if loses_all_ipv4(self._addresses, changes) else []
        yield from route_steps(lost, present=False)
        yield from (SetAddress(self._name, address, present=added) for address, added in changes)
        yield from self._set_mtu()
        yield from self._dns()
        yield from route_steps([*lost, *missing])

    def _guard(
        self, default: DefaultRoute | None, changes: list[tuple[LinkAddress, bool]]
    ) -> Iterator[SetGuard]:
        mark = default.mark if default is not None else self._after.fwmark
        before = guard_for(self._name, self._device.fwmark, self._addresses, self._defaults.had)
        after = guard_for(self._name, mark, self._addresses_after(changes), self._wants)
        for step in guard_steps(self._context, self._name, before, after if self._wants else None):
            # A default route without one was not made by up, and stays without.
            if default is not None or step.before is not None:
                yield step

    def _procedure_tables(self) -> set[int]:
        tables = {pair.into.table for pair in self._pairs}
        return tables | {self._after.fwmark} if self._wants else tables

    def _find_pairs(self) -> list[RulePair]:
        network = self._context.host.network
        automatic = self._table is TableWord.AUTO
        tables = default_tables(self._device, self._routes, self._record, automatic=automatic)
        return rule_pairs(network.rules(), tables)

    def _with_mark_of_default(self, change: DeviceChange) -> DeviceChange:
        """A change that leaves the mark of a default route, or sets it again.

        Without a mark in the file any will do, and `wg syncconf` takes it off.
        """
        after = applied(self._device, change)
        if after.fwmark or not self._pairs or not default_families(_prefixes(after), self._table):
            return change
        mark = self._pairs[0].into.table
        return replace(change, fwmark=None if mark == self._device.fwmark else mark)

    def _read_link(self) -> LinkSettings:
        link = self._context.host.network.link(self._name)
        if link is None:
            raise DeviceGone(f"{self._name} vanished.")
        return LinkSettings(link.up, link.mtu)

    def _configure(self, default: DefaultRoute | None) -> Iterator[Step]:
        change: DeviceChange = self._change
        if default is not None and self._after.fwmark != default.mark:
            change = replace(change, fwmark=default.mark)
        elif not self._wants and not self._config.fwmark and self._defaults.goes_with(self._device.fwmark):
            change = replace(change, fwmark=0)
        if not change.is_empty:
            yield ConfigureDevice(self._name, change, undoing(change, self._device))

    def _address_changes(self) -> list[tuple[LinkAddress, bool]]:
        present = [address for address in self._addresses if not address.kernel_made]
        wanted = link_addresses(self._config.quick.addresses, self._mtu)
        named = {address.interface for address in wanted}
        foreign = [a for a in present if a.interface not in named and self._is_foreign(a)]
        return address_changes(present, [*wanted, *foreign])

    def _is_foreign(self, address: LinkAddress) -> bool:
        """Whether something else than `up` put it there: a hook of the file, or somebody since."""
        if self._record is not None and address.interface not in self._record.addresses:
            return True
        return self._hooks.mention(str(address.interface.ip))

    def _addresses_after(self, changes: list[tuple[LinkAddress, bool]]) -> list[LinkAddress]:
        left = [address for address in self._addresses if not address.kernel_made]
        for address, added in changes:
            left = [*left, address] if added else [other for other in left if other != address]
        return left

    def _set_mtu(self) -> Iterator[Step]:
        if self._mtu != self._link.mtu:
            yield SetLink(self._name, self._link, replace(self._link, mtu=self._mtu))

    def _dns(self) -> Iterator[Step]:
        resolvconf = self._context.host.resolvconf
        if not resolvconf.is_available():
            return
        wanted = dns_of(self._config.quick)
        recorded: DnsSettings | None = self._record.dns if self._record is not None else None
        present = resolvconf.read(self._name) or recorded
        cannot_tell = present is None and self._record is None
        if present != wanted and not cannot_tell:
            yield SetDns(self._name, present, wanted)


def _prefixes(device: Device) -> list[Prefix]:
    return [prefix for peer in device.peers for prefix in peer.allowed_ips]
