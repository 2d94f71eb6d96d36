"""`wgtui down`: the host is as before `up`, other tunnels keep what is theirs, and it can be undone."""

from __future__ import annotations

import pytest

from tests.services.interface_host import OTHER_KEY, InterfaceHost, conf
from wgtui.domain.addresses import prefix_of
from wgtui.domain.change import DeviceChange
from wgtui.domain.errors import DeviceGone, HostCommandFailed
from wgtui.domain.host import UnitState
from wgtui.domain.network import link_route
from wgtui.domain.plan import RunHooks
from wgtui.services.interfaces import plan_down

FULL_TUNNEL = conf("Address = 10.0.0.2/24, fd00::2/64\nDNS = 9.9.9.9", "0.0.0.0/0, ::/0, 10.7.0.0/16")


@pytest.fixture
def host() -> InterfaceHost:
    return InterfaceHost()


@pytest.mark.parametrize(
    "text",
    [
        conf(),
        conf("Address = 10.0.0.1/24", "10.0.0.2/32, 10.9.0.0/16"),
        FULL_TUNNEL,
        conf("Address = 10.0.0.1/24\nTable = 77", "0.0.0.0/0"),
        conf("FwMark = 5", "::/0"),
        conf("MTU = 1279\nAddress = fd00::1/64, 10.0.0.1/32", "10.0.0.0/8"),
        conf("DNS = 1.1.1.1\nPreUp = a\nPostUp = b\nPreDown = c\nPostDown = d"),
    ],
)
@pytest.mark.parametrize("recorded", [True, False])
def test_the_host_is_as_before(host: InterfaceHost, text: str, recorded: bool) -> None:
    host.write(text)
    before = host.state()
    host.up(text)
    if not recorded:
        # wg-quick leaves this one as it is.
        host.sysctls.values["net.ipv4.conf.all.src_valid_mark"] = "0"
    host.down(recorded=recorded)
    assert host.state() == before


@pytest.mark.parametrize("first", ["wg0", "wg1"])
@pytest.mark.parametrize("recorded", [True, False])
def test_another_tunnel_keeps_its_rules(host: InterfaceHost, first: str, recorded: bool) -> None:
    host.up(FULL_TUNNEL)
    host.up(conf("", "0.0.0.0/0", key=OTHER_KEY), "wg1")
    host.down(first, recorded=recorded)
    table, priority = (51821, 32763) if first == "wg0" else (51820, 32765)
    assert host.rules() == [f"{priority - 1}: main suppressed", f"{priority}: not {table} to {table}"]
    assert host.sysctls.values["net.ipv4.conf.all.src_valid_mark"] == "1"


def test_rules_go_although_the_mark_was_taken_off(host: InterfaceHost) -> None:
    host.up(FULL_TUNNEL)
    host.world.configure("wg0", DeviceChange(fwmark=0))
    host.down(recorded=False)
    assert host.rules(4) == host.rules(6) == []
    assert host.firewall.guards == {}


def test_what_wg_quick_took_from_us_is_not_missed(host: InterfaceHost) -> None:
    """`wg-quick down` of another tunnel removes every rule that suppresses default routes."""
    host.up(FULL_TUNNEL)
    for rule in host.network.rules():
        if rule.suppress_prefix_length is not None:
            host.network.remove_rule(rule)
    host.down()
    assert host.rules() == []


@pytest.mark.parametrize("text", [FULL_TUNNEL, conf("Address = 10.0.0.1/24\nListenPort = 7", "10.9.0.0/16")])
def test_undone_the_tunnel_is_back(host: InterfaceHost, text: str) -> None:
    host.up(text)
    before = host.state()
    applied = host.transaction.apply(plan_down(host.context, "wg0", host.source(), host.made()))
    assert applied.number is not None
    host.transaction.undo(applied.number)
    assert host.state() == before


def test_undoing_runs_the_hooks_of_up_once_the_device_is_there(host: InterfaceHost) -> None:
    host.up(conf("PreUp = a\nPostUp = b\nPreDown = c\nPostDown = d"))
    there: list[tuple[str, bool]] = []
    host.hooks.on_run = lambda command: there.append((command, "wg0" in host.world.devices))
    applied = host.transaction.apply(plan_down(host.context, "wg0", host.source(), host.made()))
    assert applied.number is not None
    host.transaction.undo(applied.number)
    assert there == [("c", True), ("d", False), ("a", True), ("b", True)]


