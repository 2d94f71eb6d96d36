"""Rules for the keys of `wg-quick`."""

from __future__ import annotations

from ipaddress import IPv4Interface, IPv6Interface

from wgtui.domain.addresses import Prefix
from wgtui.domain.config.reader import Reading
from wgtui.domain.config.statements import Statement
from wgtui.domain.grammar.finding import Severity
from wgtui.domain.grammar.quick import SMALLEST_MTU_FOR_IPV6, InterfaceAddress, table_number
from wgtui.domain.wgquick.lines import HOOKS

_MAIN_TABLES = (0, 254)


def check_quick(reading: Reading) -> None:
    """Judge what `wg-quick` does with the file beyond `wg`; findings are added to the reading."""
    _check_addresses(reading)
    _check_mtu(reading)
    _check_dns(reading)
    _check_table(reading)
    _check_hooks(reading)
    quick = reading.config.quick
    if quick.save_config:
        reading.findings.lint(
            "save-config",
            *_place(reading, "saveconfig"),
            "With SaveConfig, wg-quick down replaces this file: comments, names and host names are lost.",
            "If it is edited by hand or by wgtui, take that out: wgtui adopt IFACE --save-config-off.",
        )


def _last(reading: Reading, key: str) -> Statement | None:
    return next(reversed(reading.interface.get(key, [])), None)


def _place(reading: Reading, key: str) -> tuple[int, int]:
    statement = _last(reading, key)
    return reading.place(statement) if statement else (0, 0)


def _check_addresses(reading: Reading) -> None:
    """The kernel gives an interface no address twice; of IPv6 ones the length makes no difference."""
    seen: set[object] = set()
    for place in reading.addresses:
        address = place.address
        identity = address if isinstance(address, IPv4Interface) else address.ip
        if identity in seen:
            reading.findings.error(
                "duplicate-address",
                *reading.place(place.statement, place.at, Severity.ERROR),
                f"The interface gets {address} twice, which the kernel refuses.",
                "Remove one.",
            )
        seen.add(identity)


def _check_mtu(reading: Reading) -> None:
    mtu = reading.config.quick.mtu
    uses_v6 = any(isinstance(address, IPv6Interface) for address in reading.config.quick.addresses) or any(
        element.prefix.version == 6 for element in reading.elements
    )
    if mtu is not None and mtu < SMALLEST_MTU_FOR_IPV6 and uses_v6:
        reading.findings.lint(
            "mtu-below-ipv6",
            *_place(reading, "mtu"),
            f"With an MTU of {mtu} the kernel takes all IPv6 addresses off the interface.",
            f"IPv6 needs at least {SMALLEST_MTU_FOR_IPV6}.",
        )


def _check_dns(reading: Reading) -> None:
    quick = reading.config.quick
    if quick.dns_search and not quick.dns_servers:
        reading.findings.lint(
            "dns-search-only",
            *_place(reading, "dns"),
            "There are search domains but no DNS server, so wg-quick ignores them.",
            "Add a server's address.",
        )


def _check_table(reading: Reading) -> None:
    """`ip route add` is called once for each allowed IP, with the table as it is written."""
    table = reading.config.quick.table
    if table not in ("auto", "off") and table.lower() in ("auto", "off"):
        report = reading.findings.error if reading.elements else reading.findings.lint
        report(
            "table-case",
            *_place(reading, "table"),
            f'"{table}" is taken as the name of a table: off and auto are known in small letters only.',
            f"Write {table.lower()}.",
        )
    elif table and table_number(table) in _MAIN_TABLES:
        _check_main_table(reading, {element.prefix for element in reading.elements})


def _check_main_table(reading: Reading, prefixes: set[Prefix]) -> None:
    """An IPv4 address brings its own route into the main table, and a second one is refused."""
    for address in reading.config.quick.addresses:
        if _brings_route(address) and address.network in prefixes:
            reading.findings.error(
                "table-main-collides",
                *_place(reading, "table"),
                f"In the main table, the route to {address.network} exists already because of Address.",
                "Leave Table out: wg-quick then adds to the main table only what is missing.",
            )
            return


def _brings_route(address: InterfaceAddress) -> bool:
    return isinstance(address, IPv4Interface) and 0 < address.network.prefixlen < 32


def _check_hooks(reading: Reading) -> None:
    for key in HOOKS:
        for statement in reading.interface.get(key, []):
            at = statement.value.find("#")
            if at >= 0:
                reading.findings.lint(
                    "hook-hash",
                    *reading.place(statement, at),
                    "wg-quick before 1.0.20260223 cuts this command at the #.",
                    "Put the command into a script and call that.",
                )
