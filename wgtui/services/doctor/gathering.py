"""Collects what the doctor's checks look at. Nothing is touched or sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from wgtui.domain.addresses import Address
from wgtui.domain.cryptokey import DeviceFacts, Ownership, RoutingTables, map_ownership
from wgtui.domain.cryptokey.routing import LOCAL_TABLE
from wgtui.domain.device import Device
from wgtui.domain.doctor import DoctorFacts, InterfaceFacts, LinkFacts
from wgtui.domain.forwarding.sysctl_files import IPV6_FORWARDING
from wgtui.domain.journal import EntryState
from wgtui.domain.network import MAIN_TABLE, UNICAST, Route
from wgtui.domain.setup.preflight import Existing, judge_host
from wgtui.ports.links import Link
from wgtui.services.changes import Changes
from wgtui.services.doctor.attempts import Attempts
from wgtui.services.doctor.interface import InterfaceReader
from wgtui.services.doctor.once import OnceReadFilter, OnceResolver

FolderMode = Callable[[str], int | None]
"""The permission bits of the folder that a file is in; None where they are not known."""

_NO_LINKS: Final[tuple[Link, ...]] = ()
_NO_ROUTES: Final[tuple[Route, ...]] = ()
_OPEN: Final = (EntryState.UNFINISHED, EntryState.WAITING)
_VPN_KINDS: Final = ("tun", "tap", "ppp", "xfrm", "vti")
_PROTOCOL_RA: Final = 9
"""Of routes that a router advertised (`linux/rtnetlink.h`)."""

_PATIENCE: Final = 0.6
"""Seconds that all names together are waited for: an examination is to be over within a second."""


class Gathering:
    """One look at a host.

    Args:
        changes: All services of the host.
        now: Unix seconds.
        folder_mode: Tells who can enter folders.
    """

    def __init__(self, changes: Changes, now: float, folder_mode: FolderMode) -> None:
        resolver = OnceResolver(changes.context.resolver)
        context = replace(changes.context, resolver=resolver, resolve_timeout=_PATIENCE)
        self._changes = replace(changes, context=context, packet_filter=OnceReadFilter(changes.packet_filter))
        self._now = now
        self._folder_mode = folder_mode
        self.attempts = Attempts()
        """What could not be read."""

    def facts(self, names: Sequence[str], others: Sequence[str]) -> DoctorFacts:
        """Everything.

        Args:
            names: Interfaces that are examined.
            others: Interfaces of which only file and device matter.
        """
        changes, attempts = self._changes, self.attempts
        links = attempts.read("the list of links", changes.links.all, _NO_LINKS)
        routes = attempts.read("the routes", self._routes, _NO_ROUTES)
        reader = InterfaceReader(changes, attempts, self._folder_mode, self._now, links)
        interfaces = tuple(reader.read(name) for name in names)
        more = tuple(reader.read_briefly(name) for name in others)
        ownership = attempts.read(
            "the map of allowed IPs", lambda: self._ownership((*interfaces, *more), routes), Ownership()
        )
        looked = attempts.read("the host", changes.tools.inspector.look, None)
        newest = attempts.read("the journal", lambda: next(changes.journal.entries(), None), None)
        running = {one.name for one in (*interfaces, *more) if one.device is not None}
        tunnel_routes = {route.destination for route in routes if route.link in running}
        advertised = tuple(sorted({route.link for route in routes if _is_advertised(route)}))
        return DoctorFacts(
            now=self._now,
            host=looked,
            preflight=judge_host(looked, Existing()) if looked is not None else (),
            interfaces=interfaces,
            others=more,
            links=tuple(_links(links, running)),
            claims=ownership.claims,
            bare=ownership.bare,
            settings={name: self._setting(name) for name in _settings(names, advertised)},
            routed=tuple({route.destination for route in routes if _leads_somewhere(route)} - tunnel_routes),
            advertised=advertised,
            open_entry=newest if newest is not None and newest.state in _OPEN else None,
            newest_entry=newest.at if newest is not None else None,
            has_resolvconf=attempts.read("resolvconf", changes.host.resolvconf.is_available, True),
            is_namespace=changes.is_namespace,
        )

    def _routes(self) -> tuple[Route, ...]:
        network = self._changes.host.network
        return (*network.routes(), *network.routes(table=LOCAL_TABLE))

    def _setting(self, name: str) -> str | None:
        sysctls = self._changes.host.sysctls
        return self.attempts.read("a setting of the kernel", lambda: sysctls.read(name), None)

    def _ownership(self, interfaces: Sequence[InterfaceFacts], routes: tuple[Route, ...]) -> Ownership:
        rules = self._changes.host.network.rules()
        facts = [_owners(one, one.device) for one in interfaces if one.device is not None]
        return map_ownership(facts, RoutingTables(routes, rules) if routes else None)


def _owners(one: InterfaceFacts, device: Device) -> DeviceFacts:
    peers = tuple((peer.public_key, peer.allowed_ips) for peer in device.peers)
    return DeviceFacts(one.name, peers, one.config, device.public_key)


def _leads_somewhere(route: Route) -> bool:
    return route.type == UNICAST and bool(route.destination.prefixlen) and route.table == MAIN_TABLE


def _is_advertised(route: Route) -> bool:
    return (
        route.destination.version == 6
        and not route.destination.prefixlen
        and route.protocol == _PROTOCOL_RA
        and bool(route.link)
    )


def _settings(names: Sequence[str], advertised: Sequence[str]) -> Iterator[str]:
    yield IPV6_FORWARDING
    yield "net.ipv4.conf.all.rp_filter"
    yield from (f"net.ipv4.conf.{name.replace('.', '/')}.rp_filter" for name in names)
    yield from (f"net.ipv6.conf.{link.replace('.', '/')}.accept_ra" for link in advertised)


def _links(links: tuple[Link, ...], tunnels: set[str]) -> Iterator[LinkFacts]:
    for link in links:
        if link.name == "lo" or not link.up:
            continue
        own = [address for address in link.addresses if not address.is_link_local]
        addresses: tuple[Address, ...] = tuple(address.ip for address in own)
        networks = tuple(dict.fromkeys(address.network for address in own))
        ours = link.name in tunnels or link.kind == "wireguard"
        yield LinkFacts(link.name, networks, addresses, ours, not ours and link.kind in _VPN_KINDS)
