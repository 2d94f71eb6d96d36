"""The way that a session takes, and how a change can bear on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_network

from wgtui.domain.addresses import Address
from wgtui.domain.cryptokey.prefixes import PrefixMap
from wgtui.domain.device import Device, Peer
from wgtui.domain.network import LinkAddress, Route
from wgtui.domain.session.routing import Packet, Routing


class Severity(Enum):
    """How sure it is that a change cuts the session."""

    WILL = "will"
    MAY = "may"


@dataclass(frozen=True, slots=True)
class Risk:
    """One reason why a change can cut the session.

    Attributes:
        severity: How sure it is.
        text: One whole sentence; it may quote commands of a configuration, as they stand there.
    """

    severity: Severity
    text: str


@dataclass(frozen=True, slots=True)
class Leg:
    """One stretch of the session's way: packets of this host to one address.

    Where they go by a WireGuard device, the next leg is that of its own encrypted packets.

    Attributes:
        packet: What is sent.
        route: The kernel's answer, None for none.
        device: The WireGuard device that they leave by, None for another link.
        peer: The peer of it that owns the destination.
    """

    packet: Packet
    route: Route | None
    device: Device | None = None
    peer: Peer | None = None

    @property
    def link(self) -> str:
        """The link that they leave by, empty where that is not known."""
        return self.route.link if self.route is not None else ""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """The way of a session, as the host has it now.

    Attributes:
        link: The link that has the address that was called.
        addresses: All addresses of that link, in the kernel's order.
        legs: The way of the replies: to the operator, then to the end of the tunnel they go by, and so on.
        routing: Routes and rules of the host.
    """

    link: str
    addresses: tuple[LinkAddress, ...]
    legs: tuple[Leg, ...]
    routing: Routing

    @property
    def links(self) -> frozenset[str]:
        """Every link that the session needs."""
        return frozenset({self.link, *(leg.link for leg in self.legs)} - {""})

    def destinations(self, version: int) -> Iterator[Address]:
        """Addresses of one family that this host sends the session's packets to."""
        return (leg.packet.destination for leg in self.legs if leg.packet.destination.version == version)


def owner_of(device: Device, address: Address) -> Peer | None:
    """The peer that gets packets to an address and may send from it: the one of the longest prefix."""
    owners = PrefixMap((prefix, peer) for peer in device.peers for prefix in peer.allowed_ips)
    found = owners.longest(ip_network(address))
    return found[1] if found is not None else None
