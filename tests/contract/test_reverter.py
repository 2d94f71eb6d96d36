"""The process that takes changes back: armed before anything is changed, it outlives who started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.waiting import eventually
from wgtui.adapters.reverter import HostReverter
from wgtui.domain.errors import HostCommandFailed

ROOT = Path(__file__).parents[2]

STUB = """\
import pathlib, sys
from wgtui.adapters.countdown import wait_detached
folder, command, number = sys.argv[1:4]
if "--after" in sys.argv:
    wait_detached(float(sys.argv[-1]))
pathlib.Path(folder, number).write_text(f"{command} {number}")
"""
"""What `wgtui revert` does, with a file in the place of a host."""


@pytest.fixture
def stub(tmp_path: Path) -> Path:
    """The program that counts down."""
    path = tmp_path / "stub.py"
    path.write_text(STUB)
    return path


@pytest.fixture
def started(stub: Path) -> Iterator[list[int]]:
    """Waiting processes of the test, which end with it."""
    pids: list[int] = []
    yield pids
    for pid in {*pids, *waiting(stub)}:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def reverter(stub: Path) -> HostReverter:
    """Counts down with the stub, which writes into its folder."""
    return HostReverter([str(stub.parent)], systemd=False, program=[sys.executable, str(stub)])


def waiting(stub: Path) -> list[int]:
    """The processes that run the stub."""
    return [
        int(folder.name)
        for folder in Path("/proc").iterdir()
        if folder.name.isdigit() and str(stub).encode() in _command_line(folder)
    ]


def _command_line(folder: Path) -> bytes:
    with suppress(OSError):
        return (folder / "cmdline").read_bytes()
    return b""


@pytest.mark.usefixtures("started")
def test_it_runs_once_armed_and_acts_at_the_deadline(stub: Path) -> None:
    reverter(stub).arm(7, 2.0)
    (pid,) = waiting(stub)
    assert not Path(stub.parent, "7").exists()
    assert eventually("taken back", Path(stub.parent, "7").exists)
    assert Path(stub.parent, "7").read_text() == "revert 7"
    eventually("the process ends", lambda: not Path(f"/proc/{pid}").exists())


@pytest.mark.usefixtures("started")
def test_it_can_be_called_off(stub: Path) -> None:
    disarm = reverter(stub).arm(7, 60)
    assert waiting(stub)
    disarm()
    eventually("the process ends", lambda: not waiting(stub))
    disarm()
    assert not Path(stub.parent, "7").exists()


@pytest.mark.usefixtures("started")
def test_it_survives_the_kill_of_the_process_group_that_started_it(stub: Path) -> None:
    arming = (
        "import os, signal; from wgtui.adapters.reverter import HostReverter;"
        f"HostReverter([{str(stub.parent)!r}], systemd=False, program=[{sys.executable!r}, {str(stub)!r}])"
        ".arm(7, 3.0); os.killpg(0, signal.SIGKILL)"
    )
    done = subprocess.run(
        [sys.executable, "-c", arming], cwd=ROOT, start_new_session=True, timeout=30, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert waiting(stub)
    eventually("taken back", Path(stub.parent, "7").exists)


def test_hang_ups_and_interrupts_do_not_reach_it(stub: Path, started: list[int]) -> None:
    reverter(stub).arm(7, 1.0)
    started += waiting(stub)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTSTP):
        os.kill(started[0], number)
    eventually("taken back", Path(stub.parent, "7").exists)


def test_it_stands_apart_from_terminal_group_and_folder(stub: Path, started: list[int]) -> None:
    reverter(stub).arm(7, 60)
    started += waiting(stub)
    folder = Path(f"/proc/{started[0]}")
    eventually("streams are closed", lambda: (folder / "fd/2").readlink() == Path("/dev/null"))
    assert [(folder / f"fd/{stream}").readlink() for stream in range(3)] == [Path("/dev/null")] * 3
    assert (folder / "cwd").readlink() == Path("/")
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    parent, group, session, terminal = (int(field) for field in fields[1:5])
    assert parent != os.getpid()
    assert {group, session}.isdisjoint({os.getpgrp(), os.getsid(0)})
    assert terminal == 0


def test_what_cannot_start_is_an_error_and_nothing_waits(stub: Path) -> None:
    stub.write_text("import sys; sys.exit('no module of that name')")
    with pytest.raises(HostCommandFailed, match="no module of that name"):
        reverter(stub).arm(7, 1)
    assert not waiting(stub)


@pytest.mark.usefixtures("started")
def test_systemd_holds_the_timer_where_it_runs_the_host(
    stub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = _fake_programs(tmp_path, monkeypatch, status=0)
    options = ["--state-dir", "/var/lib/wgtui", "--netns", "vpn"]
    disarm = HostReverter(options, systemd=True).arm(12, 60)
    words = said.read_text().splitlines()
    assert words[0] == "systemd-run"
    assert {"--collect", "--unit=wgtui-revert-12-1", "--on-active=60.000s"} <= set(words)
    assert "--property=KillMode=process" in words
    assert words[-8:] == ["-m", "wgtui", *options, "revert", "12"]
    disarm()
    assert said.read_text().splitlines()[-2:] == ["stop", "wgtui-revert-12-1.timer"]


def test_where_systemd_fails_a_process_waits(
    stub: Path, started: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake_programs(tmp_path, monkeypatch, status=1)
    HostReverter([str(tmp_path)], systemd=True, program=[sys.executable, str(stub)]).arm(7, 60)
    started += waiting(stub)
    assert started


def _fake_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int) -> Path:
    """Stand-ins for systemd's programs, which note their arguments and end with a status."""
    folder, said = tmp_path / "bin", tmp_path / "said"
    folder.mkdir()
    for name in ("systemd-run", "systemctl"):
        script = f'#!/bin/sh\nprintf "%s\\n" {name} "$@" >> {said}\nexit {status}\n'
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return said
