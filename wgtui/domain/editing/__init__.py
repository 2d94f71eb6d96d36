"""From a document and an intent to a new document: what the interface and peer editors do to a file."""

from __future__ import annotations

from wgtui.domain.editing.intents import (
    NO_ENDPOINT,
    NO_PRESHARED_KEY,
    NO_PRIVATE_KEY,
    InterfaceEdit,
    PeerEdit,
    only_changes,
)
from wgtui.domain.editing.interface import edit_interface, interface_values, new_interface, text_of
from wgtui.domain.editing.peer_list import FilePeer, find_peer, peers_of, require_peer
from wgtui.domain.editing.peers import add_peer, edit_peer, remove_peer, rename_peer, take_prefixes
from wgtui.domain.editing.switching import disable_peer, enable_peer

__all__ = [
    "NO_ENDPOINT",
    "NO_PRESHARED_KEY",
    "NO_PRIVATE_KEY",
    "FilePeer",
    "InterfaceEdit",
    "PeerEdit",
    "add_peer",
    "disable_peer",
    "edit_interface",
    "edit_peer",
    "enable_peer",
    "find_peer",
    "interface_values",
    "new_interface",
    "only_changes",
    "peers_of",
    "remove_peer",
    "rename_peer",
    "require_peer",
    "take_prefixes",
    "text_of",
]
