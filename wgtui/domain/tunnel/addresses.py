"""The addresses of a tunnel, and the steps from those it has to those it should have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Interface, IPv6Interface

from wgtui.domain.grammar.quick import SMALLEST_MTU_FOR_IPV6
from wgtui.domain.network import LinkAddress, address_scope


def link_address(interface: IPv4Interface | IPv6Interface) -> LinkAddress:
    """The address that `ip address add` makes."""
    return LinkAddress(interface, address_scope(interface))


def link_addresses(interfaces: Iterable[IPv4Interface | IPv6Interface], mtu: int) -> tuple[LinkAddress, ...]:
    """The addresses that a link has in the end, when a file names these.

    The kernel takes 0.0.0.0 and forgets it, and takes all of IPv6 from a link whose MTU is below 1280.

    Args:
        interfaces: In the file's order.
        mtu: Of the link, in bytes.
    """
    return tuple(
        link_address(interface)
        for interface in interfaces
        if int(interface.ip) and (interface.version == 4 or mtu >= SMALLEST_MTU_FOR_IPV6)
    )


def address_changes(
    present: Sequence[LinkAddress], wanted: Sequence[LinkAddress]
) -> list[tuple[LinkAddress, bool]]:
    """What to remove and to add, in order; True stands for adding.

    New networks come before old ones go, for with its last IPv4 address a link loses all its routes. When the
    kernel removes the first IPv4 address of a network it removes the others of that network with it
    (`net/ipv4/devinet.c`, unless `promote_secondaries` is set). So where one goes they all go, last one
    first, and those that stay are added again. Scopes are not compared: the kernel has its own idea of them.

    Args:
        present: On the link, in the kernel's order, without those that the kernel made.
        wanted: In the file's order.
    """
    kept = {address.interface for address in wanted}
    going = [address.interface for address in present if address.interface not in kept]
    shaken = {interface.network for interface in going if interface.version == 4}
    shaken &= {interface.network for interface in kept}
    removed = [a for a in present if a.interface not in kept or a.interface.network in shaken]
    there = {address.interface for address in present}
    early = [a for a in wanted if a.interface not in there and a.interface.network not in shaken]
    late = [a for a in wanted if a.interface.network in shaken]
    return [
        *((address, True) for address in early),
        *((address, False) for address in reversed(removed)),
        *((address, True) for address in late),
    ]


def loses_all_ipv4(present: Sequence[LinkAddress], changes: Sequence[tuple[LinkAddress, bool]]) -> bool:
    """Whether a link loses its last IPv4 address, at which the kernel drops its IPv4 routes.

    That may come about at some point of the changes, or when they are taken back.

    Args:
        present: On the link before.
        changes: As of `address_changes`.
    """
    before = {address for address in present if address.interface.version == 4}
    ipv4 = [change for change in changes if change[0].interface.version == 4]
    after = before | {address for address, added in ipv4 if added}
    after -= {address for address, added in ipv4 if not added}
    return _loses_all(before, ipv4) or _loses_all(after, [(one, not added) for one, added in reversed(ipv4)])


def _loses_all(present: set[LinkAddress], changes: Iterable[tuple[LinkAddress, bool]]) -> bool:
    left = set(present)
    for address, added in changes:
        if added:
            left.add(address)
        elif address in left:
            left.remove(address)
            if not left:
                return True
    return False
