"""`wgtui check` as a command: files, folders of them, standard input, exit codes."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from wgtui.cli import main

KEY = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk="
GOOD = f"[Interface]\nPrivateKey = {KEY}\nListenPort = 51820\nAddress = 10.0.0.1/24\n"


def _file(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


def test_a_good_file_is_ok(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(tmp_path, "wg0.conf", GOOD)
    assert main(["check", path]) == 0
    assert capsys.readouterr().out == f"{path}: ok\n"


def test_an_error_has_its_place_and_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(tmp_path, "wg0.conf", GOOD + "Bogus = 1\n")
    assert main(["check", path]) == 1
    assert capsys.readouterr().out.startswith(f"{path}:5:1: error: ")


def test_every_file_is_checked_whatever_the_first_is_like(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, missing = _file(tmp_path, "wg0.conf", GOOD), str(tmp_path / "wg1.conf")
    assert main(["check", missing, good]) == 1
    captured = capsys.readouterr()
    assert captured.err == f"wgtui: {missing} does not exist.\n"
    assert captured.out == f"{good}: ok\n"


def test_json_has_all_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, missing = _file(tmp_path, "wg0.conf", "PrivateKey = oops\n"), str(tmp_path / "wg1.conf")
    assert main(["check", "--json", bad, missing]) == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["schema"], data["ok"]) == (1, False)
    first, second = data["files"]
    assert (first["path"], first["errors"], first["findings"][0]["line"]) == (bad, 1, 1)
    assert second["problem"]["kind"] == "ConfigUnreadable"


def test_an_interface_name_means_its_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(tmp_path, "wg7.conf", GOOD)
    assert main(["check", "wg7", "--config-dir", str(tmp_path)]) == 0
    assert path in capsys.readouterr().out


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD.encode())))
    assert main(["check", "-"]) == 0
    assert "ok" in capsys.readouterr().out


def test_no_key_is_quoted_however_broken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for broken in (KEY[:-1], KEY + "=", KEY[:-2] + "l=", KEY[:9] + "!" + KEY[10:], f'"{KEY}"'):
        path = _file(tmp_path, "wg0.conf", f"[Interface]\nPrivateKey = {broken}\n")
        assert main(["check", path, "--json"]) == 1
        assert main(["check", path]) == 1
        shown = capsys.readouterr()
        assert broken not in shown.out + shown.err


@pytest.mark.parametrize("name", ["\x1b]0;x\x07.conf", "a\nb.conf"])
def test_hostile_file_names_reach_no_terminal(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", _file(tmp_path, name, "x"), str(tmp_path / f"none{name}")])
    shown = capsys.readouterr()
    assert "\x1b" not in shown.out + shown.err
    assert shown.err.count("\n") == 1
