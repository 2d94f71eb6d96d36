"""The private Python environment that the tests run in."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

_PROBE = "import sys, ensurepip, venv, ctypes; sys.exit(sys.version_info < (3, 11))"


class EnvironmentProblem(Exception):
    """The environment cannot be made; the text says why and what to do."""


def interpreters() -> Iterator[str]:
    """Candidates, the distribution's own first: it is what operators run wgtui with."""
    names = ("/usr/bin/python3", "python3", *(f"python3.{minor}" for minor in (14, 13, 12, 11)))
    for name in names:
        if found := shutil.which(name):
            yield found


def choose_interpreter() -> str | None:
    """The first Python >= 3.11 that can make a virtual environment with pip in it."""
    for candidate in interpreters():
        if _quiet([candidate, "-c", _PROBE]):
            return candidate
    return None


def make_environment(root: Path, cache: Path) -> Path:
    """Make the environment below `cache`, or take the one that is there.

    It is made anew when pyproject.toml, the interpreter or the place of the project has changed.

    Returns:
        The environment's `bin` folder.

    Raises:
        EnvironmentProblem: It cannot be made.
    """
    interpreter = choose_interpreter()
    if interpreter is None:
        raise EnvironmentProblem(
            "no Python 3.11 or newer with venv and pip was found; install it (Debian, Ubuntu: python3-venv)"
        )
    home = cache / "venv"
    stamp, wanted = home / "wgtui-tests", _fingerprint(root, interpreter)
    if stamp.is_file() and stamp.read_text() == wanted and _quiet([str(home / "bin/python"), "-c", ""]):
        print(f"environment: {home} (unchanged)")
        return home / "bin"
    print(f"environment: making {home} with {interpreter}")
    start = time.monotonic()
    log = cache / "environment.log"
    _make(interpreter, root, home, log)
    stamp.write_text(wanted)
    print(f"environment: done in {time.monotonic() - start:.0f} s")
    return home / "bin"


def _make(interpreter: str, root: Path, home: Path, log: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    env |= {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    pip = [str(home / "bin/python"), "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
    commands = ([interpreter, "-m", "venv", str(home)], [*pip, "--editable", f"{root}[test]"])
    with log.open("wb") as out:
        for command in commands:
            done = subprocess.run(
                command, env=env, cwd=root, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False
            )
            if done.returncode != 0:
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
                raise EnvironmentProblem(f"the environment could not be made, see {log}:\n{tail}")


def _fingerprint(root: Path, interpreter: str) -> str:
    version = subprocess.run([interpreter, "-VV"], capture_output=True, check=False).stdout
    digest = hashlib.sha256((root / "pyproject.toml").read_bytes())
    digest.update(b"\0".join((version, os.fsencode(os.path.realpath(interpreter)), os.fsencode(root))))
    return digest.hexdigest()


def _quiet(command: list[str]) -> bool:
    try:
        return (
            subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False).returncode
            == 0
        )
    except OSError:
        return False
