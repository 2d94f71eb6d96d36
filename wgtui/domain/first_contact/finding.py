"""The values: how far a peer has come, why no further, and what may be the matter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from wgtui.domain.addresses import Endpoint
from wgtui.domain.keys import PublicKey


class Stage(Enum):
    """How far a peer has come; the values are the words on the screen."""

    OFF = "off"
    """It cannot come: it is disabled, or the interface is down."""

    WAITING = "waiting"
    """Nothing is heard of it."""

    CALLING = "calling"
    """Handshake messages are on their way, and none has led to a handshake yet."""

    SHOOK = "shook hands"
    """There was a handshake."""

    TALKING = "talking"
    """And data with content came after it."""

    @property
    def is_there(self) -> bool:
        """Whether the first handshake is done."""
        return self in (Stage.SHOOK, Stage.TALKING)


class Reason(Enum):
    """What is seen. Each is a fact; what may be behind it are the causes."""

    DISABLED = "disabled"
    DOWN = "down"
    NO_PRIVATE_KEY = "no private key"
    NO_PORT = "no port"
    NOTHING_ARRIVES = "nothing arrives"
    ONLY_TCP = "only TCP"
    NOT_WIREGUARD = "not WireGuard"
    OLD_SESSION = "old session"
    OTHER_KEY = "other key"
    UNKNOWN_CALLER = "unknown caller"
    IN_PROGRESS = "in progress"
    UNDER_LOAD = "under load"
    NOT_LET_IN = "not let in"
    OLD_STAMP = "old stamp"
    ANSWER_NOT_TAKEN = "answer not taken"
    NOT_CALLED = "not called"
    CALL_UNANSWERED = "call unanswered"
    ANSWER_REFUSED = "answer refused"
    SOMETHING_ARRIVES = "something arrives"
    NOTHING_HEARD = "nothing heard"
    NOTHING_RECEIVED = "nothing received"
    ONLY_KEEPALIVES = "only keepalives"
    ONE_WAY = "one way"
    QUIET = "quiet"
    BOTH_WAYS = "both ways"


class Cause(Enum):
    """What may be behind a reason."""

    NOT_STARTED = "not started"
    WRONG_ENDPOINT = "wrong endpoint"
    ROUTER = "router"
    PROVIDER = "provider"
    CARRIER_NAT = "carrier NAT"
    TCP_FOR_UDP = "TCP for UDP"
    SCANNER = "scanner"
    DISGUISED = "disguised"
    INTERFACE_REMADE = "interface remade"
    WRONG_PUBLIC_KEY_THERE = "wrong public key there"
    WRONG_PUBLIC_KEY_HERE = "wrong public key here"
    OTHER_KEY_OF_IT = "other key of it"
    PACKET_FILTER = "packet filter"
    REVERSE_PATH = "reverse path"
    CLOCK_THERE = "clock there"
    CLOCK_HERE = "clock here"
    PRESHARED_KEY = "preshared key"
    ANSWER_LOST = "answer lost"
    FAR_SIDE_CLOSED = "far side closed"
    WRONG_ENDPOINT_HERE = "wrong endpoint here"
    UNKNOWN_THERE = "unknown there"
    NO_TRAFFIC = "no traffic"
    NO_KEEPALIVE = "no keepalive"
    ALLOWED_IPS_THERE = "allowed IPs there"
    PACKET_FILTER_THERE = "packet filter there"
    NO_ANSWER_HERE = "no answer here"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is seen of a peer, and what may be behind it.

    Attributes:
        reason: What is seen.
        causes: The likeliest first.
        certain: Whether the first cause is proven, not only likely.
        endpoint: Where what was seen came from, or went to.
        key: The public key of a caller that this interface does not have.
        count: How often it was seen.
        at: Unix seconds when it was last seen, or of the handshake.
        detail: What decides, such as a rule of the packet filter, in words; empty for unknown.
    """

    reason: Reason
    causes: tuple[Cause, ...] = ()
    certain: bool = False
    endpoint: Endpoint | None = None
    key: PublicKey | None = None
    count: int = 0
    at: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """One peer.

    Attributes:
        key: Its public key.
        stage: How far it has come.
        since: Unix seconds from which on it is at this stage, as far as was seen.
        endpoint: Where it was last heard, or is called; None for unknown.
        finding: Why it is no further, or that all is well.
    """

    key: PublicKey
    stage: Stage
    since: float
    endpoint: Endpoint | None
    finding: Finding
