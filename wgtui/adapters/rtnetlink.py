"""What wgtui reads and sets of links and addresses over rtnetlink (`linux/if_link.h`, `linux/if_addr.h`)."""

from __future__ import annotations

import errno
import os
import struct
from typing import Final

from wgtui.adapters.netlink_socket import (
    NLA_F_NESTED,
    NetlinkError,
    NetlinkSocket,
    attribute,
    walk_attributes,
)

RTM_NEWLINK: Final = 16
RTM_GETLINK: Final = 18
RTM_NEWADDR: Final = 20
RTM_DELADDR: Final = 21
RTM_GETADDR: Final = 22

IFINFOMSG: Final = struct.Struct("=BxHiII")
"""struct ifinfomsg: family, device type, index, flags, changed flags."""

IFADDRMSG: Final = struct.Struct("=BBBBI")
"""struct ifaddrmsg: family, prefix length, flags, scope, index."""

IFLA_IFNAME: Final = 3
IFLA_MTU: Final = 4
IFLA_LINKINFO: Final = 18
IFLA_STATS64: Final = 23
IFLA_EXT_MASK: Final = 29
IFLA_INFO_KIND: Final = 1

IFA_ADDRESS: Final = 1
IFA_LOCAL: Final = 2
IFA_FLAGS: Final = 8
IFA_PROTO: Final = 11

IFF_UP: Final = 1

_SKIP_STATS: Final = 1 << 3
"""RTEXT_FILTER_SKIP_STATS: leave the counters out of a link dump."""

_U32: Final = struct.Struct("=I")

NO_LINK: Final = IFINFOMSG.pack(0, 0, 0, 0, 0)


def link_names(sock: NetlinkSocket) -> dict[int, str]:
    """Names of all links by their index.

    Raises:
        NetlinkError: The kernel refused.
    """
    names: dict[int, str] = {}
    for payload in sock.dump(RTM_GETLINK, NO_LINK + attribute(IFLA_EXT_MASK, _U32.pack(_SKIP_STATS))):
        _family, _type, index, _flags, _changed = IFINFOMSG.unpack_from(payload)
        for which, start, end in walk_attributes(payload, IFINFOMSG.size, len(payload)):
            if which == IFLA_IFNAME:
                names[index] = os.fsdecode(payload[start:end].rstrip(b"\0"))
                break
    return names


def names_of_kind(sock: NetlinkSocket, kind: str) -> list[str]:
    """Names of all links of a kind, in the kernel's order.

    The kernel filters where it knows the kind; where it does not, it sends every link, so the answer is
    looked at all the same.

    Raises:
        NetlinkError: The kernel refused.
    """
    wanted = kind.encode()
    info = attribute(IFLA_INFO_KIND, wanted + b"\0")
    request = (
        NO_LINK
        + attribute(IFLA_EXT_MASK, _U32.pack(_SKIP_STATS))
        + attribute(IFLA_LINKINFO | NLA_F_NESTED, info)
    )
    names: list[str] = []
    for payload in sock.dump(RTM_GETLINK, request):
        name = b""
        for which, start, end in walk_attributes(payload, IFINFOMSG.size, len(payload)):
            if which == IFLA_IFNAME:
                name = payload[start:end]
            elif which == IFLA_LINKINFO and link_kind(payload, start, end) == wanted:
                names.append(os.fsdecode(name.rstrip(b"\0")))
                break
    return names


def link_kind(payload: bytes, start: int, end: int) -> bytes:
    """The kind within an IFLA_LINKINFO nest; empty when it says none."""
    for which, begin, stop in walk_attributes(payload, start, end):
        if which == IFLA_INFO_KIND:
            return payload[begin:stop].rstrip(b"\0")
    return b""


def link_exists(sock: NetlinkSocket, name: str) -> bool:
    """Whether there is a link of this name, of whatever kind.

    Raises:
        NetlinkError: The kernel refused for another reason than its absence.
    """
    try:
        sock.request(RTM_GETLINK, NO_LINK + attribute(IFLA_IFNAME, os.fsencode(name) + b"\0"))
    except NetlinkError as error:
        if error.code == errno.ENODEV:
            return False
        raise
    return True
