"""Network links and their addresses, over rtnetlink.

Read once a second, on hosts with a thousand links too: so only what `Link` holds is decoded, and a link or
address whose bytes are those of the last read is not decoded again.
"""

from __future__ import annotations

import os
import struct
import sys
from dataclasses import replace
from ipaddress import IPv4Interface, IPv6Interface
from typing import Final

from wgtui.adapters import rtnetlink as rt
from wgtui.adapters.netlink_socket import MalformedMessage, NetlinkError, NetlinkSocket, walk_attributes
from wgtui.domain.errors import WgtuiError
from wgtui.ports.links import Link

_NETLINK_ROUTE: Final = 0

_BYTE_COUNTERS: Final = struct.Struct("=16x2Q")
"""Within struct rtnl_link_stats64, after the two packet counters: bytes received and sent."""

Interface = IPv4Interface | IPv6Interface


class RtnlLinks:
    """Reads network links; implements `wgtui.ports.links.Links`.

    Args:
        netns: Network namespace to work in, None for this process's own.
        timeout: Seconds to wait for the kernel.
    """

    def __init__(self, netns: str | None = None, timeout: float = 5.0) -> None:
        self._socket = NetlinkSocket(_NETLINK_ROUTE, netns, timeout)
        self._known_links: dict[bytes, Link] = {}
        self._known_addresses: dict[bytes, tuple[int, Interface] | None] = {}

    def all(self) -> tuple[Link, ...]:
        """Every link with its addresses and counters; see the port."""
        try:
            return self._links(self._addresses())
        except NetlinkError as error:
            raise WgtuiError(f"The network links cannot be read: {error}.") from None
        except MalformedMessage as error:
            raise WgtuiError(
                f"The kernel's answer about the network links makes no sense: {error}."
            ) from None

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()
        self._known_links.clear()
        self._known_addresses.clear()

    def _links(self, addresses: dict[int, list[Interface]]) -> tuple[Link, ...]:
        """Links in the kernel's order; of those that stand still, the objects of last time."""
        known = self._known_links
        seen: dict[bytes, Link] = {}
        for payload in self._socket.dump(rt.RTM_GETLINK, rt.NO_LINK):
            link = known.get(payload) or decode_link(payload)
            own = tuple(addresses.get(link.index, ()))
            seen[payload] = link if link.addresses == own else replace(link, addresses=own)
        self._known_links = seen
        return tuple(seen.values())

    def _addresses(self) -> dict[int, list[Interface]]:
        """Addresses by link index, in the kernel's order."""
        known = self._known_addresses
        seen: dict[bytes, tuple[int, Interface] | None] = {}
        found: dict[int, list[Interface]] = {}
        for payload in self._socket.dump(rt.RTM_GETADDR, rt.IFADDRMSG.pack(0, 0, 0, 0, 0)):
            entry = known[payload] if payload in known else decode_address(payload)
            seen[payload] = entry
            if entry is not None:
                found.setdefault(entry[0], []).append(entry[1])
        self._known_addresses = seen
        return found


def decode_link(payload: bytes) -> Link:
    """A link out of an RTM_NEWLINK message, without its addresses.

    Raises:
        MalformedMessage: It is cut short.
    """
    if len(payload) < rt.IFINFOMSG.size:
        raise MalformedMessage("a link is cut short")
    _family, _type, index, flags, _changed = rt.IFINFOMSG.unpack_from(payload)
    name = kind = b""
    mtu = received = sent = 0
    for which, start, end in walk_attributes(payload, rt.IFINFOMSG.size, len(payload)):
        if which == rt.IFLA_IFNAME:
            name = payload[start:end].rstrip(b"\0")
        elif which == rt.IFLA_MTU:
            mtu = int.from_bytes(payload[start:end], sys.byteorder)
        elif which == rt.IFLA_STATS64 and end - start >= _BYTE_COUNTERS.size:
            received, sent = _BYTE_COUNTERS.unpack_from(payload, start)
        elif which == rt.IFLA_LINKINFO:
            kind = rt.link_kind(payload, start, end)
    return Link(
        name=os.fsdecode(name),
        index=index,
        kind=os.fsdecode(kind),
        up=bool(flags & rt.IFF_UP),
        mtu=mtu,
        rx_bytes=received,
        tx_bytes=sent,
    )


def decode_address(payload: bytes) -> tuple[int, Interface] | None:
    """Link index and address out of an RTM_NEWADDR message; None for one that is neither IPv4 nor IPv6.

    Raises:
        MalformedMessage: It is cut short.
    """
    if len(payload) < rt.IFADDRMSG.size:
        raise MalformedMessage("an address is cut short")
    _family, length, _flags, _scope, index = rt.IFADDRMSG.unpack_from(payload)
    host = b""
    for which, start, end in walk_attributes(payload, rt.IFADDRMSG.size, len(payload)):
        # On a point-to-point link IFA_ADDRESS is the other end, and IFA_LOCAL is ours.
        if which == rt.IFA_LOCAL or (which == rt.IFA_ADDRESS and not host):
            host = payload[start:end]
    if len(host) == 4 and length <= 32:
        return index, IPv4Interface((host, length))
    if len(host) == 16 and length <= 128:
        return index, IPv6Interface((host, length))
    return None
