"""Finding the SSH session that this process runs in."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.unit.session_world import PUBLIC, session
from wgtui.adapters.ssh_session import current_sessions

CONNECTION = "203.0.113.9 50000 198.51.100.1 22"
OTHER = "192.0.2.7 50000 198.51.100.1 22"


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    """We are process 40, started by sudo (30), a shell (20), sshd (10) and the first process."""
    for pid, parent, name in (
        (40, 30, "wgtui"),
        (30, 20, "sudo (x) y"),
        (20, 10, "bash"),
        (10, 1, "sshd"),
        (1, 0, "init"),
    ):
        folder = tmp_path / str(pid)
        folder.mkdir()
        (folder / "stat").write_text(f"{pid} ({name}) S {parent} {pid} {pid} 0 -1")
        (folder / "environ").write_bytes(b"PATH=/bin\0")
    (tmp_path / "self").symlink_to("40")
    return tmp_path


def set_connection(proc: Path, pid: int, value: str) -> None:
    """Give a process the variable."""
    (proc / str(pid) / "environ").write_bytes(b"PATH=/bin\0SSH_CONNECTION=" + value.encode() + b"\0A=\xff\0")


def test_the_own_environment_comes_first(proc: Path) -> None:
    set_connection(proc, 20, OTHER)
    assert current_sessions({"SSH_CONNECTION": CONNECTION}, proc) == (PUBLIC,)


def test_sudo_strips_it_and_the_shell_above_has_it(proc: Path) -> None:
    set_connection(proc, 20, CONNECTION)
    assert current_sessions({}, proc) == (PUBLIC,)


def test_the_nearest_ancestor_counts(proc: Path) -> None:
    set_connection(proc, 20, CONNECTION)
    set_connection(proc, 10, OTHER)
    assert current_sessions({}, proc) == (PUBLIC,)


def test_nonsense_is_passed_over(proc: Path) -> None:
    set_connection(proc, 30, "UNKNOWN 65535 UNKNOWN 65535")
    set_connection(proc, 20, OTHER)
    assert current_sessions({"SSH_CONNECTION": "?"}, proc) == (session("192.0.2.7", "198.51.100.1"),)


def test_what_is_closed_to_us_is_passed_over(proc: Path) -> None:
    (proc / "30/environ").unlink()
    set_connection(proc, 20, CONNECTION)
    assert current_sessions({}, proc) == (PUBLIC,)


def test_on_the_console_there_is_none(proc: Path) -> None:
    assert current_sessions({}, proc) == ()
    assert current_sessions({}, proc / "nothing-here") == ()


# At 198.51.100.1:22 with 203.0.113.9:50000 and 192.0.2.7:50000, one that only listens, one at port 80.
CONNECTIONS = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 016433C6:0016 097100CB:C350 01 00000000:00000000 00:00000000 00000000     0        0 1
   1: 016433C6:0016 070200C0:C350 01 00000000:00000000 00:00000000 00000000     0        0 2
   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3
   3: 016433C6:0050 070200C0:C350 01 00000000:00000000 00:00000000 00000000     0        0 4
"""
CONNECTIONS6 = """\
  sl  local_address                         remote_address                        st
   0: B80D0120000000000000000001000000:0016 B80D0120000005000000000009000000:C350 01
"""


@pytest.mark.skipif(sys.byteorder == "big", reason="the sample is from a little-endian host")
def test_whoever_attached_to_a_session_that_has_ended_is_one_of_those_who_are_there(proc: Path) -> None:
    (proc / "net").mkdir()
    (proc / "net/tcp").write_text(CONNECTIONS)
    (proc / "net/tcp6").write_text(CONNECTIONS6)
    assert current_sessions({"SSH_CONNECTION": CONNECTION}, proc) == (PUBLIC,)
    ended = {"SSH_CONNECTION": "203.0.113.77 4711 198.51.100.1 22"}
    assert current_sessions(ended, proc) == (
        PUBLIC,
        session("192.0.2.7", "198.51.100.1"),
        session("2001:db8:5::9", "2001:db8::1"),
    )
    elsewhere = {"SSH_CONNECTION": "203.0.113.9 50000 198.51.100.1 2222"}
    assert [one.server_port for one in current_sessions(elsewhere, proc)] == [2222]
