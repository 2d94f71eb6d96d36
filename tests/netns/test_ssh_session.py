"""An operator's SSH session over the very tunnel that is changed."""

from __future__ import annotations

from tests.netns.ssh_rig import DEVICE, INSIDE, OPERATOR_INSIDE, OUTSIDE, SshRig
from tests.netns.support import eventually


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
