"""What follows from the answers: both ends of every peer.

On the relay, allowed IPs are what belongs to that peer. On a peer, they are everything it wants to reach
through the relay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_interface
from typing import Final

from wgtui.domain.addresses import Prefix, prefix_of
from wgtui.domain.editing import InterfaceEdit, PeerEdit, add_peer, new_interface
from wgtui.domain.errors import AnswersRefused
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.ipam import next_free
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey
from wgtui.domain.setup.answers import Answers, PeerAnswers, Role, Scenario
from wgtui.domain.text import printable
from wgtui.domain.wgquick import Document

KEEPALIVE: Final = 25
"""Seconds that keep the mapping of almost every NAT open."""

EVERYTHING: Final = (prefix_of("0.0.0.0/0"), prefix_of("::/0"))
"""The allowed IPs of a full tunnel; IPv6 is in it so that none leaks beside it."""


@dataclass(frozen=True, slots=True)
class DerivedPeer:
    """One peer, from both ends.

    Attributes:
        answers: What was said of it.
        addresses: Its own in the tunnel, with the lengths of the tunnel's subnets.
        allowed_ips: In this host's file: what belongs to it, or, where this host dials a relay, what this
            host reaches through it.
        endpoint: In this host's file; None where the peer dials.
        keepalive: In this host's file, seconds; 0 for off.
        reaches: The allowed IPs in the peer's own file.
        calls: The endpoint in the peer's own file; None where it is dialled.
        own_keepalive: In the peer's own file, seconds; 0 for off.
        own_listen_port: In the peer's own file; 0 where it only dials.
        dns: In the peer's own file: servers and search domains.
        mtu: In the peer's own file, bytes; 0 for automatic.
        forwards: Whether the peer forwards between the tunnel and the LANs behind it.
    """

    answers: PeerAnswers
    addresses: tuple[InterfaceAddress, ...]
    allowed_ips: tuple[Prefix, ...]
    endpoint: EndpointConfig | None
    keepalive: int
    reaches: tuple[Prefix, ...]
    calls: EndpointConfig | None
    own_keepalive: int
    own_listen_port: int
    dns: tuple[str, ...]
    mtu: int
    forwards: bool

    @property
    def name(self) -> str:
        """What it is called."""
        return self.answers.name


@dataclass(frozen=True, slots=True)
class PeerKeys:
    """The keys of one peer.

    Attributes:
        public_key: Its.
        private_key: None where it keeps it.
        preshared_key: None for none.
    """

    public_key: PublicKey
    private_key: PrivateKey | None = None
    preshared_key: PresharedKey | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows.

    Attributes:
        answers: From which.
        peers: In their order.
    """

    answers: Answers
    peers: tuple[DerivedPeer, ...] = field(default=())


def derive(answers: Answers) -> Derived:
    """Both ends of all peers.

    Raises:
        AnswersRefused: A subnet of the tunnel has no address left for a peer.
    """
    addresses = _peer_addresses(answers)
    return Derived(
        answers,
        tuple(_derived(answers, peer, own) for peer, own in zip(answers.peers, addresses, strict=True)),
    )


def own_document(
    derived: Derived,
    private_key: PrivateKey,
    keys: Mapping[str, PeerKeys],
    hooks: InterfaceEdit = InterfaceEdit(),  # noqa: B008 - it is frozen
) -> Document:
    """This host's own file.

    Args:
        derived: From the answers.
        private_key: Of the interface.
        keys: Of the peers, by name.
        hooks: The commands that forward and translate; only its hooks count.

    Raises:
        EditRefused: Two peers have one public key.
    """
    interface = derived.answers.interface
    document = new_interface(
        InterfaceEdit(
            private_key=private_key,
            addresses=interface.addresses,
            listen_port=interface.listen_port,
            mtu=interface.mtu,
            pre_up=hooks.pre_up,
            post_up=hooks.post_up,
            pre_down=hooks.pre_down,
            post_down=hooks.post_down,
        )
    )
    for peer in derived.peers:
        document = add_peer(document, peer_edit(peer, keys[peer.name]))
    return document


