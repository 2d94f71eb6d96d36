"""Forwarding switches as plans, and what is seen of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.services.forwarding_host import OWN_SYSCTLS, UNIT, ForwardingHost, relay_file, saved
from tests.services.interface_host import FOLDER, PEER_KEY
from tests.services.test_forwarding_backend import native
from wgtui.adapters.simulated.packet_filter import DOCKER, SimulatedPacketFilter
from wgtui.domain.addresses import prefix_of
from wgtui.domain.editing import InterfaceEdit, PeerEdit
from wgtui.domain.errors import ConfigUnreadable, EditRefused
from wgtui.domain.forwarding import BootState, DiskState, NowState, SwitchName
from wgtui.domain.forwarding.sysctl_files import IP_FORWARD, IPV6_FORWARDING
from wgtui.domain.host import UnitState
from wgtui.domain.keys import PublicKey
from wgtui.domain.plan import RunHooks, SetFile, SetForwardRules, SetSysctl
from wgtui.domain.ruleset import Backend, FilterFamily, FilterPrograms, Ruleset, RulesetReading
from wgtui.domain.ruleset.save import parse_save

RELAY, FORWARD, ISOLATE = SwitchName.RELAY, SwitchName.FORWARD, SwitchName.ISOLATE
MASQUERADE, PORT, MSS, IPV4 = SwitchName.MASQUERADE, SwitchName.PORT, SwitchName.MSS, SwitchName.IPV4


def test_a_host_that_does_nothing_about_it() -> None:
    view = ForwardingHost().view()
    states = {row.switch: (row.now, row.disk.state, row.boot.state) for row in view.rows}
    nothing = (NowState.OFF, DiskState.OFF, BootState.OFF)
    open_ = (NowState.OPEN, DiskState.OFF, BootState.OPEN)
    assert states == {
        IPV4: nothing,
        SwitchName.IPV6: nothing,
        FORWARD: open_,
        RELAY: open_,
        ISOLATE: nothing,
        MASQUERADE: nothing,
        PORT: open_,
        MSS: nothing,
    }
    assert [link.name for link in view.path.links] == ["eth0", "lan0"]
    assert [peer.name for peer in view.path.peers] == ["phone", "home"]
    assert not (view.problems or view.deciders or view.hidden or view.hand_written)


def test_relay_comes_with_what_it_needs_and_goes_again() -> None:
    host = ForwardingHost()
    host.packet_filter.background = DOCKER
    row = host.row(RELAY)
    assert row.now is NowState.OFF
    assert "Docker's policy DROP of the chain FORWARD" in row.culprit
    assert row.fix is not None
    plan = host.apply(host.plans.fix("wg0", row.fix))
    kinds = [type(step) for step in plan.steps]
    assert kinds == [SetFile, SetForwardRules, SetFile, SetSysctl]
    assert host.sysctls.values[IP_FORWARD] == "1"
    assert "net.ipv4.ip_forward = 1" in host.text(OWN_SYSCTLS)
    row = host.row(RELAY)
    assert (row.now, row.disk.state, row.boot.state) == (NowState.ON, DiskState.ON, BootState.ON)
    assert row.disk.where == "wg0.conf:5"
    assert host.row(IPV4).boot.reason == f"{OWN_SYSCTLS}:2 sets it."
    assert [(one.who, one.drops) for one in host.view().deciders] == [("Docker", True)]
    host.turn(FORWARD)
    assert [(one.who, one.drops) for one in host.view().deciders] == [("Docker", False)]
    host.turn(FORWARD, on=False)
    before = host.text()
    plan = host.turn(RELAY, on=False)
    assert "This host still passes packets on. Turn it off with: wgtui forward wg0 off ipv4." in plan.notes
    assert host.text() == relay_file() != before
    assert host.rules_in_force() == set()
    assert host.row(RELAY).now is NowState.OFF


def test_turning_twice_does_nothing() -> None:
    host = ForwardingHost()
    for switch, target in (
        (FORWARD, ""),
        (MASQUERADE, "eth0"),
        (PORT, ""),
        (MSS, ""),
        (ISOLATE, ""),
        (IPV4, ""),
    ):
        host.turn(switch, target=target)
        assert host.plans.switch("wg0", switch, True, target).is_empty
        assert host.row(switch, target).now is NowState.ON
        assert host.row(switch, target).disk.state is DiskState.ON
        assert host.row(switch, target).boot.state is BootState.ON
    assert host.row(RELAY).note == "The peers are isolated from each other."
    assert host.row(RELAY).fix is None


def test_two_uplinks_masquerade_and_one_stops() -> None:
    host = ForwardingHost()
    host.turn(MASQUERADE, target="eth0")
    host.turn(MASQUERADE, target="lan0")
    targets = [row.target for row in host.view().rows if row.switch is MASQUERADE]
    assert targets == ["eth0", "lan0"]
    assert {link.name: link.masquerades for link in host.view().path.links} == {"eth0": True, "lan0": True}
    host.turn(MASQUERADE, on=False, target="eth0")
    assert [row.target for row in host.view().rows if row.switch is MASQUERADE] == ["lan0"]


def test_masquerade_wants_an_interface_that_there_is() -> None:
    plans = ForwardingHost().plans
    with pytest.raises(EditRefused, match="wgtui forward wg0 on masquerade eth0"):
        plans.switch("wg0", MASQUERADE, True)
    with pytest.raises(EditRefused, match=r"There is no interface eth9 .* eth0, lan0"):
        plans.switch("wg0", MASQUERADE, True, "eth9")
    with pytest.raises(EditRefused, match="relay is for no interface"):
        plans.switch("wg0", RELAY, True, "eth0")


def test_an_uplink_with_another_name_is_said_and_mended() -> None:
    host = ForwardingHost()
    host.apply(host.plans.switch("wg0", MASQUERADE, True, "lan0"))
    assert host.row(MASQUERADE, "lan0").now is NowState.ON
    host.links.names.remove("lan0")
    row = host.row(MASQUERADE, "lan0")
    assert (row.now, row.culprit) == (NowState.BLOCKED, "This host has no interface lan0 now.")
    assert row.fix is not None
    host.apply(host.plans.fix("wg0", row.fix))
    assert host.row(MASQUERADE, "eth0").now is NowState.ON
    assert host.row(MASQUERADE, "lan0").fix is None
    host.apply(host.plans.switch("wg0", MASQUERADE, False, "lan0"))
    assert "lan0" not in host.text()


def test_without_a_program_nothing_is_turned_on() -> None:
    host = ForwardingHost()
    reading = RulesetReading(Ruleset(), FilterPrograms(), frozenset())
    host.packet_filter.read = lambda: reading  # type: ignore[method-assign]
    for switch in (RELAY, PORT):
        with pytest.raises(EditRefused, match="neither") as caught:
            host.plans.switch("wg0", switch, True)
        assert "apt install" in caught.value.hint
    assert host.plans.switch("wg0", RELAY, False).is_empty


def test_down_takes_back_what_was_turned_while_it_was_up() -> None:
    host = ForwardingHost(hooks_of_file="PostUp = logger up\nPostDown = logger down\n")
    host.packet_filter.background = DOCKER
    host.apply_once(host.plans.switch("wg0", RELAY, True))
    host.apply_once(host.plans.switch("wg0", PORT, True))
    host.apply_once(host.plans.switch("wg0", RELAY, False))
    plan = host.down()
    assert plan.notes == ()
    downs = [step.commands for step in plan.steps if isinstance(step, RunHooks) and step.hook == "PostDown"]
    assert [len(commands) for commands in downs if commands] == [3]
    assert "wgtui:%i:port" in downs[-1][0] or "wgtui:%i:port" in downs[-1][-1]
    assert not any("relay" in command for command in downs[-1])


def test_peers_that_others_keep_apart_are_not_isolated_by_anybody() -> None:
    host = ForwardingHost()
    host.packet_filter.background = saved("DROP")
    row = host.row(ISOLATE)
    assert (row.now, row.boot.state) == (NowState.OFF, BootState.OFF)
    assert "do not reach each other anyhow" in row.note
    relay = host.row(RELAY)
    assert relay.fix is not None
    assert relay.fix.text.endswith("before the policy of FORWARD decides.")


def test_a_rule_of_somebody_else_is_not_turned_off() -> None:
    host = ForwardingHost()
    host.packet_filter.background = saved(
        filter_rules=":ufw-user-forward - [0:0]\n-A FORWARD -j ufw-user-forward\n"
        "[9:900] -A ufw-user-forward -i wg0 -o wg0 -j ACCEPT\n"
    )
    row = host.row(RELAY)
    assert (row.now, row.packets) == (NowState.ON, 9)
    assert (row.boot.state, row.boot.reason) == (BootState.ON, "ufw makes its rule again.")
    with pytest.raises(EditRefused, match="somebody else"):
        host.plans.switch("wg0", RELAY, False)


def test_rules_that_are_gone_are_put_back() -> None:
    host = ForwardingHost()
    host.turn(RELAY)
    host.forward_rules.rules.clear()
    row = host.row(RELAY)
    assert row.note == "The file has it, but its rules are not in force."
    assert row.fix is not None
    host.apply(host.plans.fix("wg0", row.fix))
    assert (host.row(RELAY).now, host.row(RELAY).note) == (NowState.ON, "")


def test_a_peer_with_another_lan_leaves_the_lines_incomplete() -> None:
    host = ForwardingHost()
    host.packet_filter.background = saved("DROP")
    host.turn(MASQUERADE, target="eth0")
    host.put(f"{FOLDER}/wg0.conf", host.text().replace("192.168.2.0/24", "192.168.2.0/24, 192.168.7.0/24"))
    row = host.row(MASQUERADE, "eth0")
    assert row.disk.state is DiskState.PARTLY
    assert row.fix is not None
    host.apply(host.plans.fix("wg0", row.fix))
    assert host.row(MASQUERADE, "eth0").disk.state is DiskState.ON
    assert "POSTROUTING -s 192.168.7.0/24" in " ".join(host.rules_in_force())


def test_lines_and_rules_follow_an_edit_of_the_file() -> None:
    host = ForwardingHost(hooks_of_file="PostUp = logger up\n")
    host.packet_filter.background = saved("DROP")
    for switch, target in ((PORT, ""), (MASQUERADE, "eth0")):
        host.apply_once(host.plans.switch("wg0", switch, True, target))
    host.apply(host.interfaces.edit("wg0", InterfaceEdit(listen_port=51999)))
    assert host.row(PORT).disk.state is DiskState.ON
    assert "--dport 51999" in " ".join(host.rules_in_force())
    assert "51820" not in host.text()
    more = PeerEdit(allowed_ips=(prefix_of("10.0.0.2/32"), prefix_of("192.168.7.0/24")))
    host.apply(host.peers.edit("wg0", PublicKey.parse(PEER_KEY), more))
    assert host.row(MASQUERADE, "eth0").disk.state is DiskState.ON
    assert "POSTROUTING -s 192.168.7.0/24" in " ".join(host.rules_in_force())
    assert "192.168.2.0/24" not in host.text()
    commands = [text for step in host.down().steps if isinstance(step, RunHooks) for text in step.commands]
    assert any("51999" in text for text in commands)
    assert not any("51820" in text for text in commands)


def test_lines_that_somebody_changed_do_not_follow() -> None:
    host = ForwardingHost()
    host.packet_filter.background = DOCKER
    host.apply_once(host.plans.switch("wg0", PORT, True))
    changed = "".join(line for line in host.text().splitlines(True) if not line.startswith("PostUp = ip6"))
    host.put(f"{FOLDER}/wg0.conf", changed)
    plan = host.interfaces.edit("wg0", InterfaceEdit(listen_port=51999))
    assert not any(isinstance(step, SetForwardRules) for step in plan.steps)


def test_what_a_reboot_leaves_where_the_unit_is_not_enabled() -> None:
    host = ForwardingHost()
    host.turn(RELAY)
    host.units.units[UNIT] = UnitState(enabled=False, active=False)
    boot = host.row(RELAY).boot
    assert (boot.state, boot.reason) == (BootState.OFF, f"{UNIT} is not enabled, so wg0 does not come up.")
    host.units.available = False
    assert host.row(RELAY).boot.state is BootState.UNKNOWN


def test_a_later_file_has_the_last_word() -> None:
    host = ForwardingHost()
    host.turn(IPV4)
    host.put("/etc/sysctl.d/zz-hardening.conf", "net.ipv4.ip_forward=0\n")
    row = host.row(IPV4)
    assert (row.now, row.disk.state, row.boot.state) == (NowState.ON, DiskState.OFF, BootState.OFF)
    assert row.boot.reason == (f"/etc/sysctl.d/zz-hardening.conf:1 sets it to 0, read after {OWN_SYSCTLS}.")


def test_saved_rules_are_asked_too() -> None:
    host = ForwardingHost()
    host.units.units["netfilter-persistent.service"] = UnitState(enabled=True, active=True)
    host.put("/etc/iptables/rules.v4", "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\nCOMMIT\n")
    boot = host.row(RELAY).boot
    assert (boot.state, boot.reason) == (
        BootState.OFF,
        "/etc/iptables/rules.v4, which is restored at boot, drops these packets.",
    )


def test_the_nat_of_ufws_own_files_comes_back() -> None:
    rules = "-A POSTROUTING -s 10.0.0.0/24 -o eth0 -j MASQUERADE\n"
    host = ForwardingHost()
    host.packet_filter.background = saved("DROP", nat_rules=f"[1:60] {rules}")
    assert host.row(MASQUERADE, "eth0").boot.state is BootState.OFF
    host.put("/etc/ufw/ufw.conf", "ENABLED=yes\n")
    host.put(
        "/etc/ufw/before.rules",
        f"*nat\n:POSTROUTING ACCEPT [0:0]\n{rules}COMMIT\n*filter\n:ufw-before-input - [0:0]\nCOMMIT\n",
    )
    boot = host.row(MASQUERADE, "eth0").boot
    assert (boot.state, "/etc/ufw/before.rules" in boot.reason) == (BootState.ON, True)
    assert host.row(RELAY).boot.state is BootState.OFF


def test_rules_that_nftables_may_load_are_not_said_to_be_gone() -> None:
    host = ForwardingHost()
    rule = '{"match": {"op": "==", "left": {"meta": {"key": "oifname"}}, "right": "wg0"}}, {"accept": null}'
    own = native("forward", rule)
    reading = replace(host.packet_filter.read(), ruleset=Ruleset(own))
    host.packet_filter.read = lambda: reading  # type: ignore[method-assign]
    row = host.row(RELAY)
    assert (row.now, row.boot.state) == (NowState.ON, BootState.OFF)
    host.units.units["nftables.service"] = UnitState(enabled=True, active=True)
    boot = host.row(RELAY).boot
    assert (boot.state, "nftables.service" in boot.reason) == (BootState.UNKNOWN, True)


def test_a_namespace_outlives_nothing() -> None:
    host = ForwardingHost(is_namespace=True)
    plan = host.turn(RELAY)
    assert host.text(OWN_SYSCTLS) == ""
    assert any("namespace" in note for note in plan.notes)
    assert host.row(RELAY).boot.state is host.row(IPV4).boot.state is BootState.OFF
    assert host.sysctls.values[IP_FORWARD] == "1"


def test_ipv6_keeps_the_uplink_that_a_router_advertised() -> None:
    host = ForwardingHost()
    accept = "net.ipv6.conf.eth0.accept_ra"
    (route,) = [one for one in host.network.routes() if str(one.destination) == "::/0"]
    host.network.remove_route(route)
    host.network.add_route(replace(route, protocol=9))
    host.sysctls.values[accept] = "1"
    plan = host.turn(SwitchName.IPV6)
    settings = [step.name for step in plan.steps if isinstance(step, SetSysctl)]
    assert settings == [accept, IPV6_FORWARDING], "the route would be forgotten in between"
    assert f"{accept} = 2" in host.text(OWN_SYSCTLS)
    host.apply_once(host.plans.switch("wg0", SwitchName.IPV6, False))
    assert host.text(OWN_SYSCTLS) == ""
    assert host.sysctls.values[IPV6_FORWARDING] == "0"


def test_without_ipv6_in_the_kernel_there_is_nothing_to_turn() -> None:
    host = ForwardingHost()
    for name in [name for name in host.sysctls.values if ".ipv6." in name]:
        del host.sysctls.values[name]
    row = host.row(SwitchName.IPV6)
    assert (row.now, row.note) == (NowState.UNKNOWN, "wg0 has no IPv6 addresses.")
    plan = host.plans.switch("wg0", SwitchName.IPV6, True)
    assert plan.is_empty
    assert "no setting net.ipv6.conf.all.forwarding" in plan.notes[0]
    host.packet_filter.background = DOCKER
    host.turn(PORT)
    assert "ip6tables" not in host.text()


def test_turning_off_what_others_need_says_so() -> None:
    host = ForwardingHost()
    host.turn(IPV4)
    host.others.write("wg1", relay_file("PostUp = iptables -A FORWARD -i %i -j ACCEPT\n").encode())
    host.put(f"{FOLDER}/wg1.conf", relay_file("PostUp = iptables -A FORWARD -i %i -j ACCEPT\n"))
    host.network.add_link("docker0")
    host.links.names.append("docker0")
    plan = host.turn(IPV4, on=False)
    assert plan.notes == ("wg1 and Docker need it, and will not work.",)
    assert host.text(OWN_SYSCTLS) == ""


IN_LEGACY = "-A FORWARD -s 10.0.0.0/8 -j DROP"


class WithLegacy(SimulatedPacketFilter):
    """A host on which rules of the other variant are in force as well."""

    def read(self) -> RulesetReading:
        """Read everything."""
        reading = super().read()
        legacy = parse_save(saved(filter_rules=IN_LEGACY + "\n"), Backend.LEGACY, FilterFamily.IP)
        return replace(reading, ruleset=Ruleset((*reading.ruleset.tables, *legacy)))


def test_rules_that_iptables_does_not_show() -> None:
    host = ForwardingHost()
    host.packet_filter = WithLegacy(host.forward_rules, DOCKER)
    (hidden,) = host.view().hidden
    assert (hidden.backend, hidden.lines) == ("iptables-legacy", (IN_LEGACY,))
    host.turn(FORWARD)
    row = host.row(FORWARD)
    assert row.now is NowState.BLOCKED
    assert "iptables-legacy" in row.culprit
    assert row.fix is None, "no rule of the other variant helps against a DROP"


def test_without_a_listen_port_none_can_be_opened() -> None:
    host = ForwardingHost()
    host.put(f"{FOLDER}/wg0.conf", relay_file(port=""))
    assert "no listen port" in host.row(PORT).note


def test_an_interface_without_a_file_is_seen_as_it_runs() -> None:
    host = ForwardingHost()
    host.packet_filter.background = DOCKER
    host.files.remove(f"{FOLDER}/wg0.conf")
    view = host.view()
    assert view.path.listen_port == 51820
    assert len(view.path.peers) == 2
    row = host.row(RELAY)
    assert (row.now, row.disk.state) == (NowState.OFF, DiskState.UNKNOWN)
    assert "Docker" in row.culprit
    assert row.fix is None, "there is no file to write it into"
    with pytest.raises(ConfigUnreadable, match="wg0 has no file"):
        host.plans.switch("wg0", RELAY, True)
    with pytest.raises(ConfigUnreadable, match="wg5 has no file"):
        host.plans.view("wg5")


def test_an_interface_that_is_down() -> None:
    host = ForwardingHost()
    host.down()
    host.units.available = True
    row = host.row(RELAY)
    assert (row.now, row.note) == (NowState.OFF, "wg0 is not up.")
    plan = host.plans.switch("wg0", RELAY, True)
    assert not any(isinstance(step, SetForwardRules) for step in plan.steps)
    assert any("wg0 is not up" in note for note in plan.notes)
