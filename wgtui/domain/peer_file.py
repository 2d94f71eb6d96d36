"""A peer's own wg-quick file, where wgtui generated its keys."""

from __future__ import annotations

from collections.abc import Iterable

from wgtui.domain.addresses import Prefix
from wgtui.domain.editing import InterfaceEdit, PeerEdit, add_peer, edit_interface
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey
from wgtui.domain.wgquick import parse

KEEPALIVE = 25
"""Seconds that keep the mapping of almost every NAT open."""


def peer_file(
    *,
    private_key: PrivateKey,
    addresses: tuple[InterfaceAddress, ...],
    relay_key: PublicKey,
    relay_name: str,
    preshared_key: PresharedKey | None,
    reaches: Iterable[Prefix],
    endpoint: EndpointConfig | None,
) -> bytes:
    """The file with which the peer dials the relay.

    Only keys that all official apps take stand in it.

    Args:
        private_key: The peer's.
        addresses: Its own in the tunnel.
        relay_key: The relay's public key.
        relay_name: One line of text.
        preshared_key: None for none.
        reaches: What the peer wants to reach through the relay.
        endpoint: Where the relay is called; None leaves a comment in its place.
    """
    document = edit_interface(
        parse(b"[Interface]\n"), InterfaceEdit(private_key=private_key, addresses=addresses)
    )
    relay = PeerEdit(
        name=relay_name,
        public_key=relay_key,
        preshared_key=preshared_key,
        allowed_ips=tuple(reaches),
        endpoint=endpoint,
        persistent_keepalive=KEEPALIVE,
    )
    text = bytes(add_peer(document, relay))
    return text if endpoint else text + b"# Endpoint = ADDRESS:PORT of the relay\n"
