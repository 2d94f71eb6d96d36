"""What the forms know besides their own fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from wgtui.domain.addresses import Prefix
from wgtui.domain.config import read_config
from wgtui.domain.device import Device
from wgtui.domain.editing.peer_list import peers_of
from wgtui.domain.forms.owners import Neighbour, PrefixOwners
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.ipam import propose_address
from wgtui.domain.keys import PublicKey
from wgtui.domain.wgquick import Document


@dataclass(frozen=True, slots=True)
class OtherInterface:
    """Another WireGuard interface of this host.

    Attributes:
        name: Its name.
        is_up: Whether there is a device now; otherwise only its file is known.
        listen_port: The device's, else the file's; 0 for none.
        addresses: Of the link, else of the file.
        prefixes: Allowed IPs of all its peers.
    """

    name: str
    is_up: bool = False
    listen_port: int = 0
    addresses: tuple[InterfaceAddress, ...] = ()
    prefixes: tuple[Prefix, ...] = ()


@dataclass(frozen=True)
class FormContext:
    """Everything around the peer or the interface that is edited.

    Attributes:
        peers: All peers of the interface but the one that is edited.
        addresses: Of the interface.
        listen_port: Of the interface; 0 when the system picks.
        is_relay: Whether others call this side, so that AllowedIPs is what belongs to each peer.
        own_key: The interface's own public key, where it is known.
        interfaces: Other WireGuard interfaces of this host.
        networks: Name and subnet of every other link, such as `eth0`'s.
    """

    peers: tuple[Neighbour, ...] = ()
    addresses: tuple[InterfaceAddress, ...] = ()
    listen_port: int = 0
    is_relay: bool = True
    own_key: PublicKey | None = None
    interfaces: tuple[OtherInterface, ...] = ()
    networks: tuple[tuple[str, Prefix], ...] = ()

    @cached_property
    def owners(self) -> PrefixOwners:
        """Who of the other peers owns which prefix."""
        return PrefixOwners(self.peers)

    @cached_property
    def by_key(self) -> dict[PublicKey, Neighbour]:
        """The other peers by their keys; one that is enabled goes before one that is not."""
        return {peer.public_key: peer for peer in sorted(self.peers, key=lambda peer: peer.enabled)}

    @cached_property
    def names(self) -> frozenset[str]:
        """The other peers' names, case folded."""
        return frozenset(peer.name.casefold() for peer in self.peers if peer.name)

    @cached_property
    def routed(self) -> dict[Prefix, str]:
        """Which other interface has a peer with this prefix."""
        return {prefix: other.name for other in self.interfaces for prefix in other.prefixes}

    @cached_property
    def proposal(self) -> str:
        """The next free addresses as text for a form; empty when there are none."""
        taken = chain.from_iterable(peer.allowed_ips for peer in self.peers)
        return ", ".join(map(str, propose_address(self.addresses, taken)))

    @cached_property
    def subnets(self) -> tuple[Prefix, ...]:
        """The tunnel's subnets: of addresses that are not alone in theirs."""
        networks = (address.network for address in self.addresses if not address.is_link_local)
        return tuple(dict.fromkeys(one for one in networks if one.prefixlen < one.max_prefixlen))


def form_context(
    document: Document,
    editing: PublicKey | None = None,
    *,
    own_key: PublicKey | None = None,
    device: Device | None = None,
    interfaces: Iterable[OtherInterface] = (),
    networks: Iterable[tuple[str, Prefix]] = (),
) -> FormContext:
    """Collect what the forms of one interface need. Make it once for each form, not for each key pressed.

    Args:
        document: The interface's file.
        editing: The peer that is edited; None for a new one, and for the interface.
        own_key: The public key that belongs to the file's private one.
        device: The running interface, where there is one: its peers count as well.
        interfaces: Other WireGuard interfaces of this host.
        networks: Name and subnet of every link that is no WireGuard interface.
    """
    config = read_config(document).config
    listed = peers_of(document)
    known = {peer.public_key for peer in listed}
    peers = [
        Neighbour(peer.public_key, peer.name, peer.settings.allowed_ips, peer.enabled)
        for peer in listed
        if peer.public_key != editing
    ]
    for live in device.peers if device else ():
        if live.public_key not in known and live.public_key != editing:
            peers.append(Neighbour(live.public_key, "", live.allowed_ips, in_file=False))
    port = config.listen_port or 0
    calls_all = bool(listed) and all(peer.settings.endpoint for peer in listed if peer.enabled)
    return FormContext(
        tuple(peers),
        config.quick.addresses,
        port,
        port != 0 and not calls_all,
        own_key or (device.public_key if device else None),
        tuple(interfaces),
        tuple(networks),
    )
