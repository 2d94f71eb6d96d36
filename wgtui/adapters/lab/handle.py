"""A lab as its user sees it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

import wgtui
from wgtui.adapters.lab.commands import on_node, require_root
from wgtui.adapters.lab.folder import LabFolder, release
from wgtui.adapters.lab.scenarios import SCENARIOS
from wgtui.adapters.lab.topology import DEVICE, Node, Topology
from wgtui.domain import errors
from wgtui.domain.device import Implementation
from wgtui.domain.errors import HostCommandFailed, WgtuiError

_MAKING: Final = 60.0
_ROAMING: Final = 15.0
_REMOVING: Final = 10.0


@dataclass(frozen=True, slots=True)
class LabNode:
    """One machine of a lab.

    Attributes:
        name: Short.
        role: A few words.
        netns: Its network namespace.
        addresses: Of its cables and bridges, with prefix lengths.
        tunnel_address: Of its WireGuard interface; empty when it has none.
        config_dir: The folder of its wg-quick file.
        socket_dir: Where its userspace device's socket is, seen from outside.
    """

    name: str
    role: str
    netns: str
    addresses: tuple[str, ...]
    tunnel_address: str
    config_dir: Path
    socket_dir: Path


class LabHandle:
    """A running lab. A context manager; `close` removes it, and so does the end of this process.

    Attributes:
        scenario: Its name.
        title: What it shows, one sentence.
        implementation: Who runs the protocol on its nodes.
        host: The node on which the UI runs.
        nodes: All nodes by name.
        device: Name of the WireGuard interface, on every node that has one.
        netns: The network namespace of the host.
        config_dir: The folder of the host's wg-quick file.
        state_dir: For the UI's own state; as short-lived as the lab.
        socket_dir: Where the host's userspace socket is.
    """

    def __init__(self, scenario: str, topology: Topology, keeper: _Keeper, ready: Mapping[str, str]) -> None:
        folder = LabFolder(Path(ready["folder"]))
        self._keeper = keeper
        self._folder = folder
        self.scenario = scenario
        self.title = topology.title
        self.implementation = Implementation(ready["implementation"])
        self.nodes = {node.name: _lab_node(node, folder) for node in topology.nodes}
        self.host = self.nodes[topology.host]
        self.device = DEVICE
        self.netns = self.host.netns
        self.config_dir = self.host.config_dir
        self.state_dir = folder.state
        self.socket_dir = self.host.socket_dir

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def describe(self) -> str:
        """The nodes and their addresses, a line each."""
        width = max(map(len, self.nodes))
        return "\n".join(
            f"{node.name:<{width}}  {', '.join(filter(None, (*node.addresses, node.tunnel_address)))}"
            f"  ({node.role})"
            for node in self.nodes.values()
        )

    def command(self, node: str, command: Sequence[str]) -> list[str]:
        """The command line that runs a command on a node, as a child of this process."""
        return [*on_node(self.nodes[node].netns, self._folder.run(node)), *command]

    def run(
        self, node: str, command: Sequence[str], *, timeout: float = 10.0
    ) -> subprocess.CompletedProcess[str]:
        """Run a command on a node to its end and return what it said."""
        return subprocess.run(
            self.command(node, command), capture_output=True, text=True, timeout=timeout, check=False
        )

    def roam(self) -> None:
        """Make the home router's NAT use another source port, now.

        Raises:
            HostCommandFailed: The lab is gone, or does not answer.
        """
        self._keeper.order("roam")
        self._keeper.await_report("roamed", _ROAMING, lambda text: None)

    def close(self) -> None:
        """Remove the lab: its processes, network namespaces and files. May be called twice."""
        self._keeper.close()
        # Nothing is left of it unless the keeper itself was killed.
        if self._folder.path.exists():
            release(self._folder)


def start(
    scenario: str,
    *,
    progress: Callable[[str], None] = lambda text: None,
    traffic: bool = True,
    userspace: bool = False,
) -> LabHandle:
    """Make a lab and wait until it is live.

    Args:
        scenario: A key of `SCENARIOS`.
        progress: Called with a short sentence before each step.
        traffic: Whether the nodes shall talk and the home router's NAT change its port by themselves.
        userspace: Use wireguard-go even where the kernel has WireGuard.

    Raises:
        PermissionRefused: We are not root, or not root enough.
        DeviceUnavailable: Neither the kernel nor wireguard-go gives a WireGuard device here.
        HostCommandFailed: A program of the host is missing or failed.
        KeyError: There is no such scenario.
    """
    topology = SCENARIOS[scenario]()
    require_root()
    keeper = _Keeper(scenario, traffic=traffic, userspace=userspace)
    try:
        ready = keeper.await_report("ready", _MAKING, progress)
        return LabHandle(scenario, topology, keeper, ready)
    except BaseException:
        keeper.close()
        raise


class _Keeper:
    """The keeper's process and the pipes to it."""

    def __init__(self, scenario: str, *, traffic: bool, userspace: bool) -> None:
        flags = [name for name, wanted in (("traffic", traffic), ("userspace", userspace)) if wanted]
        package_root = str(Path(wgtui.__file__).resolve().parents[1])
        with contextlib.ExitStack() as failure:
            self._complaints: IO[bytes] = failure.enter_context(tempfile.TemporaryFile())
            # A session of its own: Ctrl-C and hang-up at our terminal are ours to deal with.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "wgtui.adapters.lab.keeper", scenario, str(os.getpid()), *flags],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                cwd="/",
                env={**os.environ, "PYTHONPATH": package_root},
                start_new_session=True,
            )
            failure.pop_all()
        self._unread = b""

    def order(self, what: str) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        with contextlib.suppress(OSError, ValueError):
            stdin.write(json.dumps({"do": what}).encode() + b"\n")
            stdin.flush()

    def await_report(self, kind: str, seconds: float, progress: Callable[[str], None]) -> Any:
        """The next report of a kind. Progress is passed on, an error is raised."""
        deadline = time.monotonic() + seconds
        while True:
            report = json.loads(self._line(deadline))
            if kind in report:
                return report[kind]
            if "progress" in report:
                progress(report["progress"])
            if "error" in report:
                raise _as_error(report["error"])

    def close(self) -> None:
        """Tell the keeper, by the end of its input, to remove the lab, and wait for it."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()
        try:
            self._process.wait(_REMOVING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._complaints.close()

    def _line(self, deadline: float) -> bytes:
        stdout = self._process.stdout
        assert stdout is not None
        while b"\n" not in self._unread:
            left = deadline - time.monotonic()
            try:
                ready, _, _ = select.select([stdout], [], [], max(0.0, left))
            except ValueError:
                raise HostCommandFailed("The lab has been closed.") from None
            if not ready:
                raise HostCommandFailed("The lab does not answer.", hint="The machine may be overloaded.")
            received = os.read(stdout.fileno(), 65536)
            if not received:
                raise HostCommandFailed(f"The lab ended unexpectedly{self._last_words()}.")
            self._unread += received
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _last_words(self) -> str:
        self._complaints.seek(0)
        lines = self._complaints.read().decode("utf-8", "replace").strip().splitlines()
        return f": {lines[-1].strip().rstrip('.')}" if lines else ""


def _as_error(report: Mapping[str, str]) -> WgtuiError:
    kind = getattr(errors, report["kind"], WgtuiError)
    error = kind(report["text"], hint=report["hint"])
    assert isinstance(error, WgtuiError)
    return error


def _lab_node(node: Node, folder: LabFolder) -> LabNode:
    addresses = [nic.address for nic in node.nics if nic.address is not None]
    addresses += [address for _, address in node.bridges]
    return LabNode(
        name=node.name,
        role=node.role,
        netns=folder.netns(node.name),
        addresses=tuple(map(str, addresses)),
        tunnel_address=str(node.tunnel.address) if node.tunnel is not None else "",
        config_dir=folder.config(node.name),
        socket_dir=folder.sockets(node.name),
    )
