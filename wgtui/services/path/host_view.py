"""The host as a path walk asks for it: the kernel's own answers wherever it gives them."""

from __future__ import annotations

from collections.abc import Callable

from wgtui.domain.addresses import Address
from wgtui.domain.cryptokey.routing import Fate, fate_of
from wgtui.domain.errors import WgtuiError, WrongWayIn
from wgtui.domain.network import Route
from wgtui.domain.path import FilterAnswer, PathDevice, Probe, RouteAnswer, RouteFate
from wgtui.domain.ruleset import (
    ConnectionState,
    Hook,
    Packet,
    decide,
    decider_words,
    masquerades,
)
from wgtui.domain.ruleset.reading import RulesetReading
from wgtui.ports.links import Link
from wgtui.ports.network import Network
from wgtui.ports.sysctls import Sysctls

_ICMP = {4: 1, 6: 58}
_ECHO = {4: 8, 6: 128}
_ECHO_REPLY = {4: 0, 6: 129}


class KernelView:
    """Implements `wgtui.domain.path.HostView` for one walk. Belongs to the thread of its ports.

    Args:
        network: Asked for routes.
        sysctls: Settings.
        reading: The packet filter's rules, as far as they could be read.
        links: All links, read once.
        devices: The WireGuard devices.
        now: Unix seconds.
    """

    def __init__(
        self,
        network: Network,
        sysctls: Sysctls,
        reading: RulesetReading,
        links: tuple[Link, ...],
        devices: tuple[PathDevice, ...],
        now: Callable[[], float],
    ) -> None:
        self._network = network
        self._sysctls = sysctls
        self._ruleset = reading.ruleset
        self._unread = reading.problems[0].text if reading.problems else ""
        self._mtus = {link.name: link.mtu for link in links}
        self._own = {address.ip for link in links for address in link.addresses}
        self._devices = devices
        self._now = now

    @property
    def now(self) -> float:
        """Unix seconds."""
        return self._now()

    @property
    def devices(self) -> tuple[PathDevice, ...]:
        """All WireGuard devices."""
        return self._devices

    def is_own(self, address: Address) -> bool:
        """Whether an address is one of this host."""
        return address in self._own

    def route(self, destination: Address, *, source: Address | None = None, in_link: str = "") -> RouteAnswer:
        """The kernel's route.

        Where it does not forward, it knows no way for what comes from elsewhere; then the way of a packet of
        its own is what forwarding would give.
        """
        if not in_link or source is None:
            return self._answer(self._network.route_to(destination))
        try:
            found = self._network.route_through(destination, source=source, in_link=in_link)
        except WrongWayIn:
            # The kernel gives the same error for a blackhole, which takes packets of this host as well.
            dead = self._network.route_to(destination) is None
            return RouteAnswer(RouteFate.NONE if dead else RouteFate.WRONG_WAY_IN)
        if found is None and not self._forwards(destination.version):
            found = self._network.route_to(destination)
        return self._answer(found)

    def _forwards(self, version: int) -> bool:
        name = "net.ipv4.ip_forward" if version == 4 else "net.ipv6.conf.all.forwarding"
        return self.setting(name) != "0"

    def _answer(self, route: Route | None) -> RouteAnswer:
        if route is None:
            return RouteAnswer(RouteFate.NONE)
        fate = fate_of(route)
        if fate is not Fate.LINK:
            return RouteAnswer(RouteFate.HERE if fate is Fate.HERE else RouteFate.REFUSED, route=route)
        return RouteAnswer(RouteFate.LINK, route.link, route, route.mtu or self._mtus.get(route.link, 0))

    def setting(self, name: str) -> str | None:
        """A kernel setting; None where it cannot be read."""
        try:
            return self._sysctls.read(name)
        except WgtuiError:
            return None

    def filtered(self, probe: Probe) -> FilterAnswer:
        """What FORWARD or INPUT does with an echo request, or with the answer to one."""
        decision = decide(self._ruleset, _packet(probe, Hook.FORWARD if probe.out_link else Hook.INPUT))
        if decision.culprit is not None:
            return FilterAnswer(False, decision.is_certain, decider_words(decision.culprit))
        if self._unread:
            return FilterAnswer(True, False, self._unread)
        words = "" if decision.is_certain else " ".join(map(decider_words, decision.doubts[:1]))
        return FilterAnswer(True, decision.is_certain, words)

    def hides_source(self, probe: Probe) -> bool:
        """Whether a rule of POSTROUTING gives the packet another source."""
        return masquerades(self._ruleset, _packet(probe, Hook.POSTROUTING)).hides_source


def _packet(probe: Probe, hook: Hook) -> Packet:
    version = probe.source.version
    return Packet(
        hook,
        probe.source,
        probe.destination,
        in_link=probe.in_link,
        out_link=probe.out_link,
        protocol=_ICMP[version],
        icmp_type=(_ECHO_REPLY if probe.is_reply else _ECHO)[version],
        ct_state=ConnectionState.ESTABLISHED if probe.is_reply else ConnectionState.NEW,
    )
