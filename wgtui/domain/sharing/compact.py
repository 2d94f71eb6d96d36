"""A peer's own file as short as a QR code wants it, and with nothing that an official app refuses.

What the apps take: wireguard-windows `conf/parser.go`, wireguard-android `com.wireguard.config`,
wireguard-apple `TunnelConfiguration+WgQuickConfig.swift`. Each of them refuses a whole file because of one
key that it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from wgtui.domain.config import InterfaceConfig, PeerConfig, Reading, read_config
from wgtui.domain.errors import NothingToShare
from wgtui.domain.grammar.finding import Severity
from wgtui.domain.grammar.hosts import pton4, pton6
from wgtui.domain.wgquick import parse
from wgtui.domain.wgquick.lines import HOOKS, LineKind

_MTU: Final = range(576, 65536)
"""Bytes that wireguard-windows takes; the other apps take these too."""

_SEARCH_DOMAIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", re.ASCII)
"""wireguard-android refuses a file because of any other word."""

_URI_HOST: Final = re.compile(r"[A-Za-z0-9.:-]+", re.ASCII)
"""wireguard-android reads endpoints as URIs, without underscores; a scope means nothing elsewhere."""

_SPELLED: Final = {
    "preup": "PreUp",
    "postup": "PostUp",
    "predown": "PreDown",
    "postdown": "PostDown",
    "table": "Table",
    "saveconfig": "SaveConfig",
    "fwmark": "FwMark",
}
"""Keys of `[Interface]` that some app refuses, by their name in lower case."""


@dataclass(frozen=True, slots=True)
class Compact:
    """The text of a QR code.

    Attributes:
        text: A wg-quick file in ASCII, lines parted by one line feed, without a last one. Holds the keys.
        left_out: What the file has and the text has not, as words of a list, such as `PostUp`.
        has_hooks: Whether the file runs commands: then it is a router's, not a phone's.
        has_endpoint: Whether it says where some peer is called; without, an app can only be called.
    """

    text: str = field(repr=False)
    left_out: tuple[str, ...]
    has_hooks: bool
    has_endpoint: bool


def compact_file(content: bytes) -> Compact:
    """Shorten a peer's own file.

    Args:
        content: The file, however it is written.

    Raises:
        NothingToShare: No app would take it: it has no private key, or no peer.
    """
    reading = read_config(parse(content))
    config, peers = reading.config, reading.config.peers()
    if config.private_key is None or config.private_key.is_zero:
        raise NothingToShare(
            "The file has no private key, and no app takes it without one.",
            hint="Give the peer new keys, or make the key on the peer and add its public key here.",
        )
    if not peers:
        raise NothingToShare("The file has no peer to call.", hint="See it with: wgtui check FILE.")
    calls = all(map(_has_endpoint, peers))
    port = None if calls else config.listen_port or None
    lines = [*_interface_lines(config, port), *(line for peer in peers for line in _peer_lines(peer))]
    return Compact(
        "\n".join(lines),
        tuple(_left_out(reading, port)),
        any(hook in reading.interface for hook in HOOKS),
        any(map(_has_endpoint, peers)),
    )


def _interface_lines(config: InterfaceConfig, port: int | None) -> Iterator[str]:
    assert config.private_key is not None
    quick = config.quick
    yield "[Interface]"
    yield f"PrivateKey={config.private_key.reveal()}"
    if quick.addresses:
        yield f"Address={','.join(map(str, quick.addresses))}"
    if dns := _dns(config):
        yield f"DNS={','.join(dns)}"
    if quick.mtu in _MTU:
        yield f"MTU={quick.mtu}"
    if port:
        yield f"ListenPort={port}"


def _peer_lines(peer: PeerConfig) -> Iterator[str]:
    yield "[Peer]"
    yield f"PublicKey={peer.public_key}"
    if peer.preshared_key is not None:
        yield f"PresharedKey={peer.preshared_key.reveal()}"
    if peer.allowed_ips:
        yield f"AllowedIPs={','.join(map(str, peer.allowed_ips))}"
    if _has_endpoint(peer):
        yield f"Endpoint={peer.endpoint}"
    if peer.persistent_keepalive:
        yield f"PersistentKeepalive={peer.persistent_keepalive}"


def _has_endpoint(peer: PeerConfig) -> bool:
    """Whether it has an endpoint that every app takes: no scope, no `*`, no host that is no URI's."""
    return peer.endpoint is not None and _URI_HOST.fullmatch(peer.endpoint.host) is not None


def _dns(config: InterfaceConfig) -> tuple[str, ...]:
    """Servers and search domains that every app takes."""
    servers = (one for one in config.quick.dns_servers if pton4(one) or pton6(one))
    return (*servers, *(one for one in config.quick.dns_search if _SEARCH_DOMAIN.fullmatch(one)))


def _left_out(reading: Reading, port: int | None) -> Iterator[str]:
    quick = reading.config.quick
    if any(line.kind is LineKind.COMMENT or line.comment >= 0 for _, line in reading.document.parsed()):
        yield "comments"
    yield from (word for key, word in _SPELLED.items() if key in reading.interface)
    if reading.config.listen_port and not port:
        yield "ListenPort"
    if quick.mtu is not None and quick.mtu not in _MTU:
        yield f"MTU = {quick.mtu}"
    if len(_dns(reading.config)) < len(quick.dns_servers) + len(quick.dns_search):
        yield "a DNS entry that apps refuse"
    if any(peer.endpoint and not _has_endpoint(peer) for peer in reading.config.peers()):
        yield "an endpoint that apps refuse"
    if reading.findings.count(Severity.ERROR):
        yield "lines that wg refuses"
