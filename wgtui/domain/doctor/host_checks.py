"""Checks of the host as such."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wgtui.domain.doctor.facts import DoctorFacts
from wgtui.domain.doctor.finding import DoctorFinding, Severity
from wgtui.domain.fixes import SettingFix
from wgtui.domain.forwarding import SwitchName
from wgtui.domain.forwarding.sysctl_files import IPV6_FORWARDING
from wgtui.domain.journal import EntryState
from wgtui.domain.setup.preflight import FindingLevel, PreflightFinding
from wgtui.domain.text import printable

_SEVERITIES: Final = {
    FindingLevel.GOOD: Severity.OK,
    FindingLevel.NOTICE: Severity.NOTE,
    FindingLevel.WARNING: Severity.WARNING,
    FindingLevel.BLOCKING: Severity.ERROR,
}

_CODES: Final = {
    "privilege": "privilege",
    "WireGuard": "wireguard",
    "container": "container",
    "forwarding": "settings",
    "tools": "tools",
    "packet filter": "packet-filter",
    "boot": "boot",
    "clock": "clock",
    "other managers": "other-managers",
}
"""What becomes of the topics of the preflight; what exists already is told interface by interface."""

_AHEAD: Final = 5.0
"""Seconds by which a time may be in the future before the clock is doubted."""


def host_checks(facts: DoctorFacts) -> Iterator[DoctorFinding]:
    """Everything that is not about one interface."""
    for found in facts.preflight:
        if found.topic in _CODES:
            yield _of_preflight(facts, found)
    yield from _clock(facts)
    yield from _router_advertisements(facts)
    yield from _journal(facts)
    yield from _other_vpns(facts)


def _of_preflight(facts: DoctorFacts, found: PreflightFinding) -> DoctorFinding:
    code, severity = _CODES[found.topic], _SEVERITIES[found.level]
    if severity is Severity.WARNING and not _matters(facts, code, found):
        severity = Severity.NOTE
    if code == "wireguard" and any(one.device is not None for one in facts.interfaces):
        return DoctorFinding(code, Severity.OK, "WireGuard runs on this host.")
    if code == "clock" and found.level is FindingLevel.WARNING and "years" in found.text:
        severity = Severity.ERROR
    return DoctorFinding(code, severity, found.text, found.why, command=found.remedy)


def _matters(facts: DoctorFacts, code: str, found: PreflightFinding) -> bool:
    """Whether what stands in the way of a new setup matters to what is set up already."""
    if code == "settings":
        rows = (one.forwarding.rows for one in facts.interfaces if one.forwarding is not None)
        wanted = (SwitchName.IPV4, SwitchName.IPV6)
        return any(row.fix is not None and row.switch in wanted for each in rows for row in each)
    if code == "tools":
        quick = [one.config.quick for one in facts.interfaces if one.config is not None]
        return any(one.pre_up or one.post_up or one.pre_down or one.post_down for one in quick)
    if code == "other-managers":
        others = facts.host.others if facts.host is not None else ()
        known = {one.name for one in facts.interfaces if one.config is not None}
        return any(name in known and program in found.text for program, name in others)
    # A clock that nobody keeps, or a host without a packet filter, is right until it shows.
    return False


def _clock(facts: DoctorFacts) -> Iterator[DoctorFinding]:
    """Times that lie ahead: the clock was set back, and calls are dated by the clock (whitepaper 5.1)."""
    ahead = [
        (peer.latest_handshake - facts.now, one.label(peer.public_key), one.name)
        for one in facts.interfaces
        if one.device is not None
        for peer in one.device.peers
        if peer.latest_handshake is not None and peer.latest_handshake > facts.now + _AHEAD
    ]
    why = (
        "A peer takes no call that is dated before the last one it took: until the clock has passed that "
        "time again, this host's own calls are ignored."
    )
    command = "Let NTP keep the clock: timedatectl set-ntp true"
    if ahead:
        seconds, label, name = max(ahead)
        text = f"The latest handshake with {label} lies {_ago(seconds)} ahead: the clock was set back."
        yield DoctorFinding("clock-jumped", Severity.ERROR, text, why, name, command=command)
    elif facts.newest_entry is not None and facts.newest_entry > facts.now + _AHEAD:
        text = (
            f"The newest change in the journal lies {_ago(facts.newest_entry - facts.now)} ahead: the "
            "clock was set back."
        )
        yield DoctorFinding("clock-jumped", Severity.WARNING, text, why, command=command)


def _ago(seconds: float) -> str:
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"


def _router_advertisements(facts: DoctorFacts) -> Iterator[DoctorFinding]:
    """A host that forwards IPv6 ignores routers unless accept_ra is 2 (kernel ip-sysctl.rst)."""
    if facts.settings.get(IPV6_FORWARDING) != "1":
        return
    for link in facts.advertised:
        name = f"net.ipv6.conf.{link.replace('.', '/')}.accept_ra"
        if facts.settings.get(name) == "1":
            yield DoctorFinding(
                "accept-ra",
                Severity.WARNING,
                f"The IPv6 default route by {printable(link, 15)} comes from a router's advertisements, "
                "which a host that forwards IPv6 no longer takes.",
                "When the route expires, this host has no IPv6 any more.",
                fix=SettingFix(name, "2"),
                command=f"sysctl -w {name}=2",
            )


def _journal(facts: DoctorFacts) -> Iterator[DoctorFinding]:
    entry = facts.open_entry
    if entry is None:
        return
    title = printable(entry.plan.title, 80)
    if entry.state is EntryState.WAITING:
        yield DoctorFinding(
            "journal-open",
            Severity.NOTE,
            f"The change {entry.number} ({title}) waits for its confirmation.",
            "It takes itself back at its deadline.",
            command=f"wgtui confirm {entry.number}",
        )
        return
    yield DoctorFinding(
        "journal-open",
        Severity.ERROR,
        f"The change {entry.number} ({title}) was cut off before it was complete.",
        "What is set up is neither the old nor the new, and nothing else can be changed meanwhile.",
        command=f"wgtui undo {entry.number}, or to complete it: wgtui confirm {entry.number}",
    )


def _other_vpns(facts: DoctorFacts) -> Iterator[DoctorFinding]:
    names = [printable(link.name, 15) for link in facts.links if link.is_other_vpn]
    if names:
        listed = ", ".join(names[:6])
        yield DoctorFinding(
            "other-vpn",
            Severity.NOTE,
            f"Tunnels of other programs are up: {listed}{' and more' if len(names) > 6 else ''}.",
            "They bring routes, rules and packet filters of their own.",
            command="ip route; ip rule",
        )
