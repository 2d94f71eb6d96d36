"""A `[Peer]` as written, and a peer as it results."""

from __future__ import annotations

from dataclasses import dataclass

from wgtui.domain.addresses import Prefix
from wgtui.domain.grammar.allowed_ips import AllowedIp
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.keys import PresharedKey, PublicKey


@dataclass(frozen=True, slots=True)
class PeerBlock:
    """One `[Peer]` section as `wg` sends it.

    Attributes:
        public_key: Which peer; several blocks may name the same.
        preshared_key: None when the block has none.
        endpoint: None when the block has none.
        persistent_keepalive: Seconds, 0 for off; None when the block has none.
        allowed_ips: In order.
        replaces: Whether the peer first loses what it has. Only signed allowed IPs make this false.
        line: Of the header, from 1; 0 when it is not from a file.
    """

    public_key: PublicKey
    preshared_key: PresharedKey | None = None
    endpoint: EndpointConfig | None = None
    persistent_keepalive: int | None = None
    allowed_ips: tuple[AllowedIp, ...] = ()
    replaces: bool = True
    line: int = 0


@dataclass(frozen=True, slots=True)
class PeerConfig:
    """A peer as the whole file has it.

    Attributes:
        public_key: Which peer.
        preshared_key: None for none, as after an all-zero one.
        endpoint: None when the file does not name one; the device then keeps the one it has.
        persistent_keepalive: Seconds, 0 for off, also when the file does not say.
        allowed_ips: Those that end up with this peer, in the order in which they were added.
    """

    public_key: PublicKey
    preshared_key: PresharedKey | None = None
    endpoint: EndpointConfig | None = None
    persistent_keepalive: int = 0
    allowed_ips: tuple[Prefix, ...] = ()
