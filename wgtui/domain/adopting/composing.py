"""A peer's own file from what is known of it, and one that is there brought in line with the relay."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wgtui.domain.adopting.records import OwnSide
from wgtui.domain.config import read_config
from wgtui.domain.editing import (
    NO_PRESHARED_KEY,
    InterfaceEdit,
    PeerEdit,
    add_peer,
    edit_interface,
    edit_peer,
)
from wgtui.domain.errors import EditRefused, InvalidValue
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey
from wgtui.domain.peer_file import KEEPALIVE
from wgtui.domain.wgquick import Document, parse

_NO_ENDPOINT = b"# Endpoint = ADDRESS:PORT of the relay\n"


@dataclass(frozen=True, slots=True)
class RelaySide:
    """What a peer's own file has to say of the relay for the two to talk.

    Attributes:
        name: The relay's interface.
        public_key: The relay's.
        preshared_key: What the relay's file has for this peer; None for none.
        listen_port: The relay's; 0 where it is not fixed.
    """

    name: str
    public_key: PublicKey
    preshared_key: PresharedKey | None
    listen_port: int


def composed(private_key: PrivateKey, side: OwnSide, relay: RelaySide) -> bytes:
    """A peer's own file, where only its private key was found.

    Args:
        private_key: The peer's.
        side: What it says; where no keepalive is known, one that holds NAT open.
        relay: The other side.
    """
    interface = InterfaceEdit(
        private_key=private_key,
        addresses=side.addresses,
        mtu=side.mtu,
        dns_servers=side.dns_servers,
        dns_search=side.dns_search,
    )
    endpoint = called(side.endpoint, relay.listen_port)
    peer = PeerEdit(
        name=relay.name,
        public_key=relay.public_key,
        preshared_key=relay.preshared_key,
        allowed_ips=side.reaches,
        endpoint=endpoint,
        persistent_keepalive=KEEPALIVE if side.keepalive is None else side.keepalive,
    )
    text = bytes(add_peer(edit_interface(parse(b"[Interface]\n"), interface), peer))
    return text if endpoint else text + _NO_ENDPOINT


def called(endpoint: EndpointConfig | None, listen_port: int) -> EndpointConfig | None:
    """An endpoint with the relay's listen port where it has none; None where there is none either."""
    if endpoint is None or endpoint.port:
        return endpoint
    return replace(endpoint, port=listen_port) if listen_port else None


def in_line(content: bytes, relay: RelaySide) -> tuple[bytes, tuple[str, ...]]:
    """A peer's own file with the relay's present keys in it, and what had to be changed, in sentences.

    A file that has them already comes back byte for byte.
    """
    document = parse(content)
    keys = [peer.public_key for peer in read_config(document).config.peers()]
    named = relay.public_key in keys
    if not named and len(keys) != 1:
        return content, ("It names several peers, and none of them is this relay.",)
    try:
        return _in_line(document, relay, keys[0] if not named else relay.public_key)
    except (EditRefused, InvalidValue):
        return content, ("It is not as this relay needs it, and cannot be edited.",)


def _in_line(document: Document, relay: RelaySide, key: PublicKey) -> tuple[bytes, tuple[str, ...]]:
    said: list[str] = []
    if key != relay.public_key:
        document = edit_peer(document, key, PeerEdit(public_key=relay.public_key))
        said.append("It had another public key of the relay: the present one was put in.")
    peers = read_config(document).config.peers()
    (peer,) = (peer for peer in peers if peer.public_key == relay.public_key)
    if peer.preshared_key != relay.preshared_key:
        edit = PeerEdit(preshared_key=relay.preshared_key or NO_PRESHARED_KEY)
        document = edit_peer(document, relay.public_key, edit)
        said.append("It had another preshared key: the relay's was put in.")
    return bytes(document), tuple(said)
