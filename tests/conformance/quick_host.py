"""A host in namespaces of its own, on which `wg-quick` and our `up` and `down` are run side by side."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conformance.quick_state import State
from tests.conformance.userspace_device import why_unavailable as why_no_device

_PROJECT = Path(__file__).parents[2]
_NAMESPACES = ("--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")


def why_unavailable() -> str | None:
    """What is missing; None when all is there."""
    missing = [name for name in ("wg-quick", "nft", "ip") if not shutil.which(name)]
    return why_no_device() or (f"needs {', '.join(missing)}" if missing else None)


class QuickHost:
    """The host. Its links, and the programs in it, go with it.

    Args:
        folder: An empty one of its own.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._starts = 0
        self._process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        self._starts += 1
        own = self._folder / str(self._starts)
        own.mkdir()
        process = subprocess.Popen(
            ["unshare", *_NAMESPACES, sys.executable, "-m", "tests.conformance.quick_worker", str(own)],
            cwd=_PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert _receive(process) == "ready"
        return process

    def restart(self) -> None:
        """Begin anew, whatever a failed test left."""
        self.close()
        self._process = self._start()

    def ask(self, do: str, **values: object) -> Any:
        """Send a request, and return the answer."""
        assert self._process.stdin is not None
        print(json.dumps({"do": do, **values}), file=self._process.stdin, flush=True)
        return _receive(self._process)

    def state(self) -> State:
        """What the host is like."""
        found: State = self.ask("state")
        return found

    def write(self, config: str, name: str = "wgo") -> None:
        """Write an interface's file."""
        self.ask("write", config=config, name=name)

    def wg_quick(self, verb: str, name: str = "wgo") -> tuple[int, str]:
        """Run `wg-quick`; its exit status, and what it said."""
        done = self.ask("run", command=["wg-quick", verb, name])
        return done["status"], done["said"]

    def ours(self, verb: str, name: str = "wgo", **values: object) -> dict[str, Any]:
        """Run our `up`, `down` or `sync`; what came of it, `error` empty when it went well."""
        done: dict[str, Any] = self.ask(verb, name=name, **values)
        return done

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _receive(process: subprocess.Popen[str]) -> Any:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the worker ended"
    return json.loads(line)
