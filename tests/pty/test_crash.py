"""A defect inside the program: a short report, no secrets, a usable terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pty.programs import after_screen, assert_restored, world
from tests.support.terminal_app import SECRET


@pytest.mark.parametrize("good_looks", [0, 1])
def test_a_crash_is_reported_shortly_and_logged(good_looks: int, tmp_path: Path) -> None:
    with world("broken", "--good-looks", str(good_looks), "--state-dir", str(tmp_path)) as terminal:
        assert terminal.wait_end().code == 1
        assert_restored(terminal)
        report = after_screen(terminal)
        assert "unexpected error" in report
        assert str(tmp_path / "wgtui.log") in report.replace("\n", "")
        assert len(report.splitlines()) <= 6
        assert "Traceback" not in terminal.plain
        assert SECRET not in terminal.plain
    log = tmp_path / "wgtui.log"
    assert log.stat().st_mode & 0o777 == 0o600
    text = log.read_text()
    assert "Crash" in text
    assert "Traceback" in text
    assert SECRET not in text


def test_a_crash_is_reported_where_no_log_can_be_written() -> None:
    with world("broken", "--good-looks", "0", "--state-dir", "/proc/nowhere") as terminal:
        assert terminal.wait_end().code == 1
        assert_restored(terminal)
        report = after_screen(terminal)
        assert "unexpected error" in report
        assert "/proc/nowhere" in report
        assert "Traceback" not in terminal.plain
