"""The lab's life: it comes up quickly, keeps out of the way of others, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.netns.support import reaches, read, skip_unless_userspace_devices_work
from tests.support.waiting import eventually
from wgtui.adapters import lab
from wgtui.adapters.lab import LabHandle
from wgtui.adapters.lab.folder import BASE, start_time
from wgtui.adapters.wireguard.uapi import UapiWireGuard
from wgtui.domain.errors import DeviceUnavailable, HostCommandFailed, PermissionRefused

ROOT = Path(__file__).resolve().parents[2]

OWNER = """
import sys, time
from wgtui.adapters import lab
handle = lab.start(sys.argv[1])
print(handle.state_dir.parent, flush=True)
time.sleep(600)
"""
FAILING_IPTABLES = """#!/bin/sh
test "$3" = -S && exit 0
echo "iptables: no chain by that name." >&2
exit 1
"""
IMPATIENT_OWNER = """
import sys, time
from wgtui.adapters import lab
def progress(text):
    print(text, flush=True)
    if text.startswith("Starting WireGuard"):
        time.sleep(600)
lab.start("relay", progress=progress)
"""


@pytest.fixture(autouse=True)
def _needs_userspace_devices() -> None:
    skip_unless_userspace_devices_work()


def spawn(program: str, *arguments: str) -> subprocess.Popen[str]:
    """A Python process of the project."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.fixture
def owner() -> Iterator[subprocess.Popen[str]]:
    """A process that has a quick start with traffic."""
    with spawn(OWNER, "quickstart") as process:
        yield process
        process.kill()


def folder_of(process: subprocess.Popen[str]) -> Path:
    """The folder of the lab whose owner prints it."""
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line, "the lab did not start"
    return Path(line)


def traces(folder: Path) -> list[str]:
    """What is left of a lab: its folder, namespaces and processes."""
    found = [str(folder)] if folder.exists() else []
    found += [str(path) for path in Path("/run/netns").glob(f"wgtui-{folder.name}-*")]
    return found + [f"process {pid}" for pid in processes(folder)]


def processes(folder: Path) -> list[int]:
    """Processes in a lab's network namespaces."""
    inodes = {path.stat().st_ino for path in Path("/run/netns").glob(f"wgtui-{folder.name}-*")}
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (path / "ns/net").stat().st_ino in inodes:
                found.append(int(path.name))
    return found


def keeper_of(owner: int) -> int:
    """The keeper among an owner's children."""
    children = Path(f"/proc/{owner}/task/{owner}/children").read_text().split()
    assert len(children) == 1
    return int(children[0])


class TestItsEnd:
    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
    def test_nothing_is_left_when_its_owner_is_killed(
        self, owner: subprocess.Popen[str], number: signal.Signals
    ) -> None:
        folder = folder_of(owner)
        keeper = keeper_of(owner.pid)
        eventually("its traffic runs", lambda: len(processes(folder)) >= 3)
        owner.send_signal(number)
        eventually("everything is removed", lambda: not traces(folder))
        eventually("its keeper has ended", lambda: start_time(keeper) is None)

    def test_nothing_is_left_when_its_owner_is_killed_while_it_is_made(self) -> None:
        before = set(BASE.iterdir()) if BASE.exists() else set()
        with spawn(IMPATIENT_OWNER) as process:
            assert process.stdout is not None
            assert any(line.startswith("Starting WireGuard") for line in process.stdout)
            ours = [
                path
                for path in set(BASE.iterdir()) - before
                if str(keeper_of(process.pid)) in (path / "owner.json").read_text()
            ]
            process.kill()
        (folder,) = ours
        eventually("everything is removed", lambda: not traces(folder))

    def test_its_processes_die_with_the_keeper_and_close_removes_the_rest(self) -> None:
        with lab.start("quickstart") as handle:
            folder = handle.state_dir.parent
            before = {pid: start_time(pid) for pid in processes(folder)}
            keeper = json.loads((folder / "owner.json").read_text())["pid"]
            os.kill(keeper, signal.SIGKILL)
            others = {pid: start for pid, start in before.items() if pid != keeper}
            assert others
            eventually(
                "the processes are gone",
                lambda: all(start_time(pid) != start for pid, start in others.items()),
            )
            assert handle.host.netns in [path.name for path in Path("/run/netns").iterdir()]
        assert not traces(folder)

    def test_the_next_lab_removes_what_a_dead_keeper_left(self, owner: subprocess.Popen[str]) -> None:
        folder = folder_of(owner)
        os.kill(keeper_of(owner.pid), signal.SIGKILL)
        owner.kill()
        owner.wait()
        assert traces(folder)
        with lab.start("quickstart", traffic=False):
            eventually("everything is removed", lambda: not traces(folder))

    def test_closing_twice_is_closing_once(self) -> None:
        handle = lab.start("quickstart", traffic=False)
        folder = handle.state_dir.parent
        handle.close()
        assert not traces(folder)
        handle.close()
        with pytest.raises(HostCommandFailed):
            handle.roam()

    def test_an_exception_inside_closes_it(self) -> None:
        with pytest.raises(RuntimeError), lab.start("quickstart", traffic=False) as handle:
            raise RuntimeError
        assert not traces(handle.state_dir.parent)


