"""Checks of an interface: its file, whether it is up, its port."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wgtui.domain.activity import activity_of
from wgtui.domain.doctor.facts import DoctorFacts, InterfaceFacts
from wgtui.domain.doctor.finding import (
    BringUpFix,
    DoctorFinding,
    EndClaimsFix,
    KeepFileFix,
    KeepKernelFix,
    LinkUpFix,
    ModeFix,
    Severity,
)
from wgtui.domain.drift import Difference, DriftKind
from wgtui.domain.fixes import MtuFix
from wgtui.domain.grammar import Finding
from wgtui.domain.grammar import Severity as FileSeverity
from wgtui.domain.grammar.quick import SMALLEST_MTU_FOR_IPV6
from wgtui.domain.text import printable

_LINTS: Final = {
    "no-private-key": Severity.ERROR,
    "own-key-peer": Severity.ERROR,
    "public-key-zero": Severity.ERROR,
    "duplicate-peer": Severity.WARNING,
    "mtu-below-ipv6": Severity.ERROR,
}
"""What the checker of files only warns of, and how much it matters to a relay; the rest is a note."""

_TOLD_ELSEWHERE: Final = frozenset(("duplicate-prefix", "peer-without-allowed-ips", "mtu-below-ipv6"))
"""Found by checks that see the kernel as well, while the interface is up."""

_ENDS_CLAIMS: Final = frozenset(("save-config", "overwritten"))
_PRIVATE: Final = 0o600


def interface_checks(facts: DoctorFacts, one: InterfaceFacts) -> Iterator[DoctorFinding]:
    """Everything about the interface's own."""
    yield from _file(one)
    yield from _dns(facts, one)
    yield from _standing(facts, one)
    yield from _port(facts, one)
    if one.is_link_up:
        yield from _own_drift(facts, one)


def _file(one: InterfaceFacts) -> Iterator[DoctorFinding]:
    if one.is_open:
        yield DoctorFinding(
            "world-accessible",
            Severity.WARNING,
            f"Every user of this machine can read {printable(one.path, 300)}.",
            "It holds the private key: whoever has it can pass for this host.",
            one.name,
            fix=ModeFix(one.path, _PRIVATE),
            command=f"chmod 600 {printable(one.path, 300)}",
        )
    for problem in one.problems:
        if problem.severity is FileSeverity.ERROR:
            yield DoctorFinding(
                "file-refused",
                Severity.ERROR,
                f"wg-quick refuses {_place(one, problem)}: {problem.text}",
                f"{one.name} cannot be brought up from it, not after a reboot either.",
                one.name,
                command=problem.hint,
            )
        elif problem.code != "world-accessible" and not (
            one.device is not None and problem.code in _TOLD_ELSEWHERE
        ):
            yield _lint(one, problem)


def _dns(facts: DoctorFacts, one: InterfaceFacts) -> Iterator[DoctorFinding]:
    if one.config is not None and one.config.quick.dns_servers and not facts.has_resolvconf:
        yield DoctorFinding(
            "resolvconf",
            Severity.WARNING,
            f"The file of {one.name} names DNS servers, and this host has no program resolvconf.",
            f"wg-quick sets them by it, and fails without: {one.name} does not come up.",
            one.name,
            command="Install the package openresolv, or take DNS out: a relay needs none for itself.",
        )


def _lint(one: InterfaceFacts, problem: Finding) -> DoctorFinding:
    severity = _LINTS.get(problem.code, Severity.NOTE)
    fix: EndClaimsFix | MtuFix | None = None
    if problem.code in _ENDS_CLAIMS:
        fix = EndClaimsFix(one.name)
    code = "mtu-ipv6" if problem.code == "mtu-below-ipv6" else problem.code
    if code == "mtu-ipv6":
        fix = MtuFix(one.name, SMALLEST_MTU_FOR_IPV6)
    return DoctorFinding(
        code,
        severity,
        f"{_place(one, problem)}: {problem.text}",
        "",
        one.name,
        fix=fix,
        command=problem.hint,
    )


def _place(one: InterfaceFacts, problem: Finding) -> str:
    return f"{one.name}.conf, line {problem.line}" if problem.line else f"{one.name}.conf"


def _standing(facts: DoctorFacts, one: InterfaceFacts) -> Iterator[DoctorFinding]:
    """Whether it is up, has a file, and comes up at boot."""
    if one.device is not None and one.config is None:
        yield DoctorFinding(
            "file-missing",
            Severity.NOTE,
            f"{one.name} runs without a file {printable(one.path, 300)}.",
            "Another program made it, or it is gone after a reboot.",
            one.name,
            command="To keep it, press w on its Config screen.",
        )
    if one.device is not None:
        yield _is_up(facts, one) if one.is_link_up else _link_down(one)
    for difference in one.differences:
        if difference.kind is DriftKind.NOT_UP:
            yield _down(one, Severity.ERROR, f"{one.name} comes up at boot, but is down now.")
            return
        if difference.kind is DriftKind.NOT_AT_BOOT:
            yield DoctorFinding(
                "not-at-boot",
                Severity.WARNING,
                difference.text,
                "After a reboot nobody reaches anybody through it.",
                one.name,
                fix=KeepKernelFix(one.name, difference),
                command=f"systemctl enable wg-quick@{one.name}",
            )
    if one.device is None and not any(p.severity is FileSeverity.ERROR for p in one.problems):
        alone = len(facts.interfaces) == 1
        # A unit that is there and switched off says that somebody wants it so.
        wanted = Severity.WARNING if one.unit is not None and not one.unit.enabled else Severity.ERROR
        yield _down(one, wanted if alone else Severity.NOTE, f"{one.name} is down.")