def test_a_failing_pre_down_leaves_the_tunnel_up(host: InterfaceHost) -> None:
    host.up(conf("Address = 10.0.0.1/24\nPreDown = false", "0.0.0.0/0"))
    before = host.state()
    host.hooks.statuses["false"] = 1
    with pytest.raises(HostCommandFailed, match="PreDown"):
        host.down()
    assert host.state() == before


def test_hooks_are_those_of_the_up(host: InterfaceHost) -> None:
    host.up(conf("PostDown = then"))
    host.write(conf("PostDown = now"))
    plan = host.down()
    assert host.hooks.runs == ["then"]
    assert plan.notes[0].startswith("The hooks of wg0 were changed since it was brought up.")


def test_without_a_record_the_files_hooks_are_run(host: InterfaceHost) -> None:
    host.up(conf("PostDown = then"))
    host.write(conf("PostDown = now"))
    host.down(recorded=False)
    assert host.hooks.runs == ["now"]


def test_without_a_file_the_device_goes_all_the_same(host: InterfaceHost) -> None:
    host.up(conf("Address = 10.0.0.1/24\nPreDown = x", "0.0.0.0/0"))
    plan = plan_down(host.context, "wg0", None)
    host.transaction.apply(plan)
    assert not any(isinstance(step, RunHooks) for step in plan.steps)
    assert host.world.devices == {}
    assert host.rules() == []
    assert plan.notes == ("There is no file of wg0, so no PreDown and PostDown are run.",)


def test_what_is_not_up_cannot_be_taken_down(host: InterfaceHost) -> None:
    host.write(conf())
    with pytest.raises(DeviceGone, match=r"^wg0 is not up\."):
        plan_down(host.context, "wg0", host.source())


def test_an_active_unit_is_stopped_instead(host: InterfaceHost) -> None:
    host.up(conf())
    host.units.units["wg-quick@wg0.service"] = UnitState(enabled=True, active=True)
    plan = host.down(recorded=False)
    assert plan.notes == ("wg0 is stopped by its unit wg-quick@wg0.service, so wg-quick does all of it.",)
    assert not host.units.units["wg-quick@wg0.service"].active


def test_an_enabled_unit_that_is_not_active_has_no_say(host: InterfaceHost) -> None:
    host.up(conf())
    host.units.units["wg-quick@wg0.service"] = UnitState(enabled=True, active=False)
    host.down()
    assert host.world.devices == {}


def test_down_after_an_undone_down(host: InterfaceHost) -> None:
    text = FULL_TUNNEL.replace("DNS", "PreUp = a\nPostUp = b\nPreDown = c\nPostDown = d\nDNS")
    host.write(text)
    before = host.state()
    host.up(text)
    applied = host.transaction.apply(plan_down(host.context, "wg0", host.source(), host.made()))
    assert applied.number is not None
    host.transaction.undo(applied.number)
    host.hooks.runs.clear()
    host.down()
    assert host.hooks.runs == ["c", "d"]
    assert host.state() == before


def test_down_after_a_sync_that_brought_a_default_route(host: InterfaceHost) -> None:
    before = host.up(conf("Address = 10.0.0.2/32", "10.0.0.0/8"), "wg1") and host.state()
    host.up(conf("Address = 10.0.0.2/32", "10.7.0.0/16"))
    host.sync(conf("Address = 10.0.0.2/32\nDNS = 9.9.9.9", "0.0.0.0/0, ::/0"))
    host.down()
    host.files.remove("/etc/wireguard/wg0.conf")
    assert host.state() == before


def test_what_hooks_made_is_back_after_undoing(host: InterfaceHost) -> None:
    """Once, although the hooks make it again."""
    hooked = link_route(prefix_of("10.77.0.0/16"), "wg0")
    host.hooks.on_run = lambda command: host.network.add_route(hooked)
    host.up(conf("Address = 10.0.0.1/24\nPostUp = /usr/local/bin/routes", "10.9.0.0/16"))
    host.network.add_route(link_route(prefix_of("10.78.0.0/16"), "wg0"))
    before = host.state()
    applied = host.transaction.apply(plan_down(host.context, "wg0", host.source(), host.made()))
    assert applied.number is not None
    host.transaction.undo(applied.number)
    assert host.state() == before
