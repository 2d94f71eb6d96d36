"""What the peers of an interface need of this host, as far as its files tell.

That forwarding is off, or that the packet filter drops what goes from peer to peer, is a fault only where
somebody wants it: a host that merely talks to its peers needs neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wgtui.domain.addresses import Address, Prefix
from wgtui.domain.doctor.facts import InterfaceFacts


@dataclass(frozen=True, slots=True)
class Needs:
    """What somebody needs.

    Attributes:
        relay: Packets between peers are to pass.
        outside: Packets out of the tunnel to other networks are to pass.
        internet: Some of them to the internet.
    """

    relay: bool = False
    outside: bool = False
    internet: bool = False


def needs_of(one: InterfaceFacts, version: int = 0) -> Needs:
    """Read off what belongs to peers, and what their own files want to reach.

    Args:
        one: The interface.
        version: 4 or 6: the family that counts; 0 for both.
    """
    if one.config is None:
        return Needs()
    owned = tuple(
        prefix for peer in one.peers for prefix in peer.allowed_ips if version in (0, prefix.version)
    )
    networks = one.networks
    has_lan = any(not _inside(prefix, networks) and prefix.prefixlen > 0 for prefix in owned)
    wanted = {
        prefix
        for reaches in {file.far.reaches for file in one.own_files}
        for prefix in reaches
        if version in (0, prefix.version)
    }
    here = {address.ip for address in one.config.quick.addresses}
    beyond = {prefix for prefix in wanted if prefix.prefixlen > 0 and not _only_here(prefix, here)}
    outside = {prefix for prefix in beyond if not _inside(prefix, networks) and not _inside(prefix, owned)}
    return Needs(
        relay=(has_lan and len(one.config.blocks) > 1)
        or bool(beyond - outside and len(one.config.blocks) > 1),
        outside=bool(outside),
        internet=any(not prefix.prefixlen for prefix in wanted),
    )


def _only_here(prefix: Prefix, here: Iterable[Address]) -> bool:
    return prefix.prefixlen == prefix.max_prefixlen and prefix.network_address in set(here)


def _inside(prefix: Prefix, others: Iterable[Prefix]) -> bool:
    return any(is_within(prefix, other) for other in others)


def is_within(prefix: Prefix, other: Prefix) -> bool:
    """Whether all of a prefix's addresses are in the other one, default routes aside."""
    return (
        prefix.version == other.version
        and 0 < other.prefixlen <= prefix.prefixlen
        and prefix.network_address in other
    )
