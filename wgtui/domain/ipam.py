"""Which tunnel addresses are free."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_interface

from wgtui.domain.addresses import Address, Prefix
from wgtui.domain.grammar.quick import InterfaceAddress


def propose_address(addresses: Iterable[InterfaceAddress], taken: Iterable[Prefix]) -> tuple[Prefix, ...]:
    """The next free address in each of the tunnel's subnets, as the allowed IPs of a new peer.

    The first subnet gives its lowest free address. Further ones, usually IPv6, give the address with the
    same number in them where it is free, so that 10.8.0.7 goes with fd08::7; else their lowest.

    Args:
        addresses: Of the interface; link-local ones are passed over.
        taken: Allowed IPs of all peers, disabled ones included. One that covers a whole subnet, such as a
            default route, takes no single address from it.

    Returns:
        One prefix of full length for each subnet with room, in the order of the addresses.
    """
    own = tuple(addresses)
    used = (*taken, *(_host(address.ip) for address in own))
    proposed: list[Prefix] = []
    number: int | None = None
    for network in dict.fromkeys(address.network for address in own if not address.is_link_local):
        free = next_free(network, used, number)
        if free is not None:
            proposed.append(_host(free))
            number = int(free) - int(network.network_address) if number is None else number
    return tuple(proposed)


def own_addresses(
    allowed: Iterable[Prefix], addresses: Iterable[InterfaceAddress]
) -> tuple[InterfaceAddress, ...]:
    """A peer's own addresses: those of its allowed IPs that are single and in the tunnel's subnets.

    Args:
        allowed: Allowed IPs of the peer.
        addresses: Of the relay's interface, which give the lengths of the subnets.
    """
    of_interface = tuple(addresses)
    return tuple(
        ip_interface(f"{prefix.network_address}/{own.network.prefixlen}")
        for prefix in allowed
        for own in of_interface
        if prefix.prefixlen == prefix.max_prefixlen and prefix.network_address in own.network
    )


def next_free(network: Prefix, taken: Iterable[Prefix], preferred: int | None = None) -> Address | None:
    """A free address of a subnet: the preferred one, else the lowest.

    Args:
        network: The subnet. Its first address and, in IPv4, its last are never proposed, unless it holds
            only two (RFC 3021, RFC 6164).
        taken: Prefixes in use; those that cover the whole subnet, and those outside of it, do not count.
        preferred: Number of an address in the subnet, from 0 for the subnet's own.

    Returns:
        The address; None when there is none left. Takes n log n steps for n prefixes, whatever their size.
    """
    start, end = int(network.network_address), int(network.broadcast_address)
    if network.prefixlen == network.max_prefixlen:
        return None
    if network.prefixlen < network.max_prefixlen - 1:
        start, end = start + 1, end - (network.version == 4)
    spans = _spans(network, taken)
    if preferred is not None:
        wanted = int(network.network_address) + preferred
        if start <= wanted <= end and not any(first <= wanted <= last for first, last in spans):
            return _address(network, wanted)
    candidate = start
    for first, last in spans:
        if first > candidate:
            break
        candidate = max(candidate, last + 1)
    return _address(network, candidate) if candidate <= end else None


def _spans(network: Prefix, taken: Iterable[Prefix]) -> list[tuple[int, int]]:
    start, end = int(network.network_address), int(network.broadcast_address)
    return sorted(
        (first, int(prefix.broadcast_address))
        for prefix in taken
        if prefix.version == network.version
        and prefix.prefixlen > network.prefixlen
        and start <= (first := int(prefix.network_address)) <= end
    )


def _address(network: Prefix, number: int) -> Address:
    return IPv4Address(number) if network.version == 4 else IPv6Address(number)


def _host(address: Address) -> Prefix:
    return IPv4Network(address) if isinstance(address, IPv4Address) else IPv6Network(address)
