"""Looks at file, kernel and boot of one interface."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from wgtui.domain.addresses import Prefix
from wgtui.domain.config import read_config
from wgtui.domain.drift import Difference, Running, Said, boot_drift, drift_of, with_own_key
from wgtui.domain.errors import WgtuiError
from wgtui.domain.host import DnsSettings
from wgtui.domain.network import Route
from wgtui.domain.plan import Plan
from wgtui.domain.tunnel import TableWord, default_families, rule_pairs
from wgtui.domain.wgquick import Document, parse
from wgtui.services.interfaces import PlannerContext, Source
from wgtui.services.interfaces.defaults import StandingDefaults, default_tables
from wgtui.services.interfaces.facts import Endpoints, look_up, missing_names, own_key, table_of
from wgtui.services.interfaces.reconcile import RouteDifferences, RouteReconciliation
from wgtui.services.interfaces.record import Record, hooks_of
from wgtui.services.interfaces.units import unit_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found.

    Attributes:
        is_up: Whether the interface runs.
        differences: All of them.
        notes: What could not be compared, and why: whole sentences.
    """

    is_up: bool
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()


def compare(
    context: PlannerContext,
    source: Source,
    made: Plan | None,
    now: float,
    document: Document | None = None,
) -> Comparison:
    """Compare a file with the interface that runs and with what comes up at boot. Nothing is touched.

    Args:
        context: The host.
        source: The file.
        made: All that wgtui did to the interface, in order; None for tunnels that something else brought up.
        now: Unix time in seconds.
        document: The file's lines, where they were parsed already.

    Raises:
        WgtuiError: The host cannot be read.
    """
    name = source.interface
    is_up = name in context.host.wireguard.names()
    boot = _boot(context, source, is_up=is_up)
    if not is_up:
        return Comparison(False, boot)
    comparing = _Comparing(
        context, source, document or parse(source.data), Record(made, name) if made else None
    )
    return Comparison(True, (*comparing.differences(now), *boot), tuple(comparing.notes))


def _boot(context: PlannerContext, source: Source, *, is_up: bool) -> tuple[Difference, ...]:
    name, units = source.interface, context.host.units
    if source.path != f"{context.unit_config_dir}/{name}.conf" or not units.is_available():
        return ()
    return boot_drift(name, up=is_up, unit=units.state(unit_of(name)))


class _Routing(NamedTuple):
    """How packets find their way in, as far as that could be compared: the same fields of `Running`."""

    automatic_marks: Collection[int] = ()
    missing: Sequence[Route] = ()
    stale: Sequence[Route] = ()
    default_route_broken: bool = False


class _Comparing:
    """Gathers what an interface has."""

    def __init__(
        self, context: PlannerContext, source: Source, document: Document, record: Record | None
    ) -> None:
        self._context = context
        self._source = source
        self._document = document
        self._record = record
        self._device = context.host.wireguard.read(source.interface)
        self._addresses = context.host.network.addresses(source.interface)
        self.notes: list[str] = []

    def differences(self, now: float) -> tuple[Difference, ...]:
        """All differences between file and kernel; `notes` is complete then."""
        device, network = self._device, self._context.host.network
        said = self._said()
        endpoints = look_up(self._context, said.peers.values())
        self._note_missing(endpoints)
        link = network.link(device.name)
        dns, dns_known = self._dns()
        routing = self._routing(said)
        running = Running(
            device,
            [address for address in self._addresses if not address.kernel_made],
            link.mtu if link is not None else 0,
            dns,
            dns_known,
            *routing,
            now,
            endpoints,
        )
        return drift_of(said, running)

    def _said(self) -> Said:
        reading = read_config(self._document, service_port=self._context.service_port)
        key = own_key(self._context, reading.config)
        return with_own_key(reading, self._device.public_key if key is None else key)

    def _note_missing(self, endpoints: Endpoints) -> None:
        self.notes += [
            f"The endpoint {name} was not found, so it is not compared." for name in missing_names(endpoints)
        ]

    def _dns(self) -> tuple[DnsSettings | None, bool]:
        """What resolvconf has, and whether that could be found out."""
        resolvconf = self._context.host.resolvconf
        if not resolvconf.is_available():
            return None, False
        recorded = self._record.dns if self._record is not None else None
        present = resolvconf.read(self._device.name) or recorded
        return present, present is not None or self._record is not None

    def _routing(self, said: Said) -> _Routing:
        try:
            return self._compare_routing(said)
        except WgtuiError as error:
            self.notes.append(f"Its routes are not compared. {error}")
            return _Routing()

    def _compare_routing(self, said: Said) -> _Routing:
        context, device, config = self._context, self._device, said.reading.config
        table = table_of(context, config, self._source.path)
        routes = context.host.network.routes(link=device.name)
        tables = default_tables(device, routes, self._record, automatic=table is TableWord.AUTO)
        pairs = rule_pairs(context.host.network.rules(), tables)
        runs = [prefix for peer in device.peers for prefix in peer.allowed_ips]
        written = [prefix for peer in said.peers.values() for prefix in peer.allowed_ips]
        wants = default_families(runs, table)
        mark = device.fwmark or (pairs[0].into.table if pairs and wants else 0)
        standing = StandingDefaults(pairs, routes, device.fwmark, mark, wants)
        broken = standing.is_changed or bool(standing.going_routes) or mark != device.fwmark
        broken = broken or any(True for _ in standing.repairs())
        procedure = {pair.into.table for pair in pairs} | ({mark} if wants else set())

        def reconcile(prefixes: Sequence[Prefix]) -> RouteDifferences:
            hooks = hooks_of(config.quick, self._source.path)
            reconciliation = RouteReconciliation(
                context, device.name, table, prefixes, hooks, self._record, procedure
            )
            return reconciliation.differences(self._addresses, ())

        # A prefix that only one side allows is a difference of allowed IPs, and its route goes with it.
        both = frozenset(written)
        missing = reconcile([prefix for prefix in runs if prefix in both]).missing
        stale = reconcile([*runs, *written]).stale
        return _Routing(tables, missing, stale, broken)
