"""The stations of a path, what was found at each, and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from wgtui.domain.addresses import Address
from wgtui.domain.fixes import Fix
from wgtui.domain.keys import PublicKey


class SpotKind(Enum):
    """What stands at an end of a path."""

    HOST = "this host"
    PEER = "peer"
    BEHIND_PEER = "behind a peer"
    OUTSIDE = "outside"
    """Reached by a link of this host that is no tunnel: its LAN, or the internet."""


@dataclass(frozen=True, slots=True)
class Spot:
    """An end of a path.

    Attributes:
        kind: What it is.
        address: Its address.
        label: What to call it; printable.
        device: The tunnel that it is behind; empty for none.
        key: The peer it is, or is behind; None for none.
    """

    kind: SpotKind
    address: Address
    label: str
    device: str = ""
    key: PublicKey | None = None


class HopKind(Enum):
    """A station."""

    FAR_FILE = "far file"
    """What the peer's own file sends into the tunnel, or accepts from it."""
    SESSION = "session"
    """Whether the peer can be heard and reached at all."""
    SOURCE = "source"
    """Whether cryptokey routing accepts the source address from that peer."""
    REVERSE_PATH = "reverse path"
    ROUTE = "route"
    FORWARDING = "forwarding"
    FILTER = "filter"
    OWNER = "owner"
    """Whether cryptokey routing sends the destination address to that peer."""
    TRANSLATION = "translation"
    """Whether an answer can find back: by masquerade, or a route at the other end."""
    MTU = "mtu"
    FAR_LAN = "far LAN"
    """What a gateway does between the tunnel and its LAN."""


class HopState(Enum):
    """What was found at a station."""

    OK = "ok"
    DOUBT = "doubt"
    """It cannot be told from here, or may be otherwise."""
    BROKEN = "broken"


class Direction(Enum):
    """Which of the two ways a packet takes."""

    THERE = "there"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Hop:
    """What was found at one station.

    Attributes:
        kind: Which station.
        direction: Of the packet.
        state: What was found.
        text: In one sentence or two.
        fix: What mends it; None where it is not broken, or nothing is known to.
    """

    kind: HopKind
    direction: Direction
    state: HopState
    text: str
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """A path, up to the first station that is broken.

    Attributes:
        origin: Where it starts.
        target: Where it leads.
        hops: In the order of the packet, there and back.
    """

    origin: Spot
    target: Spot
    hops: tuple[Hop, ...]

    @property
    def broken(self) -> Hop | None:
        """The station where it ends before its time."""
        return next((hop for hop in self.hops if hop.state is HopState.BROKEN), None)

    @property
    def doubts(self) -> tuple[Hop, ...]:
        """What could not be told from here."""
        return tuple(hop for hop in self.hops if hop.state is HopState.DOUBT)
