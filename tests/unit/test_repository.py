"""What every tracked file has to keep to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests._tools.static import tracked_files

ROOT = Path(__file__).resolve().parents[2]
MAX_LINES = 400

# Written so that this file does not contain what it looks for.
_FOLDERS = ("work/", "home/[a-z]", "Users/", "root/\\.", "tmp/" + "venv", "opt/(?:pypi|wheels)")
_MACHINE_PATH = re.compile(r"(?<![\w.$}~-])/(?:" + "|".join(_FOLDERS) + ")")
_UNFINISHED = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "Not" + "ImplementedError")))


def _texts() -> Iterator[tuple[str, str]]:
    """Relative path and content of every tracked text file."""
    for path in tracked_files(ROOT):
        try:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def _matches(pattern: re.Pattern[str], text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if pattern.search(line)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("cd /wo" + "rk/main", True),
        ("/ho" + "me/someone/x", True),
        ("`/ro" + "ot/.config`", True),
        ("network/work/x", False),
        ("${HOME:-/root}/.config", False),
        ("~/work/x", False),
    ],
)
def test_machine_paths_are_recognised(line: str, found: bool) -> None:
    assert bool(_matches(_MACHINE_PATH, line)) is found


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    here = f"{ROOT}/" if len(ROOT.parts) > 2 else None
    bad = [f"{name}: {line}" for name, text in _texts() for line in _matches(_MACHINE_PATH, text)]
    bad += [name for name, text in _texts() if here and here in text]
    assert bad == []


def test_no_file_leaves_something_unfinished() -> None:
    assert [f"{name}: {line}" for name, text in _texts() for line in _matches(_UNFINISHED, text)] == []


def test_no_module_is_longer_than_one_can_keep_in_mind() -> None:
    lengths = {name: len(text.splitlines()) for name, text in _texts() if name.endswith(".py")}
    assert lengths
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_no_line_ends_in_blanks_and_every_file_ends_in_a_newline() -> None:
    written = [
        (name, text) for name, text in _texts() if name.endswith((".py", ".sh", ".md", ".toml", ".tcss"))
    ]
    assert [name for name, text in written if text and not text.endswith("\n")] == []
    assert [name for name, text in written if re.search(r"[ \t]+$", text, re.M)] == []


@pytest.mark.parametrize("program", ["install.sh", "tests/run", ".ci/run"])
def test_what_people_run_is_executable(program: str) -> None:
    assert os.access(ROOT / program, os.X_OK)


@pytest.mark.parametrize("document", ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE"])
def test_the_documents_are_there(document: str) -> None:
    assert (ROOT / document).read_text().strip()
