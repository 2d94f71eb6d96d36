"""`tests/run`: what it counts, says and returns."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests._tools.__main__ import finish, parse
from tests._tools.outcome import Outcome, from_junit, last_line, table
from tests._tools.process import Child
from tests._tools.runner import Runner
from tests._tools.static import shell_scripts
from tests._tools.tiers import TIERS, Tier
from tests._tools.tools import Tool, missing
from tests.support.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]

REPORT = """<?xml version="1.0"?>
<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1.5"/></testsuites>
"""


def test_counts_come_from_the_report(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text(REPORT)
    assert from_junit("unit", tmp_path / "r.xml", 1.5) == Outcome("unit", 4, 3, 3, 1.5)


@pytest.mark.parametrize("content", [None, "", "<testsuites>"])
def test_a_report_that_cannot_be_read_is_none(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "r.xml").write_text(content)
    assert from_junit("unit", tmp_path / "r.xml", 0) is None


def test_the_last_line_adds_up_all_tiers() -> None:
    assert last_line([Outcome("unit", 3, 0, 1), Outcome("ui", 4, 2, 0)]) == "7 passed, 2 failed, 1 skipped"


def test_the_table_says_why_a_tier_did_not_run() -> None:
    lines = table([Outcome("unit", 3, 0, 1, 2.4), Outcome("netns", note="needs root")]).splitlines()
    assert lines[1].split() == ["unit", "3", "0", "1", "2"]
    assert lines[2].endswith("needs root")


@pytest.mark.parametrize(
    ("outcome", "strict", "status", "line"),
    [
        (Outcome("unit", 2), False, 0, "2 passed, 0 failed, 0 skipped"),
        (Outcome("unit", 2), True, 0, "2 passed, 0 failed, 0 skipped"),
        (Outcome("unit", 2, 1), False, 1, "2 passed, 1 failed, 0 skipped"),
        (Outcome("unit", 2, 0, 3), False, 0, "2 passed, 0 failed, 3 skipped"),
        (Outcome("unit", 2, 0, 3), True, 1, "2 passed, 3 failed, 0 skipped"),
        (Outcome("netns", note="needs root"), False, 0, "0 passed, 0 failed, 1 skipped"),
        (Outcome("netns", note="needs root"), True, 1, "0 passed, 1 failed, 0 skipped"),
    ],
)
def test_where_everything_must_run_a_skip_is_a_failure(
    outcome: Outcome, strict: bool, status: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert finish([outcome], strict=strict) == status
    assert capsys.readouterr().out.splitlines()[-1] == line


def test_tiers_run_in_their_own_order_and_ci_is_strict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    tiers, strict = parse(["ui", "unit"])
    assert [tier.name for tier in tiers] == ["unit", "ui"]
    assert strict
    monkeypatch.delenv("CI")
    assert parse(["ui"])[1] is False
    assert parse(["--strict", "ui"])[1] is True


def test_without_names_every_default_tier_runs() -> None:
    assert parse([])[0] == [tier for tier in TIERS if tier.default]


def test_an_unknown_tier_is_a_usage_error() -> None:
    done = subprocess.run(
        [ROOT / "tests/run", "no-such-tier"],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 2
    assert "unknown tier no-such-tier: choose from static unit" in done.stderr


def test_a_tier_tells_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "tests/unit").mkdir(parents=True)
    runner = Runner(tmp_path, tmp_path / "bin", tmp_path)
    tool = Tool("no-such-package", commands=("no-such-command",))
    assert runner.why_not(Tier("unit", "", 1)) == "no tests"
    (tmp_path / "tests/unit/test_a.py").touch()
    assert runner.why_not(Tier("unit", "", 1)) == ""
    assert runner.why_not(Tier("unit", "", 1, (tool,))) == "needs no-such-package"


def test_tools_are_found_by_command_or_path(tmp_path: Path) -> None:
    (tmp_path / "header.h").touch()
    there = (
        Tool("a", commands=("sh",)),
        Tool("b", paths=(f"{tmp_path}/*.h",)),
        Tool("c", commands=("none", "sh")),
    )
    absent = Tool("e", commands=("sh", "no-such-command"), every=True), Tool("d", paths=(f"{tmp_path}/*.c",))
    assert missing([*there, *absent, *absent]) == ["d", "e"]


HANG = """
import signal, subprocess, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
grandchild = subprocess.Popen(["sleep", "600"])
print(grandchild.pid, flush=True)
grandchild.wait()
"""


def test_a_tier_that_hangs_is_stopped_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests._tools.process._GRACE_S", 0.1)
    log = tmp_path / "log"
    child = Child([sys.executable, "-c", HANG], os.environ, limit=2.0, log=log)
    assert child.wait() != 0
    assert child.timed_out
    pid = int(log.read_text())
    eventually("it has ended", lambda: not _is_running(pid))


def test_the_log_of_a_child_can_be_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    child = Child(
        ["sh", "-c", "echo one; echo two >&2; exit 3"], os.environ, limit=30.0, log=tmp_path / "log"
    )
    assert child.wait(follow=True) == 3
    assert capsys.readouterr().out == "one\ntwo\n"


def test_shell_scripts_are_told_by_their_first_line(tmp_path: Path) -> None:
    files = {
        "run": "#!/bin/sh\n",
        "b.sh": "#!/usr/bin/env bash\n",
        "py": "#!/usr/bin/env python3\n",
        "t": "#!/bin/shx\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert shell_scripts([tmp_path / name for name in files]) == [tmp_path / "run", tmp_path / "b.sh"]


def _is_running(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
