"""One look at the host: frozen values, made by the monitor, read by screens and commands.

Errors are values here. A device that cannot be read keeps its last peers and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Interface, IPv6Interface
from typing import Protocol

from wgtui.domain.addresses import Endpoint
from wgtui.domain.device import Device, Peer
from wgtui.domain.keys import PublicKey
from wgtui.domain.names.claims import NO_CLAIMS, FileClaims


@dataclass(frozen=True, slots=True)
class Rate:
    """Bytes a second in each direction, seen from this host."""

    rx: float = 0.0
    tx: float = 0.0


NO_RATE = Rate()
"""Nothing moves."""


@dataclass(frozen=True, slots=True)
class EndpointSighting:
    """An endpoint a peer had, and when it was first seen there by this monitor.

    Attributes:
        endpoint: Where; None when the peer had none.
        since: Unix seconds.
        first_look: Whether it was found at the first read, so that it may be older than `since`.
    """

    endpoint: Endpoint | None
    since: float
    first_look: bool = False


@dataclass(frozen=True, slots=True)
class PeerState:
    """A peer and what the monitor made of it. The same object as in the last snapshot when nothing changed.

    Attributes:
        peer: As reported.
        name: From the configuration file, as it stands there, not yet made printable; empty for none.
        rate: Since the previous read.
        rx_total: Received since the monitor started counting this peer, surviving counter resets.
        tx_total: Sent, likewise.
        endpoints: Newest first, at most 16.
        created: Unix seconds when the monitor first saw this peer.
        enabled: False for one that is switched off in the file: then only its key, name and allowed IPs are
            known.
    """

    peer: Peer
    name: str = ""
    rate: Rate = NO_RATE
    rx_total: int = 0
    tx_total: int = 0
    endpoints: tuple[EndpointSighting, ...] = ()
    created: float = 0.0
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something could not be read: the parts of a `WgtuiError`.

    Attributes:
        kind: The error's class name, such as `DeviceGone` or `PermissionRefused`.
        title: A few words.
        text: One sentence.
        hint: What to do; may be empty.
        since: Unix seconds of the first read that failed this way.
    """

    kind: str
    title: str
    text: str
    hint: str = ""
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A device and its peers at one moment.

    Attributes:
        device: As last read; its `peers` are those of `peers`. None when it was never readable.
        name: Interface name.
        peers: One state a peer, in the order of `device.peers`.
        link_up: Whether the link is administratively up; None when unknown.
        mtu: Bytes; 0 when unknown.
        addresses: The link's own addresses.
        link_rate: Of the link's counters (inner packets), while peers' rates count outer payload.
        rate: Sum over the peers.
        problem: Set while the device cannot be read; the rest is then as of `read_at`.
        read_at: Unix seconds of the last good read.
        has_file: Whether a configuration file of this name exists.
        disabled: Peers that are switched off in the file and that the device does not have.
        claims: Who else writes the file.
    """

    name: str
    device: Device | None
    peers: tuple[PeerState, ...] = ()
    link_up: bool | None = None
    mtu: int = 0
    addresses: tuple[IPv4Interface | IPv6Interface, ...] = ()
    link_rate: Rate = NO_RATE
    rate: Rate = NO_RATE
    problem: Problem | None = None
    read_at: float = 0.0
    has_file: bool = False
    disabled: tuple[PeerState, ...] = ()
    claims: FileClaims = NO_CLAIMS


@dataclass(frozen=True, slots=True)
class Sample:
    """One point of a transfer history.

    Attributes:
        rx: Bytes a second received, mean over the interval that ended here.
        tx: Bytes a second sent.
    """

    rx: float
    tx: float


class Histories(Protocol):
    """Transfer histories kept by the monitor. Safe to call from any thread, cheap for a few peers."""

    def recent(self, device: str, key: PublicKey, count: int) -> tuple[Sample, ...]:
        """The last samples of a peer, oldest first, one a poll, at most `count`; fewer for a new peer."""
        ...

    def recent_device(self, device: str, count: int) -> tuple[Sample, ...]:
        """The same for the sum of a device's peers."""
        ...


class NoHistories:
    """Histories of a monitor that has none."""

    def recent(self, device: str, key: PublicKey, count: int) -> tuple[Sample, ...]:
        """Nothing."""
        return ()

    def recent_device(self, device: str, count: int) -> tuple[Sample, ...]:
        """Nothing."""
        return ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One look at every device of the host.

    Attributes:
        taken_at: Unix seconds.
        interval: Seconds since the previous snapshot, on the monotonic clock; 0 for the first.
        devices: Sorted by name; a device that vanished stays, with its problem, until it is dismissed.
        problem: Set when the devices could not even be listed.
        histories: Where to ask for past samples.
        number: Counts up from 1.
        partial: Whether names are still missing because reading them takes long; the next look has them.
    """

    taken_at: float
    devices: tuple[DeviceState, ...] = ()
    problem: Problem | None = None
    interval: float = 0.0
    number: int = 0
    partial: bool = False
    histories: Histories = field(default_factory=NoHistories, compare=False, repr=False)

    def device(self, name: str) -> DeviceState | None:
        """The device with this name."""
        return next((state for state in self.devices if state.name == name), None)
