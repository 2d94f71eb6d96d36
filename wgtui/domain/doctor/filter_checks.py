"""Checks of forwarding, NAT and the packet filter, as the switches of an interface show them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wgtui.domain.activity import activity_of
from wgtui.domain.doctor.facts import DoctorFacts, InterfaceFacts
from wgtui.domain.doctor.finding import DoctorFinding, Severity
from wgtui.domain.doctor.needs import Needs, needs_of
from wgtui.domain.fixes import SettingFix, SwitchFix
from wgtui.domain.forwarding import BootState, DiskState, ForwardingView, NowState, Row, SwitchName
from wgtui.domain.text import printable

_VERSIONS: Final = {SwitchName.IPV4: 4, SwitchName.IPV6: 6}
_ASKED_FOR: Final = (DiskState.ON, DiskState.PARTLY, DiskState.HAND_WRITTEN, DiskState.ELSEWHERE)
_WORKS: Final = (NowState.ON, NowState.OPEN)
_BLOCKED: Final = {
    SwitchName.PORT: ("port-blocked", "Peers that call this host get no answer."),
    SwitchName.RELAY: ("relay-blocked", "Peers do not reach each other through this host."),
    SwitchName.FORWARD: (
        "forward-blocked",
        "Peers reach this host, but neither its LAN nor the internet through it.",
    ),
    SwitchName.ISOLATE: ("isolation-open", "Peers that shall be apart reach each other."),
    SwitchName.MASQUERADE: ("masquerade-blocked", "Answers from there do not find back to the peers."),
}


def filter_checks(facts: DoctorFacts, one: InterfaceFacts) -> Iterator[DoctorFinding]:
    """Everything that decides about packets on their way through this host."""
    view = one.forwarding
    if view is None or one.device is None:
        return
    needs = needs_of(one)
    for row in view.rows:
        if row.switch in _VERSIONS:
            yield from _forwarding(one, needs_of(one, _VERSIONS[row.switch]), row)
        else:
            yield from _rule(facts, one, needs, row)
        if not facts.is_namespace:
            yield from _after_reboot(one, row)
    yield from _masquerade(one, view, needs)
    yield from _beside(one, view)


def _switch_fix(one: InterfaceFacts, row: Row) -> SwitchFix | None:
    fix = row.fix
    return None if fix is None else SwitchFix(one.name, fix.switch, fix.on, fix.target)


def _command(one: InterfaceFacts, switch: SwitchName, target: str = "") -> str:
    return f"wgtui forward {one.name} on {switch.value} {target}".rstrip()


def _forwarding(one: InterfaceFacts, needs: Needs, row: Row) -> Iterator[DoctorFinding]:
    version = _VERSIONS[row.switch]
    if not any(network.version == version for network in one.networks):
        return
    if row.now is NowState.ON:
        yield DoctorFinding("ip-forward", Severity.OK, f"This host forwards IPv{version}.", "", one.name)
        return
    if row.now is NowState.BLOCKED:
        name = f"net.ipv{version}.conf.{one.name.replace('.', '/')}.forwarding"
        yield DoctorFinding(
            "ip-forward",
            Severity.ERROR,
            f"This host does not forward IPv{version} packets that come out of {one.name}: {name} is 0.",
            "Peers reach this host, but nobody behind it.",
            one.name,
            fix=SettingFix(name, "1"),
            command=f"sysctl -w {name}=1",
        )
        return
    if row.now is not NowState.OFF:
        return
    asked = row.disk.state in _ASKED_FOR or _asks_for_rules(one)
    needed = asked or needs.relay or needs.outside or needs.internet
    name = "net.ipv4.ip_forward" if version == 4 else "net.ipv6.conf.all.forwarding"
    yield DoctorFinding(
        "ip-forward",
        Severity.ERROR if needed else Severity.NOTE,
        f"This host does not forward IPv{version}: {name} is 0.",
        "Peers reach this host, but neither each other nor anything behind it.",
        one.name,
        fix=SwitchFix(one.name, row.switch, on=True) if needed or row.fix is not None else None,
        command=_command(one, row.switch),
    )


def _asks_for_rules(one: InterfaceFacts) -> bool:
    """Whether the file switches on what needs forwarding."""
    wanted = (SwitchName.FORWARD, SwitchName.RELAY, SwitchName.MASQUERADE)
    view = one.forwarding
    return view is not None and any(
        row.switch in wanted and row.disk.state in _ASKED_FOR for row in view.rows
    )


def _rule(facts: DoctorFacts, one: InterfaceFacts, needs: Needs, row: Row) -> Iterator[DoctorFinding]:
    if row.culprit and row.switch in _BLOCKED:
        code, why = _BLOCKED[row.switch]
        severity = Severity.ERROR if _is_wanted(facts, one, needs, row) else Severity.NOTE
        fix = _switch_fix(one, row)
        yield DoctorFinding(
            code,
            severity,
            printable(row.culprit, 600),
            why,
            one.name,
            certain=not row.note,
            fix=fix,
            command=_command(one, fix.switch, fix.target) if fix is not None else "",
        )
    elif row.fix is not None:
        yield DoctorFinding(
            "rules-missing",
            _missing_severity(row),
            f"The switch {_words(row)} of {one.name} is on in its file. {printable(row.note, 300)}",
            "It is done all the same, by what is in force or because nothing stands in the way."
            if row.now in _WORKS
            else "What it stands for is not done now.",
            one.name,
            fix=_switch_fix(one, row),
            command=_command(one, row.fix.switch, row.fix.target),
        )
    elif row.now in _WORKS and row.switch is SwitchName.PORT:
        text = f"The packet filter lets calls in to UDP {one.listen_port}."
        yield DoctorFinding("port-blocked", Severity.OK, text, "", one.name)


def _missing_severity(row: Row) -> Severity:
    """Rules that are elsewhere than they would be put now, or are not needed now, break nothing yet."""
    if row.disk.state is DiskState.PARTLY:
        return Severity.WARNING
    return {NowState.ON: Severity.NOTE, NowState.OPEN: Severity.WARNING}.get(row.now, Severity.ERROR)


def _words(row: Row) -> str:
    return f"{row.switch.value} {printable(row.target, 15)}".rstrip()


def _is_wanted(facts: DoctorFacts, one: InterfaceFacts, needs: Needs, row: Row) -> bool:
    """Whether somebody wants the packets that are dropped: our own rule for them, or a peer's need."""
    if row.now is NowState.BLOCKED or row.disk.state in _ASKED_FOR:
        return True
    match row.switch:
        case SwitchName.PORT:
            return _is_called(facts, one)
        case SwitchName.RELAY:
            return needs.relay
        case SwitchName.FORWARD:
            return needs.outside or needs.internet
        case _:
            return False


