from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.mounts import make_read_only, mount_small_disk, with_mounts
from tests.support.needs import needs_root
from tests.support.netns import without_privilege
from wgtui.adapters.host_lock import FileHostLock
from wgtui.adapters.journal_files import JournalFiles
from wgtui.adapters.operator import Operator, current_operator
from wgtui.adapters.simulated.journal import SimulatedHostLock, SimulatedJournal
from wgtui.domain.errors import AnotherOperator, JournalProblem, PermissionRefused
from wgtui.ports.journal import HostLock, JournalStore, Record

FIRST: Record = {"kind": "begin", "text": "ü\n\r\u2028\udc80", "steps": [1, 2.5, None, {"a": True}]}
SECOND: Record = {"kind": "done"}
ALICE = Operator("alice", "192.0.2.7")


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture(params=["real", "simulated"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> JournalStore:
    return JournalFiles(tmp_path / "lib/state") if request.param == "real" else SimulatedJournal()


@pytest.fixture(params=["real", "simulated"])
def lock(request: pytest.FixtureRequest, tmp_path: Path) -> HostLock:
    return FileHostLock(tmp_path / "lib/state", ALICE) if request.param == "real" else SimulatedHostLock()


def test_records_are_read_as_they_were_written(journal: JournalStore) -> None:
    assert journal.numbers() == ()
    assert journal.create([FIRST, SECOND]) == 1
    assert journal.create([]) == 2
    journal.append(1, SECOND)
    journal.append(2, FIRST)
    assert journal.numbers() == (1, 2)
    assert journal.read(1) == (FIRST, SECOND, SECOND)
    assert journal.read(2) == (FIRST,)


def test_an_entry_that_is_not_there(journal: JournalStore) -> None:
    with pytest.raises(JournalProblem, match="no entry 7"):
        journal.read(7)
    with pytest.raises(JournalProblem, match="no entry 7"):
        journal.append(7, SECOND)
    assert journal.numbers() == ()


def test_an_entry_can_be_forgotten(journal: JournalStore) -> None:
    for _ in range(3):
        journal.create([FIRST])
    journal.remove(2)
    journal.remove(2)
    assert journal.numbers() == (1, 3)
    assert journal.create([SECOND]) == 4


@pytest.mark.parametrize("mask", [0, 0o777])
def test_nobody_else_may_look(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        state = tmp_path / "lib/state"
        JournalFiles(state).create([FIRST])
        with FileHostLock(state, ALICE).hold("test"):
            pass
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert {name: modes[name] for name in ("lib", "state", "journal", "000001.jsonl", "lock")} == {
        "lib": 0o700,
        "state": 0o700,
        "journal": 0o700,
        "000001.jsonl": 0o600,
        "lock": 0o600,
    }


def test_a_last_line_that_was_cut_short_does_not_count(tmp_path: Path) -> None:
    journal = JournalFiles(tmp_path)
    journal.create([FIRST])
    whole = (tmp_path / "journal/000001.jsonl").read_bytes()
    for cut in range(len(whole)):
        (tmp_path / "journal/000001.jsonl").write_bytes(whole + whole[:cut])
        assert journal.read(1) == (FIRST,)
        journal.append(1, SECOND)
        assert journal.read(1) == (FIRST, SECOND)


@pytest.mark.parametrize("line", [b"\n", b"[1]\n", b"nonsense\n", b"\xff\n"])
def test_a_line_that_is_no_record(tmp_path: Path, line: bytes) -> None:
    journal = JournalFiles(tmp_path)
    journal.create([FIRST])
    with (tmp_path / "journal/000001.jsonl").open("ab") as file:
        file.write(line)
    with pytest.raises(JournalProblem, match=r"000001\.jsonl is damaged"):
        journal.read(1)


def test_other_files_are_no_entries(tmp_path: Path) -> None:
    journal = JournalFiles(tmp_path)
    journal.create([FIRST])
    for name in ("notes", "1.jsonl", "000002.jsonl.bak", ".new-1234", "00000٣.jsonl"):
        (tmp_path / "journal" / name).write_bytes(b"")
    assert journal.numbers() == (1,)
    (tmp_path / "journal/1000000.jsonl").write_bytes(b"")
    assert journal.create([SECOND]) == 1000001


@needs_root
def test_a_full_disk(tmp_path: Path) -> None:
    def scene() -> None:
        mount_small_disk(tmp_path, 65536)
        journal = JournalFiles(tmp_path)
        journal.create([FIRST])
        huge: Record = {"text": "x" * 100_000}
        with pytest.raises(JournalProblem, match="No space left"):
            journal.create([huge])
        with pytest.raises(JournalProblem, match="No space left"):
            journal.append(1, huge)
        journal.append(1, SECOND)
        assert journal.read(1) == (FIRST, SECOND)
        assert names_in(tmp_path / "journal") == ["000001.jsonl"]

    with_mounts(scene)


@needs_root
def test_a_read_only_disk(tmp_path: Path) -> None:
    def scene() -> None:
        mount_small_disk(tmp_path, 65536)
        make_read_only(tmp_path)
        with pytest.raises(JournalProblem, match=r"Read-only file system.*--state-dir"):
            JournalFiles(tmp_path).create([FIRST])
        with (
            pytest.raises(JournalProblem, match=r"Read-only file system.*--state-dir"),
            FileHostLock(tmp_path, ALICE).hold("test"),
        ):
            pass

    with_mounts(scene)


@needs_root
def test_a_journal_of_another_user(tmp_path: Path) -> None:
    JournalFiles(tmp_path).create([FIRST])
    tmp_path.chmod(0o755)
    with without_privilege():
        with pytest.raises(PermissionRefused):
            JournalFiles(tmp_path).numbers()
        with pytest.raises(PermissionRefused):
            JournalFiles(tmp_path).read(1)


def test_a_lock_is_held_by_one(lock: HostLock) -> None:
    with (
        lock.hold("Add peer bob."),
        pytest.raises(AnotherOperator, match="Add peer bob"),
        lock.hold("another"),
    ):
        pass
    with lock.hold("later"):
        pass


def test_a_lock_is_free_after_a_failure(lock: HostLock) -> None:
    with pytest.raises(ZeroDivisionError), lock.hold("test"):
        raise ZeroDivisionError
    with lock.hold("later"):
        pass


def test_the_second_operator_is_told_who_the_first_is(tmp_path: Path) -> None:
    first, second = (FileHostLock(tmp_path, operator) for operator in (ALICE, Operator("bob")))
    with first.hold("Add peer \x1b[2J"), pytest.raises(AnotherOperator) as caught, second.hold("x"):
        pass
    text = str(caught.value)
    assert "alice from 192.0.2.7" in text
    assert f"process {os.getpid()}" in text
    assert "since" in text
    assert "Add peer \N{REPLACEMENT CHARACTER}[2J" in text


_HOLD = """
import sys
from pathlib import Path
from wgtui.adapters.host_lock import FileHostLock
from wgtui.adapters.operator import Operator
with FileHostLock(Path(sys.argv[1]), Operator("carol")).hold("Set up wg0"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_process(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_lock_goes_with_its_process(tmp_path: Path, other_process: subprocess.Popen[str]) -> None:
    lock = FileHostLock(tmp_path, ALICE)
    with pytest.raises(AnotherOperator, match="carol"), lock.hold("x"):
        pass
    other_process.kill()
    other_process.wait()
    assert b"carol" in (tmp_path / "lock").read_bytes(), "what it wrote is still there"
    with lock.hold("x"):
        pass


def test_a_lock_can_be_waited_for(tmp_path: Path, other_process: subprocess.Popen[str]) -> None:
    assert other_process.stdin is not None
    other_process.stdin.close()
    with FileHostLock(tmp_path, ALICE).hold("x", wait=30.0):
        pass


@pytest.mark.parametrize("text", [b"", b"nonsense", b"[]", b'{"pid": "x"}', b'{"user": 1}'])
def test_whatever_stands_in_the_file_the_lock_is_held(tmp_path: Path, text: bytes) -> None:
    lock = FileHostLock(tmp_path, ALICE)
    with lock.hold("x"):
        (tmp_path / "lock").write_bytes(text)
        with pytest.raises(AnotherOperator, match="Another wgtui"), lock.hold("y"):
            pass


def test_who_is_at_work(tmp_path: Path) -> None:
    for process, parent in (("self", 40), ("40", 30), ("30", 1)):
        (tmp_path / process).mkdir()
        (tmp_path / process / "stat").write_bytes(b"7 (a) b) S %d 0" % parent)
        (tmp_path / process / "environ").write_bytes(b"A=b\0")
    (tmp_path / "self/loginuid").write_text("4294967295")
    assert current_operator({"SUDO_USER": "bob"}, tmp_path) == Operator("bob")
    (tmp_path / "30/environ").write_bytes(b"A=b\0SSH_CONNECTION=192.0.2.9 5 192.0.2.1 22\0")
    assert str(current_operator({"SUDO_USER": "bob"}, tmp_path)) == "bob from 192.0.2.9"
    connection = {"SSH_CONNECTION": "fe80::1%eth0 5 fe80::2 22"}
    assert current_operator(connection, tmp_path / "none").client == "fe80::1%eth0"
