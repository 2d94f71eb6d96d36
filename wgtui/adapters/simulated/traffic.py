"""Seeded traffic: what peers do over time."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from wgtui.adapters.simulated.world import World
from wgtui.domain.activity import REKEY_AFTER
from wgtui.domain.addresses import Endpoint
from wgtui.domain.device import Peer
from wgtui.domain.keys import PublicKey
from wgtui.ports.clock import Clock

_LONGEST_STEP: Final = 5.0


@dataclass(frozen=True, slots=True)
class Habit:
    """What one peer does.

    Attributes:
        rx: Mean bytes a second received from it while it talks.
        tx: Mean bytes a second sent to it.
        period: Seconds of one on-off cycle.
        duty: Share of the period in which it talks, 0 to 1; 0 is silent for ever.
        roams_to: Endpoints it moves through, one after the other.
        roams_every: Seconds between moves; 0 for never.
    """

    rx: float = 0.0
    tx: float = 0.0
    period: float = 60.0
    duty: float = 0.0
    roams_to: tuple[Endpoint, ...] = ()
    roams_every: float = 0.0


SILENT: Final = Habit()
"""Never says anything."""


class Traffic:
    """Moves the counters, handshakes and endpoints of a world's peers as its clock goes."""

    def __init__(self, world: World, clock: Clock, seed: int = 1) -> None:
        """Drive `world` by `clock`; the same seed and the same steps give the same traffic."""
        self._world = world
        self._clock = clock
        self._random = Random(seed)
        self._habits: dict[tuple[str, PublicKey], tuple[Habit, float]] = {}
        self._at = clock.monotonic()
        self._start = self._at
        world.on_read = self.advance

    def now(self) -> float:
        """Unix seconds of the world's clock."""
        return self._clock.now()

    def give(self, device: str, key: PublicKey, habit: Habit) -> None:
        """Let a peer have a habit."""
        self._habits[device, key] = (habit, self._random.random())

    def advance(self) -> None:
        """Let the traffic of the time since the last call happen."""
        at = self._clock.monotonic()
        elapsed = min(at - self._at, _LONGEST_STEP)
        self._at = at
        if elapsed <= 0:
            return
        for (device, key), (habit, phase) in self._habits.items():
            peers = self._world.devices[device].peers if device in self._world.devices else {}
            if key in peers:
                peers[key] = self._behave(peers[key], habit, phase, elapsed)

    def _behave(self, peer: Peer, habit: Habit, phase: float, elapsed: float) -> Peer:
        since_start = self._at - self._start
        if habit.roams_every and habit.roams_to:
            place = int(since_start / habit.roams_every + phase) % len(habit.roams_to)
            peer = replace(peer, endpoint=habit.roams_to[place])
        cycle = (since_start / habit.period + phase) % 1.0
        if cycle >= habit.duty:
            return peer
        swell = 0.65 + 0.35 * math.sin(2 * math.pi * cycle / habit.duty)
        weather = self._random.lognormvariate(0.0, 0.25) * swell * elapsed
        now = self._clock.now()
        if peer.latest_handshake is None or now - peer.latest_handshake > REKEY_AFTER:
            peer = replace(peer, latest_handshake=now)
        return replace(
            peer,
            rx_bytes=peer.rx_bytes + int(habit.rx * weather),
            tx_bytes=peer.tx_bytes + int(habit.tx * weather),
        )
