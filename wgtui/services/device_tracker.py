"""What is remembered of one device between reads: counters, rates, endpoints, history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from wgtui.domain.device import Device, Peer
from wgtui.domain.keys import PublicKey
from wgtui.domain.snapshot import (
    NO_RATE,
    DeviceState,
    EndpointSighting,
    PeerState,
    Problem,
    Rate,
    Sample,
)
from wgtui.ports.links import Link
from wgtui.services.history import TransferHistory

ENDPOINTS_KEPT: Final = 16
"""Sightings remembered of one peer."""


class PeerTracker:
    """One peer between reads. `state` is the same object as long as nothing about the peer changed."""

    __slots__ = ("history", "state")

    def __init__(self, peer: Peer, name: str, now: float, tick: int) -> None:
        """Begin with the first read of a peer: no rate yet, its endpoint older than our look."""
        sightings = () if peer.endpoint is None else (EndpointSighting(peer.endpoint, now, first_look=True),)
        self.state = PeerState(
            peer=peer,
            name=name,
            rx_total=peer.rx_bytes,
            tx_total=peer.tx_bytes,
            endpoints=sightings,
            created=now,
        )
        self.history = TransferHistory(tick)

    def update(self, peer: Peer, name: str, now: float, elapsed: float, tick: int, restarted: bool) -> None:
        """Take in the next read.

        Args:
            peer: As read now.
            name: Its name now.
            now: Unix seconds.
            elapsed: Seconds since the previous read of the device, on the monotonic clock.
            tick: Number of this read.
            restarted: Whether the device was made anew, so that its counters began at zero.
        """
        state = self.state
        before = state.peer
        if peer == before and state.rate is NO_RATE and name == state.name and not restarted:
            return
        rx = _advance(before.rx_bytes, peer.rx_bytes, restarted)
        tx = _advance(before.tx_bytes, peer.tx_bytes, restarted)
        rate = Rate(rx / elapsed, tx / elapsed) if (rx or tx) and elapsed > 0 else NO_RATE
        if rate is not NO_RATE:
            self.history.record(tick, rate)
        self.state = PeerState(
            peer=peer,
            name=name,
            rate=rate,
            rx_total=state.rx_total + rx,
            tx_total=state.tx_total + tx,
            endpoints=_sighted(state.endpoints, peer, now),
            created=state.created,
        )


class DeviceTracker:
    """One device between reads."""

    def __init__(self, name: str) -> None:
        """Track the device `name`, not read yet."""
        self._name = name
        self._peers: dict[PublicKey, PeerTracker] = {}
        self._row: list[PeerTracker] = []
        self._state: DeviceState | None = None
        self._link: Link | None = None
        self._ifindex: int | None = None
        self._read_at = 0.0
        self._tick = 0
        self._total = TransferHistory(0)
        self._names: Mapping[PublicKey, str] = {}

    def update(
        self, device: Device, link: Link | None, names: Mapping[PublicKey, str], now: float, at: float
    ) -> DeviceState:
        """Take in a read of the device.

        Args:
            device: As read.
            link: Its link at about the same time, None when unknown.
            names: Names by public key.
            now: Unix seconds.
            at: Seconds on the monotonic clock.

        Returns:
            The device's state, with rates over the time since the previous read.
        """
        elapsed = at - self._read_at if self._state else 0.0
        ifindex = device.ifindex if device.ifindex is not None else (link.index if link else None)
        restarted = None not in (ifindex, self._ifindex) and ifindex != self._ifindex
        self._tick += 1
        self._update_peers(device, names, now, elapsed, restarted)
        states = tuple([tracker.state for tracker in self._row])
        rate = _sum_of_rates(states)
        if rate is not NO_RATE:
            self._total.record(self._tick, rate)
        self._state = DeviceState(
            name=self._name,
            device=device,
            peers=states,
            link_up=link.up if link else None,
            mtu=link.mtu if link else 0,
            addresses=link.addresses if link else (),
            link_rate=_link_rate(self._link, link, elapsed),
            rate=rate,
            read_at=now,
        )
        self._link, self._read_at = link, at
        self._ifindex = ifindex if ifindex is not None else self._ifindex
        return self._state

    def stale(self, problem: Problem) -> DeviceState:
        """The last good state, marked with why there is no newer one. Nothing moves any more."""
        if self._state is None:
            return DeviceState(name=self._name, device=None, problem=problem)
        if self._state.problem == problem:
            return self._state
        peers = tuple(replace(state, rate=NO_RATE) for state in self._state.peers)
        self._state = replace(self._state, peers=peers, rate=NO_RATE, link_rate=NO_RATE, problem=problem)
        return self._state

    def recent(self, key: PublicKey, count: int) -> tuple[Sample, ...]:
        """A peer's last samples, oldest first."""
        tracker = self._peers.get(key)
        return tracker.history.recent(self._tick, count) if tracker else ()

    def recent_total(self, count: int) -> tuple[Sample, ...]:
        """The device's last samples, oldest first."""
        return self._total.recent(self._tick, count)

    def _update_peers(
        self, device: Device, names: Mapping[PublicKey, str], now: float, elapsed: float, restarted: bool
    ) -> None:
        peers, row, tick = device.peers, self._row, self._tick
        if len(row) != len(peers) or any(
            _is_other(tracker.state.peer, peer) for tracker, peer in zip(row, peers, strict=True)
        ):
            row = self._line_up(peers, names, now)
        renamed = names is not self._names
        self._names = names
        for tracker, peer in zip(row, peers, strict=True):
            state = tracker.state
            # Thousands of silent peers pass here at every poll: leave as early as possible.
            if peer is state.peer and state.rate is NO_RATE and not (renamed or restarted):
                continue
            name = names.get(peer.public_key, "") if renamed else state.name
            tracker.update(peer, name, now, elapsed, tick, restarted)

    def _line_up(
        self, peers: tuple[Peer, ...], names: Mapping[PublicKey, str], now: float
    ) -> list[PeerTracker]:
        """Bring the trackers into the order of `peers`, begin new ones and forget those that left."""
        known = self._peers
        self._row = [
            known.get(peer.public_key) or PeerTracker(peer, names.get(peer.public_key, ""), now, self._tick)
            for peer in peers
        ]
        self._peers = {peer.public_key: tracker for peer, tracker in zip(peers, self._row, strict=True)}
        return self._row


def _is_other(known: Peer, peer: Peer) -> bool:
    return known is not peer and known.public_key != peer.public_key


def _advance(before: int, after: int, restarted: bool) -> int:
    """Bytes counted between two reads. A counter that fell began again at zero in between."""
    return after if restarted or after < before else after - before


def _sighted(known: tuple[EndpointSighting, ...], peer: Peer, now: float) -> tuple[EndpointSighting, ...]:
    if peer.endpoint is None or (known and known[0].endpoint == peer.endpoint):
        return known
    return (EndpointSighting(peer.endpoint, now), *known)[:ENDPOINTS_KEPT]


def _sum_of_rates(states: tuple[PeerState, ...]) -> Rate:
    moving = [state.rate for state in states if state.rate is not NO_RATE]
    if not moving:
        return NO_RATE
    return Rate(sum(rate.rx for rate in moving), sum(rate.tx for rate in moving))


def _link_rate(before: Link | None, link: Link | None, elapsed: float) -> Rate:
    if before is None or link is None or elapsed <= 0 or before.index != link.index:
        return NO_RATE
    rx = _advance(before.rx_bytes, link.rx_bytes, False)
    tx = _advance(before.tx_bytes, link.tx_bytes, False)
    return Rate(rx / elapsed, tx / elapsed) if rx or tx else NO_RATE
