"""Real wireguard-go devices: made, read, changed, broken."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from ipaddress import ip_address
from pathlib import Path

import pytest

from tests.netns.support import UserspaceHost, userspace_host
from tests.support.waiting import eventually
from tests.support.wg_dump import dump, told
from wgtui.adapters.lab.commands import on_node
from wgtui.adapters.wireguard import userspace
from wgtui.adapters.wireguard.uapi import UapiWireGuard
from wgtui.adapters.wireguard.userspace import UserspaceDevices
from wgtui.domain.addresses import Endpoint, prefix_of
from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.device import Device, Implementation
from wgtui.domain.errors import (
    DeviceBusy,
    DeviceError,
    DeviceGone,
    DeviceTimeout,
    DeviceUnavailable,
    PermissionRefused,
)
from wgtui.domain.keys import PublicKey

ROOT = Path(__file__).resolve().parents[2]

DETACHED = """
import sys
from pathlib import Path
from wgtui.adapters.lab.commands import on_node
from wgtui.adapters.wireguard.userspace import UserspaceDevices
netns, sockets = sys.argv[1], Path(sys.argv[2])
UserspaceDevices(sockets, launcher=on_node(netns, sockets.parent)).create("wg0")
"""


def many_peers(count: int) -> DeviceChange:
    """A device of that many peers, with two allowed IPs each."""
    peers = tuple(
        PeerChange(
            PublicKey(number.to_bytes(32, "big")),
            endpoint=Endpoint(ip_address("198.51.100.1"), 1 + number),
            persistent_keepalive=number & 0xFF,
            replace_allowed_ips=True,
            allowed_ips=(
                prefix_of(f"10.{number >> 8}.{number & 255}.0/24"),
                prefix_of(f"fd00::{number:x}/128"),
            ),
        )
        for number in range(1, count + 1)
    )
    return DeviceChange(replace_peers=True, peers=peers)


def _is_stopped(pid: int) -> bool:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return all((task / "stat").read_text().rpartition(")")[2].split()[0] == "T" for task in tasks)


class TestDevices:
    def test_a_device_answers_as_soon_as_it_is_made(self, host: UserspaceHost) -> None:
        assert host.devices.create("wg0") is Implementation.USERSPACE
        assert host.wireguard.names() == ("wg0",)
        assert host.wireguard.read("wg0").peers == ()

    def test_a_deleted_device_is_gone_with_program_link_and_socket(self, host: UserspaceHost) -> None:
        host.devices.create("wg0")
        host.devices.delete("wg0")
        assert host.wireguard.names() == ()
        assert list(host.socket_dir.iterdir()) == []
        assert host.pids("wireguard-go") == []
        assert "wg0" not in host.run("ip", "-o", "link")
        with pytest.raises(DeviceGone):
            host.devices.delete("wg0")

    def test_a_detached_device_outlives_its_maker_until_it_is_deleted(self, host: UserspaceHost) -> None:
        done = subprocess.run(
            [sys.executable, "-c", DETACHED, host.netns, str(host.socket_dir)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert host.wireguard.read("wg0").peers == ()
        host.devices.delete("wg0")
        eventually("its program has ended", lambda: not host.pids("wireguard-go"))
        assert host.wireguard.names() == ()

    @pytest.mark.parametrize("name", ["", ".", "..", "a b", "a/b", "a" * 16, "%"])
    def test_a_name_that_no_interface_may_have(self, host: UserspaceHost, name: str) -> None:
        with pytest.raises(DeviceError, match="cannot be the name"):
            host.devices.create(name)
        with pytest.raises(DeviceGone):
            host.devices.delete(name)

    def test_a_name_in_use_by_a_device(self, host: UserspaceHost) -> None:
        host.devices.create("wg0")
        with pytest.raises(DeviceBusy, match="wg0 is in use"):
            host.devices.create("wg0")
        assert host.wireguard.names() == ("wg0",)

    def test_a_name_in_use_by_another_link(self, host: UserspaceHost) -> None:
        host.run("ip", "link", "add", "dummy0", "type", "bridge")
        with pytest.raises(DeviceError, match="dummy0"):
            host.devices.create("dummy0")
        assert "dummy0" in host.run("ip", "-o", "link")

    def test_a_link_of_the_host_that_is_not_wireguard_is_not_deleted(self) -> None:
        with pytest.raises(DeviceBusy):
            UserspaceDevices().create("lo")
        with pytest.raises(DeviceError, match="lo is not a userspace WireGuard device"):
            UserspaceDevices().delete("lo")

    def test_no_program(self, tmp_path: Path) -> None:
        with pytest.raises(DeviceUnavailable, match="no-such-program is not installed"):
            UserspaceDevices(tmp_path, program="no-such-program").create("wgtest0")

    def test_no_tun(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(userspace, "_TUN", tmp_path / "tun")
        with pytest.raises(DeviceUnavailable, match="modprobe tun"):
            UserspaceDevices(tmp_path).create("wgtest0")

    def test_no_privilege(self, tmp_path: Path) -> None:
        with userspace_host(("setpriv", "--bounding-set=-all", "--inh-caps=-all")) as host:
            with pytest.raises(PermissionRefused, match="may not create the interface wg0"):
                host.devices.create("wg0")
            assert host.wireguard.names() == ()

    def test_a_program_that_fails_is_quoted(self, tmp_path: Path) -> None:
        program = script(tmp_path, "echo 'ERROR: (wg0) 2026/01/01 00:00:00 Out of ideas.' >&2; exit 1")
        with pytest.raises(DeviceError, match=r"could not create wgtest0: Out of ideas\.$"):
            UserspaceDevices(tmp_path, program=program, supervised=True).create("wgtest0")

    def test_a_program_that_never_answers_is_ended(self, tmp_path: Path) -> None:
        program = script(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 600")
        with pytest.raises(DeviceTimeout, match="did not answer within"):
            UserspaceDevices(tmp_path, program=program, supervised=True, timeout=0.5).create("wgtest0")
        pid = (tmp_path / "pid").read_text().strip()
        assert not Path(f"/proc/{pid}").exists()


def script(folder: Path, text: str) -> str:
    """A program that does that."""
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


class TestPorts:
    def test_a_taken_port_is_refused_and_the_old_one_stays(self, host: UserspaceHost) -> None:
        for name in ("wg0", "wg1"):
            host.devices.create(name)
        host.wireguard.configure("wg0", DeviceChange(listen_port=10240))
        host.wireguard.configure("wg1", DeviceChange(listen_port=10241))
        with pytest.raises(DeviceBusy, match="UDP port 10240 is in use"):
            host.wireguard.configure("wg1", DeviceChange(listen_port=10240, fwmark=3))
        assert host.wireguard.read("wg1").listen_port == 10241
        assert "10241" in host.run("ss", "-lun")

    def test_the_port_of_a_deleted_device_is_free_at_once(self, host: UserspaceHost) -> None:
        launcher = on_node(host.netns, host.socket_dir.parent)
        # Without supervision, as `wgtui up` makes them: what ends there is no child of this process.
        detached = UserspaceDevices(host.socket_dir, launcher=launcher, link_exists=lambda _: False)
        adapter = UapiWireGuard(host.socket_dir)
        for _ in range(15):
            detached.create("wg0")
            host.run("ip", "link", "set", "wg0", "up")
            adapter.configure("wg0", DeviceChange(listen_port=51899))
            detached.delete("wg0")
        adapter.close()


class TestSizes:
    @pytest.mark.parametrize("count", [1000, 5000])
    def test_many_peers_are_read_as_wg_reads_them(self, host: UserspaceHost, count: int) -> None:
        host.devices.create("wg0")
        host.wireguard.configure("wg0", many_peers(count))
        device = host.wireguard.read("wg0")
        assert len(device.peers) == count
        assert told(device) == dump(host.command())["wg0"]

    def test_reading_again_gives_the_same_object_in_whatever_order_it_comes(
        self, host: UserspaceHost
    ) -> None:
        host.devices.create("wg0")
        host.wireguard.configure("wg0", many_peers(200))
        first = host.wireguard.read("wg0")
        assert all(host.wireguard.read("wg0") is first for _ in range(5))

    def test_only_the_changed_peer_is_a_new_object(self, host: UserspaceHost) -> None:
        host.devices.create("wg0")
        host.wireguard.configure("wg0", many_peers(50))
        before = host.wireguard.read("wg0")
        changed = before.peers[7].public_key
        host.wireguard.configure("wg0", DeviceChange(peers=(PeerChange(changed, persistent_keepalive=9),)))
        after = host.wireguard.read("wg0")
        assert [new is old for new, old in zip(after.peers, before.peers, strict=True)].count(False) == 1
        assert after.peers[7].persistent_keepalive == 9


class TestTrouble:
    def test_a_killed_program_leaves_a_socket_that_is_not_a_device(self, host: UserspaceHost) -> None:
        host.devices.create("wg0")
        host.wireguard.read("wg0")
        (pid,) = host.pids("wireguard-go")
        os.kill(pid, signal.SIGKILL)
        eventually("the socket refuses", lambda: host.wireguard.names() == ())
        assert (host.socket_dir / "wg0.sock").exists()
        with pytest.raises(DeviceGone):
            host.wireguard.read("wg0")
        with pytest.raises(DeviceGone):
            host.wireguard.configure("wg0", DeviceChange(fwmark=1))

    def test_a_device_can_be_made_over_a_dead_ones_socket(self, host: UserspaceHost) -> None:
        host.devices.create("wg0")
        (pid,) = host.pids("wireguard-go")
        os.kill(pid, signal.SIGKILL)
        eventually("the socket refuses", lambda: host.wireguard.names() == ())
        again = UserspaceDevices(
            host.socket_dir, supervised=True, launcher=on_node(host.netns, host.socket_dir.parent)
        )
        again.create("wg0")
        assert host.wireguard.read("wg0").peers == ()
        again.close()

    def test_a_stopped_program_is_a_timeout_until_it_goes_on(self, host: UserspaceHost) -> None:
        host.devices.create("wg0")
        (pid,) = host.pids("wireguard-go")
        impatient = UapiWireGuard(host.socket_dir, timeout=0.2)
        os.kill(pid, signal.SIGSTOP)
        try:
            eventually("every thread of the program stands still", lambda: _is_stopped(pid))
            assert impatient.names() == ("wg0",)
            with pytest.raises(DeviceTimeout, match=r"wg0 did not answer within 0\.2 seconds"):
                impatient.read("wg0")
        finally:
            os.kill(pid, signal.SIGCONT)
        assert host.wireguard.read("wg0").name == "wg0"

    def test_a_device_that_vanishes_while_it_is_read_is_gone(self, host: UserspaceHost) -> None:
        host.devices.create("wg0")
        host.wireguard.configure("wg0", many_peers(3000))
        (pid,) = host.pids("wireguard-go")
        outcomes: list[Device | Exception] = []
        reading = threading.Event()

        def read_on() -> None:
            wireguard = UapiWireGuard(host.socket_dir)
            while not outcomes or isinstance(outcomes[-1], Device):
                try:
                    outcomes[:] = [wireguard.read("wg0")]
                    reading.set()
                except Exception as error:
                    outcomes[:] = [error]

        thread = threading.Thread(target=read_on)
        thread.start()
        assert reading.wait(10)
        os.kill(pid, signal.SIGKILL)
        thread.join(10)
        assert not thread.is_alive()
        assert isinstance(outcomes[0], DeviceGone), outcomes

    def test_a_renewed_device_of_the_same_name_is_read_anew(self, host: UserspaceHost) -> None:
        host.devices.create("wg0")
        host.wireguard.configure("wg0", many_peers(3))
        assert len(host.wireguard.read("wg0").peers) == 3
        host.devices.delete("wg0")
        host.devices.create("wg0")
        assert host.wireguard.read("wg0").peers == ()
