"""The doctor's checks: a healthy relay raises no alarm, and one thing that is wrong is named first."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import pytest

from tests.unit.doctor_world import (
    DEVICE,
    FAR,
    FILE,
    HOME,
    HOST,
    INTERFACE,
    LAPTOP,
    NOW,
    changed,
    config,
    difference,
    facts,
    found,
    noted,
    of,
    only,
    own_file,
    peer,
    problems,
    row,
    view,
)
from wgtui.domain.addresses import prefix_of
from wgtui.domain.doctor import (
    BringUpFix,
    DoctorFacts,
    EndClaimsFix,
    InterfaceFacts,
    KeepFileFix,
    KeepKernelFix,
    LinkFacts,
    LinkUpFix,
    ModeFix,
    Severity,
)
from wgtui.domain.drift import DriftKind
from wgtui.domain.fixes import SettingFix, SwitchFix
from wgtui.domain.forwarding import (
    AfterReboot,
    BootState,
    Decider,
    DiskState,
    Fix,
    HiddenRules,
    NowState,
    OnDisk,
    SwitchName,
)
from wgtui.domain.grammar import Finding
from wgtui.domain.grammar import Severity as FileSeverity
from wgtui.domain.host import UnitState
from wgtui.domain.journal import Entry, EntryState
from wgtui.domain.plan import Plan
from wgtui.domain.setup.facts import ClockFacts, KernelSupport


def with_host(**fields: Any) -> DoctorFacts:
    return facts(host=replace(HOST, **fields))


def lint(code: str, severity: FileSeverity = FileSeverity.LINT) -> Finding:
    return Finding(code, severity, 7, 1, "Something about it.", "Do something.")


def entry(state: EntryState, at: float = NOW - 60) -> Entry:
    return Entry(4, Plan("Change wg0", ()), at, "root", state)


def test_a_healthy_relay_raises_no_alarm() -> None:
    every = found(facts())
    assert {one.severity for one in every} == {Severity.OK}
    assert {"ip-forward", "interface", "port-blocked", "mtu", "wireguard"} <= {one.code for one in every}


PREFLIGHT = [
    ({"net_admin": False}, "privilege", Severity.ERROR),
    ({"clock": ClockFacts(1000.0, True)}, "clock", Severity.ERROR),
]


@pytest.mark.parametrize(("fields", "code", "severity"), PREFLIGHT)
def test_the_host(fields: dict[str, Any], code: str, severity: Severity) -> None:
    assert (only(with_host(**fields)).code, only(with_host(**fields)).severity) == (code, severity)


def test_no_wireguard_is_an_error_only_where_none_runs() -> None:
    without = with_host(support=KernelSupport.MISSING)
    assert not problems(without)
    down = facts(changed(device=None, text=None), replace(HOST, support=KernelSupport.MISSING))
    assert found(down)[0].code == "wireguard"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"clock": ClockFacts(NOW, False)}, "clock"),
        ({"programs": frozenset(("bash", "wg-quick"))}, "packet-filter"),
        ({"sysctls_writable": False}, "settings"),
        ({"others": (("NetworkManager", "wg9"),)}, "other-managers"),
        ({"container": "docker"}, "container"),
        ({"systemd": False}, "boot"),
    ],
)
def test_what_is_no_trouble_now_is_a_note(fields: dict[str, Any], code: str) -> None:
    assert noted(with_host(**fields), code).severity is Severity.NOTE


def test_another_manager_of_the_same_interface_is_a_problem() -> None:
    assert only(with_host(others=(("NetworkManager", "wg0"),))).code == "other-managers"


def test_missing_bash_matters_to_a_file_with_commands() -> None:
    host = replace(HOST, programs=HOST.programs - {"bash"})
    assert noted(facts(host=host), "tools").severity is Severity.NOTE
    hooked = changed(text=FILE.replace("ListenPort", "PostUp = true\nListenPort"))
    assert only(facts(hooked, host)).code == "tools"


def test_a_clock_that_was_set_back() -> None:
    ahead = changed(peers_now=(peer(HOME, "10.7.0.2/32", -7200.0), peer(LAPTOP, "10.7.0.3/32")))
    one = only(of(ahead))
    assert (one.code, one.severity) == ("clock-jumped", Severity.ERROR)
    assert "home lies 2 hours ahead" in one.text
    assert only(facts(newest_entry=NOW + 600)).severity is Severity.WARNING
    assert not problems(facts(newest_entry=NOW + 1))


def test_router_advertisements_are_no_longer_taken() -> None:
    name = "net.ipv6.conf.eth0.accept_ra"
    settings = {"net.ipv6.conf.all.forwarding": "1", name: "1"}
    assert only(facts(advertised=("eth0",), settings=settings)).fix == SettingFix(name, "2")
    for fine in ({**settings, name: "2"}, {**settings, "net.ipv6.conf.all.forwarding": "0"}):
        assert not [
            one for one in found(facts(advertised=("eth0",), settings=fine)) if one.severity.is_problem
        ]


def test_the_journal() -> None:
    cut_off = only(facts(open_entry=entry(EntryState.UNFINISHED)))
    assert cut_off.severity is Severity.ERROR
    assert "wgtui undo 4" in cut_off.command
    assert noted(facts(open_entry=entry(EntryState.WAITING)), "journal-open").command == "wgtui confirm 4"


# The interface


def test_a_file_that_everybody_can_read() -> None:
    assert only(of(changed(is_open=True))).fix == ModeFix("/etc/wireguard/wg0.conf", 0o600)


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (lint("bad-key", FileSeverity.ERROR), "file-refused"),
        (lint("no-private-key"), "no-private-key"),
        (lint("own-key-peer"), "own-key-peer"),
        (lint("duplicate-peer"), "duplicate-peer"),
    ],
)
def test_what_is_wrong_with_the_file(problem: Finding, code: str) -> None:
    one = only(of(changed(problems=(problem,))))
    assert one.code == code
    assert "wg0.conf, line 7" in one.text


@pytest.mark.parametrize("code", ["save-config", "overwritten"])
def test_files_that_are_written_anew_are_a_note_with_a_way_out(code: str) -> None:
    assert noted(of(changed(problems=(lint(code),))), code).fix == EndClaimsFix("wg0")


def test_an_interface_that_is_down() -> None:
    down = changed(device=None, mtu=0, forwarding=None)
    assert only(of(down)).fix == BringUpFix("wg0")
    off = replace(down, unit=UnitState(enabled=False, active=False))
    assert only(of(off)).severity is Severity.WARNING
    broken = replace(down, problems=(lint("bad-key", FileSeverity.ERROR),))
    assert only(of(broken)).code == "file-refused"
    boot = replace(down, differences=(difference(DriftKind.NOT_UP),))
    assert "comes up at boot, but is down" in only(of(boot)).text
    spare = replace(down, name="wg1", config=config(FILE.replace("51820", "51821")))
    two = replace(facts(), interfaces=(INTERFACE, spare))
    assert not problems(two)


def test_a_link_that_is_switched_off() -> None:
    one = only(of(changed(is_link_up=False)))
    assert (one.code, one.fix) == ("interface-down", LinkUpFix("wg0"))


def test_an_interface_that_does_not_come_up_at_boot() -> None:
    drifted = difference(DriftKind.NOT_AT_BOOT)
    assert only(of(changed(differences=(drifted,)))).fix == KeepKernelFix("wg0", drifted)


def test_an_interface_without_a_key_or_a_file() -> None:
    bare = replace(DEVICE, private_key=None, public_key=None)
    assert only(of(changed(device=bare))).code == "no-private-key"
    strange = changed(config=None, peers=(), own_files=())
    assert noted(of(strange), "file-missing").severity is Severity.NOTE


def test_two_tunnels_on_one_port() -> None:
    second = changed(name="wg1", device=None, mtu=0, forwarding=None, own_files=())
    both = replace(facts(), interfaces=(INTERFACE, second))
    first = found(both)[0]
    assert (first.code, first.interface, first.severity) == ("port-shared", "wg1", Severity.ERROR)
    other = replace(facts(second), others=(INTERFACE,))
    assert found(other)[0].code == "port-shared"


def test_a_port_that_another_program_has() -> None:
    down = changed(device=None, mtu=0, forwarding=None)
    host = replace(HOST, udp_ports=frozenset((51820, 53)))
    assert found(facts(down, host))[0].code == "port-taken"
    assert only(facts(down, replace(HOST, udp_ports=frozenset((53,))))).code == "interface-down"


@pytest.mark.parametrize("kind", [DriftKind.PRIVATE_KEY, DriftKind.LISTEN_PORT])
def test_a_key_or_port_that_is_not_the_files(kind: DriftKind) -> None:
    drifted = (difference(kind),)
    assert only(of(changed(differences=drifted))).severity is Severity.WARNING
    silent = changed(differences=drifted, peers_now=(peer(HOME, "10.7.0.2/32", 4000.0),))
    first = only(of(silent))
    assert (first.severity, first.fix) == (Severity.ERROR, KeepFileFix("wg0", drifted[0]))


def test_dns_without_resolvconf() -> None:
    named = changed(text=FILE.replace("ListenPort", "DNS = 9.9.9.9\nListenPort"))
    assert only(facts(named, has_resolvconf=False)).code == "resolvconf"
    assert not problems(facts(has_resolvconf=False))


def test_tunnels_of_others_are_told_of() -> None:
    other = LinkFacts("tun0", (prefix_of("10.99.0.0/24"),), (ip_address("10.99.0.1"),), False, True)
    assert "tun0" in noted(facts(links=(other,)), "other-vpn").text


# Forwarding and the packet filter


def blocked(switch: SwitchName, now: NowState = NowState.OFF, **more: Any) -> InterfaceFacts:
    more.setdefault("disk", OnDisk(DiskState.OFF))
    culprit = "Packets are dropped: by the policy of FORWARD."
    return changed(forwarding=view(row(switch, now, culprit=culprit, fix=Fix("Let them.", switch), **more)))


def test_forwarding_is_off() -> None:
    off = row(SwitchName.IPV4, NowState.OFF, disk=OnDisk(DiskState.OFF), fix=Fix("On.", SwitchName.IPV4))
    one = only(of(changed(forwarding=view(off))))
    assert (one.code, one.fix) == ("ip-forward", SwitchFix("wg0", SwitchName.IPV4, True))


def test_forwarding_is_off_where_nobody_needs_it() -> None:
    off = row(SwitchName.IPV4, NowState.OFF, disk=OnDisk(DiskState.OFF))
    none = (
        row(switch, NowState.OPEN, disk=OnDisk(DiskState.OFF))
        for switch in (SwitchName.RELAY, SwitchName.FORWARD)
    )
    masquerade = row(SwitchName.MASQUERADE, NowState.OFF, "eth0", disk=OnDisk(DiskState.OFF))
    text = FILE.replace(", 192.168.2.0/24", "")
    plain = changed(text=text, forwarding=view(off, *none, masquerade), own_files=())
    assert noted(of(plain), "ip-forward").severity is Severity.NOTE


def test_forwarding_is_off_for_this_link_only() -> None:
    one = only(of(changed(forwarding=view(row(SwitchName.IPV4, NowState.BLOCKED, culprit="It is 0.")))))
    assert one.fix == SettingFix("net.ipv4.conf.wg0.forwarding", "1")


@pytest.mark.parametrize(
    ("interface", "code"),
    [
        (blocked(SwitchName.RELAY), "relay-blocked"),
        (blocked(SwitchName.FORWARD, NowState.BLOCKED), "forward-blocked"),
        (blocked(SwitchName.FORWARD, disk=OnDisk(DiskState.HAND_WRITTEN)), "forward-blocked"),
    ],
)
def test_the_packet_filter_drops_what_somebody_wants(interface: InterfaceFacts, code: str) -> None:
    one = only(of(interface))
    assert (one.code, one.severity) == (code, Severity.ERROR)
    assert isinstance(one.fix, SwitchFix)


def test_the_packet_filter_drops_what_nobody_asked_for() -> None:
    assert noted(of(blocked(SwitchName.FORWARD)), "forward-blocked").severity is Severity.NOTE
    plain = replace(blocked(SwitchName.RELAY), own_files=(), **_file(", 192.168.2.0/24"))
    assert noted(of(plain), "relay-blocked").severity is Severity.NOTE


def _file(without: str) -> dict[str, Any]:
    text = FILE.replace(without, "")
    return {"config": config(text), "peers": config(text).peers()}


def test_the_port_is_closed() -> None:
    silent = (peer(HOME, "10.7.0.2/32", None), peer(LAPTOP, "10.7.0.3/32", None))
    closed = replace(blocked(SwitchName.PORT), device=replace(DEVICE, peers=silent))
    one = only(of(closed))
    assert (one.code, one.severity) == ("port-blocked", Severity.ERROR)
    # Somebody who has to call came through: others are let in by other rules.
    assert noted(of(blocked(SwitchName.PORT)), "port-blocked").severity is Severity.NOTE


def test_what_may_be_otherwise_is_not_certain() -> None:
    assert only(of(blocked(SwitchName.RELAY, note="It may be otherwise."))).certain is False


def test_rules_that_are_not_in_force() -> None:
    missing = row(
        SwitchName.RELAY,
        NowState.OPEN,
        note="The file has it, but its rules are not in force.",
        fix=Fix("Put them in force.", SwitchName.RELAY),
    )
    one = only(of(changed(forwarding=view(missing))))
    assert (one.code, one.severity) == ("rules-missing", Severity.WARNING)
    needed = replace(missing, now=NowState.OFF)
    assert only(of(changed(forwarding=view(needed)))).severity is Severity.ERROR
    elsewhere = replace(missing, now=NowState.ON, note="Some of its rules are not in force.")
    assert noted(of(changed(forwarding=view(elsewhere))), "rules-missing")


def test_what_is_lost_at_the_next_reboot() -> None:
    lost = row(SwitchName.IPV4, boot=AfterReboot(BootState.OFF, "No file of the host sets it."))
    one = only(of(changed(forwarding=view(lost))))
    assert (one.code, one.severity) == ("lost-at-reboot", Severity.WARNING)
    assert not [
        one
        for one in found(replace(of(changed(forwarding=view(lost))), is_namespace=True))
        if one.severity.is_problem
    ]


def full_tunnel() -> tuple[Any, ...]:
    far = replace(FAR, reaches=(prefix_of("0.0.0.0/0"),))
    return (own_file(far=far),)


def test_masquerade_is_missing_for_a_full_tunnel() -> None:
    off = row(SwitchName.MASQUERADE, NowState.OFF, "eth0", disk=OnDisk(DiskState.OFF))
    one = only(of(changed(forwarding=view(off), own_files=full_tunnel())))
    assert one.fix == SwitchFix("wg0", SwitchName.MASQUERADE, True, "eth0")
    assert not one.certain
    assert not problems(of(changed(forwarding=view(off))))


def test_masquerade_on_a_link_that_is_not_there() -> None:
    gone = row(SwitchName.MASQUERADE, NowState.OFF, "eth7", disk=OnDisk(DiskState.HAND_WRITTEN))
    one = only(of(changed(forwarding=view(gone))))
    assert one.code == "masquerade-wrong-link"
    assert "eth0" in one.text


def test_others_who_decide_are_told_of() -> None:
    beside = view(
        hidden=(HiddenRules("iptables-legacy", "iptables-legacy-save", ("-P FORWARD DROP",)),),
        deciders=(Decider("Docker", "The policy of FORWARD is DROP.", False),),
        problems=("nft could not be asked.",),
    )
    codes = {one.code for one in found(of(changed(forwarding=beside))) if one.severity is Severity.NOTE}
    assert {"hidden-rules", "other-deciders", "not-read"} <= codes
