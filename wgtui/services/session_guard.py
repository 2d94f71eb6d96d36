"""Whether a plan can cut the operator's own SSH session, on the host as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_network
from typing import Final

from wgtui.domain.errors import DeviceGone, NetworkError, WgtuiError
from wgtui.domain.network import Route, link_route
from wgtui.domain.plan import Plan
from wgtui.domain.session import (
    Leg,
    Packet,
    Risk,
    Routing,
    SessionFacts,
    SshSession,
    how_it_may_cut,
    in_order,
    owner_of,
    with_unknown_way,
)
from wgtui.ports.links import Links
from wgtui.ports.network import Network
from wgtui.ports.wireguard import WireGuard

_DEEPEST: Final = 4
"""Tunnels in tunnels that are followed; more would be a loop."""


class SessionGuard:
    """Looks at the way of the sessions anew for every plan. Belongs to one thread, as its ports do.

    Args:
        sessions: Those that the operator may be sitting at; with none of them nothing is at risk.
        links: Tell which link has the address that was called.
        network: Addresses, routes and rules.
        wireguard: The devices that a session may come through.
        ends_here: Whether the sessions' sshd runs in the network namespace that is changed. Elsewhere the
            address that was called is missing for that reason, and what is changed is not the session's way.
    """

    def __init__(
        self,
        sessions: Sequence[SshSession],
        links: Links,
        network: Network,
        wireguard: WireGuard,
        *,
        ends_here: bool = True,
    ) -> None:
        self._sessions = tuple(sessions)
        self._links = links
        self._network = network
        self._wireguard = wireguard
        self._ends_here = ends_here

    def risks(self, plan: Plan) -> tuple[Risk, ...]:
        """The reasons why a plan can cut a session, the sure ones first; empty where it cannot."""
        if plan.is_empty or not self._sessions:
            return ()
        try:
            routing = self._routing()
        except WgtuiError:
            return in_order(with_unknown_way(plan, session) for session in self._sessions)
        return in_order(self._risks(plan, session, routing) for session in self._sessions)

    def _risks(self, plan: Plan, session: SshSession, routing: Routing) -> tuple[Risk, ...]:
        try:
            facts = self._facts(session, routing)
        except WgtuiError:
            return with_unknown_way(plan, session)
        if facts is not None:
            return how_it_may_cut(plan, session, facts)
        return with_unknown_way(plan, session) if self._ends_here else ()

    def _routing(self) -> Routing:
        addresses = {link.name: link.addresses for link in self._links.all()}
        return Routing(self._network.routes(), self._network.rules(), addresses)

    def _facts(self, session: SshSession, routing: Routing) -> SessionFacts | None:
        """The way of a session; None where no link has the address that was called."""
        owners = [
            name
            for name, interfaces in routing.addresses.items()
            if any(interface.ip == session.server for interface in interfaces)
        ]
        if session.link in owners:
            owners = [session.link]
        if not owners:
            return None
        legs = tuple(self._legs(session))
        link = legs[0].link if legs[0].link in owners else owners[0]
        return SessionFacts(link, self._network.addresses(link), legs, routing)

    def _legs(self, session: SshSession) -> list[Leg]:
        packet = Packet(session.client, session.server)
        legs: list[Leg] = []
        while len(legs) < _DEEPEST:
            leg = self._leg(packet, session.link)
            legs.append(leg)
            if leg.device is None or leg.peer is None or leg.peer.endpoint is None:
                break
            packet = Packet(leg.peer.endpoint.address, mark=leg.device.fwmark)
        return legs

    def _leg(self, packet: Packet, scope: str) -> Leg:
        route = self._route(packet, scope)
        if route is None or route.link not in self._wireguard.names():
            return Leg(packet, route)
        try:
            device = self._wireguard.read(route.link)
        except DeviceGone:
            return Leg(packet, route)
        return Leg(packet, route, device, owner_of(device, packet.destination))

    def _route(self, packet: Packet, scope: str) -> Route | None:
        if packet.destination.is_link_local:
            return link_route(ip_network(packet.destination), scope) if scope else None
        try:
            return self._network.route_to(packet.destination, mark=packet.mark, source=packet.source)
        except NetworkError:
            # The kernel refuses a source that it no longer has, for one.
            return None