def _is_called(facts: DoctorFacts, one: InterfaceFacts) -> bool:
    """Whether some peer has to call this host, and none of these got through: others may be let in."""
    config, device = one.config, one.device
    if config is None or device is None:
        return False
    callers = {peer.public_key for peer in one.peers if peer.endpoint is None}
    active = {
        peer.public_key for peer in device.peers if activity_of(peer.latest_handshake, facts.now).is_active
    }
    return bool(callers) and not callers & active


def _after_reboot(one: InterfaceFacts, row: Row) -> Iterator[DoctorFinding]:
    """What is on now and will not be; that the interface itself does not come up is told elsewhere."""
    comes_up = one.unit is not None and one.unit.enabled
    if row.now is not NowState.ON or row.boot.state is not BootState.OFF or not comes_up:
        return
    if row.switch in _VERSIONS and not any(n.version == _VERSIONS[row.switch] for n in one.networks):
        return
    yield DoctorFinding(
        "lost-at-reboot",
        Severity.WARNING,
        f"The switch {_words(row)} of {one.name} is on now, and off after a reboot. "
        f"{printable(row.boot.reason, 300)}",
        "What works now stops with the next restart of this host.",
        one.name,
        fix=SwitchFix(one.name, row.switch, on=True, target=row.target),
        command=_command(one, row.switch, row.target),
    )


def _masquerade(one: InterfaceFacts, view: ForwardingView, needs: Needs) -> Iterator[DoctorFinding]:
    links = {link.name for link in view.path.links}
    uplink = next((link.name for link in view.path.links if link.is_uplink), "")
    rows = [row for row in view.rows if row.switch is SwitchName.MASQUERADE and row.target]
    for row in rows:
        if row.target not in links and row.disk.state in _ASKED_FOR and "*" not in row.target:
            known = printable(row.target, 15)
            there = f" Its way to the internet is {printable(uplink, 15)}." if uplink else ""
            yield DoctorFinding(
                "masquerade-wrong-link",
                Severity.ERROR,
                f"{one.name} masquerades on {known}, which this host does not have, or which is down.{there}",
                "Answers from the internet do not find back to the peers.",
                one.name,
                fix=SwitchFix(one.name, SwitchName.MASQUERADE, on=True, target=uplink) if uplink else None,
                command=_command(one, SwitchName.MASQUERADE, uplink) if uplink else "",
            )
    works = any(row.now in (NowState.ON, NowState.BLOCKED) and row.target == uplink for row in rows)
    wanted = needs.internet and any(network.is_private for network in one.networks if network.version == 4)
    if wanted and uplink and not works:
        yield DoctorFinding(
            "masquerade-missing",
            Severity.ERROR,
            f"Peers send everything to this host, but what comes out of {one.name} leaves "
            f"{printable(uplink, 15)} with its own private addresses.",
            "Nobody on the internet can answer them, unless a router in front of this host translates them.",
            one.name,
            certain=False,
            fix=SwitchFix(one.name, SwitchName.MASQUERADE, on=True, target=uplink),
            command=_command(one, SwitchName.MASQUERADE, uplink),
        )


def _beside(one: InterfaceFacts, view: ForwardingView) -> Iterator[DoctorFinding]:
    for hidden in view.hidden:
        yield DoctorFinding(
            "hidden-rules",
            Severity.NOTE,
            f"{len(hidden.lines)} rules of {printable(hidden.backend, 40)} are in force, which iptables does "
            "not show.",
            "They decide about packets too.",
            command=f"See them with: {hidden.program}",
        )
    for decider in view.deciders:
        if not decider.drops:
            known = decider.text.startswith(decider.who)
            text = printable(decider.text if known else f"{decider.who}: {decider.text}", 460)
            why = "The rules of this tunnel come first, so that its packets pass."
            yield DoctorFinding("other-deciders", Severity.NOTE, text, why, one.name)
    for problem in view.problems:
        text = f"Not everything about forwarding could be read. {printable(problem, 300)}"
        yield DoctorFinding("not-read", Severity.NOTE, text, "", one.name, certain=False)
