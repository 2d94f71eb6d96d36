"""What to propose for a host that is set up: names, subnets, ports, the endpoint, DNS, MTU."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from ipaddress import ip_address

from wgtui.domain.addresses import Address, Prefix
from wgtui.domain.config import InterfaceConfig, read_config
from wgtui.domain.errors import WgtuiError
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.grammar.hosts import pton4, pton6
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.reach import Reach, best_first, reach_of
from wgtui.domain.setup.answers import Scenario
from wgtui.domain.setup.choose import (
    SUBNET_BYTES,
    free_name,
    free_port,
    free_subnet,
    local_subnet,
    peer_mtu,
)
from wgtui.domain.setup.draft import Draft, DraftForwarding, DraftNetwork, filled
from wgtui.domain.setup.facts import HostFacts
from wgtui.domain.setup.usual import usual_forwarding
from wgtui.domain.wgquick import parse
from wgtui.ports.config_store import ConfigStore
from wgtui.ports.entropy import Entropy
from wgtui.ports.links import Link, Links
from wgtui.ports.network import Network
from wgtui.services.ways_out import ways_out


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A link that packets can be forwarded to.

    Attributes:
        name: Its name.
        subnets: Of its addresses.
        mtu: Bytes.
        is_uplink: Whether the way to the internet goes through it.
    """

    name: str
    subnets: tuple[Prefix, ...]
    mtu: int
    is_uplink: bool


@dataclass(frozen=True, slots=True)
class DnsChoice:
    """DNS servers that peers could use.

    Attributes:
        text: Whose they are.
        servers: Addresses; empty to leave the peer's own.
    """

    text: str
    servers: tuple[str, ...]


PUBLIC_DNS = (
    DnsChoice("Quad9", ("9.9.9.9", "2620:fe::fe")),
    DnsChoice("Cloudflare", ("1.1.1.1", "2606:4700:4700::1111")),
    DnsChoice("Google", ("8.8.8.8", "2001:4860:4860::8888")),
)
"""Servers that answer anybody."""

_NOTHING = Draft()


@dataclass(frozen=True, slots=True)
class Proposals:
    """What a host has free, and what its peers could dial.

    Attributes:
        name: Of the interface.
        ipv4: This host's address in an IPv4 subnet that is free.
        ipv6: This host's address in a unique local /64; for whoever wants IPv6.
        listen_port: A free one.
        endpoints: Addresses that packets to the internet leave from, best first.
        uplink: The link that they leave by; empty where there is none.
        links: All links that lead elsewhere, the uplink first.
        dns: Servers for peers; the first leaves them their own.
        peer_mtu: For the files of peers, 0 for automatic.
        taken: Prefixes that this host routes or owns, by what has them.
    """

    name: str
    ipv4: InterfaceAddress
    ipv6: InterfaceAddress
    listen_port: int
    endpoints: tuple[Address, ...]
    uplink: str
    links: tuple[LinkFacts, ...]
    dns: tuple[DnsChoice, ...]
    peer_mtu: int
    taken: tuple[tuple[str, Prefix], ...]

    def draft(self, scenario: Scenario, given: Draft = _NOTHING) -> Draft:
        """The answers that a scenario starts with.

        Args:
            scenario: Which one.
            given: What was answered already: what follows from addresses and port follows from those.
        """
        joins = scenario is Scenario.JOIN
        addresses = given.interface.addresses or (() if joins else (self.ipv4,))
        families = {address.version for address in addresses} or {4}
        port = given.interface.listen_port
        port = self.listen_port if port is None else port
        lan = self._lan() if scenario.dials else None
        usual = usual_forwarding(scenario, addresses or (self.ipv4,), lan.name if lan else self.uplink)
        dialled = self.endpoints and not scenario.dials
        full = scenario is Scenario.GATEWAY
        return Draft(
            scenario,
            DraftNetwork(
                name=self.name,
                addresses=addresses or None,
                listen_port=0 if scenario.dials else port,
                endpoint=EndpointConfig(str(self.endpoints[0]), port) if dialled and port else None,
                lans=tuple(one for one in lan.subnets if one.version in families) if lan else (),
                peer_dns=_of_families(PUBLIC_DNS[0].servers, families) if full else (),
                peer_mtu=self.peer_mtu,
                mtu=0,
            ),
            DraftForwarding(**{field.name: getattr(usual, field.name) for field in fields(usual)}),
            boot=True,
            start=True,
        )

    def fill(self, draft: Draft) -> Draft:
        """A draft with what is proposed for its scenario where it has no answer."""
        return draft if draft.scenario is None else filled(draft, self.draft(draft.scenario, draft))

    def _lan(self) -> LinkFacts | None:
        """The link to the LAN: one that is not the uplink, else that one, as in a box with one cable."""
        within = [link for link in self.links if any(one.version == 4 for one in link.subnets)]
        return next((link for link in within if not link.is_uplink), within[0] if within else None)


