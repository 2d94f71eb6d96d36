"""Commands of somebody's own, taken over by wgtui's lines."""

from __future__ import annotations

import pytest

from tests.services.forwarding_host import ForwardingHost, saved
from wgtui.domain.errors import EditRefused
from wgtui.domain.forwarding import DiskState, NowState, SwitchName
from wgtui.domain.plan import RunHooks

RELAY, FORWARD, MASQUERADE = SwitchName.RELAY, SwitchName.FORWARD, SwitchName.MASQUERADE
TUTORIAL = (
    "PostUp = iptables -A FORWARD -i %i -j ACCEPT; iptables -A FORWARD -o %i -j ACCEPT; "
    "iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE\n"
    "PostDown = iptables -D FORWARD -i %i -j ACCEPT; iptables -D FORWARD -o %i -j ACCEPT; "
    "iptables -t nat -D POSTROUTING -o eth0 -j MASQUERADE\n"
)


def test_a_command_of_somebodys_own_is_seen_and_taken_over() -> None:
    host = ForwardingHost(hooks_of_file=TUTORIAL)
    host.packet_filter.background = saved(
        "DROP",
        "[7:700] -A FORWARD -i wg0 -j ACCEPT\n[0:0] -A FORWARD -o wg0 -j ACCEPT\n",
        "[3:300] -A POSTROUTING -o eth0 -j MASQUERADE\n",
    )
    row = host.row(MASQUERADE, "eth0")
    assert (row.now, row.disk.state) == (NowState.ON, DiskState.HAND_WRITTEN)
    assert (row.disk.where, row.packets, row.bytes) == ("wg0.conf:5", 3, 300)
    (line,) = host.view().hand_written
    assert line.can_be_taken_over
    assert [switch for switch, _ in line.switches] == [FORWARD, RELAY, MASQUERADE]
    assert host.plans.switch("wg0", RELAY, True).is_empty
    plan = host.apply(host.plans.take_over("wg0", line.index))
    run = next(step for step in plan.steps if isinstance(step, RunHooks))
    assert len(run.commands) == 3
    assert all(" -D " in command for command in run.commands)
    assert "-A FORWARD -i %i -j ACCEPT;" not in host.text()
    host.packet_filter.background = saved("DROP")
    for switch, target in ((FORWARD, ""), (RELAY, ""), (MASQUERADE, "eth0")):
        assert host.row(switch, target).disk.state is DiskState.ON
        assert host.row(switch, target).now is NowState.ON
    down = host.down()
    commands = [text for step in down.steps if isinstance(step, RunHooks) for text in step.commands]
    assert commands
    assert all("wgtui:%i:" in text for text in commands)


@pytest.mark.parametrize(
    "command", ["sysctl -w net.ipv4.ip_forward=1", "ip6tables -A FORWARD -i %i -o %i -j ACCEPT"]
)
def test_a_command_is_taken_over_whose_rules_are_in_force_already(command: str) -> None:
    host = ForwardingHost(hooks_of_file=f"PostUp = {command}\n")
    host.apply(host.plans.switch("wg0", RELAY, True))
    (line,) = host.view().hand_written
    host.apply(host.plans.take_over("wg0", line.index))
    assert command not in host.text()
    assert host.view().hand_written == ()
    assert host.row(RELAY).now is NowState.ON


def test_the_commands_before_down_go_with_what_they_took_back() -> None:
    down = "iptables -D FORWARD -i %i -j ACCEPT"
    host = ForwardingHost(hooks_of_file=f"PostUp = iptables -A FORWARD -i %i -j ACCEPT\nPreDown = {down}\n")
    (line,) = host.view().hand_written
    host.apply(host.plans.take_over("wg0", line.index))
    assert "PreDown" not in host.text()
    commands = [text for step in host.down().steps if isinstance(step, RunHooks) for text in step.commands]
    assert commands
    assert down not in commands


def test_turning_off_what_somebodys_own_command_does() -> None:
    host = ForwardingHost(hooks_of_file=TUTORIAL)
    plan = host.plans.switch("wg0", MASQUERADE, False, "eth0")
    host.apply_once(plan)
    assert host.row(MASQUERADE).disk.state is DiskState.OFF
    assert host.row(RELAY).disk.state is DiskState.ON


def test_a_command_that_is_not_understood_stays() -> None:
    host = ForwardingHost(hooks_of_file="PostUp = iptables -A FORWARD -i %i -j ACCEPT; ip rule add x\n")
    (line,) = host.view().hand_written
    assert not line.can_be_taken_over
    with pytest.raises(EditRefused, match=r"wg0.conf:5: .*ip rule add x"):
        host.plans.take_over("wg0", line.index)
    with pytest.raises(EditRefused, match="no such command"):
        host.plans.take_over("wg0", 5)
