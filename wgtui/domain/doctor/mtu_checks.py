"""Checks of how large packets may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wgtui.domain.addresses import Endpoint
from wgtui.domain.doctor.facts import InterfaceFacts
from wgtui.domain.doctor.finding import DoctorFinding, Severity
from wgtui.domain.doctor.needs import needs_of
from wgtui.domain.fixes import MtuFix, SwitchFix
from wgtui.domain.forwarding import NowState, SwitchName
from wgtui.domain.grammar.quick import SMALLEST_MTU_FOR_IPV6
from wgtui.domain.text import printable

OVERHEAD: Final = {4: 60, 6: 80}
"""Bytes that an encrypted packet has more than what is in it, by the family of its outer header: IPv4 20 or
IPv6 40, UDP 8, and WireGuard's own 32 (whitepaper 5.4.6)."""

_LEAST: Final = 576
"""No smaller MTU is proposed (RFC 791: what every host takes)."""


def mtu_checks(one: InterfaceFacts) -> Iterator[DoctorFinding]:
    """Whether IPv6 fits into the tunnel, and the tunnel into the ways to its peers."""
    if one.device is None or not one.mtu:
        return
    has_ipv6 = any(network.version == 6 for network in one.networks)
    if has_ipv6 and one.mtu < SMALLEST_MTU_FOR_IPV6:
        yield DoctorFinding(
            "mtu-ipv6",
            Severity.ERROR,
            f"{one.name} has an MTU of {one.mtu} bytes, and IPv6 needs {SMALLEST_MTU_FOR_IPV6}.",
            "The kernel takes all IPv6 addresses off an interface with a smaller one.",
            one.name,
            fix=MtuFix(one.name, SMALLEST_MTU_FOR_IPV6),
            command=f"Write MTU = {SMALLEST_MTU_FOR_IPV6} or more into the file of {one.name}.",
        )
    yield from _clamp(one)
    narrow = _narrowest(one)
    if narrow is None:
        yield DoctorFinding("mtu", Severity.OK, f"{one.name} has an MTU of {one.mtu} bytes.", "", one.name)
        return
    endpoint, room = narrow
    underlay = one.underlays[endpoint]
    learned = underlay.mtu.route and underlay.mtu.usable == underlay.mtu.route
    whence = "as was learned on the way" if learned else f"as {printable(underlay.link, 15)} has it"
    floor = SMALLEST_MTU_FOR_IPV6 if has_ipv6 else _LEAST
    wanted = max(room, floor)
    yield DoctorFinding(
        "mtu-too-large",
        Severity.WARNING,
        f"Packets of {one.name} may have {one.mtu} bytes; on the way to {endpoint} there is room for {room}: "
        f"it takes {underlay.mtu.usable}, {whence}.",
        "Large packets are cut into pieces, or lost: connections open and then hang.",
        one.name,
        certain=False,
        fix=MtuFix(one.name, wanted),
        command=f"Write MTU = {wanted} into the file of {one.name}, and into those of its peers.",
    )


def _clamp(one: InterfaceFacts) -> Iterator[DoctorFinding]:
    """Where other networks' TCP goes through the tunnel, its MSS is fitted only by a rule (RFC 4459, 3.2)."""
    view = one.forwarding
    row = view.row(SwitchName.MSS) if view is not None else None
    needs = needs_of(one)
    if row is not None and row.now is NowState.OFF and (needs.outside or needs.internet):
        yield DoctorFinding(
            "mss",
            Severity.NOTE,
            f"The MSS of TCP connections through {one.name} is not fitted to its MTU of {one.mtu} bytes.",
            "Where a network on the way hides that packets are too large, some sites open and then hang.",
            one.name,
            certain=False,
            fix=SwitchFix(one.name, SwitchName.MSS, on=True),
            command=f"wgtui forward {one.name} on mss",
        )


def _narrowest(one: InterfaceFacts) -> tuple[Endpoint, int] | None:
    """The endpoint to which the tunnel's packets do not fit, and what does; the tightest one."""
    rooms = [
        (underlay.mtu.usable - OVERHEAD[endpoint.address.version], endpoint)
        for endpoint, underlay in one.underlays.items()
        if underlay.mtu.usable
    ]
    tight = [(room, str(endpoint), endpoint) for room, endpoint in rooms if room < one.mtu]
    if not tight:
        return None
    room, _, endpoint = min(tight)
    return endpoint, room
