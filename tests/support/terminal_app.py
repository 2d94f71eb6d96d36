"""The program's own screen on worlds made for tests: still, crowded, hostile or broken.

    python -m tests.support.terminal_app still|moving|hostile|broken|slow [OPTIONS]

Everything but the simulated host is what `wgtui` runs: the same start, poll thread, screens and end.
"""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from wgtui.adapters.clock import SystemClock
from wgtui.adapters.simulated.scenarios import Scenario, crowded_world
from wgtui.adapters.simulated.world import SimulatedLinks, SimulatedWireGuard
from wgtui.commands import screen
from wgtui.domain.keys import PrivateKey
from wgtui.domain.names import parse_names_file, read_names
from wgtui.domain.snapshot import Snapshot
from wgtui.services.monitor import Monitor
from wgtui.services.peer_names import PeerNames
from wgtui.ui.makers import Makers

DEVICE = "wg0"
PAYLOAD = "zzz"
"""Stands in every hostile text behind what would make it a command to the terminal."""

HOSTILE = (
    f"\x1b]0;{PAYLOAD}\x07title",
    f"\x1b]52;c;{PAYLOAD}\x07",
    f"\x1b[31m{PAYLOAD}",
    f"\x1b[?1049l{PAYLOAD}",
    f"\x1b[2J\x1b[H{PAYLOAD}",
    f"\x1bP{PAYLOAD}\x1b\\",
    f"\x9b31m{PAYLOAD}",
    f"\x9d0;{PAYLOAD}\x9c",
    f"\x08\x08\x08{PAYLOAD}\x07",
    f"\u202e{PAYLOAD}\u2066",
    f"\u200b\u200d{PAYLOAD}\ufeff",
    f"[/{PAYLOAD}]",
    f"[@click=app.quit]{PAYLOAD}[/]",
    f"[bold red]{PAYLOAD}",
    f"\r{PAYLOAD}\x0b\x0c\x85\u2028",
    f"{PAYLOAD}\udc9b31m",
    f"e{chr(0x301) * 500}{PAYLOAD}",
    f"\U0001f469‍\U0001f680 宽{PAYLOAD}",
    PAYLOAD * 3500,
)
"""Names that peers have in the hostile world, one each."""

SECRET = "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3I="
"""A private key that is in the hands of the code that breaks."""


class Crash(Exception):
    """What goes wrong in the broken world."""


def still_world(peers: int) -> Scenario:
    """Peers whose handshakes are so old that no age on the screen changes while a test looks."""
    clock = SystemClock()
    scenario = crowded_world(clock, peers)
    known = scenario.world.devices[DEVICE].peers
    for key, peer in known.items():
        known[key] = replace(peer, latest_handshake=clock.now() - 40.5 * 86400)
    return scenario


def moving_world(peers: int, moving: int) -> Scenario:
    """Peers of which the first ones have traffic."""
    return crowded_world(SystemClock(), peers, moving)


def hostile_world() -> Scenario:
    """Peers, a device and a file with names that would command the terminal."""
    scenario = still_world(len(HOSTILE))
    device = scenario.world.devices[DEVICE]
    peers = list(device.peers)
    text = "[Interface]\n" + "".join(
        f"[Peer]\n# Name = {name}\nPublicKey = {key}\nAllowedIPs = 10.0.0.{number}/32\n"
        for number, (name, key) in enumerate(zip(HOSTILE, peers, strict=True), 1)
    )
    scenario.files.write(DEVICE, text.encode("utf-8", "surrogatepass"))
    scenario.world.create(f"\x1b[31m{PAYLOAD}")
    return scenario


def monitor_of(make: Callable[[], Scenario]) -> Monitor:
    """A monitor of a world, as `wiring` makes them for the screen."""
    scenario = make()
    return Monitor(
        SimulatedWireGuard(scenario.world),
        SystemClock(),
        links=SimulatedLinks(scenario.world),
        names=PeerNames(scenario.files, read_names, parse_names_file),
        hurried=True,
    )


class BrokenMonitor(Monitor):
    """Looks well for a while, then hands over something that breaks whoever shows it."""

    good_looks = 0

    def take(self) -> Snapshot:
        """A snapshot, a broken one after `good_looks`."""
        snapshot = super().take()
        if snapshot.number <= self.good_looks:
            return snapshot
        return BrokenSnapshot(snapshot.taken_at, snapshot.devices, number=snapshot.number)


class BrokenSnapshot(Snapshot):
    """Fails when it is asked for a device, with a secret among the values of its variables."""

    def device(self, name: str) -> None:
        """Fail."""
        private_key = PrivateKey.parse(SECRET)
        revealed = private_key.reveal()
        raise Crash(f"{name} has a private key of {len(revealed)} characters")


def broken_monitor(good_looks: int) -> Monitor:
    """A monitor whose snapshots break after some good ones."""
    scenario = still_world(5)
    monitor = BrokenMonitor(SimulatedWireGuard(scenario.world), SystemClock())
    monitor.good_looks = good_looks
    return monitor


def slow_monitor(seconds: float) -> Monitor:
    """A monitor of a host that takes its time with the first answer."""
    monitor = monitor_of(partial(still_world, 5))
    time.sleep(seconds)
    return monitor


def main(argv: list[str]) -> int:
    """Open the screen; returns the exit code."""
    parser = ArgumentParser()
    parser.add_argument("world", choices=("still", "moving", "hostile", "broken", "slow"))
    parser.add_argument("--peers", type=int, default=11)
    parser.add_argument("--moving", type=int, default=0)
    parser.add_argument("--good-looks", type=int, default=2)
    parser.add_argument("--title", default="host")
    parser.add_argument("--no-mouse", action="store_true")
    parser.add_argument("--ascii", action="store_true")
    parser.add_argument("--state-dir", default="/nonexistent")
    parser.add_argument("--confirm-within", type=float, default=None)
    parser.add_argument(
        "--prepare", metavar="FILE", help="make the world first and write the seconds it took"
    )
    args = parser.parse_args(argv)
    screen.require_terminal()
    return screen.show(_source(args), args.title, args, Makers())


def _source(args: Namespace) -> Callable[[], Monitor]:
    if args.world == "broken":
        return partial(broken_monitor, args.good_looks)
    if args.world == "slow":
        return partial(slow_monitor, 3.0)
    worlds: dict[str, Callable[[], Scenario]] = {
        "still": partial(still_world, args.peers),
        "moving": partial(moving_world, args.peers, args.moving),
        "hostile": hostile_world,
    }
    if args.prepare:
        # For benchmarks: what making a world takes is no part of what wgtui takes.
        started = time.monotonic()
        scenario = worlds[args.world]()
        Path(args.prepare).write_text(json.dumps(time.monotonic() - started))
        return partial(monitor_of, lambda: scenario)
    return partial(monitor_of, worlds[args.world])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
