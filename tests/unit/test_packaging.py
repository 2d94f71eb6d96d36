"""The wheel: what a user of `pip install` and of install.sh gets."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import wgtui

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The wheel of the working tree, built without network."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        yield archive


def _content(wheel: zipfile.ZipFile, ending: str) -> str:
    return wheel.read(next(name for name in wheel.namelist() if name.endswith(ending))).decode()


def test_it_has_every_style_sheet(wheel: zipfile.ZipFile) -> None:
    styles = {f"wgtui/styles/{path.name}" for path in (ROOT / "styles").glob("*.tcss")}
    assert styles
    assert styles <= set(wheel.namelist())


def test_it_has_every_module(wheel: zipfile.ZipFile) -> None:
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "wgtui").rglob("*.py")}
    assert modules <= set(wheel.namelist())


def test_it_has_nothing_else(wheel: zipfile.ZipFile) -> None:
    wanted = re.compile(
        r"wgtui/(\w+/)*\w+\.py"
        r"|wgtui/py\.typed"
        r"|wgtui/styles/\w+\.tcss"
        rf"|wgtui-{re.escape(wgtui.__version__)}\.dist-info/"
        r"(METADATA|WHEEL|RECORD|entry_points\.txt|licenses/LICENSE)"
    )
    assert [name for name in wheel.namelist() if not wanted.fullmatch(name)] == []


def test_it_says_what_it_is(wheel: zipfile.ZipFile) -> None:
    metadata = _content(wheel, ".dist-info/METADATA")
    assert f"\nVersion: {wgtui.__version__}\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata
    assert "wgtui = wgtui.__main__:main" in _content(wheel, ".dist-info/entry_points.txt")


def test_users_get_five_libraries_and_no_test_tool(wheel: zipfile.ZipFile) -> None:
    required = re.findall(
        r"^Requires-Dist: ([\w-]+)(?!.*extra ==).*$", _content(wheel, ".dist-info/METADATA"), re.M
    )
    assert sorted(required) == ["pynacl", "pyroute2", "python-iptables", "segno", "textual"]
