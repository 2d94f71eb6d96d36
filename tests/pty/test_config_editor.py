"""`E`: the operator's own editor on the terminal, on a private copy, and nothing written unasked."""

from __future__ import annotations

import json
import os
import signal
import stat
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.pty.programs import assert_restored, demo
from tests.support.terminal import Terminal
from tests.support.terminal_process import children
from tests.support.tmux import Tmux

FOLDERS = (Path("/dev/shm"), Path("/tmp"))

EDITOR = """
    import json, os, sys, signal, stat
    path, folder = sys.argv[-1], os.path.dirname(sys.argv[-1])
    facts = {
        "path": path,
        "file_mode": stat.S_IMODE(os.stat(path).st_mode),
        "folder_mode": stat.S_IMODE(os.stat(folder).st_mode),
        "is_terminal": all(os.isatty(number) for number in (0, 1, 2)),
        "interrupts": signal.getsignal(signal.SIGINT) is signal.default_int_handler,
    }
    with open(REPORT, "a") as report:
        report.write(json.dumps(facts) + "\\n")
    text = open(path).read()
    print("EDITOR IS HERE", flush=True)
"""


class Editor:
    """A scripted editor; each turn is some Python with `path` and `text`."""

    def __init__(self, folder: Path) -> None:
        self.script = folder / "editor.py"
        self.report = folder / "report.jsonl"

    def does(self, action: str) -> None:
        """What it does from now on."""
        head = textwrap.dedent(EDITOR).replace("REPORT", repr(str(self.report)))
        self.script.write_text(f"{head}\n{textwrap.dedent(action)}\n")

    @property
    def command(self) -> str:
        """For `$EDITOR`."""
        return f"{sys.executable} {self.script}"

    @property
    def facts(self) -> list[dict[str, Any]]:
        """What it found, run by run."""
        if not self.report.exists():
            return []
        return [json.loads(line) for line in self.report.read_text().splitlines()]


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    return Editor(tmp_path)


@contextmanager
def config_screen(editor: Editor) -> Iterator[Terminal]:
    """The demo with its first file open; afterwards no copy of it may be left anywhere."""
    before = copies()
    with demo(env={"VISUAL": None, "EDITOR": editor.command}) as terminal:
        terminal.wait_for("home-gateway")
        terminal.press("v")
        terminal.wait_for(lambda: "[Interface]" in terminal.text and "line 1 of" in terminal.text)
        yield terminal
        terminal.press("escape")
        terminal.wait_for("sorted by")
        terminal.press("q")
        assert terminal.wait_end().code == 0
        assert_restored(terminal)
    assert copies() == before


def copies() -> set[Path]:
    """Folders in which files are edited."""
    return {path for folder in FOLDERS if folder.is_dir() for path in folder.glob("wgtui-edit-*")}


REPLACE = "open(path, 'w').write(text.replace('ListenPort = 43155', {!r}))"


def test_a_good_edit_is_reviewed_and_applied(editor: Editor) -> None:
    editor.does(REPLACE.format("ListenPort = 43156"))
    with config_screen(editor) as terminal:
        terminal.press("E")
        terminal.wait_for("Change the file of wg0")
        (facts,) = editor.facts
        assert facts["file_mode"] == stat.S_IRUSR | stat.S_IWUSR
        assert facts["folder_mode"] == stat.S_IRWXU
        assert facts["is_terminal"]
        assert facts["interrupts"], "ctrl+c is the editor's"
        assert not Path(facts["path"]).exists()
        terminal.press("a")
        terminal.wait_for("ListenPort = 43156")


def test_a_refused_edit_is_edited_again_or_discarded(editor: Editor) -> None:
    editor.does(REPLACE.format("ListenPort = lots"))
    with config_screen(editor) as terminal:
        terminal.press("E")
        terminal.wait_for("The edited file is refused")
        terminal.wait_for("Edit again")
        editor.does("assert 'lots' in text\nopen(path, 'w').write(text.replace('lots', 'more'))")
        terminal.press("enter")
        terminal.wait_for(lambda: len(editor.facts) == 2 and "more" in terminal.text)
        terminal.press("right", "enter")
        terminal.wait_for("ListenPort = 43155")


@pytest.mark.parametrize(
    ("action", "says"),
    [
        ("sys.exit(3)", "status 3"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
        ("os.remove(path)", "removed its copy"),
    ],
)
def test_an_editor_that_does_not_end_well_changes_nothing(editor: Editor, action: str, says: str) -> None:
    editor.does(f"open(path, 'w').write('nonsense')\n{action}")
    with config_screen(editor) as terminal:
        terminal.press("E")
        terminal.wait_for("The editor failed")
        assert says in " ".join(terminal.text.split())
        terminal.press("escape")
        terminal.wait_for("ListenPort = 43155")


def test_an_editor_that_is_not_there_is_told(editor: Editor) -> None:
    before = copies()
    with demo(env={"VISUAL": "/nowhere/at-all", "EDITOR": None}) as terminal:
        terminal.wait_for("home-gateway")
        terminal.press("v")
        terminal.wait_for("line 1 of")
        terminal.press("E")
        terminal.wait_for("/nowhere/at-all cannot be run")
    assert copies() == before


def test_a_signal_while_the_editor_is_open_leaves_no_copy(editor: Editor) -> None:
    before = copies()
    editor.does("import time\ntime.sleep(60)")
    with demo(env={"VISUAL": None, "EDITOR": editor.command}) as terminal:
        terminal.wait_for("home-gateway")
        terminal.press("v")
        terminal.wait_for("line 1 of")
        terminal.press("E")
        terminal.wait_for("EDITOR IS HERE")
        terminal.signal(signal.SIGTERM)
        (editing,) = children(terminal.pid)
        os.kill(editing, signal.SIGTERM)
        assert terminal.wait_end().code == 128 + signal.SIGTERM
        assert_restored(terminal)
    assert copies() == before


def test_it_works_where_no_shell_watches_over_the_program(editor: Editor) -> None:
    """As the command of a tmux pane, and behind `ssh -t HOST wgtui`, a program cannot be suspended."""
    editor.does(REPLACE.format("ListenPort = 43156"))
    before = copies()
    with Tmux(f"exec env VISUAL= EDITOR='{editor.command}' {sys.executable} -m wgtui --demo") as tmux:
        tmux.wait_for("home-gateway")
        tmux.press("v")
        tmux.wait_for("line 1 of")
        tmux.press("E")
        tmux.wait_for("Change the file of wg0")
        tmux.press("a")
        tmux.wait_for("ListenPort = 43156")
    assert copies() == before
