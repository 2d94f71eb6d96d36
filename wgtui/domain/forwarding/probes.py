"""The packets that a switch is about, to be asked of the host's packet filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_address
from itertools import islice
from typing import Final

from wgtui.domain.addresses import Address, Prefix
from wgtui.domain.forwarding.rules import RuleFacts
from wgtui.domain.forwarding.view import PathLink, PathPeer, SwitchName
from wgtui.domain.ruleset import ConnectionState, Hook, Packet, Ruleset, Table
from wgtui.domain.ruleset.packet import TCP, UDP

_FAR: Final = {4: ip_address("9.9.9.9"), 6: ip_address("2620:fe::fe")}
"""Stands for the Internet: filters may drop addresses that are only for documentation."""

_HTTPS: Final = 443
_CALLING: Final = 50123
"""A port as programs get it that call."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A packet, and what it stands for.

    Attributes:
        switch: Whose packets these are.
        what: In words, to stand behind "Packets".
        packet: At the hook where it is decided.
        link: The other interface; empty for none.
    """

    switch: SwitchName
    what: str
    packet: Packet
    link: str = ""


@dataclass(frozen=True, slots=True)
class Surrounding:
    """What stands around a tunnel.

    Attributes:
        facts: Of the interface.
        peers: Of it.
        links: The other interfaces.
    """

    facts: RuleFacts
    peers: tuple[PathPeer, ...]
    links: tuple[PathLink, ...]


def probes_of(around: Surrounding, switch: SwitchName, target: str = "") -> tuple[Probe, ...]:
    """The packets of a switch; none for one that is a setting, or where there are no such packets.

    Args:
        around: The tunnel and what stands around it.
        switch: Which.
        target: For `masquerade`: the interface.
    """
    match switch:
        case SwitchName.RELAY | SwitchName.ISOLATE:
            return tuple(_between_peers(around, switch))
        case SwitchName.FORWARD:
            return tuple(_forwarded(around))
        case SwitchName.MASQUERADE:
            return tuple(_leaving(around, target))
        case SwitchName.PORT:
            return tuple(_arriving(around))
        case SwitchName.MSS:
            return tuple(replace(probe, switch=switch) for probe in _forwarded(around))
        case _:
            return ()


def without_own(ruleset: Ruleset, interface: str) -> Ruleset:
    """The ruleset as it would be without wgtui's rules for an interface."""
    mark = f"wgtui:{interface}:"
    tables = (table for table in ruleset.tables if table.name != f"wgtui-{interface}")
    return Ruleset(tuple(_without(table, mark) for table in tables))


def _without(table: Table, mark: str) -> Table:
    chains = {
        name: tuple(rule for rule in rules if not rule.comment.startswith(mark))
        for name, rules in table.chains.items()
    }
    bases = tuple(
        replace(
            base,
            rules=tuple(rule for rule in base.rules if not rule.comment.startswith(mark)),
            chains=chains,
        )
        for base in table.base_chains
    )
    return replace(table, base_chains=bases, chains=chains)


def _between_peers(around: Surrounding, switch: SwitchName) -> Iterator[Probe]:
    name = around.facts.interface
    for version in sorted(around.facts.families):
        first, second = _two_inside(around, version)
        if first is not None:
            packet = _packet(Hook.FORWARD, first, second or first, name, name)
            yield Probe(switch, f"between peers of {name}", packet)


def _forwarded(around: Surrounding) -> Iterator[Probe]:
    name = around.facts.interface
    for version in sorted(around.facts.families):
        inside, _ = _two_inside(around, version)
        for link in around.links if inside is not None else ():
            outside = _outside(link, version)
            if outside is None:
                continue
            out = _packet(Hook.FORWARD, inside, outside, name, link.name)
            yield Probe(SwitchName.FORWARD, f"out of {name} to {link.name}", out, link.name)
            back = _packet(Hook.FORWARD, outside, inside, link.name, name)
            if link.is_uplink:
                # Nobody calls into a tunnel from the Internet: what comes from there are answers.
                back = replace(
                    back,
                    ct_state=ConnectionState.ESTABLISHED,
                    source_port=_HTTPS,
                    destination_port=_CALLING,
                )
            yield Probe(SwitchName.FORWARD, f"from {link.name} into {name}", back, link.name)


def _leaving(around: Surrounding, target: str) -> Iterator[Probe]:
    name = around.facts.interface
    for link in around.links:
        if link.name != target:
            continue
        for version in sorted(around.facts.families):
            inside, _ = _two_inside(around, version)
            outside = _outside(link, version)
            if inside is not None and outside is not None:
                packet = _packet(Hook.POSTROUTING, inside, outside, name, target)
                yield Probe(SwitchName.MASQUERADE, f"out of {name} to {target}", packet, target)


def _arriving(around: Surrounding) -> Iterator[Probe]:
    port = around.facts.listen_port
    if not port:
        return
    uplinks = [link for link in around.links if link.is_uplink] or list(around.links)
    for link in uplinks:
        for version in sorted(around.facts.outer_families):
            own = [network for network in link.networks if network.version == version]
            if not own:
                continue
            packet = Packet(
                Hook.INPUT,
                _FAR[version],
                # Which of the subnet's addresses is this host's makes no difference to filters.
                _first_host(own[0]),
                in_link=link.name,
                protocol=UDP,
                source_port=_CALLING,
                destination_port=port,
            )
            yield Probe(SwitchName.PORT, f"to UDP port {port} by {link.name}", packet, link.name)


def _packet(
    hook: Hook, source: Address | None, destination: Address | None, in_link: str, out_link: str
) -> Packet:
    return Packet(
        hook,
        source,
        destination,
        in_link=in_link,
        out_link=out_link,
        protocol=TCP,
        source_port=_CALLING,
        destination_port=_HTTPS,
    )


def _two_inside(around: Surrounding, version: int) -> tuple[Address | None, Address | None]:
    """Two addresses of different peers; without peers, of the tunnel's subnets."""
    own = (_first_host(prefix) for peer in around.peers for prefix in _of_version(peer.prefixes, version)[:1])
    found = list(islice(own, 2))
    if len(found) < 2:
        for prefix in _of_version(around.facts.sources, version):
            found += [address for address in _some_hosts(prefix) if address not in found]
    return (found[0] if found else None), (found[1] if len(found) > 1 else None)


def _of_version(prefixes: Iterable[Prefix], version: int) -> list[Prefix]:
    return [prefix for prefix in prefixes if prefix.version == version and prefix.prefixlen]


def _outside(link: PathLink, version: int) -> Address | None:
    """An address beyond a link; None where it has none of the family."""
    own = [network for network in link.networks if network.version == version]
    if not own:
        return None
    return _FAR[version] if link.is_uplink else _first_host(own[0])


def _first_host(prefix: Prefix) -> Address:
    return prefix[0] if prefix.num_addresses < 3 else prefix[1]


def _some_hosts(prefix: Prefix) -> tuple[Address, ...]:
    return (prefix[0],) if prefix.num_addresses < 4 else (prefix[2], prefix[-2])
