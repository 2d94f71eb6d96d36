"""The fields of the interface form."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import IPv4Interface
from typing import Final

from wgtui.domain.editing.intents import NO_PRIVATE_KEY
from wgtui.domain.forms.problem import Entered, Field
from wgtui.domain.forms.reading import enter
from wgtui.domain.grammar import quick
from wgtui.domain.grammar.finding import Note, Refused, quote
from wgtui.domain.grammar.hosts import is_host_name
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.grammar.scalars import parse_fwmark, parse_listen_port, parse_private_key
from wgtui.domain.keys import PrivateKey

DnsEntries = tuple[tuple[str, ...], tuple[str, ...]]
"""Servers, and search domains."""

_INTERFACE: Final = re.compile(r"[A-Za-z0-9_=+.-]{1,15}", re.ASCII)
_TABLE: Final = re.compile(r"[A-Za-z0-9_.-]{1,63}", re.ASCII)
_BAD_NAME: Final = "bad-interface-name"
_RESERVED: Final = (".", "..", "all", "default")
"""Names the kernel refuses: of folders, and of entries in /proc/sys/net/ipv4/conf."""


def enter_interface_name(text: str) -> Entered[str]:
    """The name of an interface and of its file; one that `wg-quick`, the kernel and systemd all take."""
    return enter(Field.INTERFACE_NAME, text, _interface_name)


def enter_lan_interface(text: str) -> Entered[str]:
    """The name of an interface on another host; empty for none."""
    return enter(Field.LAN_INTERFACE, text, lambda value, note: _interface_name(value, note) if value else "")


def enter_private_key(text: str) -> Entered[PrivateKey]:
    """The interface's private key; empty for none."""
    return enter(
        Field.PRIVATE_KEY,
        text,
        lambda value, note: parse_private_key(value, note) if value else NO_PRIVATE_KEY,
    )


def enter_addresses(text: str) -> Entered[tuple[InterfaceAddress, ...]]:
    """A list of addresses with the lengths of their subnets."""
    return enter(Field.ADDRESSES, text, _addresses)


def enter_listen_port(text: str) -> Entered[int]:
    """1 to 65535; 0 or empty lets the system pick at every start, which is 0."""
    return enter(
        Field.LISTEN_PORT, text, lambda value, note: parse_listen_port(value, note=note) if value else 0
    )


def enter_mtu(text: str) -> Entered[int]:
    """Bytes; empty or `auto` for automatic, which is 0."""
    return enter(Field.MTU, text, _mtu)


def enter_dns(text: str) -> Entered[DnsEntries]:
    """Addresses of servers, and search domains, in any order."""
    return enter(Field.DNS, text, _dns)


def enter_table(text: str) -> Entered[str]:
    """`auto`, `off`, or a routing table's number or name; empty for automatic."""
    return enter(Field.TABLE, text, _table)


def enter_fwmark(text: str) -> Entered[int]:
    """A number, decimal or with 0x; 0, `off` or empty for off, which is 0."""
    return enter(Field.FWMARK, text, lambda value, _: parse_fwmark(value.lower()) if value else 0)


def enter_hooks(field: Field, text: str) -> Entered[tuple[str, ...]]:
    """Shell commands, one a line; empty lines do not count.

    Args:
        field: One of the four hooks.
        text: All commands.
    """
    return enter(field, text, lambda _, note: _hooks(text, note))


def _private_key(value: str, note: Note) -> PrivateKey:
    return parse_private_key(value, note) if value else NO_PRIVATE_KEY


def _interface_name(value: str, note: Note) -> str:
    if not _INTERFACE.fullmatch(value):
        raise Refused(
            _BAD_NAME,
            "An interface's name is 1 to 15 letters, digits, dots, hyphens and underscores.",
            "Choose one such as wg0.",
        )
    if value in _RESERVED:
        raise Refused(
            "bad-interface-name", f"The kernel takes no interface named {quote(value)}.", "Rename it."
        )
    if "+" in value or "=" in value:
        raise Refused(
            _BAD_NAME,
            "A + or = in the name breaks the firewall step and the systemd unit of wg-quick.",
            "Use letters, digits, - and _ only.",
        )
    if value.startswith("-"):
        raise Refused(
            _BAD_NAME,
            "Programs take a name that starts with - for an option.",
            "Start with a letter.",
        )
    return value


def _addresses(value: str, note: Note) -> tuple[InterfaceAddress, ...]:
    found: dict[object, InterfaceAddress] = {}
    for at, element in quick.split_list(value):
        address = quick.parse_address(element, note)
        identity = address if isinstance(address, IPv4Interface) else address.ip
        if identity in found:
            raise Refused("duplicate-address", f"{address} is in the list twice.", "Remove one.", at)
        if "/" not in element:
            note(
                "address-without-length",
                f"{element} is taken as {address}, an address without a subnet around it.",
                "Add the subnet's length, such as /24, if the peers' addresses come from it.",
                at,
            )
        found[identity] = address
    return tuple(found.values())


def _mtu(value: str, note: Note) -> int:
    if value.lower() in ("", "auto"):
        return 0
    return quick.parse_mtu(value, note) or 0


def _dns(value: str, note: Note) -> DnsEntries:
    servers, domains = quick.parse_dns(value, note)
    for domain in domains:
        if not is_host_name(domain):
            raise Refused(
                "bad-dns",
                f"{quote(domain)} is neither an address nor a domain name.",
                "Write servers as addresses, and search domains as names such as example.org.",
            )
    return tuple(dict.fromkeys(servers)), tuple(dict.fromkeys(domains))


def _table(value: str, note: Note) -> str:
    lowered = value.lower()
    if lowered in ("", "auto", "off"):
        if lowered != value:
            note(
                "table-case",
                f"{value} is written {lowered}, for wg-quick knows it in small letters only.",
                "",
                0,
            )
        return lowered
    if not _TABLE.fullmatch(value):
        raise Refused("bad-table", f"{quote(value)} is not a routing table.", "Write auto, off, or a number.")
    return quick.parse_table(value, note)


def _hooks(value: str, note: Note) -> tuple[str, ...]:
    commands = [line.strip() for line in value.split("\n")]
    for command in commands:
        if any(map(_is_invisible, command)):
            raise Refused(
                "bad-hook", "A command has no control or invisible characters.", "Retype it on one line."
            )
        if "#" in command:
            note(
                "hook-hash",
                "wg-quick before 1.0.20260223 cuts this command at the #.",
                "Put the command into a script and call that.",
                0,
            )
    return tuple(filter(None, commands))


def _is_invisible(character: str) -> bool:
    """A byte that is not UTF-8, which a file may have, comes as a lone surrogate and is let through."""
    is_byte = "\udc80" <= character <= "\udcff"
    return character != "\t" and not is_byte and unicodedata.category(character) in ("Cc", "Cf", "Cs")