class Proposer:
    """Reads what a host has, and finds what is free.

    Args:
        network: Its routes.
        links: Its links.
        configs: Its wg-quick files.
        entropy: Random bytes, for subnets that hardly anybody else has.
    """

    def __init__(self, network: Network, links: Links, configs: ConfigStore, entropy: Entropy) -> None:
        self._network = network
        self._links = links
        self._configs = configs
        self._entropy = entropy

    def propose(self, facts: HostFacts) -> Proposals:
        """All proposals. What cannot be read is left out; the plan looks again.

        Args:
            facts: Of the host.
        """
        links = self._all_links()
        taken = tuple(dict.fromkeys((*_of_links(links), *self._routed(), *self._written())))
        uplink, endpoints = self._ways_out()
        random = self._entropy(SUBNET_BYTES)
        reached = tuple(
            sorted(_leading_elsewhere(links, uplink), key=lambda link: (not link.is_uplink, link.name))
        )
        return Proposals(
            name=free_name({*self._configs.names(), *(link.name for link in links)}),
            ipv4=free_subnet((prefix for _, prefix in taken), random[:2]),
            ipv6=local_subnet(random[2:]),
            listen_port=free_port({*facts.udp_ports, *self._written_ports()}),
            endpoints=best_first(endpoints),
            uplink=uplink,
            links=reached,
            dns=(DnsChoice("the peer's own", ()), *_resolvers(facts), *PUBLIC_DNS),
            peer_mtu=peer_mtu(next((link.mtu for link in reached if link.is_uplink), 0)),
            taken=taken,
        )

    def _all_links(self) -> tuple[Link, ...]:
        try:
            return self._links.all()
        except WgtuiError:
            return ()

    def _routed(self) -> Iterator[tuple[str, Prefix]]:
        try:
            routes = self._network.routes()
        except WgtuiError:
            return
        for route in routes:
            if route.destination.prefixlen and not _is_local(route.destination):
                yield route.link or "a route", route.destination

    def _written(self) -> Iterator[tuple[str, Prefix]]:
        for name, config in self._configurations():
            yield from ((name, address.network) for address in config.quick.addresses)
            for peer in config.peers():
                yield from ((name, prefix) for prefix in peer.allowed_ips if prefix.prefixlen)

    def _written_ports(self) -> Iterator[int]:
        yield from (config.listen_port for _, config in self._configurations() if config.listen_port)

    def _configurations(self) -> Iterator[tuple[str, InterfaceConfig]]:
        for name in self._configs.names():
            try:
                yield name, read_config(parse(self._configs.read(name))).config
            except WgtuiError:
                continue

    def _ways_out(self) -> tuple[str, tuple[Address, ...]]:
        """The link to the internet, and the addresses that packets leave it from."""
        uplink, sources = "", []
        for route in ways_out(self._network):
            uplink = uplink or route.link
            source = route.source or self._address_of(route.link, route.destination.version)
            if source is not None and not source.is_loopback:
                sources.append(source)
        return uplink, tuple(sources)

    def _address_of(self, link: str, version: int) -> Address | None:
        addresses = (one.interface.ip for one in self._network.addresses(link))
        return next((one for one in addresses if one.version == version and not one.is_link_local), None)


def _of_links(links: Iterable[Link]) -> Iterator[tuple[str, Prefix]]:
    for link in links:
        yield from ((link.name, one.network) for one in link.addresses if not _is_local(one.network))


def _is_local(prefix: Prefix) -> bool:
    return prefix.is_loopback or prefix.is_link_local or prefix.is_multicast


def _leading_elsewhere(links: Iterable[Link], uplink: str) -> Iterator[LinkFacts]:
    for link in links:
        if link.up and link.name != "lo" and link.kind not in ("wireguard", "dummy", "ifb"):
            subnets = tuple(one.network for one in link.addresses if not one.is_link_local)
            yield LinkFacts(link.name, subnets, link.mtu, link.name == uplink)


def _of_families(servers: Iterable[str], families: Collection[int]) -> tuple[str, ...]:
    """Only those that a tunnel of these families leads to."""
    return tuple(one for one in servers if ip_address(one).version in families)


def _resolvers(facts: HostFacts) -> Iterator[DnsChoice]:
    """The host's own servers, where peers could ask them: not those on the host itself, as systemd's stub."""
    addresses = [pton4(text) or pton6(text) for text in facts.resolvers]
    public = tuple(str(one) for one in addresses if one is not None and reach_of(one) is Reach.PUBLIC)
    if public:
        yield DnsChoice("this host's own", public)
