"""Without a terminal there is no screen: one line says so."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

import pytest

from tests.pty.programs import MODULE, demo
from tests.support.terminal import DEADLINE, environment


@pytest.mark.parametrize("streams", [[0], [2], [0, 2], [0, 1, 2]], ids=str)
def test_without_a_terminal_on_stdin_or_stderr_it_ends_at_once(streams: Sequence[int]) -> None:
    with demo(null=streams) as terminal:
        assert terminal.wait_end().code == 1
        assert "\x1b" not in terminal.plain
        said = [line for line in terminal.plain.replace("\r", "").splitlines() if line]
        if 2 not in streams:
            assert len(said) == 1
            assert "terminal" in said[0]


@pytest.mark.parametrize("stdin", [b"", b"q", None], ids=["at its end", "a pipe", "closed"])
def test_in_a_script_it_says_what_to_do(stdin: bytes | None) -> None:
    command = [*MODULE, "wgtui", "--demo"]
    if stdin is None:
        command = ["sh", "-c", 'exec "$@" <&-', "sh", *command]
    done = subprocess.run(
        command,
        input=stdin or b"",
        capture_output=True,
        env=environment(),
        cwd="/",
        timeout=DEADLINE,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == b""
    assert b"\x1b" not in done.stderr
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1
    assert "terminal" in lines[0]
    assert "ssh -t" in lines[0]
