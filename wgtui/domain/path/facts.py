"""What a walk along a packet's path needs to know of the host, and of the far ends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Interface, IPv6Interface
from typing import Protocol

from wgtui.domain.addresses import Address, Endpoint, Prefix
from wgtui.domain.keys import PublicKey
from wgtui.domain.network import Route


@dataclass(frozen=True, slots=True)
class FarSide:
    """What a peer's own file says, where it is on this host.

    Attributes:
        addresses: Of the peer's interface.
        reaches: The allowed IPs that it gives this host: what it sends into the tunnel and accepts from it.
        dials: Whether it has an endpoint to call.
        keepalive: Seconds, 0 for off.
        forwards: Families for which its file switches forwarding on.
        lets_through: Whether its file lets packets between the tunnel and its LAN pass its packet filter.
        masquerades: Families for which it hides what comes out of the tunnel behind its LAN address.
        runs_own_rules: Whether the file has commands that wgtui did not write, so that it may do more.
        mtu: Bytes; 0 for automatic.
    """

    addresses: tuple[IPv4Interface | IPv6Interface, ...] = ()
    reaches: tuple[Prefix, ...] = ()
    dials: bool = True
    keepalive: int = 0
    forwards: frozenset[int] = frozenset()
    lets_through: bool = False
    masquerades: frozenset[int] = frozenset()
    runs_own_rules: bool = False
    mtu: int = 0


@dataclass(frozen=True, slots=True)
class PathPeer:
    """A peer of a device.

    Attributes:
        key: Its public key.
        name: Made printable; never empty: a short key stands in.
        allowed_ips: As the device has them.
        endpoint: Where it is sent to; None where it is not known yet.
        latest_handshake: Unix seconds; None for never.
        keepalive: Seconds, 0 for off.
        far: Its own file, None where it is not here.
    """

    key: PublicKey
    name: str
    allowed_ips: tuple[Prefix, ...]
    endpoint: Endpoint | None = None
    latest_handshake: float | None = None
    keepalive: int = 0
    far: FarSide | None = None


@dataclass(frozen=True, slots=True)
class PathDevice:
    """A WireGuard device of the host.

    Attributes:
        name: Its name.
        addresses: Of its link.
        mtu: Bytes.
        peers: In any order.
    """

    name: str
    addresses: tuple[IPv4Interface | IPv6Interface, ...]
    mtu: int
    peers: tuple[PathPeer, ...]

    def owner(self, address: Address) -> tuple[PathPeer, Prefix] | None:
        """The peer that owns an address, and by which prefix: the longest (cryptokey routing)."""
        found = [
            (prefix.prefixlen, peer, prefix)
            for peer in self.peers
            for prefix in peer.allowed_ips
            if prefix.version == address.version and address in prefix
        ]
        if not found:
            return None
        _, peer, prefix = max(found, key=lambda one: one[0])
        return peer, prefix


class RouteFate(Enum):
    """What the kernel does with a packet that came in, or that the host sends."""

    LINK = "link"
    HERE = "here"
    NONE = "none"
    REFUSED = "refused"
    WRONG_WAY_IN = "wrong way in"
    """The reverse path filter drops it: packets to its source would leave by another link."""


@dataclass(frozen=True, slots=True)
class RouteAnswer:
    """The kernel's answer.

    Attributes:
        fate: What it does.
        link: Where the packet leaves; empty where it does not.
        route: As the kernel named it; None without one.
        mtu: Of the way out, bytes; 0 where it is not known.
    """

    fate: RouteFate
    link: str = ""
    route: Route | None = None
    mtu: int = 0


@dataclass(frozen=True, slots=True)
class FilterAnswer:
    """What the packet filter does with a packet.

    Attributes:
        passes: Whether it gets through, as far as is known.
        certain: Whether it cannot be otherwise.
        words: Who decides, in one sentence; empty where nobody does.
    """

    passes: bool
    certain: bool = True
    words: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """The packet that is followed through the packet filter.

    Attributes:
        source: Its source.
        destination: Its destination.
        in_link: Where it came in; empty for a packet of this host.
        out_link: Where it leaves; empty for a packet to this host.
        is_reply: Whether it belongs to a connection that is known already.
    """

    source: Address
    destination: Address
    in_link: str
    out_link: str
    is_reply: bool = False


class HostView(Protocol):
    """The host, asked as the walk goes. Answers are read off the kernel, not computed, where it can tell."""

    @property
    def now(self) -> float:
        """Unix seconds."""
        ...

    @property
    def devices(self) -> tuple[PathDevice, ...]:
        """All WireGuard devices."""
        ...

    def is_own(self, address: Address) -> bool:
        """Whether an address is one of this host."""
        ...

    def route(self, destination: Address, *, source: Address | None = None, in_link: str = "") -> RouteAnswer:
        """The way of a packet: of this host without `in_link`, else of one that came in there."""
        ...

    def setting(self, name: str) -> str | None:
        """A kernel setting by dotted name; None where there is no such setting."""
        ...

    def filtered(self, probe: Probe) -> FilterAnswer:
        """What FORWARD, or INPUT without `out_link`, does with a packet."""
        ...

    def hides_source(self, probe: Probe) -> bool:
        """Whether the packet leaves with this host's address in place of its own."""
        ...
