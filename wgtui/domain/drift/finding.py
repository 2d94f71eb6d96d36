"""Finds the differences. What comes by itself is none: automatic marks and MTUs, picked ports, roaming."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wgtui.domain.activity import REJECT_AFTER
from wgtui.domain.addresses import Endpoint
from wgtui.domain.config import EndpointConfig
from wgtui.domain.device import Device
from wgtui.domain.drift import words
from wgtui.domain.drift.difference import Difference, DriftKind
from wgtui.domain.drift.edits import AddressChanged, HookAdded, InterfaceChanged
from wgtui.domain.drift.peers import peer_drift
from wgtui.domain.drift.said import Said
from wgtui.domain.editing import InterfaceEdit
from wgtui.domain.host import DnsSettings, UnitState
from wgtui.domain.network import MAIN_TABLE, LinkAddress, Route
from wgtui.domain.tunnel import link_addresses


@dataclass(frozen=True, slots=True)
class Running:
    """What runs.

    Attributes:
        device: What WireGuard reports.
        addresses: Of its link, without those that the kernel made.
        mtu: Of its link, in bytes.
        dns: What resolvconf has of it; None for nothing.
        dns_known: Whether that could be found out.
        automatic_marks: Those that a default route may have set.
        missing_routes: Of allowed IPs.
        stale_routes: To where no peer is.
        default_route_broken: Whether rules, table or mark of its default route are not as they have to be.
        now: Unix time in seconds.
        endpoints: The file's, looked up; None for those that were not found.
    """

    device: Device
    addresses: Sequence[LinkAddress] = ()
    mtu: int = 1420
    dns: DnsSettings | None = None
    dns_known: bool = False
    automatic_marks: Collection[int] = ()
    missing_routes: Sequence[Route] = ()
    stale_routes: Sequence[Route] = ()
    default_route_broken: bool = False
    now: float = 0.0
    endpoints: Mapping[EndpointConfig, Endpoint | None] = field(default_factory=dict)


def drift_of(said: Said, running: Running) -> tuple[Difference, ...]:
    """All differences between a file and the interface that runs: the interface's own, peers', routes."""
    fresh = running.now - REJECT_AFTER
    return (
        *_interface(said, running),
        *_addresses(said, running),
        *peer_drift(running.device, said, running.endpoints, fresh),
        *_routes(running),
    )


def boot_drift(interface: str, *, up: bool, unit: UnitState | None) -> tuple[Difference, ...]:
    """Whether an interface is up now and not at boot, or the other way round.

    Args:
        interface: Its name.
        up: Whether it is up.
        unit: Its `wg-quick@.service`; None where there is none.
    """
    if unit is None or unit.enabled == up:
        return ()
    if up:
        return (
            Difference(
                DriftKind.NOT_AT_BOOT,
                f"{interface} is up, but does not come up at boot.",
                f"{interface} is taken down, as it would be after a reboot.",
                f"systemd brings {interface} up at boot from now on.",
            ),
        )
    return (
        Difference(
            DriftKind.NOT_UP,
            f"{interface} comes up at boot, but is down now.",
            f"{interface} is brought up.",
            f"systemd no longer brings {interface} up at boot.",
        ),
    )


def _interface(said: Said, running: Running) -> Iterator[Difference]:
    config, device = said.reading.config, running.device
    name = device.name
    key = config.private_key.clamped() if config.private_key else None
    if key is not None and device.private_key is not None and key != device.private_key.clamped():
        yield Difference(
            DriftKind.PRIVATE_KEY,
            f"The file has another private key than {name} runs with.",
            f"{name} gets the file's key; peers that know only the other one no longer reach it.",
            "The key that runs is written to the file.",
            line=said.line("privatekey"),
            edit=InterfaceChanged(InterfaceEdit(private_key=device.private_key)),
        )
    if config.listen_port not in (None, 0, device.listen_port) and device.listen_port:
        yield Difference(
            DriftKind.LISTEN_PORT,
            f"The file names the listen port {config.listen_port}, but {name} listens on "
            f"{device.listen_port}.",
            f"{name} listens on {config.listen_port}.",
            f"The file names {device.listen_port}.",
            line=said.line("listenport"),
            edit=InterfaceChanged(InterfaceEdit(listen_port=device.listen_port)),
        )
    yield from _fwmark(said, running)
    mtu = config.quick.mtu
    if mtu not in (None, running.mtu):
        yield Difference(
            DriftKind.MTU,
            f"The file names an MTU of {mtu}, but {name} has {running.mtu}.",
            f"{name} gets an MTU of {mtu}.",
            f"The file names {running.mtu}.",
            line=said.line("mtu"),
            edit=InterfaceChanged(InterfaceEdit(mtu=running.mtu)),
        )
    yield from _dns(said, running)


def _fwmark(said: Said, running: Running) -> Iterator[Difference]:
    wanted, present = said.reading.config.fwmark or 0, running.device.fwmark
    automatic = not wanted and (present in running.automatic_marks or _hooks_mention(said, "fwmark"))
    if wanted == present or automatic:
        return
    name = running.device.name
    file_says = f"names the fwmark {wanted:#x}" if wanted else "names no fwmark"
    kernel_says = f"has {present:#x}" if present else "has none"
    yield Difference(
        DriftKind.FWMARK,
        f"The file {file_says}, but {name} {kernel_says}.",
        f"{name} gets the fwmark {wanted:#x}." if wanted else f"{name} has no fwmark any more.",
        f"The file names {present:#x}." if present else "The file names none any more.",
        line=said.line("fwmark"),
        edit=InterfaceChanged(InterfaceEdit(fwmark=present)),
    )


def _dns(said: Said, running: Running) -> Iterator[Difference]:
    quick, present = said.reading.config.quick, running.dns
    wanted = DnsSettings(quick.dns_servers, quick.dns_search) if quick.dns_servers else None
    if not running.dns_known or wanted == present:
        return
    name = running.device.name
    yield Difference(
        DriftKind.DNS,
        f"The file says {words.dns(wanted)}, but resolvconf has {words.dns(present)} of {name}.",
        f"resolvconf gets {words.dns(wanted)}.",
        f"The file says {words.dns(present)}.",
        line=said.line("dns"),
        edit=InterfaceChanged(
            InterfaceEdit(
                dns_servers=present.servers if present else (), dns_search=present.search if present else ()
            )
        ),
    )


def _addresses(said: Said, running: Running) -> Iterator[Difference]:
    quick, name = said.reading.config.quick, running.device.name
    mtu = running.mtu if quick.mtu is None else quick.mtu
    wanted = [address.interface for address in link_addresses(quick.addresses, mtu)]
    present = [address.interface for address in running.addresses]
    for address in dict.fromkeys(wanted):
        if address not in present:
            yield Difference(
                DriftKind.ADDRESS_MISSING,
                f"The address {address} is in the file, but not on {name}.",
                f"{name} gets the address {address}.",
                f"{address} is taken out of the file.",
                about=str(address),
                line=said.line("address"),
                edit=AddressChanged(address, present=False),
            )
    for address in present:
        if address not in wanted and not _hooks_mention(said, str(address.ip)):
            yield Difference(
                DriftKind.ADDRESS_UNKNOWN,
                f"{name} has the address {address}, which is not in the file.",
                f"{address} is removed from {name}.",
                f"{address} is written to the file.",
                about=str(address),
                line=said.line("address"),
                edit=AddressChanged(address, present=True),
            )


def _hooks_mention(said: Said, text: str) -> bool:
    quick = said.reading.config.quick
    commands = (*quick.pre_up, *quick.post_up, *quick.pre_down, *quick.post_down)
    return any(text in command for command in commands)


def _routes(running: Running) -> Iterator[Difference]:
    name = running.device.name
    for route in running.missing_routes:
        table = words.table(route.table)
        yield Difference(
            DriftKind.ROUTE_MISSING,
            f"{route.destination} is an allowed IP, but {table} has no route to it by {name}.",
            f"The route to {route.destination} is added.",
            "A file cannot say that: take the prefix out of AllowedIPs, or write Table = off.",
            about=f"{route.destination} {route.table}",
            route=route,
        )
    for route in running.stale_routes:
        yield Difference(
            DriftKind.ROUTE_STALE,
            f"{words.table(route.table).capitalize()} leads {route.destination} into {name}, where no peer "
            "has it as an allowed IP.",
            f"The route to {route.destination} is removed.",
            f"The file gets a PostUp that adds the route to {route.destination}.",
            about=f"{route.destination} {route.table}",
            edit=HookAdded(_adding(route)),
            route=route,
        )
    if running.default_route_broken:
        yield Difference(
            DriftKind.DEFAULT_ROUTE,
            f"The routing rules of the default route through {name} are not as they have to be.",
            "They are brought in order.",
            "A file cannot say that: write Table = off to make rules of your own.",
        )


def _adding(route: Route) -> str:
    table = "" if route.table == MAIN_TABLE else f" table {route.table}"
    return f"ip -{route.destination.version} route add {route.destination} dev %i{table}"
