"""Peers of a file as text or JSON."""

from __future__ import annotations

import json
from typing import Any

from wgtui.domain.editing import FilePeer
from wgtui.domain.text import columns, printable
from wgtui.streams import say

SCHEMA = 1
"""Version of the JSON."""

_HEADINGS = ("PEER", "PUBLIC KEY", "STATE", "ALLOWED IPS", "ENDPOINT", "KEEPALIVE")


def list_peers(peers: tuple[FilePeer, ...], *, as_json: bool) -> int:
    """Print all peers."""
    if as_json:
        data = {"schema": SCHEMA, "peers": [_peer_json(peer, show_keys=False) for peer in peers]}
        say(json.dumps(data, indent=2) + "\n")
    elif peers:
        rows = [_row(peer) for peer in peers]
        widths = [max(map(columns, cells)) for cells in zip(_HEADINGS, *rows, strict=True)]
        for row in (_HEADINGS, *rows):
            cells = (cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True))
            say("  ".join(cells).rstrip() + "\n")
    else:
        say("The file has no peers.\n")
    return 0


def show_peer(peer: FilePeer, *, as_json: bool, show_keys: bool) -> int:
    """Print one peer."""
    data = _peer_json(peer, show_keys=show_keys)
    if as_json:
        say(json.dumps({"schema": SCHEMA, "peer": data}, indent=2) + "\n")
        return 0
    settings, secret = peer.settings, peer.settings.preshared_key
    hidden = secret.reveal() if secret and show_keys else "(hidden)" if secret else "none"
    lines = [
        f"name: {printable(peer.name) or '(none)'}",
        f"public key: {peer.public_key}",
        f"state: {_state(peer)}",
        f"preshared key: {hidden}",
        f"allowed ips: {', '.join(map(str, settings.allowed_ips)) or '(none)'}",
        f"endpoint: {printable(str(settings.endpoint), 300) if settings.endpoint else '(none)'}",
        f"persistent keepalive: {_keepalive(peer)}",
    ]
    say("\n".join(lines) + "\n")
    return 0


def _row(peer: FilePeer) -> tuple[str, ...]:
    settings = peer.settings
    return (
        printable(peer.name, 32) or "-",
        str(peer.public_key),
        _state(peer),
        ", ".join(map(str, settings.allowed_ips)) or "(none)",
        printable(str(settings.endpoint), 60) if settings.endpoint else "-",
        _keepalive(peer),
    )


def _state(peer: FilePeer) -> str:
    return "enabled" if peer.enabled else "disabled"


def _keepalive(peer: FilePeer) -> str:
    seconds = peer.settings.persistent_keepalive
    return f"every {seconds} s" if seconds else "off"


def _peer_json(peer: FilePeer, *, show_keys: bool) -> dict[str, Any]:
    settings, secret = peer.settings, peer.settings.preshared_key
    data: dict[str, Any] = {
        "name": peer.name or None,
        "public_key": str(peer.public_key),
        "enabled": peer.enabled,
        "has_preshared_key": secret is not None,
        "allowed_ips": [str(prefix) for prefix in settings.allowed_ips],
        "endpoint": str(settings.endpoint) if settings.endpoint else None,
        "persistent_keepalive": settings.persistent_keepalive,
    }
    return data | ({"preshared_key": secret.reveal() if secret else None} if show_keys else {})
