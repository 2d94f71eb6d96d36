"""The demo can be changed, and takes back what nobody confirms."""

from __future__ import annotations

from tests.support.waiting import eventually
from wgtui import wiring
from wgtui.demo import DemoHost
from wgtui.domain.editing import PeerEdit
from wgtui.domain.journal import EntryState
from wgtui.domain.plan import Plan
from wgtui.services.changes import Changes


def keepalive_plan(changes: Changes, seconds: int) -> Plan:
    """Give the laptop of wg0 a keepalive."""
    peer = changes.peers.find("wg0", "laptop")
    assert peer.public_key is not None
    return changes.peers.edit("wg0", peer.public_key, PeerEdit(persistent_keepalive=seconds))


def keepalive(demo: DemoHost) -> int:
    """What the device has."""
    device = next(device for device in demo.monitor().take().devices if device.name == "wg0")
    return next(state.peer.persistent_keepalive for state in device.peers if state.name == "laptop")


def test_files_and_devices_agree_at_the_start() -> None:
    demo = wiring.demo()
    with demo.changes() as changes:
        assert keepalive_plan(changes, 0).is_empty


def test_a_change_reaches_file_and_device_and_is_undone() -> None:
    demo = wiring.demo()
    with demo.changes() as changes:
        applied = changes.transaction.apply(keepalive_plan(changes, 25))
        image = changes.host.files.read("/etc/wireguard/wg0.conf")
        assert image is not None
        assert image.content.count(b"PersistentKeepalive = 25") == 3
        assert keepalive(demo) == 25
        assert applied.number is not None
        changes.transaction.undo(applied.number)
        assert keepalive(demo) == 0


def test_the_operator_comes_through_the_tunnel() -> None:
    demo = wiring.demo()
    with demo.changes() as changes:
        peer = changes.peers.find("wg0", "laptop")
        assert peer.public_key is not None
        assert changes.risks(changes.peers.remove("wg0", peer.public_key))
        assert not changes.risks(keepalive_plan(changes, 25))


def test_what_nobody_confirms_is_taken_back() -> None:
    demo = wiring.demo()
    with demo.changes() as changes:
        changes.transaction.apply(keepalive_plan(changes, 25), confirm_within=0.05)
    with demo.changes() as changes:
        eventually("it happens", lambda: changes.journal.entry(1).state is EntryState.REVERTED)
    assert keepalive(demo) == 0
