"""Finding the SSH session that this process runs in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.session_world import PUBLIC, session
from wgtui.adapters.ssh_session import current_session

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
    assert current_session({"SSH_CONNECTION": CONNECTION}, proc) == PUBLIC


def test_sudo_strips_it_and_the_shell_above_has_it(proc: Path) -> None:
    set_connection(proc, 20, CONNECTION)
    assert current_session({}, proc) == PUBLIC


def test_the_nearest_ancestor_counts(proc: Path) -> None:
    set_connection(proc, 20, CONNECTION)
    set_connection(proc, 10, OTHER)
    assert current_session({}, proc) == PUBLIC


def test_nonsense_is_passed_over(proc: Path) -> None:
    set_connection(proc, 30, "UNKNOWN 65535 UNKNOWN 65535")
    set_connection(proc, 20, OTHER)
    assert current_session({"SSH_CONNECTION": "?"}, proc) == session("192.0.2.7", "198.51.100.1")


def test_what_is_closed_to_us_is_passed_over(proc: Path) -> None:
    (proc / "30/environ").unlink()
    set_connection(proc, 20, CONNECTION)
    assert current_session({}, proc) == PUBLIC


def test_on_the_console_there_is_none(proc: Path) -> None:
    assert current_session({}, proc) is None
    assert current_session({}, proc / "nothing-here") is None
