"""What the doctor's checks look at: everything is read once, and what could not be read is None or empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wgtui.domain.addresses import Address, Endpoint, Prefix
from wgtui.domain.config import EndpointConfig, InterfaceConfig, PeerConfig
from wgtui.domain.cryptokey import Claim
from wgtui.domain.device import Device
from wgtui.domain.drift import Difference
from wgtui.domain.forwarding import ForwardingView
from wgtui.domain.grammar import Finding
from wgtui.domain.host import UnitState
from wgtui.domain.journal import Entry
from wgtui.domain.keys import PublicKey
from wgtui.domain.path import FarSide
from wgtui.domain.setup.facts import HostFacts
from wgtui.domain.setup.preflight import PreflightFinding
from wgtui.domain.tunnel import PathMtu


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A peer's own file on this host, as wgtui made it.

    Attributes:
        key: The peer.
        path: Of the file, not made printable.
        has_its_key: Whether its private key gives the peer's public key.
        knows_relay: Whether it has this host's public key.
        preshared_key_agrees: Whether it has the preshared key of this host's file.
        endpoint: Where it calls this host; None for nowhere.
        is_open: Whether others than its owner and group can read it.
        far: What else it says.
    """

    key: PublicKey
    path: str
    has_its_key: bool
    knows_relay: bool
    preshared_key_agrees: bool
    endpoint: EndpointConfig | None
    is_open: bool
    far: FarSide


@dataclass(frozen=True, slots=True)
class Underlay:
    """The way of the encrypted packets to an endpoint.

    Attributes:
        link: By which they leave.
        mtu: Of that way, as far as the kernel knows.
    """

    link: str
    mtu: PathMtu


@dataclass(frozen=True, slots=True)
class InterfaceFacts:
    """An interface with a file, or that runs.

    Attributes:
        name: Its name.
        path: Of its file, not made printable.
        config: What that says; None where there is none or it cannot be read.
        peers: Of that, as a device would have them.
        problems: What the checker of files found in it.
        is_open: Whether every user of the host can read the file.
        names: What its peers are called, printable, by key; those without a name are missing.
        device: What runs; None where it is down.
        mtu: Of its link, bytes; 0 where it is down.
        is_link_up: Whether that is switched on.
        unit: Of systemd that brings it up; None for none.
        differences: Between file, kernel and boot.
        notes: What of that could not be compared.
        forwarding: All about forwarding; None where it could not be read.
        underlays: The ways to the endpoints of its peers.
        missing_names: Endpoints of the file whose names were not found.
        own_files: Of its peers.
    """

    name: str
    path: str
    config: InterfaceConfig | None = None
    peers: tuple[PeerConfig, ...] = ()
    problems: tuple[Finding, ...] = ()
    is_open: bool = False
    names: Mapping[PublicKey, str] = field(default_factory=dict)
    device: Device | None = None
    mtu: int = 0
    is_link_up: bool = True
    unit: UnitState | None = None
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()
    forwarding: ForwardingView | None = None
    underlays: Mapping[Endpoint, Underlay] = field(default_factory=dict)
    missing_names: frozenset[EndpointConfig] = frozenset()
    own_files: tuple[OwnFile, ...] = ()

    def label(self, key: PublicKey) -> str:
        """What to call a peer; printable."""
        return self.names.get(key) or key.short()

    @property
    def listen_port(self) -> int:
        """Where it listens, or would; 0 where that is not fixed."""
        if self.device is not None and self.device.listen_port:
            return self.device.listen_port
        return (self.config.listen_port or 0) if self.config is not None else 0

    @property
    def networks(self) -> tuple[Prefix, ...]:
        """The subnets of the addresses in its file."""
        addresses = self.config.quick.addresses if self.config is not None else ()
        return tuple(dict.fromkeys(address.network for address in addresses))


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A link of the host.

    Attributes:
        name: Its name.
        networks: Of its addresses, without link-local ones.
        addresses: Its addresses.
        is_tunnel: Whether it is WireGuard's.
        is_other_vpn: Whether it is some other program's tunnel.
    """

    name: str
    networks: tuple[Prefix, ...]
    addresses: tuple[Address, ...]
    is_tunnel: bool
    is_other_vpn: bool = False


@dataclass(frozen=True, slots=True)
class DoctorFacts:
    """One look at a host.

    Attributes:
        now: Unix seconds.
        host: What it is like; None where that could not be read.
        preflight: What stands in the way of setting it up.
        interfaces: Those that are examined.
        others: Those with a file that are not, for what they share with the former.
        links: All links.
        claims: Who owns which prefix, of all devices.
        bare: Device and key of peers without any allowed IP.
        settings: Of the kernel by name; None for those that it does not have.
        routed: Where routes lead, default routes and those into tunnels aside.
        advertised: Links whose IPv6 default route a router advertised.
        open_entry: Of the journal, cut off or waiting for its confirmation.
        newest_entry: When the newest entry of the journal was begun, Unix seconds; None without one.
        has_resolvconf: Whether the host has the program that `DNS` needs.
        is_namespace: Whether this is a network namespace of a host.
    """

    now: float
    host: HostFacts | None = None
    preflight: tuple[PreflightFinding, ...] = ()
    interfaces: tuple[InterfaceFacts, ...] = ()
    others: tuple[InterfaceFacts, ...] = ()
    links: tuple[LinkFacts, ...] = ()
    claims: tuple[Claim, ...] = ()
    bare: tuple[tuple[str, PublicKey], ...] = ()
    settings: Mapping[str, str | None] = field(default_factory=dict)
    routed: tuple[Prefix, ...] = ()
    advertised: tuple[str, ...] = ()
    open_entry: Entry | None = None
    newest_entry: float | None = None
    has_resolvconf: bool = True
    is_namespace: bool = False
