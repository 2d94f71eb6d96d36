"""Which tables of nftables the kernel holds, where there is no program that could list them."""

from __future__ import annotations

import errno
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

_NETLINK_NETFILTER: Final = 12
_GET_TABLES: Final = 10 << 8 | 1
"""NFNL_SUBSYS_NFTABLES and NFT_MSG_GETTABLE (`linux/netfilter/nfnetlink.h`, `nf_tables.h`)."""

_REQUEST_DUMP: Final = 0x1 | 0x300
_ERROR, _DONE = 2, 3
_ASKED: Final = (1, socket.AF_INET, socket.AF_INET6)
"""NFPROTO_INET, _IPV4, _IPV6; those of ARP, bridges and single links are nobody's here."""

_TABLE_NAME: Final = 1
_HEADER: Final = struct.Struct("=IHHII")
_GENERIC: Final = struct.Struct("=BBH")
_ATTRIBUTE: Final = struct.Struct("=HH")
_TIMEOUT: Final = 5.0


def is_loaded() -> bool:
    """Whether the kernel has nftables, so that asking for tables does not make it load the module."""
    modules = Path("/proc/modules")
    builtin = Path("/lib/modules", os.uname().release, "modules.builtin")
    with suppress(OSError):
        if not modules.exists() or "\nnf_tables " in "\n" + modules.read_text():
            return True
        return "/nf_tables.ko" in builtin.read_text()
    return False


def table_names() -> frozenset[tuple[int, str]]:
    """Family (AF_INET, AF_INET6, 1 for both) and name of every table in this network namespace.

    Raises:
        OSError: They cannot be asked for; EPERM without CAP_NET_ADMIN.
    """
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _NETLINK_NETFILTER) as asked:
        asked.settimeout(_TIMEOUT)
        size = _HEADER.size + _GENERIC.size
        asked.send(_HEADER.pack(size, _GET_TABLES, _REQUEST_DUMP, 1, 0) + _GENERIC.pack(0, 0, 0))
        found: set[tuple[int, str]] = set()
        while True:
            for kind, body in _messages(asked.recv(1 << 16)):
                if kind == _DONE:
                    return frozenset(found)
                if kind == _ERROR:
                    number = -struct.unpack_from("=i", body)[0] or errno.EIO
                    raise OSError(number, os.strerror(number))
                family, _, _ = _GENERIC.unpack_from(body)
                if family not in _ASKED:
                    continue
                found |= {(family, name) for name in _names(body[_GENERIC.size :])}


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    while len(data) >= _HEADER.size:
        length, kind, *_ = _HEADER.unpack_from(data)
        if length < _HEADER.size:
            return
        yield kind, data[_HEADER.size : length]
        data = data[(length + 3) & ~3 :]


def _names(data: bytes) -> Iterator[str]:
    while len(data) >= _ATTRIBUTE.size:
        length, kind = _ATTRIBUTE.unpack_from(data)
        if length < _ATTRIBUTE.size:
            return
        if kind & 0x3FFF == _TABLE_NAME:
            yield data[_ATTRIBUTE.size : length].rstrip(b"\0").decode("utf-8", "replace")
        data = data[(length + 3) & ~3 :]
