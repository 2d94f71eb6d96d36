"""A lab's folder: who owns the lab, and what has to be removed when that process is gone.

The folder is made before anything else of the lab and removed after everything else. It lies under
`/run`, which is empty after a power cut, as is the list of network namespaces.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wgtui.adapters.lab.commands import run
from wgtui.adapters.netns import NETNS_FOLDER
from wgtui.domain.errors import HostCommandFailed, WgtuiError

BASE: Final = Path("/run/wgtui-lab")
"""Holds one folder for each lab that runs on this machine."""

_OWNER: Final = "owner.json"
_ID_BYTES: Final = 2


@dataclass(frozen=True, slots=True)
class LabFolder:
    """The folder of one lab."""

    path: Path

    @property
    def state(self) -> Path:
        """The UI's `--state-dir`."""
        return self.path / "state"

    @property
    def log(self) -> Path:
        """What the lab's programs say."""
        return self.path / "log"

    def netns(self, node: str) -> str:
        """The name of a node's network namespace."""
        return f"wgtui-{self.path.name}-{node}"

    def run(self, node: str) -> Path:
        """What a node sees as `/run`."""
        return self.path / "nodes" / node / "run"

    def sockets(self, node: str) -> Path:
        """Where the sockets of a node's userspace devices are, as seen from outside."""
        return self.run(node) / "wireguard"

    def config(self, node: str) -> Path:
        """The folder of a node's wg-quick files."""
        return self.path / "nodes" / node / "config"


def claim(nodes: Sequence[str], entropy: Callable[[int], bytes], base: Path = BASE) -> LabFolder:
    """Make the folder of a new lab, owned by this process, and remove what dead owners left.

    Args:
        nodes: Names of the nodes.
        entropy: Gives that many random bytes.
        base: Where the folders of labs are.

    Raises:
        HostCommandFailed: The folder cannot be made.
    """
    try:
        with _locked(base):
            for leftover in _leftovers(base):
                # What cannot be removed must not keep every later lab from starting.
                with suppress(WgtuiError):
                    _remove(leftover)
            folder = _new(base, entropy)
            owner = {"pid": os.getpid(), "start_time": start_time(os.getpid())}
            netns = [folder.netns(node) for node in nodes]
            (folder.path / _OWNER).write_text(json.dumps({**owner, "netns": netns}))
            folder.state.mkdir()
            for node in nodes:
                folder.sockets(node).mkdir(parents=True)
                folder.config(node).mkdir()
            return folder
    except OSError as error:
        text = f"The lab cannot keep its files in {base}: {error.strerror}."
        raise HostCommandFailed(text) from None


def release(folder: LabFolder) -> None:
    """Remove a lab's namespaces and then its folder. Harmless when they are gone.

    Raises:
        HostCommandFailed: The namespaces cannot be removed.
    """
    _remove(folder)
    base = folder.path.parent
    with _locked(base), suppress(OSError):
        base.rmdir()


def _remove(folder: LabFolder) -> None:
    try:
        names = json.loads((folder.path / _OWNER).read_text())["netns"]
    except (OSError, ValueError, KeyError, TypeError):
        names = []
    present = [name for name in names if Path(NETNS_FOLDER, name).exists()]
    if present:
        deletions = "".join(f"netns delete {name}\n" for name in present)
        run(["ip", "-force", "-batch", "-"], input_text=deletions, what="remove its network namespaces")
    shutil.rmtree(folder.path, ignore_errors=True)


def start_time(pid: int) -> int | None:
    """When a process started, in clock ticks since boot; None when none runs by that number (proc(5))."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    # The command, in parentheses, may hold anything: count from its end.
    fields = stat.rpartition(b")")[2].split()
    # A zombie has ended; only its parent has not taken notice yet.
    return None if fields[0] in (b"Z", b"X") else int(fields[19])


def _leftovers(base: Path) -> list[LabFolder]:
    """The folders whose owner is dead, or another process with its number."""
    found = []
    for path in base.iterdir():
        if not path.is_dir():
            continue
        try:
            owner = json.loads((path / _OWNER).read_text())
            alive = start_time(int(owner["pid"])) == owner["start_time"]
        except (OSError, ValueError, KeyError, TypeError):
            alive = False
        if not alive:
            found.append(LabFolder(path))
    return found


def _new(base: Path, entropy: Callable[[int], bytes]) -> LabFolder:
    while True:
        path = base / entropy(_ID_BYTES).hex()
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            continue
        return LabFolder(path)


@contextmanager
def _locked(base: Path) -> Iterator[None]:
    """Keep other labs from starting and ending: a folder without an owner yet would look like a leftover."""
    while True:
        base.mkdir(mode=0o700, exist_ok=True)
        try:
            descriptor = os.open(base, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            # The last lab to end removes the folder, maybe while we waited for it.
            if base.exists() and os.path.samestat(os.fstat(descriptor), base.stat()):
                yield
                return
        finally:
            os.close(descriptor)
