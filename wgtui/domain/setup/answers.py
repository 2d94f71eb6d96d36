"""What is asked to set a host up: the answers, complete."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wgtui.domain.addresses import Prefix
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.keys import PresharedKey, PublicKey


class Scenario(StrEnum):
    """What the host is to be."""

    RELAY = "relay"
    """This public host forwards between peers, and to the LANs behind them."""

    DIRECT_PUBLIC = "direct"
    """This host is public and reaches the LAN behind a peer. Nothing is forwarded here."""

    DIRECT_NATED = "direct-behind-nat"
    """This host is behind NAT, is the gateway of its LAN, and dials a public peer."""

    GATEWAY = "road-warrior"
    """Peers send all their traffic through this host's uplink."""

    JOIN = "join"
    """This host dials an existing relay and is the gateway of its LAN there."""

    ADOPT = "adopt"
    """Interfaces that exist are taken as they are."""

    @property
    def dials(self) -> bool:
        """Whether this host calls its peer, rather than being called by its peers."""
        return self in (Scenario.DIRECT_NATED, Scenario.JOIN)


class Role(StrEnum):
    """What a peer is; its own side follows from that."""

    ROAMING = "roaming device"
    """A phone or a laptop: reaches everything, takes part with one address."""

    GATEWAY = "LAN gateway"
    """Leads to the LANs behind it."""

    PLAIN = "plain"
    """A server or the like, which takes part with its own address."""


@dataclass(frozen=True, slots=True)
class NetworkAnswers:
    """This host's end of the tunnel.

    Attributes:
        name: Of the interface and its file.
        addresses: Of the interface, with the lengths of the tunnel's subnets.
        listen_port: 0 to let the system pick, which suits a host that dials.
        endpoint: What peers dial, a name or an address, with the port; None where nobody dials this host.
        lans: LANs that this host leads to, for whoever is at the other end.
        peer_dns: DNS servers and search domains for the files of roaming devices.
        peer_mtu: Bytes, for the files of peers; 0 for automatic.
        mtu: Bytes, for this host; 0 for automatic.
    """

    name: str
    addresses: tuple[InterfaceAddress, ...]
    listen_port: int = 0
    endpoint: EndpointConfig | None = None
    lans: tuple[Prefix, ...] = ()
    peer_dns: tuple[str, ...] = ()
    peer_mtu: int = 0
    mtu: int = 0


@dataclass(frozen=True, slots=True)
class ForwardingAnswers:
    """What this host does with packets that are not for itself.

    Attributes:
        ipv4: Whether the kernel forwards IPv4, now and after a reboot.
        ipv6: Likewise IPv6.
        relay: Whether packets go from peer to peer.
        isolate: Whether packets from peer to peer are dropped whatever else accepts them.
        forward: Whether packets go between the tunnel and this host's other networks.
        masquerade: The interface behind whose address those from the tunnel hide; empty for none.
        open_port: Whether the packet filter lets the listen port in.
        mss_clamp: Whether TCP connections through here are kept to what fits the tunnel.
    """

    ipv4: bool = False
    ipv6: bool = False
    relay: bool = False
    isolate: bool = False
    forward: bool = False
    masquerade: str = ""
    open_port: bool = False
    mss_clamp: bool = False


@dataclass(frozen=True, slots=True)
class PeerAnswers:
    """One peer.

    Attributes:
        name: What it is called here.
        role: What it is.
        addresses: In the tunnel, with any length; empty to take the next free ones.
        lans: What is behind a LAN gateway.
        lan_interface: How the LAN gateway calls its interface to that LAN.
        public_key: Of a peer that keeps its private key; None to generate its keys here.
        preshared_key: One that is there already; None for none.
        preshared: Whether to generate a preshared key.
        reaches: What it reaches through this host; None for what follows from its role.
        keepalive: Seconds, for the side that is behind NAT; 0 for off, None for what follows from
            `behind_nat`.
        behind_nat: Whether the side that dials is behind NAT, as homes and phones are.
        endpoint: Where this host dials it; None where the peer dials.
    """

    name: str
    role: Role = Role.ROAMING
    addresses: tuple[InterfaceAddress, ...] = ()
    lans: tuple[Prefix, ...] = ()
    lan_interface: str = ""
    public_key: PublicKey | None = None
    preshared_key: PresharedKey | None = None
    preshared: bool = False
    reaches: tuple[Prefix, ...] | None = None
    keepalive: int | None = None
    behind_nat: bool = True
    endpoint: EndpointConfig | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers.

    Attributes:
        scenario: What this host is to be.
        interface: Its end of the tunnel.
        forwarding: What it forwards.
        peers: In the order of the file.
        boot: Whether the interface comes up at boot.
        start: Whether it comes up now.
    """

    scenario: Scenario
    interface: NetworkAnswers
    forwarding: ForwardingAnswers = ForwardingAnswers()
    peers: tuple[PeerAnswers, ...] = ()
    boot: bool = True
    start: bool = True
