"""What was seen at a port, added up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, TypeVar

from wgtui.domain.addresses import Endpoint
from wgtui.domain.keys import PublicKey
from wgtui.domain.port_traffic import Call, Opened, PacketKind, PortReading, PortTraffic, Remote, SeenPacket

REMOTES_KEPT: Final = 256
"""Addresses and ports that are remembered; of more, those heard longest ago are forgotten."""

CALLS_KEPT: Final = 64
"""Pairs of a caller and a place that are remembered, likewise."""

OPENED_AT_ONCE: Final = 32
"""Initiations of one reading that are opened: each takes two multiplications on the curve."""

Open = Callable[[bytes], Opened]
"""Opens an initiation."""

_Caller = tuple[Endpoint, PublicKey | None, bool]


class PortLog:
    """Counts what was seen at a port since it was made."""

    def __init__(self, port: int, since: float) -> None:
        """Begin at `since`, in Unix seconds."""
        self._traffic = PortTraffic(port, since)
        self._remotes: dict[Endpoint, Remote] = {}
        self._calls: dict[_Caller, Call] = {}

    @property
    def traffic(self) -> PortTraffic:
        """All of it; the same object while nothing comes."""
        return self._traffic

    def take(self, reading: PortReading, now: float, open_initiation: Open) -> None:
        """Add a reading that was made at `now`, in Unix seconds."""
        if not reading.packets and not reading.missed:
            return
        traffic, opened = self._traffic, 0
        arrived, sent, last = traffic.arrived, traffic.sent, traffic.last
        for packet in reading.packets:
            if packet.outgoing:
                sent = sent.plus(packet.kind)
            else:
                arrived, last = arrived.plus(packet.kind), now
            self._note(packet, now)
            if packet.kind is PacketKind.INITIATION and packet.message and opened < OPENED_AT_ONCE:
                opened += 1
                self._note_call(packet.remote, open_initiation(packet.message), now)
        _forget(self._remotes, REMOTES_KEPT)
        _forget(self._calls, CALLS_KEPT)
        self._traffic = replace(
            traffic,
            arrived=arrived,
            sent=sent,
            missed=traffic.missed + reading.missed,
            remotes=tuple(reversed(self._remotes.values())),
            calls=tuple(reversed(self._calls.values())),
            last=now if reading.missed else last,
        )

    def _note(self, packet: SeenPacket, now: float) -> None:
        # Taken out and put in again, a remote is the newest of the table.
        remote = self._remotes.pop(packet.remote, None) or Remote(packet.remote)
        if packet.outgoing:
            remote = replace(remote, sent=remote.sent.plus(packet.kind), last=now)
        else:
            remote = replace(remote, arrived=remote.arrived.plus(packet.kind), last=now)
        self._remotes[packet.remote] = remote

    def _note_call(self, endpoint: Endpoint, opened: Opened, now: float) -> None:
        went_back = self._went_back(opened)
        caller = (endpoint, opened.caller, opened.for_us)
        call = self._calls.pop(caller, None) or Call(endpoint, opened, 0, now, now)
        self._calls[caller] = replace(
            call, opened=opened, count=call.count + 1, last=now, went_back=call.went_back or went_back
        )

    def _went_back(self, opened: Opened) -> bool:
        """Whether the same caller had a later stamp before, from wherever it called."""
        if opened.stamp is None:
            return False
        known = (call.opened.stamp for call in self._calls.values() if call.opened.caller == opened.caller)
        return any(stamp is not None and stamp > opened.stamp for stamp in known)


_Key = TypeVar("_Key")


def _forget(table: dict[_Key, Any], limit: int) -> None:
    for key in list(table)[: max(0, len(table) - limit)]:
        del table[key]
