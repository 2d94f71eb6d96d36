"""What an interface's own file says, as far as forwarding asks for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from wgtui.domain.addresses import Prefix
from wgtui.domain.config import read_config
from wgtui.domain.forwarding import FileForwarding, PathPeer, RuleFacts, facts_for, facts_of, forwarding_in
from wgtui.domain.forwarding.hand_written import HandLine, hand_lines
from wgtui.domain.forwarding.scene import HookPlaces
from wgtui.domain.forwarding.sysctl_files import IPV6_FORWARDING
from wgtui.domain.names.reader import peer_names
from wgtui.domain.wgquick import parse
from wgtui.services.apply import HostPorts


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file says.

    Attributes:
        held: wgtui's own lines, and all other commands.
        hand: The other PostUp commands, understood as far as they are.
        hooks: Where they stand.
        rules: What rules depend on, on a host with IPv6.
        peers: Those that are not disabled, in order.
        networks: Of the interface's own addresses.
    """

    held: FileForwarding
    hand: tuple[HandLine, ...]
    hooks: HookPlaces
    rules: RuleFacts
    peers: tuple[PathPeer, ...]
    networks: tuple[Prefix, ...]

    def rules_on(self, host: HostPorts) -> RuleFacts:
        """What rules depend on, on this host."""
        return on_host(self.rules, host)


@lru_cache(maxsize=4)
def file_facts(data: bytes, interface: str) -> FileFacts:
    """Read a file. Never raises. A screen asks again every second, and a large file takes a while.

    Args:
        data: The file.
        interface: Its name.
    """
    document = parse(data)
    reading = read_config(document)
    held = forwarding_in(reading.config, interface)
    names = peer_names(document)
    places = (f"{interface}.conf:{one.index + 1}" for one in reading.interface.get("postup", []))
    return FileFacts(
        held,
        hand_lines(held, interface),
        HookPlaces(tuple(places)),
        facts_of(reading.config, interface),
        tuple(
            PathPeer(names.get(peer.public_key) or peer.public_key.short(), peer.allowed_ips)
            for peer in reading.config.peers()
        ),
        tuple(dict.fromkeys(address.network for address in reading.config.quick.addresses)),
    )


def running_facts(host: HostPorts, interface: str) -> FileFacts:
    """The same of an interface that runs without a file.

    Raises:
        WgtuiError: It cannot be read.
    """
    device, none = host.wireguard.read(interface), file_facts(b"", interface)
    networks = tuple(
        dict.fromkeys(
            address.interface.network
            for address in host.network.addresses(interface)
            if not address.interface.is_link_local
        )
    )
    peers = tuple(PathPeer(peer.public_key.short(), peer.allowed_ips) for peer in device.peers)
    inside = (*networks, *(prefix for peer in peers for prefix in peer.prefixes))
    return replace(
        none, rules=facts_for(interface, device.listen_port, inside), peers=peers, networks=networks
    )


def on_host(facts: RuleFacts, host: HostPorts) -> RuleFacts:
    """What rules depend on, on this host.

    Without IPv6 in the kernel there is nothing to say about it, and `ip6tables` would fail.
    """
    if host.sysctls.read(IPV6_FORWARDING) is not None:
        return facts
    only = frozenset((4,))
    return replace(facts, families=facts.families & only or only, outer_families=only)