class TestTwoAtOnce:
    def test_two_labs_do_not_collide(self) -> None:
        with lab.start("relay", traffic=False) as one, lab.start("relay", traffic=False) as two:
            assert one.netns != two.netns
            for handle in (one, two):
                eventually("the laptop reaches the LAN host", reaches(handle, "laptop", "192.168.2.5"))
            assert len({read(handle, "relay").public_key for handle in (one, two)}) == 2

    def test_the_hosts_own_devices_stay_as_they_are(self) -> None:
        before = UapiWireGuard().names()
        with lab.start("quickstart", traffic=False) as handle:
            assert (handle.device in UapiWireGuard().names()) == (handle.device in before)


class TestItsTraffic:
    def test_the_screen_has_something_to_show(self) -> None:
        """Bytes flow through both peers at a bounded rate, and the phone has not spoken yet."""
        with lab.start("relay") as handle:
            received = {peer.public_key: peer.rx_bytes for peer in read(handle, "relay").peers}
            start = time.monotonic()

            def moved() -> list[int]:
                return sorted(
                    peer.rx_bytes - received[peer.public_key] for peer in read(handle, "relay").peers
                )

            eventually(
                "two peers have sent 10 kB and 1 kB", lambda: moved()[1] > 1000 and moved()[2] > 10_000
            )
            assert moved()[2] / (time.monotonic() - start) < 1_000_000
            assert moved()[0] == 0

    def test_the_dialler_of_the_quick_start_lets_the_listener_wait(self) -> None:
        with lab.start("quickstart") as handle:
            assert read(handle, "listener").peers[0].endpoint is None
            eventually(
                "the dialler has spoken",
                lambda: read(handle, "listener").peers[0].latest_handshake is not None,
                seconds=20,
            )


class TestWhatItNeeds:
    """Each thing that is missing is one clear sentence, and nothing is left behind."""

    @pytest.fixture
    def programs(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A PATH with just the lab's programs, from which a test takes some away."""
        for name in ("ip", "iptables", "nft", "sh", "wireguard-go", "ping", "wg"):
            program = shutil.which(name)
            if program is not None:
                (tmp_path / name).symlink_to(program)
        monkeypatch.setenv("PATH", str(tmp_path))
        return tmp_path

    def test_ip(self, programs: Path) -> None:
        (programs / "ip").unlink()
        with pytest.raises(HostCommandFailed, match=r"needs the program ip.*iproute2"):
            lab.start("quickstart")

    def test_a_firewall(self, programs: Path) -> None:
        (programs / "nft").unlink()
        (programs / "iptables").unlink()
        with pytest.raises(HostCommandFailed, match="iptables or nft"):
            lab.start("relay")

    def test_wireguard(self, programs: Path) -> None:
        (programs / "wireguard-go").unlink()
        with pytest.raises(DeviceUnavailable, match=r"wireguard-go is not installed.*apt install"):
            lab.start("quickstart", userspace=True)

    def test_a_program_that_fails(self, programs: Path) -> None:
        (programs / "iptables").unlink()
        (programs / "iptables").write_text(FAILING_IPTABLES)
        (programs / "iptables").chmod(0o755)
        with pytest.raises(HostCommandFailed, match="firewall of router: iptables: no chain by that name"):
            lab.start("direct")

    def test_root(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        with pytest.raises(PermissionRefused, match="sudo"):
            lab.start("quickstart")

    def test_a_known_scenario(self) -> None:
        with pytest.raises(KeyError):
            lab.start("mesh")

    def test_no_firewall_for_two_nodes_side_by_side(self, programs: Path) -> None:
        (programs / "nft").unlink()
        (programs / "iptables").unlink()
        lab.start("quickstart", traffic=False).close()

    def test_either_firewall(self, programs: Path) -> None:
        """Where iptables does not work, nft does the same."""
        (programs / "iptables").unlink()
        (programs / "iptables").write_text("#!/bin/sh\nexit 3\n")
        (programs / "iptables").chmod(0o755)
        with lab.start("direct", traffic=False) as handle:
            reached = reaches(handle, "server", "192.168.2.5")
            eventually("the server reaches the LAN host", reached)
            before = read(handle, "server").peers[0].endpoint
            handle.roam()
            eventually("the gateway calls again", reaches(handle, "gateway", "5.5.5.1"))
            assert read(handle, "server").peers[0].endpoint != before
            eventually("the server reaches the LAN host again", reached)


def test_it_is_described(quickstart_lab: LabHandle) -> None:
    assert quickstart_lab.describe().splitlines() == [
        "listener  203.0.113.1/24, 5.5.5.1/24  (waits on UDP port 10240)",
        "dialler   203.0.113.2/24, 5.5.5.2/24  (knows where the listener is)",
    ]


def test_each_step_is_told() -> None:
    steps: list[str] = []
    with lab.start("quickstart", progress=steps.append, traffic=False):
        assert steps[0] == "Making 2 network namespaces"
        assert "Starting WireGuard on listener" in steps
