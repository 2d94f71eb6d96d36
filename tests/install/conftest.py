"""The systems that install.sh is tried in: a bare one, and one where it has run."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.install.system import System, make_system

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def workshop() -> Iterator[Path]:
    """A folder for all systems, gone at the end: pytest would keep them, half a gigabyte each."""
    with tempfile.TemporaryDirectory(prefix="wgtui-install-") as folder:
        # The systems are entered by users without rights too.
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def scratch(workshop: Path) -> Iterator[Path]:
    """A folder for the systems of one test, gone after it."""
    with tempfile.TemporaryDirectory(dir=workshop) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def checkout(workshop: Path) -> Path:
    """A copy of the files under version control and of new ones, without caches."""
    folder = workshop / "checkout"
    folder.mkdir()
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"]
    names = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, names.split("\0")):
        if (PROJECT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def bare(workshop: Path, checkout: Path) -> System:
    """A Debian with nothing but its base: no Python, no compiler, no ip."""
    return make_system(workshop / "bare", checkout)


@pytest.fixture(scope="session")
def first_run(bare: System, workshop: Path) -> tuple[System, subprocess.CompletedProcess[str]]:
    """A system where install.sh has run once, and what it said."""
    system = bare.copy(workshop / "installed")
    return system, system.install()


@pytest.fixture(scope="session")
def installed(first_run: tuple[System, subprocess.CompletedProcess[str]]) -> System:
    """A system where install.sh has run; tests that change it copy it first."""
    system, done = first_run
    assert done.returncode == 0, done.stdout + done.stderr
    return system


@pytest.fixture
def own_checkout(checkout: Path, scratch: Path) -> Path:
    """A copy of the checkout that a test may edit."""
    folder = scratch / "checkout"
    shutil.copytree(checkout, folder)
    return folder
