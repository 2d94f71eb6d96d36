"""The map of allowed IPs: devices as the monitor saw them, with their files, routes and rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from wgtui.domain.addresses import Address, Prefix
from wgtui.domain.config import InterfaceConfig
from wgtui.domain.cryptokey import Delivery, DeviceFacts, Ownership, RoutingTables, deliver, map_ownership
from wgtui.domain.cryptokey.routing import LOCAL_TABLE
from wgtui.domain.errors import WgtuiError
from wgtui.domain.keys import PublicKey
from wgtui.domain.network import Route, Rule
from wgtui.domain.snapshot import DeviceState, Problem, Snapshot
from wgtui.ports.clock import Clock
from wgtui.ports.config_store import ConfigStore, FileVersion
from wgtui.ports.network import Network

LEAST_INTERVAL: Final = 2.0
"""Seconds between two readings of the routes, at least."""

SHARE_OF_TIME: Final = 20.0
"""The routes are left alone for this many times as long as reading them took."""

ReadConfig = Callable[[bytes], InterfaceConfig]
"""What a file says, as far as it can be understood."""


@dataclass(frozen=True, slots=True)
class MapView:
    """One look at who owns which prefix. The same object as the last time when nothing changed.

    Attributes:
        ownership: The map.
        devices: Names of the devices in it.
        peers: How many peers they have.
        names: Peers' names by device and public key, not yet made printable.
        problem: Why the routes are not known, None where they are.
    """

    ownership: Ownership
    devices: tuple[str, ...] = ()
    peers: int = 0
    names: Mapping[tuple[str, PublicKey], str] = field(default_factory=dict, compare=False, repr=False)
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Who gets a packet.

    Attributes:
        delivery: Its way.
        names: Of the peers it speaks of.
        problem: Why the kernel could not be asked, None where it was.
    """

    delivery: Delivery
    names: Mapping[tuple[str, PublicKey], str]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class _Routes:
    routes: tuple[Route, ...] = ()
    rules: tuple[Rule, ...] = ()
    problem: Problem | None = None


class OwnershipMap:
    """Makes maps out of snapshots. It belongs to one thread, which owns the network's sockets."""

    def __init__(self, network: Network, store: ConfigStore, clock: Clock, read_config: ReadConfig) -> None:
        """Map one host.

        Args:
            network: Where routes and rules are read, and the kernel is asked.
            store: The folder of wg-quick files.
            clock: Bounds how often routes are read.
            read_config: Reads a file's bytes.
        """
        self._network = network
        self._store = store
        self._clock = clock
        self._read_config = read_config
        self._configs: dict[str, tuple[FileVersion, InterfaceConfig | None]] = {}
        self._routes = _Routes()
        self._next_routes = float("-inf")
        self._seen: list[object] = []
        self._view = MapView(Ownership())

    def take(self, snapshot: Snapshot, *, fresh: bool = False) -> MapView:
        """The map for a snapshot. Never raises: what cannot be read is a problem in it.

        Args:
            snapshot: The devices; those that cannot be read stand in it as they last were.
            fresh: Read the routes in any case.
        """
        self._read_routes(fresh)
        states = [state for state in snapshot.devices if state.device is not None]
        configs = {state.name: self._config(state.name) for state in states}
        seen = [self._routes, *_traits(states, configs)]
        if len(seen) == len(self._seen) and all(a is b for a, b in zip(seen, self._seen, strict=True)):
            return self._view
        self._seen = seen
        self._view = self._map(states, configs)
        return self._view

    def ask(self, address: Address) -> Answer:
        """Who gets a packet of this host for an address, by the last map and the kernel's own route."""
        ownership = self._view.ownership
        problem: Problem | None = None
        kernel: Route | None = None
        try:
            kernel = self._network.route_to(address)
        except WgtuiError as error:
            problem = _problem(error, self._clock.now())
        routing = ownership.routing
        computed = routing.decide(address) if routing is not None else None
        delivery = deliver(ownership, address, computed=computed, kernel=kernel, asked=problem is None)
        return Answer(delivery, self._view.names, problem)

    def close(self) -> None:
        """Release the sockets."""
        self._network.close()

    def _map(self, states: list[DeviceState], configs: dict[str, InterfaceConfig | None]) -> MapView:
        facts = [_facts(state, configs[state.name]) for state in states]
        routing = None
        if self._routes.problem is None:
            routing = RoutingTables(self._routes.routes, self._routes.rules)
        return MapView(
            ownership=map_ownership(facts, routing),
            devices=tuple(state.name for state in states),
            peers=sum(len(state.peers) for state in states),
            names={(state.name, peer.peer.public_key): peer.name for state in states for peer in state.peers},
            problem=self._routes.problem,
        )

    def _read_routes(self, fresh: bool) -> None:
        started = self._clock.monotonic()
        if not fresh and started < self._next_routes:
            return
        try:
            routes = (*self._network.routes(), *self._network.routes(table=LOCAL_TABLE))
            read = _Routes(routes, self._network.rules())
        except WgtuiError as error:
            known = self._routes.problem
            same = known is not None and (known.kind, known.text) == (type(error).__name__, error.text)
            read = self._routes if same else _Routes(problem=_problem(error, self._clock.now()))
        if read != self._routes:
            self._routes = read
        took = self._clock.monotonic() - started
        self._next_routes = started + max(LEAST_INTERVAL, took * SHARE_OF_TIME)

    def _config(self, name: str) -> InterfaceConfig | None:
        """What a device's file says, read again only when the file changed."""
        version = self._store.version(name)
        if version is None:
            self._configs.pop(name, None)
            return None
        known = self._configs.get(name)
        if known is None or known[0] != version:
            try:
                config = self._read_config(self._store.read(name))
            except WgtuiError:
                config = None
            known = self._configs[name] = (version, config)
        return known[1]


def _traits(states: list[DeviceState], configs: dict[str, InterfaceConfig | None]) -> list[object]:
    """What a map depends on, to be compared by identity: counters and handshakes are not among it."""
    traits: list[object] = []
    for state in states:
        traits += [state.name, configs[state.name]]
        for peer in state.peers:
            traits += (peer.peer.public_key, peer.peer.allowed_ips, peer.name)
    return traits


def _facts(state: DeviceState, config: InterfaceConfig | None) -> DeviceFacts:
    peers: tuple[tuple[PublicKey, tuple[Prefix, ...]], ...] = tuple(
        (peer.peer.public_key, peer.peer.allowed_ips) for peer in state.peers
    )
    return DeviceFacts(state.name, peers, config, state.device.public_key if state.device else None)


def _problem(error: WgtuiError, now: float) -> Problem:
    return Problem(type(error).__name__, error.title, error.text, error.hint, now)
