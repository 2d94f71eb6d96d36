"""Looks at every device of the host and makes one frozen snapshot of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock
from typing import Final

from wgtui.domain.device import Peer
from wgtui.domain.errors import DeviceGone, WgtuiError
from wgtui.domain.keys import PublicKey
from wgtui.domain.names.claims import NO_CLAIMS
from wgtui.domain.snapshot import DeviceState, PeerState, Problem, Sample, Snapshot
from wgtui.ports.clock import Clock
from wgtui.ports.links import Link, Links
from wgtui.ports.wireguard import WireGuard
from wgtui.services.device_tracker import DeviceTracker
from wgtui.services.peer_names import PeerNames

VANISHED_LIMIT: Final = 16
"""How many vanished devices stay on the screen at most."""


class Monitor:
    """Takes snapshots. It belongs to one thread, except for the histories, which any thread may ask."""

    def __init__(
        self,
        wireguard: WireGuard,
        clock: Clock,
        *,
        links: Links | None = None,
        names: PeerNames | None = None,
        hurried: bool = False,
    ) -> None:
        """Monitor the devices of one host or namespace.

        Args:
            wireguard: Where devices are read.
            clock: Times of snapshots (wall clock) and the base of rates (monotonic).
            links: Where link state and counters are read; None leaves them unknown.
            names: Where peers' names are found; None leaves them nameless.
            hurried: Leave what large files say to the second snapshot: a first frame waits for the first.
        """
        self._wireguard = wireguard
        self._clock = clock
        self._links = links
        self._names = names
        self._hurried = hurried
        self._trackers: dict[str, DeviceTracker] = {}
        self._lock = Lock()
        self._last: Snapshot | None = None
        self._last_at = 0.0

    def take(self) -> Snapshot:
        """Read every device. Never raises: what cannot be read becomes a `Problem` in the snapshot."""
        now, at = self._clock.now(), self._clock.monotonic()
        last = self._last
        problem: Problem | None = None
        present: tuple[str, ...] = ()
        try:
            present = self._wireguard.names()
        except WgtuiError as error:
            devices, problem = (
                self._all_stale(error, now),
                _problem(error, now, last.problem if last else None),
            )
        else:
            devices = self._read_devices(present, self._read_links(), now)
        snapshot = Snapshot(
            taken_at=now,
            devices=devices,
            problem=problem,
            interval=at - self._last_at if last else 0.0,
            number=last.number + 1 if last else 1,
            partial=last is None and any(map(self._must_wait, present)),
            histories=self,
        )
        self._last, self._last_at = snapshot, at
        return snapshot

    def dismiss(self, name: str) -> None:
        """Forget a device that vanished. A device that is there comes back with the next snapshot."""
        with self._lock:
            self._trackers.pop(name, None)

    def recent(self, device: str, key: PublicKey, count: int) -> tuple[Sample, ...]:
        """A peer's last samples; see `Histories`."""
        with self._lock:
            tracker = self._trackers.get(device)
            return tracker.recent(key, count) if tracker else ()

    def recent_device(self, device: str, count: int) -> tuple[Sample, ...]:
        """A device's last samples; see `Histories`."""
        with self._lock:
            tracker = self._trackers.get(device)
            return tracker.recent_total(count) if tracker else ()

    def close(self) -> None:
        """Release the sockets."""
        self._wireguard.close()
        if self._links is not None:
            self._links.close()

    def _read_links(self) -> dict[str, Link]:
        if self._links is None:
            return {}
        try:
            return {link.name: link for link in self._links.all()}
        except WgtuiError:
            return {}

    def _read_devices(
        self, present: tuple[str, ...], links: dict[str, Link], now: float
    ) -> tuple[DeviceState, ...]:
        with_file = frozenset(self._names.interfaces()) if self._names else frozenset()
        states = {}
        for name in sorted({*present, *self._trackers, *with_file}):
            if name in present:
                state = self._read_device(name, links.get(name), now, name in with_file)
            else:
                state = self._absent_device(name, now, name in with_file)
            if state is not None:
                states[name] = self._with_file(state) if name in with_file else state
        return tuple(states[name] for name in self._worth_keeping(states))

    def _names_of(self, interface: str) -> Mapping[PublicKey, str]:
        return {} if self._names is None or self._must_wait(interface) else self._names.of(interface)

    def _must_wait(self, interface: str) -> bool:
        """Whether names would hold up the first snapshot."""
        is_first = self._hurried and self._last is None
        return is_first and self._names is not None and self._names.takes_long(interface)

    def _with_file(self, state: DeviceState) -> DeviceState:
        """Add what its file tells: the peers that are switched off, and who else writes it."""
        waits = self._names is None or self._must_wait(state.name)
        listed = () if self._names is None or waits else self._names.disabled(state.name)
        live = {one.peer.public_key for one in state.peers} if listed else set()
        disabled = tuple(
            PeerState(Peer(one.public_key, allowed_ips=one.allowed_ips), one.name, enabled=False)
            for one in listed
            if one.public_key not in live
        )
        claims = NO_CLAIMS if self._names is None or waits else self._names.claims(state.name)
        return replace(state, has_file=True, disabled=disabled, claims=claims)

    def _read_device(self, name: str, link: Link | None, now: float, has_file: bool) -> DeviceState | None:
        names = self._names_of(name)
        try:
            device = self._wireguard.read(name)
        except DeviceGone:
            return self._absent_device(name, now, has_file)
        except WgtuiError as error:
            return self._stale_device(name, error, now)
        with self._lock:
            tracker = self._trackers.setdefault(name, DeviceTracker(name))
            return tracker.update(device, link, names, now, self._clock.monotonic())

    def _absent_device(self, name: str, now: float, has_file: bool) -> DeviceState | None:
        """A device that is not there: its last peers if it was read once, else what its file tells."""
        if name in self._trackers:
            gone = DeviceGone(
                f"{name} is gone: the interface was removed or brought down.",
                hint=f"`wg-quick up {self._names.path(name)}` brings it back."
                if has_file and self._names
                else "",
            )
            return self._stale_device(name, gone, now)
        return DeviceState(name=name, device=None) if has_file else None

    def _stale_device(self, name: str, error: WgtuiError, now: float) -> DeviceState:
        before = self._last.device(name) if self._last else None
        problem = _problem(error, now, before.problem if before else None)
        tracker = self._trackers.get(name)
        if tracker is None:
            return DeviceState(name=name, device=None, problem=problem)
        return tracker.stale(problem)

    def _all_stale(self, error: WgtuiError, now: float) -> tuple[DeviceState, ...]:
        return tuple(self._stale_device(name, error, now) for name in sorted(self._trackers))

    def _worth_keeping(self, states: dict[str, DeviceState]) -> list[str]:
        """All names but the longest-vanished ones above the limit, which are forgotten."""
        gone = [
            name for name, state in states.items() if state.problem and state.problem.kind == "DeviceGone"
        ]
        for name in sorted(gone, key=_gone_since(states))[: max(0, len(gone) - VANISHED_LIMIT)]:
            self.dismiss(name)
            del states[name]
        return sorted(states)


def _gone_since(states: dict[str, DeviceState]) -> Callable[[str], float]:
    def since(name: str) -> float:
        problem = states[name].problem
        return problem.since if problem else 0.0

    return since


def _problem(error: WgtuiError, now: float, before: Problem | None) -> Problem:
    kind = type(error).__name__
    since = before.since if before is not None and before.kind == kind else now
    return Problem(kind=kind, title=error.title, text=error.text, hint=error.hint, since=since)
