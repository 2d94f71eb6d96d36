from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.netns import ip, temporary_netns
from tests.support.waiting import eventually
from wgtui.adapters.programs import find_program, run, search_path
from wgtui.domain.errors import HostCommandFailed, PermissionRefused


@pytest.fixture
def netns() -> Iterator[str]:
    if os.geteuid() != 0:
        pytest.skip("network namespaces need root")
    with temporary_netns() as name:
        yield name


def test_what_a_program_reads_and_says() -> None:
    done = run(["sh", "-c", "cat; echo bad >&2; exit 3"], stdin=b"a\0b\n" * 100_000)
    assert (done.status, done.output, done.errors) == (3, b"a\0b\n" * 100_000, b"bad\n")


def test_nothing_to_read_is_the_end_of_the_input() -> None:
    assert run(["cat"]).output == b""


def test_a_program_has_no_terminal_and_speaks_the_language_of_scripts() -> None:
    done = run(["sh", "-c", "tty; echo $LC_ALL; echo $MORE"], variables={"MORE": "x", "LC_ALL": "de_DE"})
    assert done.text() == "not a tty\nC\nx\n"


def test_programs_of_the_system_are_found_without_a_path() -> None:
    assert search_path({}).startswith("/usr/local/sbin:")
    assert search_path({"PATH": "/a:/sbin::"}).startswith("/a:/sbin:/usr/local/sbin:")
    assert find_program("no-such-program") is None


def test_a_program_that_is_missing() -> None:
    with pytest.raises(HostCommandFailed, match="no program no-such-program"):
        run(["no-such-program"])


def test_a_program_that_is_no_program(tmp_path: Path) -> None:
    path = tmp_path / "broken"
    path.write_bytes(b"\x7fELF")
    path.chmod(0o755)
    with pytest.raises(HostCommandFailed, match="cannot be run"):
        run([str(path)])


def test_what_takes_too_long_is_ended_with_what_it_started(tmp_path: Path) -> None:
    began = time.monotonic()
    script = f"sh -c 'trap \"\" TERM; echo $$ >{tmp_path}/child; while :; do sleep 1; done' & wait"
    with pytest.raises(HostCommandFailed, match=r"sh did not end within 0\.5 seconds"):
        run(["sh", "-c", script], timeout=0.5)
    assert time.monotonic() - began < 10
    child = int((tmp_path / "child").read_text())
    command = Path(f"/proc/{child}/cmdline")
    eventually("the child has gone", lambda: not (command.exists() and command.read_bytes()))


def test_what_stays_in_the_background_is_not_waited_for(tmp_path: Path) -> None:
    script = f"(while [ ! -e {tmp_path}/go ]; do sleep 0.05; done; echo late || echo full >{tmp_path}/end) &"
    done = run(["sh", "-c", script + " echo early"], timeout=10)
    assert done.output == b"early\n"
    (tmp_path / "go").touch()
    eventually("what is said later is not kept", (tmp_path / "end").exists)


def test_a_program_runs_in_the_namespace(netns: str) -> None:
    ip("-n", netns, "link", "add", "va", "type", "veth", "peer", "name", "vb")
    assert "va@vb" in run(["ip", "-o", "link", "show"], netns=netns).text()
    assert "va@vb" not in run(["ip", "-o", "link", "show"]).text()


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo 'one.' >&2; echo ^^^^ >&2; exit 1", "sh could not do it: one."),
        ("exit 7", "sh could not do it: it ended with status 7."),
        ("kill -9 $$", "sh could not do it: it was ended by signal 9."),
        (r"printf 'a\033[2Jb' >&2; exit 1", "sh could not do it: a\N{REPLACEMENT CHARACTER}[2Jb."),
        (f"echo 'bad {'k' * 43}= here' >&2; exit 1", "sh could not do it: bad (hidden) here."),
    ],
)
def test_a_failure_is_one_sentence(script: str, reason: str) -> None:
    with pytest.raises(HostCommandFailed) as caught:
        run(["sh", "-c", script]).require_success("do it")
    assert caught.value.text == reason


def test_a_long_complaint_is_cut() -> None:
    with pytest.raises(HostCommandFailed) as caught:
        run(["sh", "-c", "head -c 100000 /dev/zero | tr '\\0' x >&2; exit 1"]).require_success("do it")
    assert len(caught.value.text) < 400


def test_a_lack_of_privilege_is_told_apart() -> None:
    with pytest.raises(PermissionRefused):
        run(["sh", "-c", "echo 'Operation not permitted (you must be root)' >&2; exit 1"]).require_success(
            "do it"
        )