def peer_edit(peer: DerivedPeer, keys: PeerKeys) -> PeerEdit:
    """What this host's file says of a peer."""
    return PeerEdit(
        name=peer.name,
        public_key=keys.public_key,
        preshared_key=keys.preshared_key,
        allowed_ips=peer.allowed_ips,
        endpoint=peer.endpoint,
        persistent_keepalive=peer.keepalive,
    )


def subnets(addresses: Iterable[InterfaceAddress]) -> tuple[Prefix, ...]:
    """The tunnel's subnets, in order."""
    return tuple(dict.fromkeys(address.network for address in addresses if not address.is_link_local))


def single(address: InterfaceAddress) -> Prefix:
    """The prefix that holds one address only."""
    return prefix_of(str(address.ip))


def _derived(answers: Answers, peer: PeerAnswers, addresses: tuple[InterfaceAddress, ...]) -> DerivedPeer:
    here = answers.interface
    dialled = peer.endpoint is not None
    keepalive = peer.keepalive if peer.keepalive is not None else KEEPALIVE if peer.behind_nat else 0
    belongs = _once((*map(single, addresses), *peer.lans))
    # A relay that this host joins leads to all of the tunnel, not only to itself.
    joined = _once((*subnets(here.addresses), *peer.lans))
    return DerivedPeer(
        answers=peer,
        addresses=addresses,
        allowed_ips=joined if answers.scenario is Scenario.JOIN and dialled else belongs,
        endpoint=peer.endpoint,
        keepalive=keepalive if dialled else 0,
        reaches=_once(_reaches(answers, peer)) if peer.reaches is None else peer.reaches,
        calls=None if dialled else here.endpoint,
        own_keepalive=0 if dialled else keepalive,
        own_listen_port=peer.endpoint.port if peer.endpoint is not None else 0,
        dns=here.peer_dns if peer.role is Role.ROAMING else (),
        mtu=here.peer_mtu,
        forwards=peer.role is Role.GATEWAY,
    )


def _reaches(answers: Answers, peer: PeerAnswers) -> Iterator[Prefix]:
    here = answers.interface
    if answers.scenario is Scenario.GATEWAY and peer.role is not Role.GATEWAY:
        yield from EVERYTHING
        return
    if not answers.forwarding.relay or answers.forwarding.isolate:
        yield from map(single, here.addresses)
        yield from here.lans
        return
    yield from subnets(here.addresses)
    if peer.role is not Role.PLAIN:
        yield from here.lans
        for other in answers.peers:
            if other is not peer and other.role is Role.GATEWAY:
                yield from (lan for lan in other.lans if lan not in peer.lans)


def _peer_addresses(answers: Answers) -> list[tuple[InterfaceAddress, ...]]:
    """The addresses of all peers; those without get the next free ones, one in each subnet."""
    nets = subnets(answers.interface.addresses)
    taken = [single(address) for address in answers.interface.addresses]
    taken += [single(address) for peer in answers.peers for address in peer.addresses]
    found = []
    for peer in answers.peers:
        own = tuple(_in_subnet(address, nets) for address in peer.addresses)
        if not own:
            own = _next_addresses(peer, nets, taken)
            taken += map(single, own)
        found.append(own)
    return found


def _next_addresses(
    peer: PeerAnswers, nets: tuple[Prefix, ...], taken: list[Prefix]
) -> tuple[InterfaceAddress, ...]:
    found: list[InterfaceAddress] = []
    number: int | None = None
    for net in nets:
        free = next_free(net, taken, number)
        if free is None:
            raise AnswersRefused(
                f"{net} has no address left for the peer {printable(peer.name)}.",
                hint="Give the interface a wider subnet, or the peer an address.",
            )
        if number is None:
            number = int(free) - int(net.network_address)
        found.append(ip_interface(f"{free}/{net.prefixlen}"))
    return tuple(found)


def _in_subnet(address: InterfaceAddress, nets: tuple[Prefix, ...]) -> InterfaceAddress:
    """An address with the length of the subnet it is in; outside of all, as it was given."""
    length = next((net.prefixlen for net in nets if address.ip in net), address.network.prefixlen)
    return ip_interface(f"{address.ip}/{length}")


def _once(prefixes: Iterable[Prefix]) -> tuple[Prefix, ...]:
    return tuple(dict.fromkeys(prefixes))
