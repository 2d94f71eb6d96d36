"""Live probes of the ends of a path."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from wgtui.domain.addresses import Address
from wgtui.domain.echo import EchoResult
from wgtui.domain.errors import DeviceGone
from wgtui.domain.path import Spot, SpotKind, Walk
from wgtui.domain.path.here import LEAST_IPV6_MTU
from wgtui.domain.path.probing import EndProbe
from wgtui.ports.echo import Echo
from wgtui.services.apply import HostPorts

_SIZES: Final = (1380, 1340, 1280, 1200, 1000)
"""MTUs that are tried in turn where the tunnel's own is too large: of common uplinks, and IPv6's least."""


class PathProbe:
    """Pings both ends of a path from this host, and looks at their peers' counters.

    Args:
        host: Its ports.
        echo: Sends the pings.
    """

    def __init__(self, host: HostPorts, echo: Echo) -> None:
        self._host = host
        self._echo = echo

    def run(self, walk: Walk) -> tuple[EndProbe, ...]:
        """Probe the ends that are not this host; the internet, which only stands for a route, is left out.

        Raises:
            PermissionRefused: Pings need CAP_NET_RAW.
            WgtuiError: The devices cannot be read.
        """
        ends = [spot for spot in (walk.origin, walk.target) if _can_be_asked(spot)]
        return tuple(self._probe(spot) for spot in dict.fromkeys(ends))

    def _probe(self, spot: Spot) -> EndProbe:
        before = self._counters(spot)
        echo = self._echo.ask(spot.address, source=self._source(spot), link=spot.device)
        after = self._counters(spot)
        found = EndProbe(spot, echo)
        if before is not None and after is not None:
            found = EndProbe(spot, echo, after[0] - before[0], after[1] - before[1])
        return self._with_large(found) if echo.received and spot.device else found

    def _with_large(self, found: EndProbe) -> EndProbe:
        """The same with packets as large as the tunnel takes, and smaller ones where these are lost."""
        spot = found.spot
        link = self._host.network.link(spot.device)
        if link is None:
            return found
        found = replace(found, large_size=link.mtu, large=self._ask(spot, link.mtu))
        if found.loses_large:
            # IPv6 keeps its least: a smaller MTU would take it off the tunnel.
            has_ipv6 = any(one.version == 6 and not one.is_link_local for one in link.addresses)
            least = LEAST_IPV6_MTU if has_ipv6 else 0
            sizes = (size for size in _SIZES if least <= size < link.mtu)
            fits = (size for size in sizes if self._ask(spot, size).received)
            found = replace(found, fitting=next(fits, 0))
        return found

    def _ask(self, spot: Spot, size: int) -> EchoResult:
        return self._echo.ask(spot.address, source=self._source(spot), count=2, timeout=0.6, size=size)

    def _counters(self, spot: Spot) -> tuple[int, int] | None:
        if not spot.device:
            return None
        try:
            peers = self._host.wireguard.read(spot.device).peers
        except DeviceGone:
            return None
        return next(((one.tx_bytes, one.rx_bytes) for one in peers if one.public_key == spot.key), None)

    def _source(self, spot: Spot) -> Address | None:
        """This host's address in the tunnel, which the peers know it by."""
        if not spot.device:
            return None
        own = (address.interface for address in self._host.network.addresses(spot.device))
        return next(
            (one.ip for one in own if one.version == spot.address.version and not one.is_link_local), None
        )


def _can_be_asked(spot: Spot) -> bool:
    return spot.kind is not SpotKind.HOST and spot.label != "the internet"
