"""An operator's SSH session over the very tunnel that is changed: nothing they do can lock them out."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.netns.ssh_rig import DEVICE, INSIDE, OPERATOR_INSIDE, OUTSIDE, PORT, Session, SshRig
from tests.support.waiting import eventually

SECONDS = "6"

Preparation = Callable[[SshRig], str]
"""Readies the relay for a change that cuts; returns the order that makes the change."""


def take_prefix(rig: SshRig) -> str:
    """Give the operator's address to the other peer in the file; the order that brings it into force."""
    text = rig.config.read_text()
    rig.config.write_text(text.replace("10.77.0.3/32", "10.77.0.3/32, 10.77.0.2/32"))
    return "sync"


def delete(_rig: SshRig) -> str:
    """The order that takes the whole tunnel down."""
    return "down"


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


@pytest.mark.parametrize(
    ("address", "environment"),
    [
        (INSIDE, ""),
        # As sudo does it: the variable is gone, and an ancestor has it.
        (INSIDE, "env -u SSH_CONNECTION"),
        # As tmux does it: the variable tells of a session that has ended, and another one is there.
        (OUTSIDE, f"SSH_CONNECTION='10.77.0.9 1 {INSIDE} {PORT}'"),
    ],
    ids=["plain", "sudo", "tmux"],
)
def test_the_danger_is_said_before_anything_is_done(ssh_rig: SshRig, address: str, environment: str) -> None:
    before = ssh_rig.state()
    sessions = ssh_rig.login(), ssh_rig.login(OUTSIDE)
    session = sessions[address == OUTSIDE]
    ending = session.started(f"{environment} {ssh_rig.wgtui('down', DEVICE)}")
    eventually("it asks", lambda: "[y/N]" in session.said)
    assert f"! {DEVICE} is deleted, and your session comes over it." in session.said
    session.type("n\n")
    _, status = eventually("it ends", ending) or ("", 0)
    assert status == 1
    assert ssh_rig.state() == before


def test_what_leaves_the_session_alone_needs_no_confirmation(ssh_rig: SshRig) -> None:
    inside = ssh_rig.login()
    ssh_rig.config.write_text(ssh_rig.config.read_text().replace("10.77.0.3/32", "10.77.0.4/32"))
    said = inside.run(ssh_rig.wgtui("sync", DEVICE))
    assert "done" in said
    assert "confirm" not in said
    assert "10.77.0.4/32" in str(ssh_rig.state())
    assert not _counts_down(ssh_rig)


@pytest.mark.parametrize(
    ("prepare", "end"),
    [
        (take_prefix, "left alone"),
        (take_prefix, "hung up"),
        (delete, "left alone"),
        (delete, "killed"),
    ],
)
def test_a_cut_session_can_log_in_again_after_the_deadline(
    ssh_rig: SshRig, prepare: Preparation, end: str
) -> None:
    order = prepare(ssh_rig)
    before = ssh_rig.state()
    inside = ssh_rig.login()
    sshd = inside.run("echo $PPID").strip()
    _cut(ssh_rig, inside, order, before)
    if end == "killed":
        for pid in _running(ssh_rig, order):
            os.kill(pid, signal.SIGKILL)
    assert not inside.is_alive()
    inside.close()
    if end == "hung up":
        ssh_rig.on_relay("kill", sshd)
    again = ssh_rig.login(seconds=60)
    assert ssh_rig.state() == before
    assert "It was not confirmed in time." in again.run(ssh_rig.wgtui("journal", "1"))


def test_the_screen_that_is_killed_right_after_applying_is_taken_back(ssh_rig: SshRig) -> None:
    before = ssh_rig.state()
    inside = ssh_rig.login()
    inside.type(f"stty rows 30 cols 100; TERM=xterm-256color {ssh_rig.wgtui('--confirm-within', SECONDS)}\n")
    eventually("the screen is there", lambda: "details" in inside.said, 20)
    inside.type("b")
    eventually("the danger is said", lambda: "your session comes over it" in inside.said, 20)
    inside.type("a")
    eventually("the change is there", lambda: ssh_rig.state() != before, 20)
    for pid in _running(ssh_rig, "--confirm-within"):
        os.kill(pid, signal.SIGKILL)
    assert not inside.is_alive()
    inside.close()
    again = ssh_rig.login(seconds=60)
    assert ssh_rig.state() == before
    assert "It was not confirmed in time." in again.run(ssh_rig.wgtui("journal", "1"))


def test_confirming_by_another_way_keeps_the_change(ssh_rig: SshRig) -> None:
    order = take_prefix(ssh_rig)
    inside, outside = ssh_rig.login(), ssh_rig.login(OUTSIDE)
    before = ssh_rig.state()
    _cut(ssh_rig, inside, order, before)
    outside.run(ssh_rig.wgtui("confirm", "1"))
    assert _counts_down(ssh_rig)
    eventually("the countdown ends", lambda: not _counts_down(ssh_rig))
    assert ssh_rig.state() != before
    assert not inside.is_alive()


def _cut(rig: SshRig, session: Session, order: str, before: object) -> None:
    """Start a change in a session that cuts it, and wait until it is done.

    The Enter that is typed ahead confirms nothing.
    """
    session.type(rig.wgtui(order, DEVICE, "--yes", "--confirm-within", SECONDS) + "\n\n")
    eventually("the change is there", lambda: rig.state() != before)


def _counts_down(rig: SshRig) -> bool:
    return bool(_running(rig, "revert"))


def _running(rig: SshRig, command: str) -> list[int]:
    """The wgtui processes on the relay that run a command."""
    lines = {pid: _command_line(pid) for pid in rig.pids()}
    return [pid for pid, words in lines.items() if {b"wgtui", command.encode()} <= set(words)]


def _command_line(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []
