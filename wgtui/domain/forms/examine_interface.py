"""What an interface's fields mean among its peers and the other interfaces of the host."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv6Interface
from itertools import chain
from typing import Final

from wgtui.domain.addresses import Prefix, prefix_of
from wgtui.domain.editing.intents import InterfaceEdit
from wgtui.domain.forms.context import FormContext
from wgtui.domain.forms.owners import Neighbour
from wgtui.domain.forms.problem import Field, Level, Problem
from wgtui.domain.grammar.quick import SMALLEST_MTU_FOR_IPV6, InterfaceAddress

LARGEST_USUAL_MTU: Final = 1440
"""Bytes: what fits into 1500 with WireGuard's and IPv4's headers (60 bytes)."""


def examine_interface(candidate: InterfaceEdit, context: FormContext) -> tuple[Problem, ...]:
    """Find what is not wrong with one field alone.

    Args:
        candidate: The form's fields; None for those that have no valid value yet, which are passed over.
        context: The peers and the other interfaces. Addresses and port are taken from the candidate.

    Returns:
        Whole sentences, in the order of the fields. Errors keep the form from being saved.
    """
    return (
        *_private_key(candidate),
        *_addresses(candidate, context),
        *_listen_port(candidate, context),
        *_mtu(candidate, context),
        *_dns(candidate, context),
        *_table(candidate),
        *_save_config(candidate),
    )


def _private_key(candidate: InterfaceEdit) -> Iterator[Problem]:
    if candidate.private_key is not None and candidate.private_key.is_zero:
        yield Problem(
            Field.PRIVATE_KEY,
            "Without a private key this interface exchanges nothing with anybody.",
            Level.WARNING,
            "Generate one.",
        )


def _addresses(candidate: InterfaceEdit, context: FormContext) -> Iterator[Problem]:
    addresses = candidate.addresses
    if addresses is None:
        return
    if not addresses:
        yield Problem(
            Field.ADDRESSES,
            "Without an address this host cannot be reached through the tunnel itself.",
            Level.WARNING,
            "Add one with the length of the tunnel's subnet, such as 10.8.0.1/24.",
        )
    for address in addresses:
        yield from _one_address(address, context)
    yield from _peers_outside(addresses, context)


def _one_address(address: InterfaceAddress, context: FormContext) -> Iterator[Problem]:
    network: Prefix = address.network
    is_edge = address.ip == network.network_address or (
        network.version == 4 and address.ip == network.broadcast_address
    )
    if is_edge and network.prefixlen < network.max_prefixlen - 1:
        yield Problem(
            Field.ADDRESSES,
            f"{address.ip} is the first or last address of {network}, which no host can use.",
            Level.WARNING,
            f"Use one between them, such as {network.network_address + 1}/{network.prefixlen}.",
        )
    owner = context.owners.owner(prefix_of(str(address.ip)))
    if owner is not None:
        yield Problem(
            Field.ADDRESSES,
            f"{address.ip} belongs to {owner.label}, which then is not reached any more.",
            Level.WARNING,
            "Use an address that no peer has.",
        )
    links = [(other.name, one.network) for other in context.interfaces for one in other.addresses]
    for link, other in (*links, *context.networks):
        if not address.is_link_local and other.version == network.version and other.overlaps(network):
            yield Problem(
                Field.ADDRESSES,
                f"{network} overlaps {other}, to which this host is connected through {link}.",
                Level.WARNING,
                "Use another subnet: of two routes only the more specific one is taken.",
            )
            return


def _peers_outside(addresses: tuple[InterfaceAddress, ...], context: FormContext) -> Iterator[Problem]:
    """After renumbering, peers keep their addresses until they are edited, at both ends."""
    networks: list[Prefix] = [address.network for address in addresses if not address.is_link_local]
    if not context.is_relay or not networks:
        return
    outside = [peer for peer in context.peers if peer.allowed_ips and not _reaches(peer, networks)]
    if outside:
        label = outside[0].label
        yield Problem(
            Field.ADDRESSES,
            f"No allowed IP of {label} lies in these subnets."
            if len(outside) == 1
            else f"No allowed IP of {len(outside)} peers lies in these subnets, for example of {label}.",
            Level.WARNING,
            "Give them addresses of the new subnet, here and in their own files.",
        )


def _reaches(peer: Neighbour, networks: list[Prefix]) -> bool:
    return any(
        prefix.version == network.version and prefix.overlaps(network)
        for prefix in peer.allowed_ips
        for network in networks
    )


def _listen_port(candidate: InterfaceEdit, context: FormContext) -> Iterator[Problem]:
    port = candidate.listen_port
    if port is None:
        return
    if port == 0 and context.is_relay:
        yield Problem(
            Field.LISTEN_PORT,
            "Without a listen port the system picks another one at every start, and no peer can call it.",
            Level.WARNING,
            "51820 is usual.",
        )
    for other in context.interfaces if port else ():
        if other.listen_port == port:
            yield Problem(
                Field.LISTEN_PORT,
                f"{other.name} listens on port {port} already, so this interface cannot come up."
                if other.is_up
                else f"The file of {other.name} has port {port} too, so only one of the two can be up.",
                Level.ERROR if other.is_up else Level.WARNING,
                "Choose another port.",
            )


def _mtu(candidate: InterfaceEdit, context: FormContext) -> Iterator[Problem]:
    mtu = candidate.mtu
    if not mtu:
        return
    addresses = context.addresses if candidate.addresses is None else candidate.addresses
    prefixes = chain.from_iterable(peer.allowed_ips for peer in context.peers)
    uses_v6 = any(isinstance(address, IPv6Interface) for address in addresses) or any(
        prefix.version == 6 for prefix in prefixes
    )
    if mtu < SMALLEST_MTU_FOR_IPV6 and uses_v6:
        yield Problem(
            Field.MTU,
            f"With an MTU of {mtu} the kernel takes all IPv6 addresses off the interface.",
            Level.WARNING,
            f"IPv6 needs at least {SMALLEST_MTU_FOR_IPV6}.",
        )
    elif mtu > LARGEST_USUAL_MTU:
        yield Problem(
            Field.MTU,
            f"With an MTU of {mtu} full packets do not fit into the 1500 bytes of most links.",
            Level.WARNING,
            "1420 fits with IPv4 and IPv6; leave it empty for automatic.",
        )


def _dns(candidate: InterfaceEdit, context: FormContext) -> Iterator[Problem]:
    if candidate.dns_search and candidate.dns_servers == ():
        yield Problem(
            Field.DNS,
            "There are search domains but no DNS server, so wg-quick ignores them.",
            Level.WARNING,
            "Add a server's address.",
        )
    elif candidate.dns_servers and context.is_relay:
        yield Problem(
            Field.DNS,
            "DNS changes the resolver of this host while the interface is up, not that of the peers.",
            Level.WARNING,
            "On a relay leave it empty, and set it in the peers' own files.",
        )


def _table(candidate: InterfaceEdit) -> Iterator[Problem]:
    table = candidate.table
    if not table:
        return
    if table not in ("auto", "off") and table.lower() in ("auto", "off"):
        yield Problem(
            Field.TABLE,
            f"{table} is taken as the name of a table: auto and off are known in small letters only.",
            Level.ERROR,
            f"Write {table.lower()}.",
        )
    elif table == "off":
        yield Problem(
            Field.TABLE,
            "No routes are made: only the subnets of the interface's own addresses are reached.",
            Level.NOTE,
            "Leave it empty unless something else makes the routes.",
        )
    elif table != "auto":
        yield Problem(
            Field.TABLE,
            f"Routes go into table {table}, which is used only where a routing rule says so.",
            Level.NOTE,
        )


def _save_config(candidate: InterfaceEdit) -> Iterator[Problem]:
    if candidate.save_config:
        yield Problem(
            Field.SAVE_CONFIG,
            "With SaveConfig, wg-quick down writes the file anew, and all names and comments are lost.",
            Level.WARNING,
            "Leave it off: wgtui writes its changes to the file itself.",
        )
