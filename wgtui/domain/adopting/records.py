"""What files of other programs tell of peers and of the relay."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from wgtui.domain.addresses import Prefix
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey


@dataclass(frozen=True, slots=True)
class OwnSide:
    """What a peer's own file says, or shall say.

    Attributes:
        addresses: Of the peer in the tunnel.
        dns_servers: In order.
        dns_search: Search domains.
        mtu: Bytes; 0 for automatic.
        reaches: What it sends through the relay.
        endpoint: Where it calls the relay; None where nobody knows.
        keepalive: Seconds, 0 for off; None where nobody says.
    """

    addresses: tuple[InterfaceAddress, ...] = ()
    dns_servers: tuple[str, ...] = ()
    dns_search: tuple[str, ...] = ()
    mtu: int = 0
    reaches: tuple[Prefix, ...] = ()
    endpoint: EndpointConfig | None = None
    keepalive: int | None = None

    def filled(self, other: OwnSide) -> OwnSide:
        """This, with what it does not say taken from another."""
        with_dns = self if self.dns_servers else other
        return OwnSide(
            self.addresses or other.addresses,
            with_dns.dns_servers,
            with_dns.dns_search,
            self.mtu or other.mtu,
            self.reaches or other.reaches,
            self.endpoint or other.endpoint,
            self.keepalive if self.keepalive is not None else other.keepalive,
        )


NOTHING_SAID: Final = OwnSide()
"""Of a peer of whose own side nothing is known."""


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """What one file, or one entry of one, tells of a peer.

    Attributes:
        tool: Whose file it is; empty for a file of nobody in particular.
        path: Of the file.
        name: Not made printable; may be empty.
        private_key: The peer's; None where it is not there.
        public_key: As the file claims it. It is never believed where there is a private key.
        preshared_key: None for none.
        enabled: Whether the tool has it switched on; None where it does not say.
        side: The peer's own side.
        content: The peer's whole own file where this is one; left out of the `repr`, for it holds keys.
        interface: Which of the relay's interfaces it is a peer of; empty where the file does not say.
        owns: The allowed IPs that its program gives it on the relay, also while it is switched off.
    """

    tool: str
    path: str
    name: str = ""
    private_key: PrivateKey | None = None
    public_key: PublicKey | None = None
    preshared_key: PresharedKey | None = None
    enabled: bool | None = None
    side: OwnSide = NOTHING_SAID
    content: bytes | None = field(default=None, repr=False)
    interface: str = ""
    owns: tuple[Prefix, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerRecord:
    """What a file tells of the relay, for all of its peers.

    Attributes:
        tool: Whose file it is.
        path: Of the file.
        interface: Which interface it is for; empty where it does not say.
        private_key: The relay's; None where it is not there.
        side: What the tool writes into its peers' files; an endpoint's port of 0 stands for the listen port.
    """

    tool: str
    path: str
    interface: str = ""
    private_key: PrivateKey | None = None
    side: OwnSide = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class Told:
    """All that one file tells.

    Attributes:
        clients: Of peers.
        servers: Of relays.
        names: Of peers of which it tells nothing else; not made printable.
        path: Of the file with these names.
        problem: Why it could not be read; empty when it could. One sentence.
    """

    clients: tuple[ClientRecord, ...] = ()
    servers: tuple[ServerRecord, ...] = ()
    names: tuple[tuple[PublicKey, str], ...] = ()
    path: str = ""
    problem: str = ""
