"""Standard streams that are closed, full or have no reader: one line at most, and an honest exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
COMMANDS = ("status", "--help", "--version", "completion bash", "check {file}", "check --json {file}")


def run(redirected: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `wgtui` by a shell, which redirects its streams."""
    file = tmp_path / "wg0.conf"
    file.write_text("[Interface]\nListenPort = 51820\n")
    file.chmod(0o600)
    line = f"exec {sys.executable} -m wgtui {redirected.format(file=file)}"
    known = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        ["sh", "-c", line],
        cwd=PROJECT,
        env={**known, "PYTHONPATH": str(PROJECT), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("where", [">/dev/full", ">&-"], ids=["full", "closed"])
@pytest.mark.parametrize("command", COMMANDS)
def test_output_that_cannot_be_written_is_one_line_and_a_failure(
    command: str, where: str, tmp_path: Path
) -> None:
    done = run(f"{command} {where}", tmp_path)
    assert done.stderr.startswith("wgtui: Standard output cannot be written: ")
    assert done.stderr.count("\n") == 1
    assert done.returncode == 1


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_that_left_is_not_complained_about(command: str, unbuffered: str, tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        known = {"PYTHONUNBUFFERED": unbuffered} if unbuffered else {}
        os.set_inheritable(write, True)
        done = subprocess.run(
            [sys.executable, "-m", "wgtui", *command.format(file=__file__).split()],
            cwd=PROJECT,
            env={**{key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}, **known},
            stdout=write,
            stderr=subprocess.PIPE,
            text=True,
            timeout=30,
            check=False,
        )
    finally:
        os.close(write)
    assert done.stderr == ""
    assert done.returncode == 128 + signal.SIGPIPE


def test_complaints_with_nowhere_to_go_leave_the_exit_code(tmp_path: Path) -> None:
    done = run("status nosuch 2>&-", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_closed_input_is_said(tmp_path: Path) -> None:
    done = run("check - <&-", tmp_path)
    assert done.stderr.startswith("wgtui: Standard input cannot be read: ")
    assert done.stderr.count("\n") == 1
    assert done.returncode == 1


def test_a_character_that_the_terminal_lacks_is_replaced(tmp_path: Path) -> None:
    done = run("check '/zürich'", tmp_path, PYTHONIOENCODING="ascii")
    assert done.stderr == "wgtui: /z?rich does not exist.\n"
    named = tmp_path / "w\u00fc.conf"
    named.write_text("nonsense\n")
    done = run(f"check {named}", tmp_path, PYTHONIOENCODING="ascii")
    assert "/w?.conf:1:1: error: " in done.stdout
    assert done.stderr == ""
