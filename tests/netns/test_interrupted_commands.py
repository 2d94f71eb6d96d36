"""Commands that are killed or interrupted in the midst of a change, and a second operator meanwhile."""

from __future__ import annotations

import json
import signal
import subprocess

import pytest

from tests.netns.operator_rig import ALICE, Operator, environment
from tests.support.waiting import eventually


def kill_in_the_midst(operator: Operator) -> None:
    """Begin to bring wg7 up, and kill the process when its interface stands and a hook runs."""
    mark = operator.folder / "in the midst"
    hook = f"PreUp = test -e '{mark}' || {{ touch '{mark}'; exec sleep 30; }}\nPostUp = echo up"
    operator.file.write_text(operator.file.read_text().replace("PostUp = echo up", hook))
    with subprocess.Popen(operator.command("up", "wg7"), env=environment()) as process:
        eventually("the hook runs", mark.exists, 20)
        assert "wg7" in operator.host.run("ip", "-o", "link")
        process.kill()
    entries = json.loads(operator.type("journal", "--json"))["entries"]
    assert [entry["state"] for entry in entries] == ["unfinished"]
    said = operator.refused("peer", "edit", "wg7", "bob", "--keepalive", "5")
    assert "cut off" in said
    assert "wgtui undo 1" in said


def test_a_killed_command_is_taken_back_at_the_next_start(operator: Operator) -> None:
    nothing = operator.state()[:-1]
    kill_in_the_midst(operator)
    assert "wgtui undo" not in operator.type("undo", "1", "--yes")
    assert operator.state()[:-1] == nothing


def test_a_killed_command_is_completed_at_the_next_start(operator: Operator) -> None:
    kill_in_the_midst(operator)
    operator.type("confirm", "1")
    assert operator.routes() == {"192.168.2.0/24"}
    assert operator.allowed(ALICE) == {"10.7.0.2/32", "192.168.2.0/24"}
    assert (operator.folder / "notes").read_text() == "up\n"
    operator.type("down", "wg7")
    assert "wg7" not in operator.host.run("ip", "-o", "link")


def test_completing_it_can_be_read_before(operator: Operator) -> None:
    kill_in_the_midst(operator)
    before = operator.state()
    said = operator.type("confirm", "1", "--dry-run")
    assert "Set on wg7: its private key" in said
    assert "ip link add" not in said
    assert operator.state() == before
    operator.type("undo", "1", "--yes")


@pytest.mark.parametrize("deaf", [False, True], ids=["", "deaf"])
def test_ctrl_c_ends_a_hook_that_hangs_and_all_is_taken_back(operator: Operator, deaf: bool) -> None:
    nothing = operator.state()[:-1]
    mark = operator.folder / "in the midst"
    hook = f"PostUp = {'trap : TERM; ' if deaf else ''}touch '{mark}'; while true; do sleep 1; done || true"
    operator.file.write_text(operator.file.read_text().replace("PreDown", f"{hook}\nPreDown"))
    with subprocess.Popen(
        operator.command("up", "wg7"), env=environment(), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        try:
            eventually("the hook hangs", mark.exists, 20)
            process.send_signal(signal.SIGINT)
            if deaf:
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(2)
                process.send_signal(signal.SIGINT)
            assert process.wait(20) == 128 + signal.SIGINT
        finally:
            process.kill()
        said = process.stderr.read()
    assert said.count("\n") == 1
    assert "A PostUp command of wg7 failed" in said
    assert "taken back" in said
    assert operator.state()[:-1] == nothing
    assert (operator.folder / "notes").read_text() == "up\ndown\n"


def test_a_hang_up_waits_for_the_change_which_is_told(operator: Operator) -> None:
    mark = operator.folder / "in the midst"
    hook = f"PostUp = touch '{mark}'; while test -e '{mark}'; do sleep 0.05; done\nPreDown"
    operator.file.write_text(operator.file.read_text().replace("PreDown", hook))
    with subprocess.Popen(
        operator.command("up", "wg7"), env=environment(), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        eventually("it is at work", mark.exists, 20)
        process.send_signal(signal.SIGHUP)
        mark.unlink()
        assert process.wait(20) == -signal.SIGHUP
        assert "this was done" in process.stderr.read()
    assert operator.routes() == {"192.168.2.0/24"}


def test_two_operators_do_not_work_at_once(operator: Operator) -> None:
    mark = operator.folder / "in the midst"
    hook = f"PostUp = touch '{mark}'; while test -e '{mark}'; do sleep 0.05; done\nPreDown"
    operator.file.write_text(operator.file.read_text().replace("PreDown", hook))
    with subprocess.Popen(operator.command("up", "wg7"), env=environment(), stdout=subprocess.PIPE) as first:
        eventually("the first one is at work", mark.exists, 20)
        said = operator.refused("peer", "edit", "wg7", "bob", "--keepalive", "5")
        mark.unlink()
        assert first.wait(20) == 0
    assert "Bring wg7 up" in said
    operator.type("peer", "edit", "wg7", "bob", "--keepalive", "5")
