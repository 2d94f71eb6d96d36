"""`up`: the plan that makes an interface of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wgtui.domain.addresses import Prefix
from wgtui.domain.applying import undoing
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.config import InterfaceConfig, PeerConfig
from wgtui.domain.device import Device, Implementation
from wgtui.domain.errors import DeviceBusy
from wgtui.domain.network import LinkSettings
from wgtui.domain.plan import (
    ConfigureDevice,
    DeviceImage,
    Plan,
    RunHooks,
    SetAddress,
    SetDevice,
    SetLink,
    Step,
)
from wgtui.domain.tunnel import (
    DEFAULT_MTU,
    TableChoice,
    connected_prefixes,
    default_families,
    link_addresses,
    tunnel_routes,
)
from wgtui.services.interfaces.context import PlannerContext
from wgtui.services.interfaces.defaults import DefaultRoute
from wgtui.services.interfaces.facts import (
    Endpoints,
    look_up,
    mtu_for,
    own_key,
    refuse_missing_names,
    table_of,
)
from wgtui.services.interfaces.guard import guard_for, guard_steps
from wgtui.services.interfaces.names import dns_steps
from wgtui.services.interfaces.refusals import refuse_ipv6_below_its_mtu, refuse_taken_routes
from wgtui.services.interfaces.routes import route_steps
from wgtui.services.interfaces.source import Source, accepted_config
from wgtui.services.interfaces.units import driving_unit, start_steps, unit_of

_FRESH = LinkSettings(up=False, mtu=DEFAULT_MTU)


def plan_up(context: PlannerContext, source: Source) -> Plan:
    """Plan to bring an interface up, as `wg-quick up` does. Nothing is touched.

    Where the interface's `wg-quick@.service` is enabled or active, the plan starts that instead.

    Args:
        context: The host.
        source: The file.

    Raises:
        DeviceBusy: A link of that name exists.
        ConfigRefused: The file is refused; the text says where and why.
        NameNotFound: An endpoint's name could not be looked up in time.
        NetworkError: A route that the tunnel needs is taken.
        WgtuiError: The host cannot be read.
    """
    name = source.interface
    config = accepted_config(context, source)
    if context.host.network.link(name) is not None:
        raise DeviceBusy(
            f"{name} already exists.",
            hint=f"Take it down: wgtui down {name}. Or bring it in line with its file: wgtui sync {name}.",
        )
    peers = config.peers(own_key(context, config))
    endpoints = look_up(context, peers)
    refuse_missing_names(name, endpoints, context.resolve_timeout)
    title = f"Bring {name} up"
    state = driving_unit(context, name, source)
    if state is not None:
        note = f"{name} is started by its unit {unit_of(name)}, so wg-quick does all of it."
        return Plan(title, start_steps(name, state), (note,))
    making = _Making(context, source, config, peers, endpoints)
    steps = tuple(making.steps())
    return Plan(title, steps, tuple(making.notes))


class _Making:
    """Puts the steps together, in `wg-quick`'s order."""

    def __init__(
        self,
        context: PlannerContext,
        source: Source,
        config: InterfaceConfig,
        peers: tuple[PeerConfig, ...],
        endpoints: Endpoints,
    ) -> None:
        self._context = context
        self._source = source
        self._name = source.interface
        self._config = config
        self._peers = peers
        self._endpoints = endpoints
        self._table = table_of(context, config, source.path)
        self._mtu = self._find_mtu()
        self._addresses = link_addresses(config.quick.addresses, self._mtu)
        self._prefixes = [prefix for peer in peers for prefix in peer.allowed_ips]
        self.notes: list[str] = []

    def steps(self) -> Iterator[Step]:
        """All steps. `notes` is complete once they were taken."""
        quick, name = self._config.quick, self._name
        refuse_ipv6_below_its_mtu(name, self._mtu, self._prefixes, self._table)
        default = self._default_route()
        fresh = Device(name, Implementation.KERNEL)
        yield SetDevice(name, None, DeviceImage(fresh, _FRESH))
        yield from self._hooks("PreUp", quick.pre_up, "PostDown", quick.post_down)
        change = addconf(self._config, self._peers, self._endpoints, default.mark if default else None)
        if not change.is_empty:
            yield ConfigureDevice(name, change, undoing(change, fresh))
        for address in self._addresses:
            yield SetAddress(name, address, present=True)
        self._note_lost_addresses()
        yield SetLink(name, _FRESH, LinkSettings(up=True, mtu=self._mtu))
        yield from dns_steps(self._context, name, quick, self.notes)
        yield from self._routes(self._table)
        if default is not None:
            guard = guard_for(name, default.mark, self._addresses, default.families)
            yield from default.steps(guard_steps(self._context, name, None, guard))
        yield from self._hooks("PostUp", quick.post_up, "PreDown", quick.pre_down)

    def _find_mtu(self) -> int:
        written = self._config.quick.mtu
        if written is not None:
            return written
        found = (self._endpoints.get(peer.endpoint) for peer in self._peers if peer.endpoint)
        return mtu_for(self._context, [endpoint for endpoint in found if endpoint is not None])

    def _default_route(self) -> DefaultRoute | None:
        families = default_families(self._prefixes, self._table)
        if not families:
            return None
        return DefaultRoute(self._context, self._name, families, self._config.fwmark or 0)

    def _routes(self, table: TableChoice) -> Iterator[Step]:
        connected: Iterable[Prefix] = connected_prefixes(self._addresses)
        routes = tunnel_routes(self._prefixes, self._name, table, connected)
        refuse_taken_routes(self._context, self._name, routes)
        return route_steps(routes)

    def _hooks(
        self, hook: str, commands: tuple[str, ...], undo_hook: str, undo_commands: tuple[str, ...]
    ) -> Iterator[Step]:
        if commands or undo_commands:
            yield RunHooks(self._name, self._source.path, hook, commands, undo_hook, undo_commands)

    def _note_lost_addresses(self) -> None:
        had_ipv6 = any(address.version == 6 for address in self._config.quick.addresses)
        if had_ipv6 and not any(address.interface.version == 6 for address in self._addresses):
            self.notes.append(
                f"{self._name} gets no IPv6 address: IPv6 needs an MTU of 1280, and this one is {self._mtu}."
            )


def addconf(
    config: InterfaceConfig, peers: Iterable[PeerConfig], endpoints: Endpoints, mark: int | None
) -> DeviceChange:
    """What `wg addconf` sends: nothing that the file does not name, so what PreUp set stays.

    Args:
        config: The file.
        peers: As they result from it.
        endpoints: Theirs.
        mark: The fwmark of a default route; None for what the file says.
    """
    return DeviceChange(
        private_key=None if config.private_key is None else config.private_key.clamped(),
        listen_port=config.listen_port,
        fwmark=config.fwmark if mark is None else mark,
        peers=tuple(
            PeerChange(
                peer.public_key,
                preshared_key=peer.preshared_key,
                endpoint=endpoints.get(peer.endpoint) if peer.endpoint else None,
                persistent_keepalive=peer.persistent_keepalive or None,
                replace_allowed_ips=True,
                allowed_ips=peer.allowed_ips,
            )
            for peer in peers
        ),
    )
