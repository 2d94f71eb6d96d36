"""The process that owns a lab: makes it, keeps it while its user lives, and removes it.

It is started by `handle.start` with a pipe each way. Orders come as lines of JSON on standard input, whose
end means that the lab is no longer wanted, whatever ended the other side, SIGKILL included. Reports go to
standard output in the same form. All processes of the lab are children of this one and die with it.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Final

from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.lab.commands import on_node, require_ip
from wgtui.adapters.lab.files import Keyring, device_change, make_keys, routes, wg_quick_file
from wgtui.adapters.lab.folder import LabFolder, claim, release
from wgtui.adapters.lab.network import Network
from wgtui.adapters.lab.scenarios import SCENARIOS
from wgtui.adapters.lab.topology import DEVICE, Job, Node, Topology, Tunnel
from wgtui.adapters.lab.tunnels import Tunnels
from wgtui.domain.errors import DeviceTimeout, WgtuiError

ROAM_EVERY: Final = 45.0
"""Seconds between two changes of the home router's source port."""

_FIRST_CONTACT: Final = 10.0
_TRAFFIC: Final = Path(__file__).with_name("traffic.py")
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Unwanted(BaseException):
    """The lab is no longer wanted: its user has gone, or somebody ended this process."""


class User:
    """The other side of the pipes.

    Args:
        pid: The process that wants the lab. It is watched besides the pipe, whose other end may live on in
            a process that it forked.
    """

    def __init__(self, pid: int) -> None:
        try:
            self._process = os.pidfd_open(pid)
        except ProcessLookupError:
            raise Unwanted from None
        self._unread = b""

    def tell(self, **report: object) -> None:
        """Report something.

        Raises:
            Unwanted: Nobody listens any more.
        """
        try:
            sys.stdout.write(json.dumps(report) + "\n")
            sys.stdout.flush()
        except (BrokenPipeError, ValueError):
            raise Unwanted from None

    def order(self, seconds: float) -> str:
        """Wait for an order; empty when none came in that time.

        Raises:
            Unwanted: The user has gone.
        """
        ready, _, _ = select.select([sys.stdin.fileno(), self._process], [], [], max(0.0, seconds))
        if self._process in ready:
            raise Unwanted
        if ready:
            received = os.read(sys.stdin.fileno(), 4096)
            if not received:
                raise Unwanted
            self._unread += received
        line, newline, rest = self._unread.partition(b"\n")
        if not newline:
            return ""
        self._unread = rest
        return str(json.loads(line)["do"])


