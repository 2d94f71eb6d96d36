"""Who can call an address: what to say of the endpoint that peers are to dial."""

from __future__ import annotations

from enum import Enum
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from wgtui.domain.addresses import Address, prefix_of


class Reach(Enum):
    """From where an address can be called (IANA special-purpose address registries)."""

    PUBLIC = "public"
    PRIVATE = "private"
    """RFC 1918, or a unique local address of RFC 4193."""

    CGNAT = "behind the provider's NAT"
    """RFC 6598: shared by many customers."""

    LINK_LOCAL = "link-local"
    LOOPBACK = "this machine only"
    DOCUMENTATION = "for examples"
    SPECIAL = "special"


_PRIVATE: Final = tuple(map(prefix_of, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
_CGNAT: Final = prefix_of("100.64.0.0/10")
_DOCUMENTATION: Final = tuple(
    map(prefix_of, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"))
)


def reach_of(address: Address) -> Reach:
    """From where an address can be called."""
    if address.is_loopback:
        return Reach.LOOPBACK
    if address.is_link_local:
        return Reach.LINK_LOCAL
    if address in _CGNAT:
        return Reach.CGNAT
    if any(address in prefix for prefix in _PRIVATE):
        return Reach.PRIVATE
    if any(address in prefix for prefix in _DOCUMENTATION):
        return Reach.DOCUMENTATION
    if address.is_global and not address.is_multicast:
        return Reach.PUBLIC
    return Reach.SPECIAL


def reach_words(address: Address, port: int) -> tuple[str, str]:
    """What an address means for peers that are to dial it: one sentence, and what to do; both may be empty.

    Args:
        address: The endpoint's.
        port: The listen port; 0 where it is not known yet.
    """
    udp = f"UDP {port}" if port else "the UDP port"
    match reach_of(address):
        case Reach.PUBLIC:
            return f"{address} is public: peers can dial it.", ""
        case Reach.PRIVATE if isinstance(address, IPv6Address):
            return (
                f"{address} is a unique local address: it cannot be dialled from the internet.",
                "Enter a public address or name.",
            )
        case Reach.PRIVATE:
            return (
                f"{address} is private: this host is behind NAT, of a router or of its provider.",
                f"Forward {udp} to {address} on the router, and enter the public address or name.",
            )
        case Reach.CGNAT:
            return (
                f"{address} is behind the provider's NAT (100.64.0.0/10), which nobody can dial.",
                "Let this host dial a public one instead, or ask the provider for a public address.",
            )
        case Reach.LINK_LOCAL:
            return (
                f"{address} counts on its own network link only.",
                "Enter a public address or name.",
            )
        case Reach.LOOPBACK:
            return f"{address} is this machine itself.", "Enter a public address or name."
        case Reach.DOCUMENTATION:
            return (
                f"{address} is set aside for examples: on the internet it leads nowhere.",
                "Enter a public address or name.",
            )
        case _:
            return f"{address} is no address to be dialled.", "Enter a public address or name."


def best_first(addresses: tuple[Address, ...]) -> tuple[Address, ...]:
    """Addresses with those in front that most peers can dial: public ones, and IPv4 before IPv6."""
    return tuple(
        sorted(
            addresses,
            key=lambda one: (reach_of(one) is not Reach.PUBLIC, not isinstance(one, IPv4Address)),
        )
    )
