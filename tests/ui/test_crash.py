"""A crash is told in two lines; what variables held stays untold."""

from __future__ import annotations

import stat
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.ui.world import make_app, relay
from wgtui.ui import runner
from wgtui.ui.app import WgtuiApp
from wgtui.ui.options import UiOptions


def failing_app(log_file: Path) -> WgtuiApp:
    """An application whose screen fails, with a secret in a variable."""
    app, source = make_app(relay())
    options = UiOptions(clock=app.options.clock, interval=10_000.0, log_file=log_file)

    class Failing(WgtuiApp):
        def on_ready(self) -> None:
            private_key = "a-secret-value"
            raise RuntimeError(f"failed on {len(private_key)} characters")

    return Failing(lambda: source, options=options)


def run_headless(app: WgtuiApp) -> int:
    """Run as in a terminal, without one."""
    real = app.run
    with (
        patch("wgtui.ui.runner.os.isatty", return_value=True),
        patch("wgtui.ui.runner._watch_for_hangup"),
        patch.object(app, "run", lambda **_: real(headless=True, size=(80, 24))),
    ):
        return runner.run(app)


def test_a_crash_names_its_place_and_its_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "state" / "wgtui.log"
    assert run_headless(failing_app(log)) == 1
    out, err = capfd.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert len(lines) == 2
    assert "RuntimeError at test_crash.py:" in lines[0]
    assert "The tunnels run on" in lines[0]
    assert str(log) in lines[1]
    text = log.read_text()
    assert "failed on 14 characters" in text
    assert "a-secret-value" not in err + text.replace('private_key = "a-secret-value"', "")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_log_that_cannot_be_written_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert run_headless(failing_app(tmp_path / "file" / "wgtui.log")) == 1
    assert "could not be written" in capfd.readouterr().err


def test_without_a_terminal_it_says_how_to_get_one(capfd: pytest.CaptureFixture[str]) -> None:
    app, _ = make_app(relay())
    with patch("wgtui.ui.runner.os.isatty", return_value=False):
        assert runner.run(app) == 1
    assert "ssh -t" in capfd.readouterr().err
