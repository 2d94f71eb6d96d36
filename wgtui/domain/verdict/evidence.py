"""What a peer is judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from wgtui.domain.activity import KEEPALIVE_TIMEOUT
from wgtui.domain.addresses import Address, Endpoint, Prefix
from wgtui.domain.device import Device, Peer
from wgtui.domain.first_contact import Baseline, Scene
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.keys import PublicKey
from wgtui.domain.port_traffic import INITIATION_BYTES, KEEPALIVE_BYTES
from wgtui.domain.snapshot import EndpointSighting, Sample

LATELY: Final = 2 * KEEPALIVE_TIMEOUT
"""Seconds in which a device that gets data has answered twice, if with nothing but keepalives."""

SURELY_CONTENT: Final = 1024
"""Bytes in that time that are more than keepalives and handshakes."""


@dataclass(frozen=True, slots=True)
class Movement:
    """What passed lately, from the peer's counters.

    Attributes:
        seconds: How long was looked on.
        rx: Bytes received in that time.
        tx: Bytes sent.
        unanswered: Bytes sent since anything was received.
        unanswered_for: Seconds since the first of them.
        unheeded: Bytes received since anything was sent.
        unheeded_for: Seconds since the first of them.
        late_rx: Bytes received in the newest `LATELY` seconds; 0 while it is shorter.
        late_tx: Bytes sent in that time.
    """

    seconds: float
    rx: int = 0
    tx: int = 0
    unanswered: int = 0
    unanswered_for: float = 0.0
    unheeded: int = 0
    unheeded_for: float = 0.0
    late_rx: int = 0
    late_tx: int = 0

    @property
    def is_one_way(self) -> bool:
        """Whether data came lately, and nothing but keepalives and handshakes was sent."""
        spoken = KEEPALIVE_BYTES * (2 + int(LATELY / KEEPALIVE_TIMEOUT)) + INITIATION_BYTES
        return self.late_rx > SURELY_CONTENT and self.late_tx <= spoken

    def sent_more_than_keepalives(self, keepalive: int) -> bool:
        """Whether what is unanswered holds more than keepalives, which nobody answers.

        Args:
            keepalive: Of this side, in seconds; 0 for off.
        """
        return self.unanswered > _kept_alive(self.unanswered_for, keepalive)

    def got_more_than_keepalives(self, keepalive: int) -> bool:
        """The same for what was received, with the keepalive of the other side; 0 for unknown."""
        return self.unheeded > _kept_alive(self.unheeded_for, keepalive or int(KEEPALIVE_TIMEOUT))


def _kept_alive(seconds: float, keepalive: int) -> int:
    """Bytes of the keepalives that fit into a time; one more answers data (whitepaper 6.5)."""
    return KEEPALIVE_BYTES * (2 + int(seconds / keepalive) if keepalive else 1)


def movement_of(samples: Sequence[Sample], interval: float) -> Movement:
    """Sum a transfer history up.

    Args:
        samples: Oldest first, one a poll.
        interval: Seconds between polls.
    """
    rx = [round(sample.rx * interval) for sample in samples]
    tx = [round(sample.tx * interval) for sample in samples]
    unanswered, unanswered_for = _since(tx, rx, interval)
    unheeded, unheeded_for = _since(rx, tx, interval)
    late = ceil(LATELY / interval) if len(samples) * interval >= LATELY else 0
    return Movement(
        len(samples) * interval,
        sum(rx),
        sum(tx),
        unanswered,
        unanswered_for,
        unheeded,
        unheeded_for,
        sum(rx[len(rx) - late :]),
        sum(tx[len(tx) - late :]),
    )


def _since(moving: list[int], other: list[int], interval: float) -> tuple[int, float]:
    """What moved one way after the last time that something came the other way, and since when."""
    after = max((at for at, count in enumerate(other) if count), default=-1) + 1
    late = moving[after:]
    first = next((at for at, count in enumerate(late) if count), None)
    return (0, 0.0) if first is None else (sum(late), (len(late) - first) * interval)


@dataclass(frozen=True, slots=True)
class InFile:
    """A peer as the interface's file has it.

    Attributes:
        line: Of its `[Peer]`, from 1.
        endpoint: None where it names none.
        keepalive: Seconds, 0 for off.
        allowed_ips: All that it names, also those that another peer takes.
    """

    line: int = 0
    endpoint: EndpointConfig | None = None
    keepalive: int = 0
    allowed_ips: tuple[Prefix, ...] = ()


@dataclass(frozen=True, slots=True)
class Loss:
    """A prefix that the file names at the peer and the device does not give it.

    Attributes:
        prefix: Which.
        winner: What to call who has it, printable; empty for nobody.
        by_file: Whether a later `[Peer]` of the same file takes it.
    """

    prefix: Prefix
    winner: str = ""
    by_file: bool = False


@dataclass(frozen=True, slots=True)
class OwnFile:
    """What the peer's own file says, where it is on this host.

    Attributes:
        endpoint: Where it calls this host; None where it does not.
        keepalive: Seconds, 0 for off.
        knows_us: Whether it has this device's public key.
        same_secret: Whether its preshared key is the one that the device has for it; also where both have
            none. None where it does not know us.
        listen_port: Fixed in it; 0 for any.
        addresses: Of the peer's interface.
    """

    endpoint: EndpointConfig | None = None
    keepalive: int = 0
    knows_us: bool = True
    same_secret: bool | None = True
    listen_port: int = 0
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the interface's file says that bears upon a peer.

    Attributes:
        listen_port: 0 for none or any.
        peer: The peer in it; None where it is not.
        keys: Of all peers that it has switched on.
        losses: What the peer does not get of what the file gives it.
        own: The peer's own file; None where it is not here.
    """

    listen_port: int = 0
    peer: InFile | None = None
    keys: frozenset[PublicKey] = frozenset()
    losses: tuple[Loss, ...] = ()
    own: OwnFile | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that is known when a peer is judged.

    Attributes:
        interface: Name of the device.
        peer: As reported.
        scene: The time, the state of the link, and what is known of the port.
        device: As reported; None while it is not there.
        enabled: Whether it is switched on in the file.
        before: The peer when watching began.
        endpoints: Where it was seen, newest first.
        movement: What passed lately; None where nothing was looked at yet.
        file: What the files say; None where there are none or they were not read.
        resolved: Where the name in the file's endpoint leads now; None where it is not known.
        all_silent: Whether several peers that call by themselves are all silent.
        uplinks: The addresses with which this host goes to the internet; empty where they are not known.
        since: The time of day when watching began, in words.
    """

    interface: str
    peer: Peer
    scene: Scene
    device: Device | None
    enabled: bool = True
    before: Baseline = field(default_factory=lambda: Baseline(0.0))
    endpoints: tuple[EndpointSighting, ...] = ()
    movement: Movement | None = None
    file: FileFacts | None = None
    resolved: Endpoint | None = None
    all_silent: bool = False
    uplinks: tuple[Address, ...] = ()
    since: str = "watching began"

    @property
    def own(self) -> OwnFile | None:
        """The peer's own file."""
        return self.file.own if self.file else None

    @property
    def in_file(self) -> InFile | None:
        """The peer in the interface's file."""
        return self.file.peer if self.file else None

    @property
    def port(self) -> int:
        """The listen port; 0 for none."""
        return self.device.listen_port if self.device else 0

    @property
    def dialled(self) -> EndpointConfig | None:
        """Where the file says that this host calls the peer."""
        return self.in_file.endpoint if self.in_file else None

    @property
    def learned(self) -> bool:
        """Whether the endpoint is one that the device learned from the peer's own packets."""
        return self.peer.endpoint is not None and (self.file is None or self.dialled is None)

    @property
    def is_stale(self) -> bool:
        """Whether the file's endpoint leads elsewhere now than where the device calls."""
        there, now = self.peer.endpoint, self.resolved
        return (
            there is not None and now is not None and (there.address, there.port) != (now.address, now.port)
        )
