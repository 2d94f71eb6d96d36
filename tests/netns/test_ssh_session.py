"""An operator's SSH session over the very tunnel that is changed: nothing they do can lock them out."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from tests.netns import ssh_change
from tests.netns.ssh_rig import DEVICE, INSIDE, OPERATOR_INSIDE, OUTSIDE, PORT, SOURCES, SshRig
from tests.netns.support import eventually

CUTTING = ("take-prefix", "delete")
SECONDS = "6"


def change(rig: SshRig, *order: str) -> str:
    """The command line of an order of `ssh_change`."""
    words = [f"PYTHONPATH={SOURCES}", sys.executable, ssh_change.__file__, str(rig.folder / "state"), *order]
    return shlex.join(words)


def test_the_rig_breaks_and_mends(ssh_rig: SshRig) -> None:
    before = ssh_rig.state()
    inside = ssh_rig.login()
    assert inside.run("echo $SSH_CONNECTION").split()[::2] == [OPERATOR_INSIDE, INSIDE]
    outside = ssh_rig.login(OUTSIDE)
    outside.run(f"ip link set {DEVICE} down")
    assert ssh_rig.state() != before
    assert not inside.is_alive()
    assert outside.is_alive()
    outside.run(f"ip link set {DEVICE} up")
    eventually("the session goes on", inside.is_alive, 30)
    assert ssh_rig.state() == before


@pytest.mark.parametrize("what", CUTTING)
def test_what_cuts_the_session_is_foreseen(ssh_rig: SshRig, what: str) -> None:
    inside, outside = ssh_rig.login(), ssh_rig.login(OUTSIDE)
    assert inside.run(change(ssh_rig, "risks", what)).startswith("will ")
    # As sudo does it: the variable is gone, and an ancestor has it.
    hidden = inside.run(f"env -u SSH_CONNECTION {change(ssh_rig, 'risks', what)}")
    assert hidden.startswith("will ")
    # As tmux does it: the variable tells of a session that has ended.
    ended = f"SSH_CONNECTION='10.77.0.9 1 {INSIDE} {PORT}'"
    assert outside.run(f"{ended} {change(ssh_rig, 'risks', what)}").startswith("will ")
    assert outside.run(change(ssh_rig, "risks", what)) == ""
    assert inside.run(change(ssh_rig, "risks", "rename-phone")) == ""


@pytest.mark.parametrize("end", ["left alone", "killed", "hung up"])
@pytest.mark.parametrize("what", CUTTING)
def test_a_cut_session_can_log_in_again_after_the_deadline(ssh_rig: SshRig, what: str, end: str) -> None:
    before = ssh_rig.state()
    inside = ssh_rig.login()
    sshd = inside.run("echo $PPID").strip()
    inside.type(change(ssh_rig, "apply", what, SECONDS, *(["die"] if end == "killed" else [])) + "\n")
    eventually("the change is there", lambda: _differs(ssh_rig, before))
    assert not inside.is_alive()
    inside.close()
    if end == "hung up":
        ssh_rig.on_relay("kill", sshd)
    ssh_rig.login(seconds=60)
    assert ssh_rig.state() == before


def test_confirming_by_another_way_keeps_the_change(ssh_rig: SshRig) -> None:
    inside, outside = ssh_rig.login(), ssh_rig.login(OUTSIDE)
    before = ssh_rig.state()
    inside.type(change(ssh_rig, "apply", "take-prefix", SECONDS) + "\n")
    eventually("the change is there", lambda: _differs(ssh_rig, before))
    outside.run(change(ssh_rig, "confirm", "1"))
    changed = ssh_rig.state()
    assert _counts_down(ssh_rig)
    eventually("the countdown ends", lambda: not _counts_down(ssh_rig))
    assert ssh_rig.state() == changed
    assert not inside.is_alive()


def _differs(rig: SshRig, before: object) -> bool:
    try:
        return rig.state() != before
    except AssertionError:
        # The device is being deleted.
        return True


def _counts_down(rig: SshRig) -> bool:
    return any(b"\0revert\0" in _command_line(pid) for pid in rig.pids())


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
