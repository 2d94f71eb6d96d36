"""The programs that the screen is measured against, and our own, each as it is run in a terminal."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.terminal import Terminal

SIZE = (120, 36)
TALL = (120, 56)
"""Room for fifty rows."""


@dataclass(frozen=True)
class Program:
    """A program to measure.

    Attributes:
        name: In the tables.
        command: Its command line.
        painted: What its first real frame contains.
        complete: What is there as soon as nothing is missing, if that can come later.
        key: A key that changes its screen.
        needs: The command that has to be installed.
        ours: Whether it is what is measured.
    """

    name: str
    command: tuple[str, ...]
    painted: str
    complete: str = ""
    key: str = "down"
    needs: str = ""
    ours: bool = False
    env: dict[str, str] = field(default_factory=dict)

    @property
    def installed(self) -> bool:
        """Whether it can run here."""
        return not self.needs or shutil.which(self.needs) is not None


def wgtui(name: str, world: str, peers: int, moving: int = 0) -> Program:
    """Our screen on a simulated world. What making that world takes is reported by `world_seconds`."""
    arguments = (world, "--peers", str(peers), "--moving", str(moving), "--prepare", "WORLD_SECONDS")
    command = (sys.executable, "-m", "tests.support.terminal_app", *arguments)
    return Program(name, command, painted="198.51.1", complete="peer-0", ours=True)


DEMO = Program("wgtui --demo", (sys.executable, "-m", "wgtui", "--demo"), "home-gateway", ours=True)
TEXTUAL_DEMO = Program("Textual's demo", (sys.executable, "-m", "textual"), "What is Textual?")
BTOP = Program("btop", ("btop", "--utf-force"), "Pid:", needs="btop")
HTOP = Program("htop", ("htop",), "Command", needs="htop")


class Started:
    """A program in its terminal."""

    def __init__(self, terminal: Terminal, seconds_file: Path) -> None:
        self.terminal = terminal
        self._seconds_file = seconds_file

    @property
    def world_seconds(self) -> float:
        """Seconds that were spent on making a simulated world before the program proper began."""
        try:
            return float(json.loads(self._seconds_file.read_text()))
        except FileNotFoundError:
            return 0.0

    def since_start(self) -> float:
        """Seconds from the start to the last thing read, without the making of the world."""
        return self.terminal.chunks[-1][0] - self.terminal.started_at - self.world_seconds


@contextmanager
def started(
    program: Program, size: tuple[int, int] = SIZE, *, interpret: bool = True, home: Path | None = None
) -> Iterator[Started]:
    """Run a program in a terminal with 24 bit colours, and end it."""
    with tempfile.TemporaryDirectory(prefix="wgtui-benchmark-") as folder:
        seconds_file = Path(folder, "world")
        command = [str(seconds_file) if part == "WORLD_SECONDS" else part for part in program.command]
        env = {"COLORTERM": "truecolor", "HOME": str(home or folder), **program.env}
        with Terminal(command, size=size, env=env, interpret=interpret) as terminal:
            yield Started(terminal, seconds_file)


@contextmanager
def home_of_others() -> Iterator[Path]:
    """A home folder in which the other programs find the settings they wrote at an earlier start."""
    with tempfile.TemporaryDirectory(prefix="wgtui-benchmark-home-") as folder:
        home = Path(folder)
        for program in (BTOP, HTOP):
            if program.installed:
                with started(program, home=home) as run:
                    run.terminal.wait_for(program.painted)
                    run.terminal.press("q")
                    run.terminal.wait_end()
        yield home


def present(programs: Sequence[Program]) -> list[Program]:
    """Those that are installed; the others are named."""
    for program in programs:
        if not program.installed:
            print(f"{program.needs} is not installed: left out")
    return [program for program in programs if program.installed]