class Keeper:
    """One lab, from its first namespace to its last.

    Args:
        topology: What to make.
        folder: Where its files are.
        user: Whom to report to.
        userspace: Use wireguard-go even where the kernel has WireGuard.
        monotonic: Seconds that never step.
    """

    def __init__(
        self,
        topology: Topology,
        folder: LabFolder,
        user: User,
        *,
        userspace: bool,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        keypairs = NaclKeypairs()
        self._topology = topology
        self._folder = folder
        self._user = user
        self._monotonic = monotonic
        self._keys = make_keys(topology, keypairs)
        self._network = Network(topology, folder)
        self._tunnels = Tunnels(folder, keypairs, userspace=userspace)
        self._jobs: list[subprocess.Popen[bytes]] = []

    def make(self, *, traffic: bool) -> None:
        """Make everything, up to the first handshake where one comes by itself."""
        self._say(f"Making {len(self._topology.nodes)} network namespaces")
        self._network.make()
        self._write_files(self._keys)
        implementation = ""
        for node, tunnel in self._in_starting_order():
            self._say(f"Starting WireGuard on {node.name}")
            implementation = self._tunnels.create(node.name).value
            self._tunnels.configure(node.name, device_change(node.name, tunnel, self._keys))
            self._network.bring_up(node, tunnel, routes(tunnel))
        if self._topology.caller:
            self._await_handshake()
        if traffic:
            self._say("Starting the traffic")
            self._jobs = [self._start(job) for job in self._topology.jobs]
        self._user.tell(ready=self._description(implementation))

    def keep(self, *, traffic: bool) -> None:
        """Serve the user until the lab is no longer wanted."""
        roams = traffic and bool(self._topology.roaming)
        next_roam = self._monotonic() + ROAM_EVERY
        while True:
            left = next_roam - self._monotonic() if roams else ROAM_EVERY
            order = self._user.order(left)
            if order == "roam":
                self._user.tell(roamed=self._network.roam() if self._topology.roaming else 0)
            if order == "roam" or (roams and self._monotonic() >= next_roam):
                if order != "roam":
                    self._network.roam()
                next_roam = self._monotonic() + ROAM_EVERY

    def remove(self) -> None:
        """End all processes, then remove namespaces and files."""
        for job in self._jobs:
            job.kill()
        for job in self._jobs:
            job.wait()
        self._tunnels.close()
        release(self._folder)

    def _say(self, text: str) -> None:
        self._user.order(0.0)
        self._user.tell(progress=text)

    def _in_starting_order(self) -> list[tuple[Node, Tunnel]]:
        """The host first: who calls a device that is not there yet waits five seconds to call again."""
        return sorted(self._topology.tunnels, key=lambda pair: pair[0].name != self._topology.host)

    def _write_files(self, keys: Keyring) -> None:
        for node, tunnel in self._topology.tunnels:
            path = self._folder.config(node.name) / f"{DEVICE}.conf"
            path.touch(mode=0o600)
            path.write_text(wg_quick_file(node.name, tunnel, keys, *self._network.hooks(tunnel)))

    def _await_handshake(self) -> None:
        caller = self._topology.caller
        self._say(f"Waiting for the first handshake of {caller}")
        deadline = self._monotonic() + _FIRST_CONTACT
        key = self._keys.public[caller]
        while True:
            peer = self._tunnels.read(self._topology.host).peer(key)
            if peer is not None and peer.latest_handshake is not None:
                return
            if self._monotonic() >= deadline:
                text = f"{caller} has not reached {self._topology.host} within {_FIRST_CONTACT:g} seconds."
                raise DeviceTimeout(
                    text, hint="Something on this machine filters packets between its network namespaces."
                )
            self._user.order(0.02)

    def _start(self, job: Job) -> subprocess.Popen[bytes]:
        with self._folder.log.open("ab") as log:
            return subprocess.Popen(
                [
                    *on_node(self._folder.netns(job.node), self._folder.run(job.node)),
                    *(sys.executable, "-I", "-S", str(_TRAFFIC)),
                    *job.arguments,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _description(self, implementation: str) -> dict[str, object]:
        host = self._topology.host
        return {
            "implementation": implementation,
            "folder": str(self._folder.path),
            "netns": self._folder.netns(host),
        }


def main(scenario: str, user_pid: int, *, traffic: bool, userspace: bool) -> int:
    """Keep a lab until it is no longer wanted.

    Returns:
        0 when it was there, 1 when it could not be made; the report says why.
    """
    for number in _SIGNALS:
        signal.signal(number, _unwanted)
    try:
        user = User(user_pid)
        try:
            _keep(SCENARIOS[scenario](), user, traffic=traffic, userspace=userspace)
        except WgtuiError as error:
            user.tell(error={"kind": type(error).__name__, "text": error.text, "hint": error.hint})
            return 1
    except Unwanted:
        return 0
    return 0


def _keep(topology: Topology, user: User, *, traffic: bool, userspace: bool) -> None:
    require_ip()
    with ExitStack() as cleanup:
        folder = claim([node.name for node in topology.nodes], os.urandom)
        cleanup.callback(release, folder)
        keeper = Keeper(topology, folder, user, userspace=userspace)
        cleanup.callback(keeper.remove)
        # Whoever ends us while we clean up would only leave more behind.
        cleanup.callback(_ignore_signals)
        keeper.make(traffic=traffic)
        keeper.keep(traffic=traffic)


def _unwanted(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise Unwanted


def _ignore_signals() -> None:
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(
        main(sys.argv[1], int(sys.argv[2]), traffic="traffic" in sys.argv, userspace="userspace" in sys.argv)
    )
