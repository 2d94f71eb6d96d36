"""A port watched in a simulated world: what peers' counters say passed, and calls that come to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wgtui.adapters.simulated.world import SimulatedDevice, World
from wgtui.domain.activity import REKEY_TIMEOUT
from wgtui.domain.addresses import Endpoint
from wgtui.domain.device import Peer
from wgtui.domain.keys import PrivateKey, PublicKey
from wgtui.domain.port_traffic import INITIATION_BYTES, Opened, PacketKind, PortReading, SeenPacket
from wgtui.ports.clock import Clock

_CONTENT: Final = 1200
"""Bytes of a packet, for counters."""

_AT_MOST: Final = 32
"""Packets of one peer and direction in one reading."""

_HEAD: Final = b"\1\0\0\0" + bytes(4)


@dataclass(frozen=True, slots=True)
class FailingCall:
    """A peer that calls, or is called, again and again in vain.

    Attributes:
        endpoint: Where it calls from.
        is_answered: Whether this host answers it.
    """

    endpoint: Endpoint
    is_answered: bool = True


class SimulatedPortWatch:
    """`PortWatch` over a `World`. Peers with an endpoint and no handshake are called in vain."""

    def __init__(
        self, world: World, port: int, clock: Clock, failing: dict[PublicKey, FailingCall] | None = None
    ) -> None:
        """Watch the device that has the port.

        Args:
            world: The host.
            port: The UDP port.
            clock: Times the calls.
            failing: Peers that call in vain, by their keys.
        """
        self._world = world
        self._port = port
        self._clock = clock
        self._failing = failing or {}
        self._seen: dict[PublicKey, Peer] = {}
        self._next_call = clock.monotonic()
        self._read_counters()

    def read(self) -> PortReading:
        """What was seen since the last call."""
        packets = [*self._passed(), *self._calls()]
        self._read_counters()
        return PortReading(tuple(packets))

    def close(self) -> None:
        """Nothing is held."""

    def _device(self) -> SimulatedDevice | None:
        devices = self._world.devices.values()
        return next((one for one in devices if one.listen_port == self._port), None)

    def _read_counters(self) -> None:
        device = self._device()
        self._seen = dict(device.peers) if device is not None else {}

    def _passed(self) -> Iterator[SeenPacket]:
        device = self._device()
        for key, peer in device.peers.items() if device is not None else ():
            before = self._seen.get(key)
            if before is None or peer.endpoint is None or peer.latest_handshake is None:
                continue
            for grown, outgoing in (
                (peer.rx_bytes - before.rx_bytes, False),
                (peer.tx_bytes - before.tx_bytes, True),
            ):
                count = min(_AT_MOST, -(-grown // _CONTENT))
                yield from [SeenPacket(PacketKind.DATA, peer.endpoint, outgoing)] * count

    def _calls(self) -> Iterator[SeenPacket]:
        device, now = self._device(), self._clock.monotonic()
        if device is None or not device.up or now < self._next_call:
            return
        self._next_call = now + REKEY_TIMEOUT
        for key, peer in device.peers.items():
            if peer.latest_handshake is not None:
                continue
            failing = self._failing.get(key)
            if failing is not None:
                message = simulated_initiation(key)
                yield SeenPacket(PacketKind.INITIATION, failing.endpoint, message=message)
                if failing.is_answered:
                    yield SeenPacket(PacketKind.RESPONSE, failing.endpoint, outgoing=True)
            elif peer.endpoint is not None:
                yield SeenPacket(PacketKind.INITIATION, peer.endpoint, outgoing=True)


def simulated_initiation(caller: PublicKey) -> bytes:
    """A message that `SimulatedInitiations` opens."""
    return (_HEAD + bytes(caller)).ljust(INITIATION_BYTES, b"\0")


class SimulatedInitiations:
    """`InitiationReader` for the messages of a simulated world, which name their caller openly."""

    def open(self, message: bytes, private_key: PrivateKey, public_key: PublicKey) -> Opened:
        """Who calls."""
        return Opened(True, PublicKey(message[8:40]))