def _down(one: InterfaceFacts, severity: Severity, text: str) -> DoctorFinding:
    why = "No peer can reach this host by it."
    return DoctorFinding(
        "interface-down",
        severity,
        text,
        why,
        one.name,
        fix=BringUpFix(one.name),
        command=f"wgtui up {one.name}",
    )


def _link_down(one: InterfaceFacts) -> DoctorFinding:
    return DoctorFinding(
        "interface-down",
        Severity.ERROR,
        f"{one.name} is there, but its link is switched off.",
        "No packet gets in or out of it.",
        one.name,
        fix=LinkUpFix(one.name),
        command=f"ip link set up dev {one.name}, and then, for its routes: wgtui sync {one.name}",
    )


def _is_up(facts: DoctorFacts, one: InterfaceFacts) -> DoctorFinding:
    device = one.device
    assert device is not None
    if device.private_key is None and device.public_key is None:
        return DoctorFinding(
            "no-private-key",
            Severity.ERROR,
            f"{one.name} runs without a private key.",
            "No peer can shake hands with it.",
            one.name,
            command=f"Give its file a PrivateKey, such as wg genkey makes, and run: wgtui sync {one.name}",
        )
    active = sum(activity_of(peer.latest_handshake, facts.now).is_active for peer in device.peers)
    port = f" and listens on UDP {device.listen_port}" if device.listen_port else ""
    text = f"{one.name} is up{port}; {active} of {len(device.peers)} peers are active."
    return DoctorFinding("interface", Severity.OK, text, "", one.name)


def _port(facts: DoctorFacts, one: InterfaceFacts) -> Iterator[DoctorFinding]:
    wanted = one.config.listen_port if one.config is not None else None
    if not wanted or (one.device is not None and one.device.listen_port == wanted):
        return
    for other in (*facts.interfaces, *facts.others):
        if other.name != one.name and other.device is not None and other.device.listen_port == wanted:
            yield _shared(one, other, wanted)
            return
    same = [
        other
        for other in (*facts.interfaces, *facts.others)
        if other.name != one.name and other.config is not None and other.config.listen_port == wanted
    ]
    ours = {
        other.device.listen_port for other in (*facts.interfaces, *facts.others) if other.device is not None
    }
    if facts.host is not None and wanted in facts.host.udp_ports and wanted not in ours:
        yield DoctorFinding(
            "port-taken",
            Severity.ERROR,
            f"UDP {wanted}, the listen port of {one.name}, is taken by another program.",
            f"{one.name} cannot be brought up with it, so peers that call it get no answer.",
            one.name,
            command=f"See which: ss -ulpn sport = :{wanted}",
        )
    elif same:
        yield _shared(one, same[0], wanted)


def _shared(one: InterfaceFacts, other: InterfaceFacts, port: int) -> DoctorFinding:
    both_matter = one.device is not None or other.device is not None
    return DoctorFinding(
        "port-shared",
        Severity.ERROR if both_matter else Severity.WARNING,
        f"{one.name} and {other.name} both want the listen port {port}.",
        f"Only one of them can have it: {one.name} cannot be brought up with it beside {other.name}.",
        one.name,
        command=f"Give {one.name} another ListenPort, and its peers the new port.",
    )


_DRIFT: Final = {
    DriftKind.PRIVATE_KEY: (Severity.ERROR, "private-key", "Peers know only one of the two keys."),
    DriftKind.LISTEN_PORT: (Severity.ERROR, "listen-port", "Peers call one of the two ports."),
    DriftKind.ADDRESS_MISSING: (
        Severity.ERROR,
        "address-missing",
        "Peers that call this host by that address get no answer.",
    ),
    DriftKind.ADDRESS_UNKNOWN: (Severity.NOTE, "address-unknown", "It is gone after a restart."),
    DriftKind.FWMARK: (Severity.NOTE, "fwmark", ""),
    DriftKind.MTU: (Severity.NOTE, "mtu", "It is another one after a restart."),
    DriftKind.DNS: (Severity.NOTE, "dns", ""),
}
"""Differences of the interface's own."""


def _own_drift(facts: DoctorFacts, one: InterfaceFacts) -> Iterator[DoctorFinding]:
    device = one.device
    works = device is not None and any(
        activity_of(peer.latest_handshake, facts.now).is_active for peer in device.peers
    )
    for difference in one.differences:
        if difference.kind not in _DRIFT:
            continue
        severity, code, why = _DRIFT[difference.kind]
        if works and difference.kind in (DriftKind.PRIVATE_KEY, DriftKind.LISTEN_PORT):
            severity, why = Severity.WARNING, "It works now; after a restart the file's counts."
        yield of_difference(one, difference, severity, code, why)


def of_difference(
    one: InterfaceFacts, difference: Difference, severity: Severity, code: str, why: str
) -> DoctorFinding:
    """A difference between file and kernel, mended by the file's."""
    return DoctorFinding(
        code,
        severity,
        difference.text,
        why,
        one.name,
        difference.peer,
        fix=KeepFileFix(one.name, difference),
        command=f"wgtui sync {one.name}",
    )
