"""What is told when the emulated machine of the kernel tier does not start."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.kernel.machine import Attempt


@pytest.mark.parametrize(
    ("script", "up", "ending"),
    [
        ("kill -KILL $$", False, "the emulator was ended by SIGKILL"),
        ("echo 'no memory' >&2; exit 1", False, "the emulator ended with status 1"),
        ("exec sleep 600", False, "the emulator ran and was silent"),
        ("echo 'machine: up'; exit 0", True, "the emulator ended with status 0"),
    ],
)
def test_how_the_emulator_ended_is_told(script: str, up: bool, ending: str, tmp_path: Path) -> None:
    attempt = Attempt(["sh", "-c", script], tmp_path, 0.5, time.monotonic() + 60)
    assert attempt.wait() is up
    assert attempt.ending == ending
