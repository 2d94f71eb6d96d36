"""Peers' names by every convention that is in use. `wg` itself has none: it ignores comments."""

from __future__ import annotations

from wgtui.domain.names.claims import NO_CLAIMS, FileClaims, read_claims
from wgtui.domain.names.disabled import DisabledPeer, read_disabled
from wgtui.domain.names.names_file import parse_names_file
from wgtui.domain.names.order import NameOrder, name_order
from wgtui.domain.names.origin import Origin, detect_origin
from wgtui.domain.names.reader import NamedPeer, named_peers, peer_names, read_names
from wgtui.domain.names.writer import remove_peer_name, set_peer_name

__all__ = [
    "NO_CLAIMS",
    "DisabledPeer",
    "FileClaims",
    "NameOrder",
    "NamedPeer",
    "Origin",
    "detect_origin",
    "name_order",
    "named_peers",
    "parse_names_file",
    "peer_names",
    "read_claims",
    "read_disabled",
    "read_names",
    "remove_peer_name",
    "set_peer_name",
]
